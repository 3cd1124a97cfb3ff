"""Telephone numbers of the United States, and any number written with its country's code.

A shape that only telephone numbers have is found at once; odder ones are left to libphonenumber; seven digits, and
digits without any mark between them, need a word beside them that says what they are.
"""

import re
from collections.abc import Iterator
from typing import Final

from auditor.detect.found import Found
from auditor.detect.glance import Glance
from auditor.detect.libphonenumber import ODD_GROUPS, may_be_assigned, numbers, valid
from auditor.model import Sort

NO_CUE: Final = 0.3
"""The confidence of seven digits that nothing beside them calls a number to ring."""

_EXTENSION: Final = r"(?:\s?,?\s?(?:x|ext\.?|extension|extensi[oó]n)\s?\.?\d{1,6}\b)?"
_SEVEN_DIGITS: Final = re.compile(r"\d(?:[ ().\-/*~,xX]{0,4}\d){6}")
"""What every number below has in it: seven digits, and hardly anything between them."""
_SEVEN: Final = b"9" * 7
_NO_DIGITS: Final = bytes(set(range(256)) - set(b"0123456789"))
_BETWEEN_DIGITS: Final = b" ().-/*~,xX"
_BEHIND_LETTERS: Final = r"(?:(?<![^\W\d_])|(?<=[^\W\d_]{2})|(?<=(?<![^\W_])[chmptwf]))"
"""A word may be glued to a number, "Cell406-..." or "H406-...", not the "v" of a version."""
_NATIONAL: Final = re.compile(
    rf"(?=[+(\d])(?<![\d_])(?:(?<!/)|(?<=[.\- ]\d{{4}}/)){_BEHIND_LETTERS}(?<!\d[.\-])"
    rf"(?:\+?1[ .\-]?)?(?:\((\d{{3}})\) ?[.\-]? ?|(\d{{3}})[.\-/ ] ?)(\d{{3}})[.\- ] ?(\d{{4}})"
    rf"(?![\d_]|[.\-]\d|/\d{{1,2}}(?!\d)){_EXTENSION}",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    rf"(?<![\w.\-/#$])\+?1?([2-9]\d{{2}}[2-9]\d{{6}})(?![\w/]|[.\-]\d){_EXTENSION}", re.IGNORECASE
)
_LOCAL: Final = re.compile(
    rf"(?<![\w/#$])(?<!\d[.\- )])([2-9]\d{{2}})[.\- ](\d{{4}})(?![\w/]|[.\-]\d){_EXTENSION}", re.IGNORECASE
)
_SEVEN_TOGETHER: Final = re.compile(r"(?<![\w.\-/#$])([2-9]\d{6})(?![\w/]|[.\-]\d)")
_CUE_RIGHT_BEFORE: Final = re.compile(
    r"(?:\b(?:call|phone|telephone|tel|ph|cell|mobile|text|fax|dial|tel[eé]fono|celular)\b(?: (?:us|me))?(?: at)?"
    r"|☎|📞|📱)\s?[:#.]?\s?$"
)
_RUN: Final = re.compile(r"[+(]{0,2}\d(?:[ ().\-/*~,x]{0,4}\d){6,}", re.IGNORECASE)
_CARD: Final = re.compile(r"\d{4}([ \-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?")
"""What bank cards have on them."""
_CUE_BEFORE: Final = re.compile(
    r"(?:\b(?:call|calls|calling|phone|phones|telephone|tel|ph|cell|cells|cellular|cellphone|mobile|text|texts|texting|txt|sms"
    r"|fax|dial|contact|reach|whatsapp|voice ?mail|ring|hotline|number|numbers|n[uú]mero|tel[eé]fonos?|celular(?:es)?"
    r"|m[oó]vil|ll[aá]m[aeo]\w*|marque|marcar)\b|☎|📞|📱|\b[pchtmf][:.]\s?$"
    r"|\b(?:office|home|house|work|line|rsvp|pager|direct|(?:after.)?hours|emergency)\s?[:#]\s?$|\brsvp (?:to|at) $)"
    r"[^\n]{0,40}$"
)
_CUE_STEMS: Final[tuple[str, ...]] = (
    "cal", "ph", "te", "ce", "mob", "tx", "sms", "fax", "dial", "cont", "rea", "whats", "voice", "ring", "hot", "num",
    "mero", "vil", "lla", "llá", "mar", "rsvp", "☎", "📞", "📱",
)  # fmt: skip
"""One of them is in each cue that needs no sign behind it."""
_CUE_WORDS: Final = frozenset({
    "call", "calls", "calling", "phone", "phones", "telephone", "tel", "ph", "cell", "cells", "cellphone", "mobile",
    "text", "txt", "sms", "fax", "dial", "whatsapp", "hotline", "number", "celular",
})  # fmt: skip
"""Cues that are one word, as they stand right before most numbers."""
_BEHIND_CUE: Final[tuple[str, ...]] = (":", "#", ".")
_CUE_AFTER: Final = re.compile(r"\s?[(,\-]?\s?(?:cell|home|mobile|office|work|fax|phone|text|voice|celular|casa)\b")
"""Both of small letters: to compare without regard to case takes several times as long."""
HEADING: Final = re.compile(r"\b(?:phone|telephone|tel|cell|mobile|contact|tel[eé]fono|celular)s?\b", re.IGNORECASE)
"""What a table's column, or the line above a number, calls telephone numbers."""
HEADING_STEMS: Final[tuple[str, ...]] = ("phone", "tel", "cel", "mobile", "contact")
"""One of them is in each of these words: looking for them takes a tenth of the time."""
_TOLL_FREE: Final = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_REACH: Final = 60
_LONGEST_CUE: Final = 16
_LONGEST_CUE_RIGHT_BEFORE: Final = 24
_LONGEST_RUN: Final = 48
_BEHIND_RUN: Final = 12
"""So many characters behind a run of digits may hold an extension."""
_BEHIND_TIME: Final = 4
"""So many tell that the run was a date and the hour."""
_MAY_BE_EXTENSION: Final = re.compile(r"[ ,;.]{0,4}(?:x|e|anexo|int|#|~)", re.IGNORECASE)
_MOST_IN_VAIN: Final = 50
"""After so many runs of which libphonenumber made no sure number a text is no list of numbers."""
_SIGNS: Final = re.compile(r"[.\-/()]")
_NATIONAL_DIGITS: Final = 10


