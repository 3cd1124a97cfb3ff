"""Names as they are written, and the forms by which one is known again: "O’BRIEN, José" and "jose obrien" are equal.

The levels of normalisation: (1) compatibility letters, case, accents, and letters that do not decompose (ł ø đ æ ß);
(2) apostrophes and possessives, hyphens joined and split; (3) "Last, First"; (4) initials and middle names; (5) the
nicknames that the roster itself records; (6) invisible characters, and letters of other alphabets that look Latin.
Levels 3 and 4 are the business of `search`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from nicknames import NickNamer


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of `words.toml`. Lists of names hold normalised words joined without spaces."""

    particles: frozenset[str]
    suffixes: frozenset[str]
    placeholders: frozenset[str]
    dotted: frozenset[str]
    family_first: frozenset[str]
    institutions: frozenset[str]
    institution_kinds: frozenset[str]
    institutions_before: frozenset[str]
    titles: frozenset[str]
    positions: frozenset[str]
    calendar: frozenset[str]
    everyday: frozenset[str]
    sayings: frozenset[str]
    places: frozenset[str]
    place_nouns: frozenset[str]
    grammar: frozenset[str]
    well_known: frozenset[str]
    short_names: Mapping[str, frozenset[str]]

    def are_things(self, first: str, last: str) -> bool:
        """Whether a first and a last name may be words of every day, or a place's: "Rose Garden", "Jordan River"."""
        if last in self.place_nouns and first in self.places:
            return True
        return all(part in self.everyday or part in self.sayings or part in self.place_nouns for part in (first, last))


@cache
def words() -> Words:
    """The word lists, read once."""
    lists = tomllib.loads(files("auditor.roster").joinpath("words.toml").read_text("utf-8"))
    well_known = frozenset("".join(name.split()) for name in lists.pop("well_known").split(";"))
    several = [tuple(names.split()) for names in lists.pop("short_names").split(";")]
    short_names = {short: frozenset(stands_for) for short, *stands_for in several}
    return Words(
        well_known=well_known,
        short_names=short_names,
        **{name: frozenset(text.split()) for name, text in lists.items()},
    )


# ------------------------------------------------------------------------------------------------ letters


def _pairs(text: str) -> dict[str, str]:
    """ "łl æae" -> {"ł": "l", "æ": "ae"}"""
    return {pair[0]: pair[1:] for pair in text.split()}


_UNDECOMPOSED: Final = _pairs(
    "łl ŁL øo ØO đd ĐD ðd ÐD ɖd ƉD ħh ĦH ıi ŧt ŦT ßss ẞSS æae ÆAE œoe ŒOE þth ÞTh əe ƏE ŋn ŊN ɓb ƁB ɗd ƊD ƙk ƘK ƴy ƳY"
)
# Cyrillic, Greek, Armenian and phonetic letters that a reader takes for Latin ones.
_LOOK_ALIKES: Final = _pairs(
    "АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT УY ХX ԌG ԚQ ԜW ҮY ӀI ҺH ԀD "
    "аa вb еe ѕs іi јj кk мm нh оo рp сc тt уy хx ԍg ԛq ԝw үy һh ӏl ԁd "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC ϳj αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ωw ϲc "
    "օo սu հh ոn ցg ɑa ɡg ɩi ꞮI ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz"
)
_APOSTROPHES: Final = "`’‘‛ʼʻʹ′´＇ʾʿꞌ՚׳"
_HYPHENS: Final = "‐‑‒–⁃−﹣－"
_TABLE: Final = {
    **_UNDECOMPOSED,
    **_LOOK_ALIKES,
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys("™℠®©", " "),
}
_DROPPED: Final = frozenset({"Mn", "Me", "Cf"})


@lru_cache(maxsize=8192)
def plain_letter(letter: str) -> str:
    """One character as the plain Latin ones that it stands for, in its own case; "" for marks and invisible ones."""
    if letter in _TABLE:
        return _TABLE[letter]
    kept = (c for c in unicodedata.normalize("NFKD", letter) if unicodedata.category(c) not in _DROPPED)
    return "".join(_TABLE.get(c, c) for c in kept)


