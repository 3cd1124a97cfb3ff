"""Texts -> full names of persons whom no roster knows: a first name, a family name, nothing that speaks against it."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from auditor.detect.found import IN_NAMES, Found, apart, kinds_beyond_ascii, plain
from auditor.detect.gazetteer import FIRST, Part, gazetteer, without_possessive
from auditor.model import Sort
from auditor.roster.names import norm
from auditor.roster.names import plain as plain_letters

Persons = Callable[[str], Iterable[Found]]
"""Finds the names of persons in one text: `Found` of the sort PERSON, form "full", in the order of the text, none
overlapping, `confidence` from 0 to 1. `full_names` is one; `models.load` gives others."""

LISTED: Final = 0.93
UNLISTED: Final = 0.9
DOUBTFUL: Final = 0.85
ALONE: Final = 0.7
"""How often such a name is a person's in public tweets and news (`python -m benchmarks.persons`): with a family name on
the list, with one on no list, with a doubtful first name ("Austin") in a sentence, with one that stands alone."""

LEAST: Final = 0.8
"""Below, it is a person's in 3 cases of 4: worth a look only in a text that speaks of persons."""


SCHOOL: Final = "school"
"""The form of what would be a full name, had it not "School", "PTA" or the like behind it. Confidence: 0."""
_FULL: Final = "full"


def perhaps_full_names(text: str) -> list[Found]:
    """With those of which one in four is none: worth a mask, where the name might be shown. And names of schools."""
    return [name for name in _found(text) if name.confidence >= ALONE or name.form == SCHOOL]


def full_names(text: str, least: float = LEAST) -> list[Found]:
    """The full names in a text, in its order, with at least that confidence."""
    return [name for name in _found(text) if name.confidence >= least and name.form == _FULL]


def _found(text: str) -> list[Found]:
    """All names in a text, in its order. Where no two words with a capital stand side by side, there are none."""
    at: list[int] | None = None
    if kinds_beyond_ascii(text) & IN_NAMES:
        text, at = plain(text)
    found: list[_Name] = []
    known = gazetteer()
    runs = _runs(text)
    for begin, end in runs:
        pieces = text[begin:end].replace("\xa0", " ").split(" ")
        parts = known.parts(pieces)
        if parts[1] & Part.COMMON or _begin_name(parts):
            found += _in_run(text, begin, pieces, parts)
    if len(found) >= _FOUND_IN_LIST:
        found = _with_listed(text, runs, found)
    if ", " in text and (len(text) <= 2 * _LONGEST_HALF or any(map(text.__contains__, _CELL_ENDS))):
        found = _merged(found, list(_in_cells(text)))
    return [
        Found(
            Sort.PERSON,
            name.start if at is None else at[name.start],
            name.end if at is None else at[name.end - 1] + 1,
            name.value,
            name.confidence,
            name.form,
        )
        for name in found
    ]


def _runs(text: str) -> list[tuple[int, int]]:
    """Where runs of words with capitals begin and end, in their order.

    One or two spaces part two words, and perhaps a nickname and particles: "Ximena “Mena” de la Cruz". A full stop
    behind one letter is part of it, "J.R." is one word; so is one behind "St" in front of a word with a capital.
    """
    found: list[tuple[int, int]] = []
    at = reach = 0  # letters go on without a gap as far as that
    size = len(text)
    while at < size:
        code = ord(text[at])
        if code < 0x41 or 0x5A < code < 0xC0 or not (_is_capital(code) and _begins_word(text, at)):
            at += 1
            continue
        if at >= reach:
            reach = _end_of_letters(text, at + 1)
        begin, end = at, _end_of_word(text, at, reach)
        behind = _next_word(text, end)
        if not behind:
            at += 1
            continue
        while behind:
            end = _end_of_word(text, behind, 0)
            behind = _next_word(text, end)
        found.append((begin, end))
        at = end
    return found


def _begins_word(text: str, at: int) -> bool:
    before = ord(text[at - 1]) if at else 0
    if before in (0x27, 0x2019, 0x26, 0x2D):  # ' ’ & -
        return at < 2 or not _is_of_word(ord(text[at - 2]))
    return before not in (0x40, 0x23) and not _is_of_word(before)  # @ #


