"""By what a page may be asked for again without being sent again: its validators, where they can be trusted. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

SETTLED: Final = 60.0
"""Seconds that the last change must lie back (RFC 9110, 8.8.2.2): dates count whole seconds, and so do the tags that
many servers make of them, so a page that was written twice within one of them would look unchanged for ever."""
LONGEST_TAG: Final = 128


def validators(headers: Mapping[str, str]) -> tuple[str, str]:
    """The ETag and the date of the last change that an answer names; each "" where it cannot be trusted."""
    tag, changed = headers.get("ETag", "").strip(), headers.get("Last-Modified", "").strip()
    if len(tag) > LONGEST_TAG or not (tag.isascii() and tag.isprintable()):
        tag = ""
    if not changed:
        return tag, ""
    then, now = moment(changed), moment(headers.get("Date", ""))
    if then is None:
        return tag, ""
    if now is None or (now - then).total_seconds() < SETTLED:
        return "", ""
    return tag, changed


@lru_cache(256)
def moment(text: str) -> datetime | None:
    """The moment that a header names; None where it names none. All answers of one second say the same."""
    try:
        then = parsedate_to_datetime(text[:64])
    except ValueError:
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)