def plain(text: str) -> str:
    """A text in plain letters, in its own case."""
    return text.replace("`", "'") if text.isascii() else "".join(map(plain_letter, text))


def in_small_letters(text: str) -> str:
    """A text in small letters, each where its capital stood."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
"""A word of a plain text. An apostrophe belongs to it where letters stand on both sides."""

CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where one word ends and the next begins in "JadaDunmore"."""


def words_in(text: str) -> list[tuple[int, int]]:
    """Where each `WORD` of a plain text begins and ends, in less time."""
    found: list[tuple[int, int]] = []
    at, size = 0, len(text)
    while at < size:
        if not _is_letter(ord(text[at])):
            at += 1
            continue
        begin = at
        at += 1
        while at < size:
            code = ord(text[at])
            if not _is_letter(code) and not (code == 0x27 and at + 1 < size and _is_letter(ord(text[at + 1]))):  # '
                break
            at += 1
        found.append((begin, at))
    return found


def cut_at_capitals(word: str) -> list[str]:
    """A word in its parts, as `CAMEL` tells them apart, in less time: "JadaDunmore" is two words."""
    found: list[str] = []
    begin = 0
    for at in range(1, len(word)):
        if 0x41 <= ord(word[at]) <= 0x5A and 0x61 <= ord(word[at - 1]) <= 0x7A:
            found.append(word[begin:at])
            begin = at
    found.append(word[begin:] if begin else word)
    return found


def has_letter(text: str) -> bool:
    """Whether a letter of the English alphabet is in a text."""
    for at in range(len(text)):  # noqa: SIM110  a generator takes several times as long
        if 0x61 <= ord(text[at]) | 0x20 <= 0x7A:
            return True
    return False


def _is_letter(code: int) -> bool:
    if code < 0x80:
        return 0x61 <= code | 0x20 <= 0x7A
    return chr(code).isalnum() and not chr(code).isdecimal()


def norm(word: str) -> str:
    """A word of a plain text as names are compared: lower case, no apostrophe."""
    return word.replace("'", "").casefold()


@lru_cache(maxsize=65536)
def parts(name: str) -> tuple[str, ...]:
    """The words of a recorded name, normalised: "De la Cruz-O'Neil, Jr." -> ("de", "la", "cruz", "oneil")."""
    if "".join(name.split()).casefold().strip(".-") in words().placeholders:
        return ()
    found = [norm(word) for word in WORD.findall(plain(name))]
    while len(found) > 1 and found[-1] in words().suffixes:
        found.pop()
    return tuple(found)


def joined(name: str) -> str:
    """The words of a recorded name as one: all that is compared in the end."""
    return "".join(parts(name))


def called(first: str) -> tuple[str, ...]:
    """The other first names that somebody with this normalised one may go by: "bill" -> "robert", "william", ..."""
    return _nicknames().get(first, ())


@cache
def _nicknames() -> dict[str, tuple[str, ...]]:
    """For each first name that has another, all the others."""
    listed, own = NickNamer(), words().short_names
    short, long = listed.nickname_lookup, listed.canonical_lookup
    nobody = frozenset[str]()
    return {
        first: tuple(sorted((short.get(first, nobody) | long.get(first, nobody) | own.get(first, nobody)) - {first}))
        for first in {*short, *long, *own}
    }


def respelled(word: str, is_known: Callable[[str], bool], is_surname: Callable[[str], bool]) -> Iterator[str]:
    """The surnames that differ from a normalised word by one letter: left out, put in, another, or two changed round.

    `is_known` tells of a word whether it is a surname, or one with a letter left out (or is taken for one by mistake);
    only then the many ways to put a letter in are tried.
    """
    if is_known(word):
        for at in range(len(word) + 1):
            yield from (s for c in _ALPHABET if is_surname(s := word[:at] + c + word[at:]))
    for at in range(len(word)):
        shorter = word[:at] + word[at + 1 :]
        if is_known(shorter):
            if is_surname(shorter):
                yield shorter
            yield from (s for c in _ALPHABET if c != word[at] and is_surname(s := word[:at] + c + word[at + 1 :]))
            swapped = shorter[: at + 1] + word[at] + shorter[at + 1 :]
            if swapped != word and is_surname(swapped):
                yield swapped


