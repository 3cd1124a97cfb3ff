"""Contact values as they are compared: an e-mail address, a telephone number, a student number."""

import re

from auditor.model import Sort
from auditor.roster.names import plain

_SHORTEST_ID = 4


def normal_contact(sort: Sort, value: str) -> str:
    """The value without what differs from one writing to the next; "" where it is none."""
    text = plain(value).strip()
    if sort is Sort.EMAIL:
        return text.casefold() if "@" in text else ""
    if sort is Sort.PHONE:
        digits = re.sub(r"\D", "", re.split(r"(?i)\bext|x\d", text)[0])
        digits = digits.removeprefix("1") if len(digits) == 11 else digits
        return digits if len(digits) >= 7 else ""
    compact = re.sub(r"[\s.-]", "", text).casefold()
    return compact if len(compact) >= _SHORTEST_ID else ""
