"""Several students with one name, and whom of them a text means: the grade or the school told beside the name."""

import re
from collections.abc import Sequence
from typing import Final

from auditor.lazy_pattern import LazyPattern
from auditor.model import School, Student

_BEFORE: Final = 120
_BEHIND: Final = 90
_LEAST_WORDS: Final = 2
"""A school called by one word, "Lincoln", may be a street, a president, a child."""

_ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
    "primer": 1, "primero": 1, "segundo": 2, "tercer": 3, "tercero": 3, "cuarto": 4, "quinto": 5, "sexto": 6,
    "séptimo": 7, "septimo": 7, "octavo": 8, "noveno": 9, "décimo": 10, "decimo": 10, "undécimo": 11, "undecimo": 11,
    "duodécimo": 12, "duodecimo": 12,
}  # fmt: skip
_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_YEARS: Final = {"freshman": 9, "freshmen": 9, "sophomore": 10, "junior": 11, "senior": 12}

_ORDINAL: Final = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
_KINDERGARTEN: Final = r"(?:kindergarten|k[ií]nder)"
_GRADE: Final = (
    rf"(?:{_ORDINAL}[- ]grade|gr(?:ade|\.)? ?(?:\d{{1,2}}|{'|'.join(_NUMBERS)})|grado \d{{1,2}}"
    rf"|(?:\d{{1,2}}[.º°]?[oº°]?|{'|'.join(_ORDINALS)}) grado|{_KINDERGARTEN})(?![\w-]|,? (?:and|y|to|a) \d)"
)
_YEAR: Final = r"(?:freshm[ae]n|sophomore|junior|senior)"
_PUPIL: Final = r"(?:student|pupil|scholar|winner|champion|boy|girl)"
_ONE_OF_A_GRADE: Final = (
    rf"(?:{_ORDINAL}[- ]grader|{_YEAR}|kindergart(?:e?ner)|(?:{_GRADE}) {_PUPIL}"
    rf"|(?:estudiante|alumn[oa]|niñ[oa])s? de(?:l)? {_GRADE})"
)
_ARTICLE: Final = r"(?:(?:an?|our|the|un|una|el|la) )?"
_ENDS: Final = r"(?=[,.;)!?|\t\n]|$| (?:and|who|whose|won|wins|is|was|has|had|y|quien|gan[oó]|es|fue)\b)"
"""What stands behind a grade that is told of whoever is named before it, and not of whoever is named next."""

_GRADE_BEFORE: Final = LazyPattern(rf"(?<![\w-])({_ONE_OF_A_GRADE})s?[:,]? [\"“]?$", re.IGNORECASE)
_GRADE_OF_A_LIST: Final = LazyPattern(
    rf"(?:^|[.!?;|•]\s*)({_GRADE}|{_ONE_OF_A_GRADE}s?)(?: ?[:–—-]+ ?|\t)([^:.!?;|•]*)$", re.IGNORECASE
)
_AFTER_HEADINGS: Final[tuple[str, ...]] = (":", "\t", "-", "–", "—")
"""One of them stands behind a grade over a list: where there is none, there is no such list."""
_GRADE_BEHIND: Final = LazyPattern(
    rf"(?: ?[,(–—|\t-]+ ?| (?:is|was|es|of|from|in|de) | )(?:in |de |del )?{_ARTICLE}"
    rf"({_ONE_OF_A_GRADE}|{_GRADE}){_ENDS}",
    re.IGNORECASE,
)
_GRADE_AND_SCHOOL_BEHIND: Final = LazyPattern(
    rf"(?: ?[,(–—|\t-]+ ?| (?:is|was|es) ){_ARTICLE}({_ONE_OF_A_GRADE})(?= (?:at|from|of|in|de|en)\b)", re.IGNORECASE
)
_FIGURE: Final = re.compile(r"\d{1,2}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_NAMES_AND_TIES: Final = re.compile(r"(?:(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|and|y|e|&|de|del|la|van|von)(?:, ?| |$))*")
_CAPITAL_BEFORE: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]* $")


_PUPILS: Final = frozenset({
    "grader", "freshman", "freshmen", "sophomore", "junior", "senior", "kindergartner", "kindergartener", "student",
    "pupil", "scholar", "winner", "champion", "boy", "girl", "estudiante", "alumno", "alumna", "grado", "kinder",
    "kínder",
})  # fmt: skip
"""The last words, but for an "s", of whatever calls somebody one of a grade: few names have one of them in front."""