def misspellings(surname: str) -> Iterator[str]:
    """A normalised surname that is long enough to be known again with one letter wrong, whole and without each letter.

    Nothing for a shorter one: too many others are like it.
    """
    if len(surname) >= SHORTEST_MISSPELLED and surname.isascii():
        yield surname
        yield from {surname[:at] + surname[at + 1 :] for at in range(len(surname))}


_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
SHORTEST_MISSPELLED: Final = 6


# ------------------------------------------------------------------------------------------------ forms


@dataclass(frozen=True, slots=True)
class Naming:
    """Everything that a person is called, as recorded. Lives only while an import runs."""

    given: str = ""
    family: str = ""
    middle: str = ""
    preferred_given: str = ""
    preferred_family: str = ""
    nicknames: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Naming(...)"


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one person's names, normalised, in plain text: to be digested at once and never kept.

    `full` are (given, family) pairs that name the person; `partial` those that may (one part of a double surname), and
    `middle` those with a middle name for the first one. `first` are first names; `single` is the whole of a one-word
    name. `given` and `family` are the words that such names are written with, for the gate in front of the look-ups;
    `later` are those of them that stand behind another one of the same name.
    """

    full: frozenset[tuple[str, str]] = frozenset()
    partial: frozenset[tuple[str, str]] = frozenset()
    middle: frozenset[tuple[str, str]] = frozenset()
    first: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return "Forms(...)"


def forms(naming: Naming) -> Forms:
    """Every form by which somebody is looked for."""
    handles = frozenset(filter(None, map(handle, naming.handles)))
    given, aside = _without_aside(naming.given)
    calls = [call for call in (given, naming.preferred_given, *naming.nicknames, aside) if parts(call)]
    families = [name for name in (naming.family, naming.preferred_family) if parts(name)]
    if not calls or not families:
        return _of_one_name(calls or families, handles)

    strong = {first for call in calls for first in _first_names(call) if len(first) > 1}
    weak = {part for call in (*calls, naming.middle) for part in parts(call) if len(part) > 1} - strong
    if not strong:  # "J. Robert": whoever is recorded with an initial goes by the next name
        strong, weak = weak or {joined(calls[0])}, set()
    names = {name for family in families for name in _surnames(family)}
    halves = {part for family in families for part in _halves(family)} - names
    full = {(first, name) for first in strong for name in names}
    partial = {(first, half) for first in strong for half in halves} - full
    middle = {(first, name) for first in weak for name in names} - full - partial
    calls_written = list(_ways((*calls, naming.middle)))
    families_written = list(_ways(families))
    return Forms(
        full=frozenset(full),
        partial=frozenset(partial),
        middle=frozenset(middle),
        first=frozenset(strong),
        handles=handles,
        given=frozenset(strong | weak | _leading(calls_written) | _later(calls_written)),
        family=frozenset(names | halves | _leading(families_written) | _later(families_written)),
        later=frozenset(_later(calls_written) | _later(families_written)),
    )


BESIDE_HANDLES: Final = " \t/.,;:!?()[]{}'\""
"""What may stand in front of a handle or behind it, and is none of it."""


def handle(text: str) -> str:
    """A handle as it is compared: "https://social.example/@Jada.D/" and "@jada.d@social.example" -> "jada.d"."""
    last = plain(text).strip(BESIDE_HANDLES).rpartition("/")[2]
    return last.lstrip("@#").partition("@")[0].partition("?")[0].casefold()


def _of_one_name(names: list[str], handles: frozenset[str]) -> Forms:
    """Somebody of whom only one name is recorded; of several words, the last is taken for the family's."""
    words_of_it = parts(names[0]) if names else ()
    if len(words_of_it) > 1:
        both = forms(Naming(given=" ".join(words_of_it[:-1]), family=words_of_it[-1]))
        return replace(both, handles=handles)
    only = frozenset(words_of_it)
    return Forms(first=only, single=only, handles=handles, given=only)


