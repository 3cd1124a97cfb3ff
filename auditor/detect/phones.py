"""Telephone numbers of the United States, and any number written with its country's code.

A shape that only telephone numbers have is found at once; odder ones are left to libphonenumber; seven digits, and
digits without any mark between them, need a word beside them that says what they are.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

import phonenumbers

from auditor.detect.found import Found
from auditor.detect.glance import Glance
from auditor.model import Sort

NO_CUE: Final = 0.3
"""The confidence of seven digits that nothing beside them calls a number to ring."""

ODD_GROUPS: Final = 0.5
"""The confidence of digits that make a number but stand in no groups in which numbers are written: no question."""
_GROUPED: Final = phonenumbers.Leniency.STRICT_GROUPING

_EXTENSION: Final = r"(?:\s?,?\s?(?:x|ext\.?|extension|extensi[oó]n)\s?\.?\d{1,6}\b)?"
_SEVEN_DIGITS: Final = re.compile(r"\d(?:[ ().\-/*~,xX]{0,4}\d){6}")
"""What every number below has in it: seven digits, and hardly anything between them."""
_SEVEN: Final = b"9" * 7
_NO_DIGITS: Final = bytes(set(range(256)) - set(b"0123456789"))
_BETWEEN_DIGITS: Final = b" ().-/*~,xX"
_NATIONAL: Final = re.compile(
    rf"(?<![\w/])(?<!\d[.\-])(?:\+?1[ .\-]?)?(?:\((\d{{3}})\) ?[.\-]? ?|(\d{{3}})[.\-/ ] ?)(\d{{3}})[.\- ] ?(\d{{4}})"
    rf"(?![\w/]|[.\-]\d){_EXTENSION}",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    rf"(?<![\w.\-/#$])\+?1?([2-9]\d{{2}}[2-9]\d{{6}})(?![\w/]|[.\-]\d){_EXTENSION}", re.IGNORECASE
)
_LOCAL: Final = re.compile(
    rf"(?<![\w/#$])(?<!\d[.\- )])([2-9]\d{{2}})[.\- ](\d{{4}})(?![\w/]|[.\-]\d){_EXTENSION}", re.IGNORECASE
)
_RUN: Final = re.compile(r"[+(]{0,2}\d(?:[ ().\-/*~,x]{0,4}\d){6,}", re.IGNORECASE)
_CARD: Final = re.compile(r"\d{4}([ \-])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?")
"""What bank cards have on them."""
_CUE_BEFORE: Final = re.compile(
    r"(?:\b(?:call|calls|calling|phone|phones|telephone|tel|ph|cell|cells|cellular|cellphone|mobile|text|texts|texting|txt|sms"
    r"|fax|dial|contact|reach|whatsapp|voice ?mail|ring|hotline|number|numbers|n[uú]mero|tel[eé]fonos?|celular(?:es)?"
    r"|m[oó]vil|ll[aá]m[aeo]\w*|marque|marcar)\b|☎|📞|📱|\b[pchtmf][:.]\s?$)[^\n]{0,40}$",
    re.IGNORECASE,
)
_CUE_AFTER: Final = re.compile(
    r"\s?[(,\-]?\s?(?:cell|home|mobile|office|work|fax|phone|text|voice|celular|casa)\b", re.IGNORECASE
)
HEADING: Final = re.compile(r"\b(?:phone|telephone|tel|cell|mobile|contact|tel[eé]fono|celular)s?\b", re.IGNORECASE)
"""What a table's column, or the line above a number, calls telephone numbers."""
HEADING_STEMS: Final[tuple[str, ...]] = ("phone", "tel", "cel", "mobile", "contact")
"""One of them is in each of these words: looking for them takes a tenth of the time."""
_TOLL_FREE: Final = frozenset({"800", "833", "844", "855", "866", "877", "888"})
_REACH: Final = 60
_LONGEST_RUN: Final = 48
_MOST_RUNS: Final = 100


