"""What libphonenumber knows of numbers: which can be assigned at all, and how those in odd groups are read."""

import re
from functools import cache, lru_cache
from typing import Final

import phonenumbers

ODD_GROUPS: Final = 0.5
"""The confidence of digits that make a number but stand in no groups in which numbers are written: no question."""

ABROAD: Final = "011"
"""What is dialled before the code of another country."""

_CODE: Final = 1
_KINDS: Final[tuple[str, ...]] = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan",
    "voicemail",
)  # fmt: skip
"""What libphonenumber calls the kinds of numbers."""
_NATIONAL_DIGITS: Final = 10
_FIRM_DIGITS: Final = 7
_EXCHANGE: Final = 3
_LINE: Final = 6
"""Where the second and the third group of a national number begin."""
_DIGITS: Final = re.compile(r"\d+")
_ONLY_NATIONAL: Final = re.compile(r"[0-9 ()./\-]*")
"""Without a sign that begins another country's number, or an extension."""
_ALONE: Final = frozenset("0123456789 \n\t.,:;!?/()[]-_'\"*+#")
"""What may stand beside a number: neither a letter nor a sign of money or of a hundredth part."""


def valid(digits: str) -> bool:
    """Whether a US number of these ten digits, or one of another country of the code +1, can be assigned at all; or the
    seven that a firm in Canada may have.
    """
    size = len(digits)
    return size in (_NATIONAL_DIGITS, _FIRM_DIGITS) and _assigned().fullmatch(digits) is not None


@cache
def _assigned() -> re.Pattern[str]:
    """The numbers that can be assigned, by the tables of libphonenumber; sooner asked than it is itself."""
    patterns: dict[str, None] = {}
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[_CODE]:
        known = phonenumbers.PhoneMetadata.metadata_for_region(region)
        for kind in _KINDS:
            described = getattr(known, kind)
            if described is not None and described.national_number_pattern:
                patterns[described.national_number_pattern] = None
    return re.compile("|".join(patterns))


def may_be_assigned(written: str, *, loosely: bool = False) -> bool:
    """Whether groups of digits side by side may be a number that somebody has: sooner told than by looking for it.

    One figure 1 may stand before its ten digits. `loosely`: as libphonenumber reads numbers, with any number of them,
    and also the seven digits that a firm in Canada may have. What is dialled abroad is left to it.
    """
    if "+" in written:
        return True
    groups = _DIGITS.findall(written)
    for first in range(len(groups)):
        digits = national = ""
        for group in groups[first:]:
            digits += group
            national = digits.lstrip("1") if loosely else digits.removeprefix("1")
            if len(national) >= _NATIONAL_DIGITS or (loosely and valid(national)):
                break
        if digits.startswith(ABROAD) or valid(national):
            return True
    return False


@lru_cache(maxsize=256)
def numbers(piece: str) -> tuple[tuple[int, int, str, float], ...]:
    """What libphonenumber finds in a few characters: where each number stands, its value, and how sure it is."""
    return tuple(
        (
            match.start,
            match.end,
            f"+{match.number.country_code}{phonenumbers.national_significant_number(match.number)}",
            0.9 if _is_grouped(match) else ODD_GROUPS,
        )
        for match in Matcher(piece, "US", phonenumbers.Leniency.VALID)
    )


class Matcher(phonenumbers.PhoneNumberMatcher):
    """libphonenumber's own, which parses only what cannot be told sooner: it tries each piece of a text, and nearly all
    of its time goes there. What is dialled abroad, or has an extension, is left to it.
    """

    def _extract_match(self, candidate: str, offset: int) -> phonenumbers.PhoneNumberMatch | None:
        if _ONLY_NATIONAL.fullmatch(candidate) is not None and not may_be_assigned(candidate, loosely=True):
            return None
        return super()._extract_match(candidate, offset)

    def _parse_and_verify(self, candidate: str, offset: int) -> phonenumbers.PhoneNumberMatch | None:
        digits = "".join(_DIGITS.findall(candidate))
        if _ONLY_NATIONAL.fullmatch(candidate) is not None and not digits.startswith(ABROAD):
            # "11 1-406 721 0144" is one to it: the figure dialled before a number, and the country's code, repeatedly.
            national = digits.lstrip("1")
            if not valid(national):
                return None
            in_brackets = "(" in candidate or ")" in candidate
            once = len(digits) - len(national) <= 1
            if once and not in_brackets and self._stands_alone(offset, offset + len(candidate)):
                number = phonenumbers.PhoneNumber(country_code=_CODE, national_number=int(national))
                return phonenumbers.PhoneNumberMatch(offset, candidate, number)
        return super()._parse_and_verify(candidate, offset)

    def _stands_alone(self, start: int, end: int) -> bool:
        """Whether nothing is on either side of which libphonenumber would have to think."""
        return _ALONE.issuperset(self.text[max(0, start - 1) : start] + self.text[end : end + 1])


def _is_grouped(match: phonenumbers.PhoneNumberMatch) -> bool:
    """Whether a number stands in groups in which numbers are written, as libphonenumber calls it strictly grouped."""
    if match.number.country_code != _CODE:
        return any(phonenumbers.PhoneNumberMatcher(match.raw_string, "US", phonenumbers.Leniency.STRICT_GROUPING))
    number, written = str(match.number.national_number), match.raw_string
    at = written.find(number[:_EXCHANGE]) + _EXCHANGE
    if at < _EXCHANGE or written.count("/") > 1:
        return False
    if written[at : at + 1].isdecimal():
        return written.startswith(number[_EXCHANGE:], at)
    at = written.find(number[_EXCHANGE:_LINE], at)
    at = written.find(number[_LINE:], at + _LINE - _EXCHANGE) if at >= 0 else -1
    return at >= 0 and (match.number.extension or "") in written[at + len(number) - _LINE :]