def _end_of_word(text: str, at: int, reach: int) -> int:
    """The end of the word that begins with the capital there; its letters are known to go on as far as `reach`."""
    end, size = at + 1, len(text)
    if end == size or text[end] != ".":
        end = reach or _end_of_letters(text, end)
        if end - at == _SAINT and text.startswith("St. ", at) and end + 2 < size and _is_capital(ord(text[end + 2])):
            return end + 1
        return end
    end += 1
    for _ in range(_MOST_INITIALS):
        capital = end + 1 if end < size and text[end] in (" ", "-") else end
        if capital + 1 >= size or text[capital + 1] != "." or not _is_capital(ord(text[capital])):
            break
        end = capital + 2
    return end


def _end_of_letters(text: str, at: int) -> int:
    size = len(text)
    while at < size:
        code = ord(text[at])
        if not (_is_of_word(code) or code in (0x27, 0x2019, 0x2D)):  # ' ’ -
            break
        at += 1
    return at


def _next_word(text: str, end: int) -> int:
    """Where the next word with a capital begins behind the end of one; 0 where something else stands there."""
    at, size = end, len(text)
    while at < size and at - end <= _MOST_SPACES and ord(text[at]) in (0x20, 0xA0):
        at += 1
    if at in (end, size) or at - end > _MOST_SPACES:
        return 0
    code = ord(text[at])
    if (code < 0x41 or code > 0x7A) and code in _OPENING:  # nearly always a letter
        at = _behind_nickname(text, at)
        if not at:
            return 0
    for _ in range(_MOST_LINKS):
        code = ord(text[at])
        if code < 0x61 or code >= len(_BEGINS_LINK):
            break
        if not _BEGINS_LINK[code]:
            return 0
        space = text.find(" ", at, at + _LONGEST_LINK)
        if space < 0 or space + 1 == size or text[at:space] not in _LINKS:
            return 0
        at = space + 1
    return at if _is_capital(ord(text[at])) else 0


def _behind_nickname(text: str, at: int) -> int:
    """Where it goes on behind a nickname and a space, if one opens there in quotes or brackets; 0 where none does."""
    close = text.find(_CLOSING[text[at]], at + 2, at + _LONGEST_NICKNAME)
    if close < 0 or close + 2 >= len(text) or text[close + 1] != " " or not _is_capital(ord(text[at + 1])):
        return 0
    for n in range(at + 2, close):
        code = ord(text[n])
        if not (_is_of_word(code) or code in (0x27, 0x2019, 0x2D, 0x2E)):  # ' ’ - .
            return 0
    return close + 2


def _is_capital(code: int) -> bool:
    return 0x41 <= code <= 0x5A or (code >= 0xC0 and chr(code) in _OTHER_CAPITALS)


def _is_of_word(code: int) -> bool:
    """Whether it is what patterns call `\\w`."""
    if code < 0x80:
        return 0x61 <= code <= 0x7A or 0x41 <= code <= 0x5A or 0x30 <= code <= 0x39 or code == 0x5F
    return chr(code).isalnum()


class _Name(NamedTuple):
    start: int
    end: int
    value: str
    confidence: float
    form: str = _FULL


class _Word:
    """A word of a run, and what it may be. `closed`: nothing behind it belongs to the name, as behind "Doe's"."""

    __slots__ = ("closed", "end", "part", "start", "text")

    def __init__(self, text: str, start: int, part: int, *, closed: bool) -> None:
        self.text, self.start, self.end, self.part, self.closed = text, start, start + len(text), part, closed


_UPPER: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_REST: Final = rf"(?:\.(?:[ -]?[{_UPPER}]\.){{0,4}}+|(?<=S)t\.(?= [{_UPPER}])|[\w'’-]*+)"
_WORD: Final = rf"[{_UPPER}]{_REST}"
_LINK: Final = r"(?:de|del|della|di|da|do|dos|das|du|van|von|der|den|bin|bint|ibn|al|el|la|las|los|le|ter|ten|y|zu)"
_LINKS: Final = frozenset(_LINK[3:-1].split("|"))
_BEGINS_LINK: Final = bytes(chr(code) in {link[0] for link in _LINKS} for code in range(0x80))
"""Which letters of the English alphabet a particle begins with."""
_CLOSING: Final = {'"': '"', "'": "'", "(": ")", "“": "”", "‘": "’"}
_OPENING: Final = frozenset(map(ord, _CLOSING))
_LONGEST_NICKNAME: Final = 16
"""With what it stands in."""
_SAINT: Final = len("St")
_LONGEST_LINK: Final = len("della ")
_MOST_LINKS: Final = 3
_MOST_SPACES: Final = 2
_MOST_INITIALS: Final = 4
"""Behind the first one of several without a space: "J.R.R."."""
_OTHER_CAPITALS: Final = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ" + _UPPER[_UPPER.index("Þ") + 1 :])