def phones(text: str, *, announced: bool = False) -> Iterator[Found]:
    """Every telephone number of a line of text, in the order of certainty; its value "+14065550134", or "5550134".

    Its form is "toll-free" where no private person could have it, else "phone".

    `announced` tells that the line above, or the table's heading, says that numbers follow. Seven digits without any
    cue come with `NO_CUE`: only a caller who knows them for the district's own may want them.
    """
    if not may_have_number(text):
        return
    taken = bytearray(len(text))
    for finder in (_nationals, _bares, _odd, _locals):
        for found in finder(text, announced):
            if not any(taken[found.start : found.end]):
                taken[found.start : found.end] = b"\1" * (found.end - found.start)
                yield replace(found, form="toll-free") if found.value[2:5] in _TOLL_FREE else found


def may_have_number(text: str) -> bool:
    """Whether a plain text has digits enough for any number, close enough together."""
    digits = text.encode("utf-8", "replace").translate(None, _NO_DIGITS)
    return len(digits) >= len(_SEVEN) and _SEVEN_DIGITS.search(text) is not None


def may_hold_number(seen: Glance) -> bool:
    """Whether there can be any telephone number in a text; quickly told."""
    return seen.figures >= len(_SEVEN) and _SEVEN in seen.shapes.translate(None, _BETWEEN_DIGITS)


def _nationals(text: str, announced: bool) -> Iterator[Found]:
    for match in _NATIONAL.finditer(text):
        digits = (match[1] or match[2]) + match[3] + match[4]
        spaced = set(re.sub(r"[^ .\-/()]", "", match.group())) <= {" "}
        if valid(digits):
            confidence = 0.97 if not spaced or _cued(text, match, announced) else 0.6
        elif _cued(text, match, announced):
            confidence = 0.9
        elif digits[0] in "01" or spaced:
            continue
        else:
            confidence = 0.85
        yield Found(Sort.PHONE, match.start(), match.end(), f"+1{digits}", confidence, "phone")


def _bares(text: str, announced: bool) -> Iterator[Found]:
    for match in _BARE.finditer(text):
        cued = _cued(text, match, announced)
        if cued or valid(match[1]):
            yield Found(Sort.PHONE, match.start(), match.end(), f"+1{match[1]}", 0.95 if cued else 0.7, "phone")


def _locals(text: str, announced: bool) -> Iterator[Found]:
    for match in _LOCAL.finditer(text):
        confidence = 0.9 if _cued(text, match, announced) else NO_CUE
        yield Found(Sort.PHONE, match.start(), match.end(), match[1] + match[2], confidence, "phone")


def _odd(text: str, _announced: bool) -> Iterator[Found]:
    """Numbers that only libphonenumber knows how to read. Long runs of digits are tables, not telephone numbers.

    Digits that could be a number but stand in groups like those of dates and scores come with `ODD_GROUPS`.
    """
    runs = (r for r in _RUN.finditer(text) if r.end() - r.start() <= _LONGEST_RUN and _may_be_odd(r.group()))
    for n, run in enumerate(runs):
        if n == _MOST_RUNS:
            return
        piece = text[run.start() : run.end() + 12]
        grouped = {match.start for match in phonenumbers.PhoneNumberMatcher(piece, "US", _GROUPED)}
        for match in phonenumbers.PhoneNumberMatcher(piece, "US", phonenumbers.Leniency.VALID):
            value = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            confidence = 0.9 if match.start in grouped else ODD_GROUPS
            yield Found(Sort.PHONE, run.start() + match.start, run.start() + match.end, value, confidence, "phone")


def _may_be_odd(run: str) -> bool:
    """Whether a run of digits is worth libphonenumber's time: ten digits or more, and not what was looked at before."""
    digits = sum(map(str.isdigit, run))
    return digits >= 10 and not run.isdigit() and _NATIONAL.fullmatch(run) is None and _CARD.fullmatch(run) is None


def _cued(text: str, match: re.Match[str], announced: bool) -> bool:
    before = text[max(0, match.start() - _REACH) : match.start()]
    return announced or _CUE_BEFORE.search(before) is not None or _CUE_AFTER.match(text, match.end()) is not None


@lru_cache(maxsize=4096)
def valid(digits: str) -> bool:
    """Whether a US number of these ten digits can be assigned at all."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, "US"))
    except phonenumbers.NumberParseException:
        return False
