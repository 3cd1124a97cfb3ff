"""What speaks against a name that was found: it is an institution's, it is two people's, it is plain English."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from auditor.roster.hits import Role
from auditor.roster.names import called, words
from auditor.roster.runs import Run, fills_cell
from auditor.roster.tokens import FLOWING, Glue, Token

_MOST_MIDDLE_BEHIND: Final = 2
_RUNS_ON: Final = (*FLOWING, Glue.COMMA)
_A_LIST: Final = 2
"""So many first names beside it make a list of first names."""
_WON: Final = frozenset({"award", "awards", "prize", "trophy"})
"""Without a capital, as in a file's name, what somebody won and nothing that bears the name."""
_AND: Final = frozenset({"and", "y", "e", "or", "o"})


class Candidate(NamedTuple):
    """Tokens `first` to `last` of a run. `heart` are the words that make the name, without what was passed over.

    `phrase` tells that words of every day may have their capitals from a heading, or have none. `guess` says what was
    taken for granted: a "nickname", a "middle name" for the first one, a "typo".
    """

    first: int
    last: int
    entries: Sequence[int]
    loose: bool
    heart: tuple[Token, ...]
    phrase: bool = False
    guess: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether it may well be somebody else, or nobody."""
        return self.loose or self.phrase or bool(self.guess)


def first_name_before(run: Run, at: int) -> bool:
    """Whether another first name stands in front: "Mary Jada Dunmore" need not be Jada Dunmore."""
    before = run.tokens[at - 1] if at else None
    return (
        before is not None
        and before.glue == Glue.SPACE
        and before.upper
        and not (before.shouted or before.initial or before.stuck)
        and before.role & (Role.GIVEN | Role.FAMILY) == Role.GIVEN
    )


def cut_at_hyphen(run: Run, first: int, last: int) -> bool:
    """Whether a hyphen ties the name to another one: "Jada Dunmore-Smith" need not be Jada Dunmore."""
    tokens = run.tokens
    before = first > 0 and tokens[first - 1].glue == Glue.HYPHEN and tokens[first - 1].upper
    behind = tokens[last].glue == Glue.HYPHEN and last + 1 < len(tokens) and tokens[last + 1].upper
    return before or behind


def is_two_names(run: Run, first: int, last: int) -> bool:
    """Whether a comma parts two people: neither "Kofi Dunmore, Jada Holt" nor "Aaron, Will, Dunmore, Jada" names Jada
    Dunmore.
    """
    if _is_among_first_names(run, first, last):
        return True
    tokens = run.tokens
    before = tokens[first - 1] if first else None
    if before is None or before.glue not in FLOWING or not before.upper:
        return False
    known = bool(before.role) or before.initial or before.norm in words().titles
    return known or _surname_behind(run, last)


def _is_among_first_names(run: Run, first: int, last: int) -> bool:
    """Whether a turned-round name is two of a list of first names, each of one word."""
    if last > first + 1 or (first > 1 and _is_turned_round(run, first - 2)) or _is_turned_round(run, last + 1):
        return False
    before = after = 0
    while first - before and run.tokens[first - before - 1].glue == Glue.COMMA and _is_first(run, first - before - 1):
        before += 1
    end = last + 1
    while (
        end + after < len(run.tokens) and run.tokens[end + after - 1].glue == Glue.COMMA and _is_first(run, end + after)
    ):
        after += 1
    return before + after >= _A_LIST


def _is_first(run: Run, at: int) -> bool:
    """Whether a word stands between commas that people have for a first name."""
    token = run.tokens[at]
    alone = at == 0 or run.tokens[at - 1].glue not in FLOWING
    return alone and token.upper and bool(token.role & Role.GIVEN or called(token.norm))


def is_listed(run: Run, first: int, last: int) -> bool:
    """Whether a turned-round name may be two people: "Kelly, Jordan and Mason", "Student Dunmore, Jada", "Will, Kelly,
    Jordan, Mia".
    """
    tokens = run.tokens
    if first and tokens[first - 1].glue in _RUNS_ON and tokens[first - 1].upper:
        return True
    if last + 1 == len(tokens):
        return run.after.casefold() in _AND
    behind = tokens[last + 1]
    if tokens[last].glue != Glue.COMMA:
        return behind.role & (Role.GIVEN | Role.FAMILY) == Role.FAMILY
    return behind.upper and not _is_turned_round(run, last + 1)


def is_item(run: Run, first: int, last: int) -> bool:
    """Whether it stands in a list of names whose last names come first: "Dunmore Jada, Holt Kofi"."""
    tokens, end = run.tokens, with_middle(run, last)
    begins = first == 0 or tokens[first - 1].glue == Glue.COMMA
    ends = end + 1 == len(tokens) or tokens[end].glue == Glue.COMMA
    if not begins or not ends or not _is_last_name(tokens[first]):
        return False
    at = first - 1
    while at > 0 and first - at <= 1 + _MOST_MIDDLE_BEHIND and tokens[at].role & Role.GIVEN:
        at -= 1
    before = 0 <= at < first - 1 and _is_last_name(tokens[at])
    behind = end + 2 < len(tokens) and _is_last_name(tokens[end + 1]) and tokens[end + 2].role & Role.GIVEN
    return bool(before or behind)


def _is_last_name(token: Token) -> bool:
    """Whether it is a last name, with more words of the name behind it, and nobody's first name."""
    only = token.role & (Role.GIVEN | Role.FAMILY) == Role.FAMILY and not called(token.norm)
    return only and token.upper and token.glue in FLOWING