def _begin_name(parts: list[int]) -> bool:
    """Whether what may be a first name stands before what may be more than a plain word: nearly always not."""
    before = 0
    for what in parts:
        if what & Part.NICKNAME:
            continue
        if before & FIRST and (not what & Part.WORD or what & Part.PARTICLE):
            return True
        before = what
    return False


def _in_run(text: str, start: int, pieces: list[str], parts: list[int]) -> list[_Name]:
    """The names in a run of words with capitals; `parts` is what each of its pieces may be."""
    words = []
    for piece, what in zip(pieces, parts, strict=True):
        if piece:
            bare = without_possessive(piece)
            words.append(_Word(bare, start, what, closed=len(bare) < len(piece)))
        start += len(piece) + 1
    found: list[_Name] = []
    for people in _people(words):
        found += _names(text, people)
    return found


def _people(words: list[_Word]) -> list[list[_Word]]:
    """The words of a run without nicknames, cut where two people meet: "Ana Solís y Luis Roa"."""
    people: list[list[_Word]] = [[]]
    for at, word in enumerate(words):
        if word.part & Part.NICKNAME:
            if not _is_nicknamed(words[at - 1], words[at + 1]):
                people.append([])
        elif word.text == "y" and not _are_one(people[-1], words, at + 1):
            people.append([word])
        else:
            people[-1].append(word)
    return people


def _are_one(before: list[_Word], words: list[_Word], second: int) -> bool:
    """Whether "y" joins two family names: "Ana Ortega y Montoya". The second one ends the name."""
    names = len(before) - 1 if before and before[0].text == "y" else len(before)
    part = words[second].part
    if names < _FIRST_AND_FAMILY or not part & Part.FAMILY or part & (FIRST | Part.WORD | Part.PLACE):
        return False
    return words[second].closed or second + 1 == len(words) or words[second + 1].text[:1].islower()


_FIRST_AND_FAMILY: Final = 2


def _is_nicknamed(before: _Word, behind: _Word) -> bool:
    """Whether what stands in quotes or brackets between two words is a nickname: behind a first name, before a family
    name."""
    if before.closed or not before.part & (FIRST | Part.INITIAL):
        return False
    sure = before.part & Part.UNSURE == 0
    return behind.part & Part.PARTICLE > 0 or _is_family(behind, sure, linked=False)


def _names(text: str, words: list[_Word]) -> Iterator[_Name]:
    at = free = 0
    while at < len(words) - 1:
        name = _at(text, words, at, free)
        if name is None:
            at += 1
            continue
        last, confidence = name
        value = " ".join(norm(plain_letters(word.text)) for word in words[at : last + 1])
        form = _FULL if confidence or not _is_school(words, last) else SCHOOL
        if (confidence or form == SCHOOL) and value.replace(" ", "") not in gazetteer().things:
            yield _Name(_begin(words, at, free), _end(text, words[last]), value, confidence, form)
        at = free = last + 1


def _is_school(words: list[_Word], last: int) -> bool:
    """Whether all that stands behind a name makes it a school's: "Dunmore Middle School", but not "Dunmore High Honors"
    nor "Dunmore PTA President"."""
    found = 0
    for at in range(last + 1, len(words)):
        part = words[at].part
        if words[at - 1].closed or not part & (Part.KIND | Part.BEHIND):
            return False
        found |= part & Part.SCHOOL
    return found > 0


def _begin(words: list[_Word], first: int, free: int) -> int:
    """Where a name begins: initials with a full stop in front of the first name belong to it."""
    while first > free and words[first - 1].part & Part.INITIAL and words[first - 1].text[-1] == ".":
        first -= 1
    return words[first].start


def _end(text: str, last: _Word) -> int:
    """Where a name ends: the dot of "Jr." belongs to it."""
    return last.end + (last.part & Part.SUFFIX > 0 and text.startswith(".", last.end))


_NO_FAMILY: Final = Part.WORD | Part.INITIAL | Part.SUFFIX
_PLAIN_WORDS: Final = Part.WORD | Part.PLACE | Part.BEHIND | Part.FAMILY_WORD