class Namesakes:
    """Chooses among students of one name by what stands beside it. `schools` are the district's own."""

    def __init__(self, schools: Sequence[School]) -> None:
        called = {school.id: _called(school.name) for school in schools}
        self._schools = {name: school for school, name in called.items() if name}
        self._last_words = {"school", *(name.split()[-1] for name in self._schools)}
        # Two schools of one name tell nothing apart.
        if len(self._schools) < sum(map(bool, called.values())):
            self._schools = {}
        names = "|".join(re.escape(name) for name in sorted(self._schools, key=len, reverse=True))
        school = rf"(?<!\w)({names})(?: school)?"
        member = rf"(?:{_ONE_OF_A_GRADE}|(?:{_GRADE} )?{_PUPIL}|estudiante|alumn[oa])"
        self._before = LazyPattern(rf"{school}(?:['’]s?)? {member}s?[:,]? [\"“]?$", re.IGNORECASE)
        self._member = LazyPattern(rf"(?:estudiante|alumn[oa])s? de (?:la |el )?{school} [\"“]?$", re.IGNORECASE)
        self._behind = LazyPattern(
            rf"(?: ?[,(–—|\t-]+ ?{_ARTICLE}| (?:is|was|es) {_ARTICLE})(?:(?:in )?(?:{member}|{_GRADE})"
            rf"(?:,? (?:at|from|of|in|de|en) | ?[,(–—-]+ ?))?(?:the |la |el )?{school}{_ENDS}"
            rf"| (?:of|from|de) (?:the |la |el )?{school}{_ENDS}",
            re.IGNORECASE,
        )

    def meant(self, text: str, start: int, end: int, bearers: tuple[Student, ...]) -> tuple[Student, ...]:
        """The one of the bearers of a name whom the words beside it leave; all of them where that is not clear."""
        begin = text.rfind("\n", max(0, start - _BEFORE), start) + 1
        close = text.find("\n", end, end + _BEHIND)
        before = text[max(begin, start - _BEFORE) : start]
        behind = text[end : close if close >= 0 else end + _BEHIND]
        last = before.rstrip(' :,"“').rpartition(" ")[2].lower()
        named_as = before if last.removesuffix("s") in _PUPILS else ""
        grades = _grades_told(before, named_as, behind)
        schools = self._schools_told(before if named_as or last in self._last_words else "", behind)
        if len(grades) > 1 or len(schools) > 1 or not (grades or schools):
            return bearers
        left = tuple(one for one in bearers if _may_be_in(one, grades) and _may_go_to(one, schools))
        return left if len(left) == 1 else bearers

    def _schools_told(self, before: str, behind: str) -> set[str]:
        """The schools of which the words beside a name say that its bearer goes there."""
        if not self._schools:
            return set()
        told: set[str] = set()
        for pattern in (self._before, self._member) if before else ():
            found = pattern.search(before)
            # A longer name is another school's: "East Larkspur High".
            if found and not _CAPITAL_BEFORE.search(before, 0, found.start(1)):
                told.add(self._schools.get(found[1].lower(), ""))
        if found := self._behind.match(behind):
            told.add(self._schools.get((found[1] or found[2]).lower(), ""))
        return told


def _called(name: str) -> str:
    """A school's name as it is called in a text, in small letters; "" where it may be anything's."""
    short = " ".join(name.lower().split()).removesuffix(" school")
    return short if len(short.split()) >= _LEAST_WORDS else ""


def _may_be_in(student: Student, grades: set[int]) -> bool:
    """Whether a student may be in a grade; of those who left, and those without one, nobody knows."""
    return not grades or student.grade is None or student.left or student.grade in grades


def _may_go_to(student: Student, schools: set[str]) -> bool:
    return not schools or not student.schools or student.left or not student.schools.isdisjoint(schools)


def _grades_told(before: str, named_as: str, behind: str) -> set[int]:
    """The grades that the words directly beside a name tell of its bearer. `named_as` is what stands before it where
    that ends as what somebody is.
    """
    in_front = _GRADE_BEFORE.search(named_as) if named_as else None
    if in_front is None and any(map(before.__contains__, _AFTER_HEADINGS)):
        listed = _GRADE_OF_A_LIST.search(before)
        in_front = listed if listed and _NAMES_AND_TIES.fullmatch(listed[2]) else None
    found = (in_front, _GRADE_BEHIND.match(behind) or _GRADE_AND_SCHOOL_BEHIND.match(behind))
    return {_grade(told[1]) for told in found if told}


def _grade(words: str) -> int:
    if figure := _FIGURE.search(words):
        return int(figure.group())
    for word in _WORD.findall(words.lower()):
        for known in (_ORDINALS, _NUMBERS, _YEARS):
            if word in known:
                return known[word]
    return 0