def _is_turned_round(run: Run, at: int) -> bool:
    """Whether another name in this order begins there: "Dunmore, Jada, Kelly, Jordan"."""
    tokens = run.tokens
    if at + 1 >= len(tokens) or tokens[at].glue != Glue.COMMA:
        return False
    return bool(tokens[at].role & Role.FAMILY and tokens[at + 1].role & Role.GIVEN)


def _surname_behind(run: Run, last: int) -> bool:
    """Whether a word that may be a surname follows without a comma."""
    tokens = run.tokens
    if last + 1 == len(tokens) or tokens[last].glue not in FLOWING:
        return False
    behind = tokens[last + 1]
    return behind.upper and not behind.initial and not behind.role & Role.GIVEN


def with_middle(run: Run, last: int) -> int:
    """The last word of a turned-round name with its middle names: all of "Dunmore, Jada Marie" is to be masked."""
    tokens = run.tokens
    for _ in range(_MOST_MIDDLE_BEHIND):
        behind = tokens[last + 1] if last + 1 < len(tokens) and tokens[last].glue == Glue.SPACE else None
        if not behind or not behind.upper or not (behind.initial or behind.role & Role.GIVEN):
            break
        last += 1
    return last


def _is_institution(run: Run, candidate: Candidate) -> bool:
    """Whether the name goes on as an institution's: "Jada Dunmore Memorial Scholarship", "Calle Rosa Parks"."""
    tokens, lists = run.tokens, words()
    before = tokens[candidate.first - 1] if candidate.first else None
    if (
        before
        and before.glue == Glue.SPACE
        and before.norm in lists.institutions_before
        and (before.upper or before.stuck)
    ):
        return True
    at = candidate.last + 1
    while at < len(tokens) and tokens[at - 1].glue == Glue.SPACE and tokens[at].norm in lists.suffixes:
        at += 1
    while at < len(tokens) and tokens[at - 1].glue == Glue.SPACE and tokens[at].norm in lists.institution_kinds:
        at += 1
    if at >= len(tokens) or tokens[at - 1].glue != Glue.SPACE:
        return False
    if not tokens[at].upper and tokens[at].norm in _WON:
        return False
    return tokens[at].norm in lists.institutions and (tokens[at].upper or tokens[at].stuck)


def _is_everyday(candidate: Candidate) -> bool:
    return all(len(token.norm) < 3 or token.norm in words().everyday for token in candidate.heart)


def speaks_of_things(candidate: Candidate) -> bool:
    """Whether all of the name may be words of every day or a place's: "Grace Park", "Jordan River", "#RoseGarden"."""
    heart, things = candidate.heart, words().are_things
    if len(heart) > 1:
        return all(things(one.norm, other.norm) for one, other in pairwise(heart))
    word = heart[0].norm
    return any(things(word[:cut], word[cut:]) for cut in range(3, len(word) - 2))


def sounds_like_place(candidate: Candidate) -> bool:
    """Whether the name ends as a place's does: "Emerson Park"."""
    return candidate.heart[-1].norm in words().place_nouns


def _is_written_as_name(candidate: Candidate) -> bool:
    return candidate.heart[0].upper and candidate.heart[-1].upper


def is_name(run: Run, candidate: Candidate) -> bool:
    return not _is_institution(run, candidate) and not _is_phrase(candidate)


def _is_phrase(candidate: Candidate) -> bool:
    """Whether it is words that hold sentences together, and not written as a name: "we will grant"."""
    if _is_written_as_name(candidate) or not _is_everyday(candidate):
        return False
    return any(len(token.norm) < 3 or token.norm in words().grammar for token in candidate.heart)


def may_be_phrase(run: Run, candidate: Candidate) -> bool:
    """Whether it is words of every day, perhaps with capitals from a heading or the sentence's beginning, or the name
    of what takes place in some month.
    """
    if not _is_everyday(candidate):
        return _is_dated(run, candidate)
    if not _is_written_as_name(candidate) or any(token.shouted for token in candidate.heart):
        return True
    length = candidate.last - candidate.first + 1
    alone = fills_cell(run, candidate.first, candidate.last) and (run.last or len(run.tokens) > length)
    return (len(run.tokens) > length or run.opens) and not alone


def _is_dated(run: Run, candidate: Candidate) -> bool:
    """Whether it begins with a month or a feast and goes on in capitals: "April Dunmore Book Fair"."""
    tokens = run.tokens
    if tokens[candidate.first].norm not in words().calendar or tokens[candidate.last].glue != Glue.SPACE:
        return False
    return candidate.last + 1 < len(tokens) and tokens[candidate.last + 1].upper


def stands_alone(run: Run, n: int) -> bool:
    """Whether a word is a name of its own: no surname beside it, and a capital that no heading or sentence gave it."""
    tokens = run.tokens
    token = tokens[n]
    if not token.upper or token.initial or token.stuck:
        return False
    everyday = token.norm in words().everyday
    if token.norm in words().calendar or (everyday and (token.shouted or (n == 0 and run.opens))):
        return False
    before = tokens[n - 1] if n else None
    behind = tokens[n + 1] if n + 1 < len(tokens) else None
    if before and before.glue in FLOWING and before.upper and before.role:
        return False
    return not (behind and token.glue in FLOWING and behind.upper and not behind.initial)