def _at(text: str, words: list[_Word], at: int, free: int) -> tuple[int, float] | None:
    """The name that begins at a word: which word is its last, and how certain it is; 0 for what only looks like one.

    The words in front of `free` belong to other names.
    """
    first = words[at]
    if first.closed or (not first.part & FIRST and not _may_be_first(words, at)):
        return None
    family = at + 1
    if first.part & _WARY and not _may_follow_wary(first, words[family]):
        return None
    sure = bool(first.part & Part.SURE)
    strict = not sure or first.part & _WARY > 0
    if not sure and words[family].part & Part.SURE and _last(words, family + 1, sure=True) is not None:
        return None
    while family < len(words) and words[family].part & Part.INITIAL and family < at + 3:
        family += 1
    last = _last(words, family, not strict)
    if last is None:
        return None
    if not words[last].closed and last + 2 == len(words) and _is_third(words[last + 1]):
        last += 1
    end = _with_suffix(words, last)
    if _is_other(text, words, at, end, sure):
        return end, 0
    if _is_crowded(words, at, end, free):
        return None
    if any(word.part & Part.SHOUTED for word in words[at : last + 1]) and not _may_shout(text, words[at : last + 1]):
        return None
    if sure:
        return end, LISTED if words[last].part & Part.FAMILY else UNLISTED
    known = words[last].part & Part.COMMON or _in_sentence(text, words[at].start, words[end].end)
    return end, DOUBTFUL if known else ALONE


_WARY: Final = Part.OF_PLACES | Part.ONLY_SPANISH


def _may_follow_wary(first: _Word, word: _Word) -> bool:
    """Whether a word may follow a first name that is a word of places or of a people: "Isla Dunmore", "Río de Jara"."""
    if first.part & Part.ONLY_SPANISH:
        return word.part & Part.SPANISH > 0
    return not word.part & Part.PARTICLE


def _in_sentence(text: str, start: int, end: int) -> bool:
    """Whether a word in small letters stands right beside a place."""
    if text[end : end + 1] == " " and text[end + 1 : end + 2].islower():
        return True
    return _SMALL_BEFORE.search(text, max(0, start - 20), start) is not None


_SMALL_BEFORE: Final = re.compile(r"\b[a-z]+ \Z")


def _may_be_first(words: list[_Word], at: int) -> bool:
    """Whether a word that no list has is a first name, for the family name behind it."""
    word = words[at]
    if word.part & ~Part.FAMILY or len(word.text) < 3 or at:
        return False
    return bool(words[at + 1].part & Part.COMMON) and not words[at + 1].part & (_PLAIN_WORDS | FIRST)


def _last(words: list[_Word], family: int, sure: bool, links: int = 2) -> int | None:
    """Which word ends the name whose family name begins at `family`; None where none can."""
    begin = family
    while family + 1 < len(words) and _is_particle(words[family], sure) and _may_follow_particle(words[family + 1]):
        family += 1
    if family >= len(words) or not _is_family(words[family], sure, linked=family > begin):
        return None
    if words[family].closed or family + 1 >= len(words):
        return family
    after = words[family + 1]
    here, there = words[family].part, after.part
    if there & Part.PARTICLE and after.text[:1].islower():
        return (links and _last(words, family + 1, sure, links - 1)) or family
    if there & Part.INITIAL and here & Part.SURE and family + 2 < len(words):
        return family + 2 if _is_family(words[family + 2], sure, linked=True) else family
    listed = there & Part.FAMILY or (not there and here & Part.SURE)
    if there & _NO_THIRD or not listed or (there & Part.SHOUTED and not here & Part.SHOUTED):
        return family
    if here & Part.SPANISH and there & Part.SPANISH:
        return family + 1
    middle = not here & Part.COMMON and (here & FIRST or not there & (Part.FAMILY_WORD | FIRST))
    if not middle or (there & Part.SURE and not there & Part.COMMON):
        return family
    pair = there & Part.SPANISH and family + 2 < len(words) and words[family + 2].part & Part.SPANISH
    return family + 2 if pair else family + 1


def _is_particle(word: _Word, sure: bool) -> bool:
    """Whether a family name may begin with a word: with "St." behind a sure first name, others have streets."""
    return word.part & Part.PARTICLE > 0 and (sure or not word.part & Part.BEHIND)


def _may_follow_particle(word: _Word) -> bool:
    return not word.part & _NO_FAMILY or word.part & Part.PARTICLE > 0


_NO_THIRD: Final = Part.WORD | Part.PLACE | Part.BEHIND


def _is_third(word: _Word) -> bool:
    """Whether a word is one more family name, where nothing stands behind it."""
    return word.part & Part.FAMILY > 0 and not word.part & (_NO_THIRD | _NO_FAMILY | Part.PARTICLE | Part.SHOUTED)


