"""Texts -> words and phrases that do not belong on a school's page: obscene, insulting, threatening; selling, taking
sides in an election, promoting alcohol, drugs, tobacco or sex.

letters (how words are hidden) ─► certain (obscene and slurs wherever they stand) ─┐
parts (shared patterns), vetoes ─► rules (words that do harm in some company) ─────┴─► words
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, Final

from auditor.detect.found import Found
from auditor.detect.words.certain import Certain
from auditor.detect.words.letters import Spelling, folded, places, spelling
from auditor.detect.words.rules import Rule, read_rules

_RULES: Final = ("offence", "substance", "political", "selling")
_MOST: Final = 1_000
"""So many words of one text are looked at in their company: more are no text, but an attempt to keep us busy."""


def words(text: str) -> list[Found]:
    """What a text holds of them, in its order, never overlapping; values are what is found in small plain letters.

    Obscene words and slurs that are certain have a confidence of at least 0.9, all others less: a person decides.
    Their form is "insult" where they are called at somebody. The form of SUBSTANCE is its subject: "alcohol", "drugs",
    "tobacco" or "sexual". What is found never holds a person's name, nor a number that is somebody's.
    """
    lexicon = _lexicon()
    seen = spelling(text)
    hits = lexicon.hits(seen.tokens)
    veiled = lexicon.certain.may_be_veiled(seen)
    if not (hits or veiled):
        return []
    plain = folded(text)
    lowered = plain.lower()
    found = list(islice(lexicon.certain.veiled(plain, lowered, seen), _MOST)) if veiled else []
    if hits:
        found += lexicon.found(plain, lowered, seen, hits)
    if found and len(plain) != len(text):
        at = places(text)
        found = [f.moved(at[f.start], at[f.end - 1] + 1) for f in found]
    return _apart(found) if len(found) > 1 else found


def part_of(word: str) -> int:
    """What `words` may find with this word in it, as bits. Those of a text's words, put together, tell whether there
    `may_hold` anything; or there are LETTERS in a row.
    """
    lexicon = _lexicon()
    seen = spelling(word)
    tokens = seen.letters.split()
    part = _SURELY if lexicon.certain.may_be_veiled(seen) else 0
    for token in tokens:
        part |= lexicon.parts.get(token, 0)
    if tokens and 1 in (len(tokens[0]), len(tokens[-1])):
        part |= _BESIDE_LETTER if len(tokens) > 1 or tokens[0] in _LONE else LETTER
    return part


def may_hold(parts: int) -> bool:
    """Whether a text whose words have these bits may hold anything but what is spelled out."""
    return bool(parts & _SURELY or parts >> _NEEDED & parts >> _COMPANY)


def part_of_letters(small: bytes) -> int:
    """The same of a word of small letters of the alphabet, and no other signs."""
    lexicon = _lexicon()
    part = _SURELY if lexicon.certain.may_be_stretched(b" %b " % small) else 0
    part |= lexicon.parts.get(small, 0)
    if len(small) == 1:
        part |= _BESIDE_LETTER if small in _LONE else LETTER
    return part


_LONE: Final = (b"a", b"i")
"""Letters that are words; others may be part of one that is spelled out."""
_SURELY: Final = 1
LETTER: Final = 2
_BESIDE_LETTER: Final = 4
LETTERS: Final = LETTER | _BESIDE_LETTER
"""A LETTER alone between spaces may be a part of a word that is spelled out where at least three LETTERS stand in a
row: others beside it are words, or a word ends or begins with them.
"""
_NEEDED: Final = 3
_COMPANY: Final = 67
"""From these bits on: one each for the words of which some rules need one beside theirs, and for having such a word."""


_Hits = list[tuple[bytes, list[Rule]]]
"""Tokens, each with the rules that it is a word of; none where it is certain."""


class _Lexicon:
    """All words and rules. `gate` are the words of which a text must hold one to be worth a closer look."""

    def __init__(self) -> None:
        self.certain = Certain(_toml("certain"))
        self._rules: dict[bytes, list[Rule]] = {}
        for rule in read_rules(map(_toml, _RULES), _toml("parts")):
            for word in rule.words:
                self._rules.setdefault(word.encode("latin-1"), []).append(rule)
        self.gate = self.certain.tokens | frozenset(self._rules)
        self.parts = self._parts()

    def _parts(self) -> dict[bytes, int]:
        """The bits of each word that has any; see `part_of`."""
        parts = dict.fromkeys(self.certain.tokens, _SURELY)
        company: dict[frozenset[bytes], int] = {}
        for token, rules in self._rules.items():
            for rule in rules:
                bit = 1 << company.setdefault(rule.beside, len(company)) + _NEEDED if rule.beside else _SURELY
                parts[token] = parts.get(token, 0) | bit
        for number, beside in enumerate(company):
            for token in beside:
                parts[token] = parts.get(token, 0) | 1 << number + _COMPANY
        return parts

    def hits(self, tokens: frozenset[bytes]) -> _Hits:
        """Those tokens of a text that the gate catches, each with the rules of which it has the company that they ask
        for; none where the token is certain.
        """
        hits: _Hits = []
        for token in self.gate & tokens:
            if token in self.certain.tokens:
                hits.append((token, []))
            elif rules := [r for r in self._rules[token] if not r.beside or not r.beside.isdisjoint(tokens)]:
                hits.append((token, rules))
        return hits

    def found(self, text: str, lowered: str, seen: Spelling, hits: _Hits) -> list[Found]:
        """What the tokens that the gate caught turn out to be, wherever they stand."""
        found: list[Found | None] = []
        looks = 0
        for token, rules in hits:
            for start in _standing(seen.letters, token):
                looks += 1
                if looks > _MOST:
                    break
                end = start + len(token)
                if rules:
                    found += [rule.found(text, lowered, start, end, seen) for rule in rules]
                else:
                    found.append(self.certain.found(lowered, start, end, token.decode("latin-1"), seen))
        return [one for one in found if one is not None]


def _standing(letters: bytes, token: bytes) -> Iterator[int]:
    """Where a token stands among the letters, as a whole word."""
    word = b" %b " % token
    at = letters.find(word)
    while at >= 0:
        yield at
        at = letters.find(word, at + len(word) - 1)


def _apart(found: list[Found]) -> list[Found]:
    """Of those that overlap the surest, then the longest; in the order of the text."""
    kept: list[Found] = []
    for new in sorted(found, key=lambda f: (f.start, -f.confidence, -f.end)):
        if not kept or new.start >= kept[-1].end:
            kept.append(new)
        elif (new.confidence, new.end - new.start) > (kept[-1].confidence, kept[-1].end - kept[-1].start):
            kept[-1] = new
    return kept


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon()


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("auditor.detect.words").joinpath(f"{name}.toml").read_text("utf-8"))