def phones(text: str, *, announced: bool = False) -> Iterator[Found]:
    """Every telephone number of a line of text, in the order of certainty; its value "+14065550134", or "5550134".

    Its form is "toll-free" where no private person could have it, else "phone".

    `announced` tells that the line above, or the table's heading, says that numbers follow. Seven digits without any
    cue come with `NO_CUE`: only a caller who knows them for the district's own may want them.
    """
    if not may_have_number(text):
        return
    taken = bytearray(len(text))
    with_area = _digits(text) >= _NATIONAL_DIGITS
    for finder in (_nationals, _bares, _odd, _locals, _sevens) if with_area else (_locals, _sevens):
        for found in finder(text, announced, taken):
            if not any(taken[found.start : found.end]) and not _is_something_else(text, found.start):
                taken[found.start : found.end] = b"\1" * (found.end - found.start)
                yield _toll_free(found) if found.value[2:5] in _TOLL_FREE else found


def _toll_free(found: Found) -> Found:
    return Found(found.sort, found.start, found.end, found.value, found.confidence, "toll-free")


def may_have_number(text: str) -> bool:
    """Whether a plain text has digits enough for any number, close enough together."""
    return _digits(text) >= len(_SEVEN) and _SEVEN_DIGITS.search(text) is not None


def _digits(text: str) -> int:
    return len(text.encode("utf-8", "replace").translate(None, _NO_DIGITS))


def may_hold_number(seen: Glance) -> bool:
    """Whether there can be any telephone number in a text; quickly told."""
    return seen.figures >= len(_SEVEN) and _SEVEN in seen.shapes.translate(None, _BETWEEN_DIGITS)


def _nationals(text: str, announced: bool, _taken: bytearray) -> Iterator[Found]:
    for match in _NATIONAL.finditer(text):
        digits = (match[1] or match[2]) + match[3] + match[4]
        spaced = _SIGNS.search(match.group()) is None
        if valid(digits):
            confidence = 0.97 if not spaced or _cued(text, match, announced) else 0.6
        elif _cued(text, match, announced):
            confidence = 0.9
        elif digits[0] in "01" or spaced:
            continue
        else:
            confidence = 0.85
        yield Found(Sort.PHONE, match.start(), match.end(), f"+1{digits}", confidence, "phone")


def _bares(text: str, announced: bool, _taken: bytearray) -> Iterator[Found]:
    for match in _BARE.finditer(text):
        cued = _cued(text, match, announced)
        if cued or valid(match[1]):
            yield Found(Sort.PHONE, match.start(), match.end(), f"+1{match[1]}", 0.95 if cued else 0.7, "phone")


def _locals(text: str, announced: bool, taken: bytearray) -> Iterator[Found]:
    for match in _LOCAL.finditer(text):
        if taken[match.start()]:  # the end of one with its area
            continue
        confidence = 0.9 if _cued(text, match, announced) else NO_CUE
        yield Found(Sort.PHONE, match.start(), match.end(), match[1] + match[2], confidence, "phone")


def _sevens(text: str, announced: bool, _taken: bytearray) -> Iterator[Found]:
    """Seven digits without any mark between them, where they are called a number to ring at once."""
    for match in _SEVEN_TOGETHER.finditer(text):
        before = text[max(0, match.start() - _LONGEST_CUE_RIGHT_BEFORE) : match.start()]
        if announced or (not before.rstrip()[-1:].isdecimal() and _CUE_RIGHT_BEFORE.search(before.lower()) is not None):
            yield Found(Sort.PHONE, match.start(), match.end(), match[1], 0.75, "phone")