_ASIDE = re.compile(r"[\"“”(\[]\s*([^\"“”()\[\]]+?)\s*[\"“”)\]]")


def _without_aside(given: str) -> tuple[str, str]:
    """'Robert (Bobby)' -> ('Robert', 'Bobby'): what stands in brackets or quotation marks is a nickname."""
    aside = _ASIDE.search(given)
    return (given[: aside.start()] + " " + given[aside.end() :], aside.group(1)) if aside else (given, "")


def _first_names(call: str) -> Iterator[str]:
    """'Ana Sofía' -> "anasofia", "ana"; 'J. Emmett' -> "jemmett", "emmett". A hyphenated first name is one name."""
    for spelling in _spellings(call):
        yield joined(spelling)
        yield next((name for name in map(joined, spelling.split()) if len(name) > 1), "")


def _surnames(family: str) -> Iterator[str]:
    """The surnames that a family name stands for: "García López" is written "García" as well."""
    for spelling in _spellings(family):
        yield joined(spelling)
        *lead, last = _without_suffixes(spelling)
        if last not in words().particles and (lead := _without_last_and(lead)):
            yield joined(" ".join(lead))


def _halves(family: str) -> Iterator[str]:
    """What may be written for a family name of several words: "Jones" of "Smith-Jones", "Cruz" of "de la Cruz"."""
    for spelling in _spellings(family):
        yield from (part for part in parts(spelling) if len(part) > 2 and part not in words().particles)


def _without_suffixes(family: str) -> list[str]:
    found = [word for word in family.split() if parts(word)]
    while len(found) > 1 and joined(found[-1]) in words().suffixes:
        found.pop()
    return found


def _without_last_and(lead: list[str]) -> list[str]:
    """The first of two surnames, without the "y" between them; nothing where only particles stand in front."""
    while lead and joined(lead[-1]) in ("y", "e", "i", "and"):
        lead = lead[:-1]
    return lead if lead and joined(lead[-1]) not in words().particles else []


_WRITTEN_OUT: Final = _pairs("äae öoe üue åaa øoe")


def _spellings(name: str) -> Iterator[str]:
    """The name, and with its umlauts written out: "Müller", "mueller"."""
    yield name
    composed = unicodedata.normalize("NFC", name).casefold()
    if any(letter in _WRITTEN_OUT for letter in composed):
        yield "".join(_WRITTEN_OUT.get(letter, letter) for letter in composed)


_GLUED: Final = (
    *(("dela", ("de", "la", "dela")), ("delos", ("de", "los", "delos")), ("delas", ("de", "las", "delas"))),
    *(("vander", ("van", "der", "vander")), ("vanden", ("van", "den", "vanden")), ("della", ("della",))),
    *((particle, (particle,)) for particle in ("mac", "mc", "del", "de", "van", "von")),
)


def _ways(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The ways in which these names may be written in words: "O'Neil" as "oneil", "o neil"."""
    for name in names:
        for spelling in _spellings(name):
            yield parts(spelling)
            yield tuple(map(joined, spelling.split()))
            yield (joined(spelling),)
            for word in WORD.findall(plain(spelling)):
                yield tuple(map(norm, CAMEL.split(word)))
                yield tuple(map(norm, word.split("'")))
            for part in parts(spelling):
                yield from _unglued(part)


def _leading(ways: Iterable[tuple[str, ...]]) -> set[str]:
    return {way[0] for way in ways if way} - words().suffixes - {""}


def _later(ways: Iterable[tuple[str, ...]]) -> set[str]:
    return {word for way in ways for word in way[1:]} - words().suffixes - {""}


def _unglued(word: str) -> Iterator[tuple[str, ...]]:
    """The pieces of a surname that others write apart: "delacruz" as "de la cruz", "mcdonald" as "mc donald"."""
    for particle, pieces in _GLUED:
        rest = word.removeprefix(particle)
        if rest != word and len(rest) > 3:
            yield (*pieces, rest)
