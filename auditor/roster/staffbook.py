"""Names of staff and schools, in the clear: so that nobody takes a teacher, or a school's namesake, for a student."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from auditor.model import District
from auditor.roster.names import WORD, norm, plain, words

_DEGREES = frozenset({"phd", "edd", "eds", "med", "ma", "msw", "rn", "md", "esq"})
_BEFORE = 24
_BEHIND = 40


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
        return not self._names.isdisjoint(_keys(name))


def titled(text: str, start: int, end: int) -> bool:
    """Whether the name from `start` to `end` is an adult's by what stands beside it: "Coach ...", "..., Principal"."""
    before = re.search(r"([^\W\d_]+)\.?[ \xa0]+$", text[max(0, start - _BEFORE) : start])
    if before and norm(plain(before.group(1))) in words().titles:
        return True
    return _position().match(plain(text[end : end + _BEHIND])) is not None


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