def _is_family(word: _Word, sure: bool, linked: bool) -> bool:
    part = word.part
    if part & _NO_FAMILY or len(word.text) < 2 or word.text[:1].islower():
        return False
    if sure or (linked and part & Part.FAMILY):
        if part & (Part.PLACE | Part.BEHIND):
            return bool(part & Part.FAMILY_WORD)
        return True
    return bool(part & Part.FAMILY) and (not part & _PLAIN_WORDS or bool(part & Part.COMMON))


def _is_other(text: str, words: list[_Word], at: int, last: int, sure: bool) -> bool:
    """Whether the name is part of something else: a school, a street, a handle."""
    if not words[last].closed and last + 1 < len(words):
        behind = words[last + 1].part
        if behind & Part.BEHIND:
            return True
        if behind & Part.KIND and last + 2 < len(words) and words[last + 2].part & Part.BEHIND:
            return True
    elif not words[last].closed and _RACE.match(text, words[last].end):
        return True
    elif words[last].part & Part.SUFFIX and (word := _BEHIND_DOT.match(text, words[last].end)):
        return bool(gazetteer().part(word[1]) & Part.BEHIND)
    if at:
        before = words[at - 1].part
        if before & Part.BEFORE and not words[at - 1].closed:
            return True
        return not sure and not before & (Part.WORD | Part.TITLE | Part.INITIAL)
    return _OTHER_BEFORE.search(text, max(0, words[at].start - 4), words[at].start) is not None


def _is_crowded(words: list[_Word], at: int, last: int, free: int) -> bool:
    """Whether parts of names stand beside the name that belong to none: where it begins and ends is anyone's guess."""
    if not words[last].closed and last + 1 < len(words):
        behind = words[last + 1].part
        if not behind & (_PLAIN_WORDS | FIRST | Part.TITLE) and not words[last + 1].text[:1].islower():
            return True
    before = words[at - 1].part if at > free else Part.WORD
    return bool(before & Part.SURE) or (bool(before & Part.FAMILY) and not before & _PLAIN_WORDS)


_RACE: Final = re.compile(r" \d{1,2}K\b")
_BEHIND_DOT: Final = re.compile(r"\. (\w{1,20})")
_OTHER_BEFORE: Final = re.compile(r"(?:\b(?:St|Mt|Ft)\.|[@#]|[^\W\d_]-) ?\Z")


def _may_shout(text: str, name: list[_Word]) -> bool:
    """Whether a name in capitals stands in a line of capitals, or only its family name does: "Jane DOE"."""
    if not name[-1].part & Part.FAMILY:
        return False
    if not name[0].part & Part.SHOUTED:
        return bool(name[0].part & Part.SURE) and not name[-1].part & _PLAIN_WORDS
    if min(len(name[0].text), len(name[-1].text)) < 3:
        return False
    if not name[0].part & Part.SURE and not name[-1].part & Part.COMMON:
        return False
    if name[0].part & Part.SURE and not name[-1].part & _PLAIN_WORDS:
        return True
    before = _WORD_BEFORE.search(text, max(0, name[0].start - 30), name[0].start)
    behind = _WORD_BEHIND.match(text, name[-1].end)
    beside = [m[1] for m in (before, behind) if m]
    return all(map(str.isupper, beside))


_WORD_BEFORE: Final = re.compile(r"([^\W\d_]+)[ ,.!?&]{1,5}\Z")
_WORD_BEHIND: Final = re.compile(r"[ ,.!?&]{1,5}([^\W\d_]+)")


def _with_suffix(words: list[_Word], last: int) -> int:
    """With "Jr" or "III" behind it."""
    if not words[last].closed and last + 1 < len(words) and words[last + 1].part & Part.SUFFIX:
        return last + 1
    return last


_FOUND_IN_LIST: Final = 2
_LONGEST_LISTED: Final = 3
_LONGEST_GAP: Final = 34
_BETWEEN: Final = re.compile(r" ?(?:\([^()\n]{1,25}\) ?)?(?:[,;](?: (?:and|y|&))?|and|y|&) ")


