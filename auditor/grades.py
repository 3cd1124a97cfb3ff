"""Grades as schools write them: OneRoster codes ("KG", "03", "PS") and spans ("K-5", "PK-2", "9-12", "7;8").

Grades are numbers as in `auditor.model.Grades`: PK and younger -1, K 0, 1 to 12, post-secondary 13.
"""

import re
from collections.abc import Mapping
from typing import Final

from auditor.model import Grades

EVERY_GRADE: Final = Grades(-1, 13)

_WORDS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("it", "pr", "pk", "pk3", "pk4", "3k", "4k", "ec", "ee", "infant", "toddler", "preschool"), -1),
    # Transitional kindergarten belongs to the elementary school: what protects "K-8" protects these children too.
    **dict.fromkeys(("tk", "jk", "kg", "k", "5k", "kinder", "kindergarten"), 0),
    **dict.fromkeys(("ps", "13", "postsecondary", "adult"), 13),
}
_UNGRADED: Final = frozenset({"ug", "ungraded", "other", "all"})

_PRE_K = re.compile(r"\bpre\W?k(?:indergarten)?(?![a-z])")
_LABEL = re.compile(r"\bgrades?\b|\bgr\b\.?|(?<=[0-9])(?:st|nd|rd|th)\b")
_NUMBER = re.compile(r"0?[1-9]|1[0-2]")
_LIST = re.compile(r"[,;&/]|\band\b")
_SPAN = re.compile(r"\s*(?:[-\u2010-\u2015\u2212~]|\bto\b|\bthrough\b|\bthru\b)\s*")
_SPREADSHEET_DATE = re.compile(r"\d{1,2}-[A-Z][a-z]{2}(?:-\d+)?|\d{1,2}/\d{1,2}/\d{2,4}")


def grade(code: str) -> int | None:
    """The grade that one code or word means, in any case; None for an ungraded or unreadable one."""
    word = _plain(code).replace(" ", "")
    if _NUMBER.fullmatch(word):
        return int(word)
    return _WORDS.get(word)


def grades(text: str) -> Grades:
    """The span that covers every grade in the text; "UG" and "Other" may be any grade, so they cover all.

    Raises `ValueError` with a sentence for a person where the text cannot be read.
    """
    found: list[int] = []
    for part in _LIST.split(_plain(text)):
        if part.strip() in _UNGRADED:
            return EVERY_GRADE
        if part.strip():
            found += _ends(part, text)
    if not found:
        raise ValueError('no grade is named; write them like "K-5", "9-12" or "6"')
    return Grades(min(found), max(found))


def _ends(part: str, text: str) -> tuple[int, int]:
    low, *rest = (grade(end) for end in _SPAN.split(part.strip()))
    high = rest[0] if rest else low
    if low is None or high is None or len(rest) > 1:
        raise ValueError(_unreadable(text))
    if low > high:
        raise ValueError(f'the grades "{_short(text)}" run backwards; write the lower one first')
    return low, high


def _unreadable(text: str) -> str:
    if _SPREADSHEET_DATE.fullmatch(text.strip()):
        return f'a spreadsheet has made the date "{_short(text)}" of the grades; format the column as text, write "K-5"'
    return f'"{_short(text)}" cannot be read as grades; write them like "K-5", "9-12" or "6"'


def _plain(text: str) -> str:
    return _LABEL.sub(" ", _PRE_K.sub("pk", text[:200].casefold())).strip()


def _short(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:40]
