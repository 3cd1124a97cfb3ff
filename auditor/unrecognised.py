"""What no finder took for anybody's, and may be a number, a mailbox or an address all the same.

An excerpt hides too much rather than too little: whoever writes a telephone number with bullets in it, or a mailbox
with spaces, must not get it shown beside a name.
"""

import re
from typing import Final

from auditor.common_words import COMMON

MASK: Final = "***"
NUMBER: Final = "****"

_DIGIT: Final = r"[\d²³¹⁰⁴-⁹₀-₉⓪①-⑨]"
_ONE: Final = re.compile(_DIGIT)
# Some signs that stand for a dash or a dot are letters to computers.
_BETWEEN: Final = r"(?:\ufe0f?\u20e3)?(?:[\W_]|[ーｰـˑᐧꞏㅡ一丨]){0,3}"
_FEWEST: Final = 7
_COMPACT: Final = re.compile(
    r"(?<!\d)(?:(?:\+?1[-. ]?)?\(?\d{3}\)?[-. /]{0,2})?(?:\d{3}[-. ]?(?:\d\d[-. ])?\d{4})(?!\d)|\d{7,}"
)
"""The usual ways to write a number: each is masked by itself."""
_GROUP: Final = re.compile(rf"\+?\(?(?:\*{{4}}|{_DIGIT})(?:{_BETWEEN}(?:\*{{4}}|{_DIGIT}))+")
"""Digits near each other, and masks of what was digits."""

_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?:19|20)\d\d"
_TIME: Final = r"\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:\.\d{1,3})?"
_READABLE: Final = (
    rf"(?:\*{{4}}|{_YEAR}[-./]{_DAY}[-./]{_DAY}(?:[ T]{_TIME})?|{_DAY}[-./]{_DAY}[-./](?:{_YEAR}|\d\d)|{_DAY},? {_YEAR}"
    rf"|{_YEAR}(?:[-–/](?:{_YEAR}|\d\d))?|{_TIME}(?: ?[-–] ?{_TIME})?|\$\d{{1,3}}(?:,\d{{3}})*(?:\.\d\d)?)"
)
_ALL_READABLE: Final = re.compile(rf"{_READABLE}(?:(?:, ?|; ?| ?\|? | - | – ){_READABLE})*")
"""Dates, years, times and sums of money, one beside the other: they are nobody's number."""

_SERVICE: Final = r"(?:g-?mail|googlemail|yahoo|hotmail|outlook|icloud|aol|msn|ymail|proton(?:mail)?|comcast)"
_DOT: Final = r"(?:\.| ?[(\[{<] ?(?:dot|punto|\.) ?[)\]}>] ?| (?:dot|punto) )"
_HOST: Final = rf"[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{0,6}}{_DOT}[^\W\d_]{{2,24}}\b"
_MAILBOX: Final = r"[^\s@,;:()<>\[\]{}\"]{1,64}"
_GLUED: Final = re.compile(rf"(?<![^\s,;:()<>\[\]{{}}\"]){_MAILBOX}(?=@ ?[\w\[])")
_BEFORE: Final = rf"(?<!\S)(?P<box>[(<\[\"']?{_MAILBOX})"
_SPACED: Final = re.compile(
    rf"{_BEFORE}(?= ?[(\[{{<]? ?@ ?[)\]}}>]? ?(?:(?P<service>{_SERVICE}\b)|{_HOST}))", re.IGNORECASE
)
_AT: Final = re.compile(
    rf"{_BEFORE}(?= ?[(\[{{<]? ?\b(?:at|arroba)\b ?[)\]}}>]? ?(?:(?P<service>{_SERVICE}\b)|{_HOST}))", re.IGNORECASE
)
_SAYS_AT: Final = re.compile(r"\b(?:at|arroba)\b", re.IGNORECASE)

_KIND: Final = (
    r"(?:street|str|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|place|pl|parkway|pkwy"
    r"|terrace|ter|highway|hwy|trail|trl|loop|way)"
)
_A_KIND: Final = re.compile(rf" {_KIND}\b", re.IGNORECASE)
_NO_NAME: Final = r"(?:an?|the|all|any|each|every|no|some|this|that|my|our|his|her|their|its|right|only|long)"
_HOUSE: Final = re.compile(
    rf"(?<![\w$:/.\-])(?!{_YEAR}\b)\d{{1,6}}[a-z]?,? (?:[\w.'’*\-]{{1,30}} ){{0,2}}(?!{_NO_NAME} |[\w.'’\-]{{0,30}}s )"
    rf"[\w.'’*\-]{{1,30}} {_KIND}\b\.?(?:,? ?(?:apt|apartment|unit|lot|trlr|space|#)\.? ?#?[\w\-]{{1,6}}\b)?",
    re.IGNORECASE,
)
_BOX: Final = re.compile(
    r"(?:\b(?:star|rural|contract) )?(?:\b[A-Za-z.*]{1,7}(?: ?#?\d{1,4},?)? )?\bbox (?:no\.? ?)?#? ?[A-Za-z]?\d{1,6}\b",
    re.IGNORECASE,
)


def without_unrecognised(text: str) -> str:
    """A stretch of one line in which numbers, mailboxes and addresses are hidden that nothing was said of."""
    if "@" in text:
        text = _GLUED.sub(_mailbox, _SPACED.sub(_far_mailbox, text))
    if _SAYS_AT.search(text) is not None:
        text = _AT.sub(_far_mailbox, text)
    if _ONE.search(text) is None:
        return text
    if _A_KIND.search(text) is not None:
        text = _HOUSE.sub("*** ***", text)
    text = _BOX.sub("PO Box ***", text)
    return _GROUP.sub(_group, _COMPACT.sub(NUMBER, text))


def _mailbox(found: re.Match[str]) -> str:
    return found.group() if found.group().endswith(MASK) else MASK


def _far_mailbox(found: re.Match[str]) -> str:
    """A mask where it is a mailbox: "look at" is said of any host, but not of one where people have their mail."""
    word = found["box"].strip(".,!?").casefold()
    return found.group() if found["service"] is None and word in COMMON else _mailbox(found)


def _group(found: re.Match[str]) -> str:
    """A mask for digits enough to be somebody's number, unless they are dates and the like."""
    group = found.group()
    digits = len(_ONE.findall(group)) + _FEWEST * group.count(NUMBER)
    dollar = "$" if found.string[found.start() - 1 : found.start()] == "$" else ""
    return group if digits < _FEWEST or _ALL_READABLE.fullmatch(dollar + group) else NUMBER
