"""Names of staff and schools, in the clear: so that nobody takes a teacher, or a school's namesake, for a student."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from auditor.model import District
from auditor.roster.names import WORD, norm, plain, words

_DEGREES = frozenset({"phd", "edd", "eds", "med", "ma", "msw", "rn", "md", "esq"})
_BEFORE = 48
_BEHIND = 40
_LONGEST_SHORTENED = 4
"""Letters of "Prof" and "Srta", behind which a full stop ends no sentence."""
_SPELT_OUT = re.compile(
    r"\b(?:(?:maestr[oa]|profesora?|docente|educadora?|teacher) (?:del?|of|for) (?:el |la )?(?:[\w.º°]+ ){0,2}?"
    r"(?:grado|k[ií]nder|preescolar|kindergarten|grade)|(?:el|la|nuestr[oa]|su) directora?)[ \xa0]+$",
    re.IGNORECASE,
)
"""Titles of several words: "maestra de tercer grado", "la directora"."""
_ENDS_OF_TITLES = {"grado", "kinder", "kínder", "preescolar", "kindergarten", "grade", "director", "directora"}
_YEARS_OF_A_LIFE = re.compile(r",? ?\((?:born |b\. )?1[89]\d\d ?[-–—] ?(?:19|20)\d\d\)")


class StaffBook:
    """Knows by name who is an adult of the district. Nothing in it is secret: it is what the website says of itself."""

    def __init__(self, people: Iterable[str], schools: Iterable[str] = ()) -> None:
        self._names = {key for name in people for key in _keys(name)}
        for school in schools:
            namesake = [word for word in _words(school) if word not in words().institutions | words().institution_kinds]
            if len(namesake) > 1:
                self._names.add("".join(namesake))

    @classmethod
    def of(cls, district: District) -> "StaffBook":
        """Staff and board, principals, and whoever owns an account."""
        people = [person.name for person in district.staff]
        people += [school.principal for school in district.schools]
        people += [account.owner for account in district.accounts]
        return cls(filter(None, people), (school.name for school in district.schools))

    def bears(self, name: str) -> bool:
        """Whether somebody on the staff has this name, in whatever order and with whatever middle name."""
        return bool(self._names) and not self._names.isdisjoint(_keys(name))


def titled(text: str, start: int, end: int) -> bool:
    """Whether the name from `start` to `end` is an adult's by what stands beside it: "Coach ...", "..., Principal", the
    years of a life that began long ago.
    """
    front = text[max(0, start - _BEFORE) : start]
    title, full_stop = _word_before(front)
    if title:
        # "I thank my coach. Jane Doe won" calls nobody a coach.
        ends_a_sentence = full_stop and len(title) > _LONGEST_SHORTENED
        if norm(plain(title)) in words().titles and not ends_a_sentence:
            return True
        if title.lower() in _ENDS_OF_TITLES and _SPELT_OUT.search(front):
            return True
    if _YEARS_OF_A_LIFE.match(text, end):
        return True
    behind = text[end : end + _BEHIND]
    if not behind or (behind[0] != "," and behind[0].isascii()):
        return False
    return _position().match(plain(behind)) is not None


def _word_before(front: str) -> tuple[str, bool]:
    """The last word of a text that ends in spaces, and whether a full stop is behind it; "" where there is none.

    Most names have one in front, and a pattern takes many times as long to find it.
    """
    word = front.rstrip(" \xa0")
    bare = word.removesuffix(".")
    begin = len(bare) if len(word) < len(front) else 0
    close = begin
    while begin and bare[begin - 1].isalpha():
        begin -= 1
    return bare[begin:close], len(bare) < len(word)


@cache
def _position() -> re.Pattern[str]:
    # A "student director" is a student; "Coach Roe" behind a comma is somebody else, and "Principal Oak School" is not.
    words_before = r"(?:(?!(?:student|peer|class|team|club)\b)[a-z]+ +){0,2}"
    a_school = r"(?:elementary|primary|middle|junior|high|school|academy)\b"
    of_another = rf"(?: +| ?[:–—-]+ ?)(?-i:[A-Z])[\w'-]*+(?! +{a_school})| for (?:a|the) day"
    offices = "|".join(sorted(words().positions))
    return re.compile(rf", *{words_before}(?:{offices})\b(?!'s|s?{of_another})", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _keys(name: str) -> frozenset[str]:
    """A name's words as one, all of them and the first with the last; turned round where a comma says so."""
    family, comma, given = name.partition(",")
    found = _words(f"{given} {family}" if comma and _words(given) else name)
    return frozenset({"".join(found), found[0] + found[-1]} if len(found) > 1 else ())


def _words(name: str) -> list[str]:
    found = [norm(word) for word in WORD.findall(plain(name))]
    left_out = words().titles | words().suffixes | _DEGREES
    return [word for word in found if len(word) > 1 and word not in left_out]