def _with_listed(text: str, runs: list[tuple[int, int]], found: list[_Name]) -> list[_Name]:
    """The names, and those on no list that stand in a list with two of them: "Jada Dunmore, Xylo Tarquem, Ana Ruiz".

    What has the shape of a name and no word that anybody knows is one there.
    """
    told: list[_Name] = []
    row: list[_Name] = []
    for name in sorted([*found, *_unknown(text, runs, found)]):
        if row and not _goes_on(text, row[-1].end, name.start):
            told += _told(row)
            row = []
        row.append(name)
    return told + _told(row)


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether a list goes on between two names: a comma or "and", and perhaps something in brackets."""
    return start - end < _LONGEST_GAP and _BETWEEN.fullmatch(text, end, start) is not None


def _told(row: list[_Name]) -> list[_Name]:
    """The names of one list."""
    if len(row) > _FOUND_IN_LIST and len([name for name in row if name.confidence >= LEAST]) >= _FOUND_IN_LIST:
        return [_as_listed(name) for name in row]
    return [name for name in row if name.confidence or name.form == SCHOOL]


def _as_listed(name: _Name) -> _Name:
    return name if name.form == SCHOOL else name._replace(confidence=max(name.confidence, UNLISTED))


def _unknown(text: str, runs: list[tuple[int, int]], found: list[_Name]) -> list[_Name]:
    """What may be a name in a list: runs in which none was found, cut at each "y"; without confidence."""
    unknown: list[_Name] = []
    at = 0
    for begin, end in runs:
        start = begin
        for written in text[begin:end].split(" y "):
            close = start + len(written)
            while at < len(found) and found[at].end <= start:
                at += 1
            if at == len(found) or found[at].start >= close:
                value = _value_of_unknown(written)
                if value:
                    unknown.append(_Name(start, close, value, 0))
            start = close + len(" y ")
    return unknown


def _value_of_unknown(written: str) -> str:
    """The name in plain small letters; nothing where any of its words speaks against one."""
    pieces = written.split(" ")
    if not _FIRST_AND_FAMILY <= len(pieces) <= _LONGEST_LISTED:
        return ""
    for n, piece in enumerate(pieces):
        part = gazetteer().part(piece)
        if part & _NO_UNKNOWN or not piece[:1].isupper() or without_possessive(piece) != piece:
            return ""
        if part & Part.INITIAL and n in (0, len(pieces) - 1):
            return ""
    value = " ".join(norm(plain_letters(piece)) for piece in pieces)
    return "" if value.replace(" ", "") in gazetteer().things else value


_NO_UNKNOWN: Final = (
    Part.WORD | Part.PLACE | Part.BEHIND | Part.BEFORE | Part.KIND | Part.TITLE | Part.SHOUTED | Part.SUFFIX
)


_LONGEST_HALF: Final = 50
_CELL_ENDS: Final = "\n\t;|•"
_REVERSED: Final = re.compile(
    rf" *+(?:\d{{1,3}}[.)] )?((?:{_LINK} ){{0,2}}{_WORD}(?: (?:{_LINK} ){{0,2}}{_WORD}){{0,2}}), "
    rf"({_WORD}(?: {_WORD}){{0,2}})(?= *(?:$|[(\d]))"
)


def _in_cells(text: str) -> Iterator[_Name]:
    """Every "Doe, Jane" that fills a cell of a table or a line of a list."""
    comma = text.find(", ")
    while comma >= 0:
        if text[comma + 2 : comma + 3].isupper():
            first, last = max(0, comma - _LONGEST_HALF), comma + _LONGEST_HALF
            begin = max(text.rfind(end, first, comma) for end in _CELL_ENDS) + 1
            if begin or first == 0:
                close = min((at for end in _CELL_ENDS if (at := text.find(end, comma, last)) >= 0), default=last)
                if name := _reversed(text[begin:close], begin):
                    yield name
        comma = text.find(", ", comma + 2)


def _reversed(cell: str, begin: int) -> _Name | None:
    match = _REVERSED.match(cell)
    if match is None:
        return None
    lists = gazetteer()
    family, given = match[1].split(), match[2].split()
    parts = [lists.part(word.rstrip(".")) for word in family if word[:1].isupper()]
    first = lists.part(given[0])
    if not first & FIRST or first & Part.PLACE or any(part & Part.WORD for part in parts):
        return None
    if not all(part & (Part.FAMILY | Part.PARTICLE | Part.SUFFIX) for part in parts):
        return None
    if not first & Part.SURE and parts[-1] & _PLAIN_WORDS:
        return None
    value = " ".join(norm(plain_letters(word.rstrip("."))) for word in (*given, *family))
    return _Name(begin + match.start(1), begin + match.end(2), value, LISTED if first & Part.SURE else DOUBTFUL)


def _merged(found: list[_Name], more: list[_Name]) -> list[_Name]:
    """Both in the order of the text; where two overlap, the second list's."""
    return sorted([*apart(found, more), *more]) if more else found
