"""Contact values as they are compared: an e-mail address, a telephone number, a student number."""

import re
from collections.abc import Iterator
from typing import Final

from auditor.model import Sort
from auditor.roster.names import plain

_LOCAL_DIGITS: Final = 7
_NATIONAL_DIGITS: Final = 10
_SHORTEST_ID: Final = 4


def normal_contacts(sort: Sort, value: str) -> Iterator[str]:
    """The value without what differs from one writing to the next; then shorter ways to write it.

    A telephone number is its ten digits, and its last seven where somebody leaves out the area code. Nothing where the
    text is no such value.
    """
    text = plain(value).strip()
    if sort is Sort.EMAIL:
        if "@" in text:
            yield text.casefold()
    elif sort is Sort.PHONE:
        digits = re.sub(r"\D", "", re.split(r"(?i)ext|x\d", text)[0])
        digits = digits.removeprefix("1") if len(digits) == _NATIONAL_DIGITS + 1 else digits
        if len(digits) >= _LOCAL_DIGITS:
            yield digits
        if len(digits) == _NATIONAL_DIGITS:
            yield digits[-_LOCAL_DIGITS:]
    else:
        compact = re.sub(r"[\s.-]", "", text).casefold()
        if len(compact) >= _SHORTEST_ID:
            yield compact