def _is_something_else(text: str, start: int) -> bool:
    """Whether right before a number there is a label that says what it is: a case, an invoice, a meeting."""
    before = text[max(0, start - _LONGEST_LABEL) : start]
    word = before.rstrip(" .:#-\t").lower()
    if word.endswith(_ENDS_OF_LABELS) and _LABELLED.search(before.lower()) is not None:
        return True
    return before.endswith("-") and _HUNG_ON.search(before) is not None


_LONGEST_LABEL: Final = 40
_NUMBERED: Final = (
    "issn|npi|mrn|sku|upc|ean|crn|duns|ein|fein|version|tracking|invoice|parcel|serial|barcode|case|claim|confirmation"
    "|model|part|bib|routing"
)
_NUMBER: Final = "id|no|num|number|code"
_LABELLED: Final = re.compile(
    rf"\b(?:isbn(?:-1[03])?|{_NUMBERED}|order(?= ?#)"
    r"|(?:meeting|webinar|event|conference|access|zoom|order|item|ticket|receipt|permit|license|policy|account)"
    rf"(?= ?(?:{_NUMBER})\b))(?: ?(?:{_NUMBER}))?\.?\s?[#:]?\s?#?$"
)
_ENDS_OF_LABELS: Final[tuple[str, ...]] = ("isbn", "-10", "-13", "order", *_NUMBERED.split("|"), *_NUMBER.split("|"))
_HUNG_ON: Final = re.compile(r"(?<![^\W_])(?!(?:TEL|FAX|CELL|PHONE|PH|CALL|HOME|WORK|MOBILE|OFFICE)-)[A-Z]{2,8}-$")
"""Digits hung on capitals: "DOC-201903-1470"."""


def _odd(text: str, _announced: bool, taken: bytearray) -> Iterator[Found]:
    """Numbers that only libphonenumber knows how to read. Long runs of digits are tables, not telephone numbers.

    Digits that could be a number but stand in groups like those of dates and scores come with `ODD_GROUPS`.
    """
    in_vain = 0
    for run in _RUN.finditer(text):
        if run.end() - run.start() > _LONGEST_RUN or not _may_be_left(run, taken) or not _may_be_odd(run.group()):
            continue
        reach = _BEHIND_RUN if _MAY_BE_EXTENSION.match(text, run.end()) else _BEHIND_TIME
        sure = 0
        for start, end, value, confidence in numbers(text[run.start() : run.end() + reach]):
            yield Found(Sort.PHONE, run.start() + start, run.start() + end, value, confidence, "phone")
            sure += confidence > ODD_GROUPS
        in_vain += not sure
        if in_vain > _MOST_IN_VAIN:
            return


def _may_be_odd(run: str) -> bool:
    """Whether a run of digits is worth a closer look: ten digits or more, and not what was looked at before."""
    digits = sum(map(str.isdigit, run))
    return digits >= _NATIONAL_DIGITS and not run.isdigit() and not (_NATIONAL.fullmatch(run) or _CARD.fullmatch(run))


def _may_be_left(run: re.Match[str], taken: bytearray) -> bool:
    """Whether there may be a number in a run of digits besides those that are told already."""
    written, begin = run.group(), run.start()
    if taken.find(1, begin, run.end()) < 0:
        return may_be_assigned(written)
    at, size = 0, len(written)
    while at < size:
        told = taken.find(1, begin + at, begin + size)
        end = told - begin if told >= 0 else size
        if end > at and may_be_assigned(written[at:end]):
            return True
        goes_on = taken.find(0, begin + end, begin + size)
        at = goes_on - begin if goes_on >= 0 else size
    return False


def _cued(text: str, match: re.Match[str], announced: bool) -> bool:
    if announced:
        return True
    start = match.start()
    before = text[start - _REACH if start > _REACH else 0 : start].lower()
    if _may_cue(before):
        if _last_word(before) in _CUE_WORDS:
            return True
        if _may_have_cue(before) and _CUE_BEFORE.search(before) is not None:
            return True
    behind = text[match.end() : match.end() + _LONGEST_CUE].lower()
    return _may_cue(behind) and _CUE_AFTER.match(behind) is not None


def _may_cue(lowered: str) -> bool:
    """Whether there is any letter, or a picture: nothing stands in a list of numbers but numbers."""
    return lowered.islower() or not lowered.isascii()


def _may_have_cue(before: str) -> bool:
    """Whether words in small letters before a number may hold a cue; sooner told than by looking for it."""
    if before.rstrip().endswith(_BEHIND_CUE):
        return True
    for stem in _CUE_STEMS:  # noqa: SIM110  a generator takes several times as long
        if stem in before:
            return True
    return False


def _last_word(before: str) -> str:
    """The word of small letters right before a number, but for one space."""
    end = len(before)
    if before.endswith(" "):
        end -= 1
    begin = end
    while begin and "a" <= before[begin - 1] <= "z":
        begin -= 1
    return before[begin:end] if not begin or before[begin - 1] in " (" else ""
