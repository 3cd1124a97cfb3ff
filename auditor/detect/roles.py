"""What the line below a name says that somebody is: on cards, under portraits, in programmes."""

import re
import tomllib
from collections.abc import Sequence
from enum import Enum, auto
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from auditor.detect.gazetteer import Part, gazetteer
from auditor.roster.names import norm, plain, words

_LONGEST: Final = 80
_ONLY_A_NAME: Final = 6
"""So many signs and letters may stand beside a name that fills its line: a bullet, "12.", a dash."""
_BETWEEN: Final = re.compile(r"\s*[,;|·•()\t]\s*|\s+[–—-]\s+|\s+(?:and|&|y)\s+")
_IN_A_ROOM: Final = re.compile(r"\b(?:room|rm\.?|ext\.?|sal[oó]n) ?#?\d")
_SEPARATORS: Final = " ,–—-|:(/\t"
_LABEL: Final = re.compile(r"^(?:role|position|title|office|cargo|puesto): *")
_SAYS_MORE: Final = re.compile(
    r": ?[^\W\d]| (?:by|por|is|are|was|were|will|has|have) |(?:\S+ ){3}\S+[.!?…]$|(?:\S+ ){8}"
)
"""A line that says who somebody else is, or a sentence."""
_MAILBOX_OR_NUMBER: Final = re.compile(r"@|\d{3}[-. ]\d{4}|\b[Ee]xt(?:\.|ension)? ?\d")
_A_TITLE_AND_A_NAME: Final = 2
_CARD: Final = 2
"""So many lines below a name may belong to it."""


class Role(Enum):
    """Whose a line's words are: a student's, an adult's; of a GRADE, those of anybody who learns or teaches in it."""

    STUDENT = auto()
    GRADE = auto()
    ADULT = auto()


def role_below(text: str, start: int, end: int) -> Role | None:
    """What the lines below say that the person named from `start` to `end` is, where the name fills its line."""
    filled = _filled_line(text, start, end)
    if filled is None or filled[1] == len(text):
        return None
    close, found = filled[1], None
    for line in text[close + 1 : close + 1 + _CARD * (_LONGEST + 1)].split("\n")[:_CARD]:
        if _MAILBOX_OR_NUMBER.search(line):
            # A class with a mailbox is rather a teacher's, but who knows?
            return None
        if found is not None or (found := role_of(line)) in (None, Role.STUDENT, Role.ADULT):
            break
    return found


def _filled_line(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the line begins and ends that the name from `start` to `end` fills; None where more stands in it."""
    first = max(0, start - _ONLY_A_NAME - 1)
    begin = text.rfind("\n", first, start) + 1
    close = text.find("\n", end, end + _ONLY_A_NAME + 1)
    if close < 0:
        close = len(text)
    if (begin == 0 < first) or (start - begin) + (close - end) > _ONLY_A_NAME:
        return None
    if any(map(str.isalpha, text[begin:start] + text[end:close])):
        return None
    return begin, close


def is_under_office(text: str, start: int, end: int) -> bool:
    """Whether the line above the name from `start` to `end`, which fills its line, is an adult's office and no more:
    "Principal". What stands below a name says who that one is.
    """
    lines = _filled_line(text, start, end)
    if lines is None or lines[0] == 0:
        return False
    close = lines[0] - 1
    begin = text.rfind("\n", max(0, close - _LONGEST - 1), close) + 1
    above = text[begin:close]
    if begin == 0 < close - _LONGEST or not _grammar_of_offices().fullmatch(above.strip(" \t*.:-–—").lower()):
        return False
    # Below another short line the office may be the one of whoever that line names.
    over = text[max(0, begin - _LONGEST) : max(0, begin - 1)].rpartition("\n")[2].rstrip()
    return not over or over.endswith((".", "!", "?"))


def role_beside(text: str, end: int) -> Role | None:
    """What the rest of a line says that the person whose name ends at `end` is, behind a comma, a dash, a tab."""
    close = text.find("\n", end, end + _LONGEST + 1)
    behind = text[end : close if close >= 0 else end + _LONGEST + 1]
    return role_of(behind.strip(_SEPARATORS)) if behind.lstrip(" ")[:1] in _SEPARATORS[1:] and behind.strip() else None


def role_of(line: str) -> Role | None:
    """What a line says that somebody is; None where it says something else, or more."""
    told = _LABEL.sub("", line.strip().lower().replace("'", "’"))
    if not told or len(told) > _LONGEST or _SAYS_MORE.search(told) or _names_somebody(line.split()):
        return None
    found: Role | None = None
    if _IN_A_ROOM.search(told):
        return None
    for part in filter(None, _BETWEEN.split(told.strip(" *.!:-–—"))):
        role = _role_of_part(part)
        if role is Role.ADULT:
            return role
        if role is Role.STUDENT or found is None:
            found = role
    return found


@lru_cache(maxsize=4096)
def _role_of_part(part: str) -> Role | None:
    grammar = _grammar()
    of_adult = grammar[Role.ADULT].search(part) is not None
    if grammar[Role.STUDENT].fullmatch(part) and (not of_adult or part.startswith("student ")):
        return Role.STUDENT
    if of_adult:
        return Role.ADULT
    return Role.GRADE if grammar[Role.GRADE].fullmatch(part) else None


def _names_somebody(line: Sequence[str]) -> bool:
    """Whether the words are somebody else's name behind a title: "Coach Roe", "Principal Ann Roe"."""
    if len(line) < _A_TITLE_AND_A_NAME:
        return False
    first, second = (norm(plain(word.strip(".,"))) for word in line[:_A_TITLE_AND_A_NAME])
    if second in words().positions or first not in words().titles:
        return False
    return line[1][0].isupper() and not gazetteer().part(line[1].strip(".,")) & (Part.WORD | Part.BEHIND)


@cache
def _grammar_of_offices() -> re.Pattern[str]:
    offices = "|".join(_lists()["adult"])
    return re.compile(rf"(?:(?!(?:student|class|peer|my|the|an?|our|el|la|mi|una?)\b)[\w&/-]+ ){{0,3}}(?:{offices})")


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(files("auditor.detect").joinpath("roles.toml").read_text("utf-8"))


@cache
def _grammar() -> dict[Role, re.Pattern[str]]:
    either = {name: "|".join(patterns) for name, patterns in _lists().items()}
    return {
        Role.STUDENT: re.compile(either["student"]),
        Role.GRADE: re.compile(either["grade"]),
        Role.ADULT: re.compile(rf"(?<!\w)(?:{either['adult']}|{either['kin']})(?!\w)"),
    }
