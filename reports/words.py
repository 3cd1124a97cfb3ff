"""The plain words of every report: how soon, in what state, how far we could see, on which day, how many.

They are for a principal: short sentences of common words. A test measures them.
"""

import calendar
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from auditor.check import in_words
from auditor.model import Kind, Outcome, Reason, Severity


class Urgency(StrEnum):
    """How soon to act."""

    TODAY = "Act today"
    WEEK = "Act this week"
    TIDY = "Tidy up"


class State(StrEnum):
    """What became of an item since the audit before."""

    NEW = "New"
    STILL_OPEN = "Still open"
    CAME_BACK = "Came back"
    FIXED = "Fixed"


URGENCY: Final = {
    Severity.CRITICAL: Urgency.TODAY,
    Severity.SERIOUS: Urgency.TODAY,
    Severity.MODERATE: Urgency.WEEK,
    Severity.MINOR: Urgency.TIDY,
}

DAYS_TO_ACT: Final = {Urgency.TODAY: 0, Urgency.WEEK: 7, Urgency.TIDY: 30}
"""How many days after an item appeared it is due."""

WHY_BLIND: Final = {
    Reason.LOGIN_WALL: "It does not let every visitor in.",
    Reason.ROBOTS: "The site asks programs like ours to stay out.",
    Reason.TERMS: "The terms of the platform do not let a program read it.",
    Reason.NO_TOKEN: "The district has not linked this account to us yet.",
    Reason.TOKEN_SCOPE: "The access that the district gave us is too narrow.",
    Reason.NO_CONSENT: "Its owner has not offered it for a check.",
    Reason.RATE_LIMITED: "The site told us to slow down.",
    Reason.PARTIAL_LISTING: "The platform shows a visitor only a part of it.",
    Reason.LABEL_OPT_OUT: "Its owner hides it from visitors who do not log in.",
    Reason.PLATFORM_OUTAGE: "The platform did not work on that day.",
    Reason.UNREACHABLE: "We could not reach it.",
    Reason.LIMIT: "We stopped at a limit, so that one site cannot take all the time.",
    Reason.EXPIRED_MEDIA: "The picture or video is no longer there.",
    Reason.NOT_IN_ROUTE: "The way we read it cannot show this.",
}

SPEAKS_FOR: Final = {
    Kind.OFFICIAL: "speaks for the school",
    Kind.CLASSROOM: "used for teaching",
    Kind.PERSONAL: "a staff member's own",
}


def how_sure(confidence: float, outcome: Outcome) -> str:
    """How sure we are, in words that a principal can act on."""
    if outcome is Outcome.REVIEW:
        return "We are not sure. Only a person can tell."
    return "We are sure of what we saw." if confidence >= 0.9 else "We are fairly sure of what we saw."


def by_when(due: date, today: date) -> str:
    """A due day as people say it; `today` is the day that the report tells of."""
    if due < today:
        return f"It was due on {in_words(due)}, {plural((today - due).days, 'day')} ago."
    if due == today:
        return f"Today, {in_words(due)}."
    return f"By {in_words(due)}."


def day(when: date | datetime | None) -> str:
    """A date as people write it here: November 16, 2026."""
    return in_words(when) if when else "never"


def month_day(when: date) -> str:
    """A date of this year, where there is little room: Nov 16."""
    return f"{calendar.month_abbr[when.month]} {when.day}"


def moment(when: datetime | None) -> str:
    """A date with its time of day: November 16, 2026, 6:04 a.m."""
    if not when:
        return "never"
    return f"{day(when)}, {when.hour % 12 or 12}:{when.minute:02} {'a.m.' if when.hour < 12 else 'p.m.'}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 page, 2 pages."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop, where it has none."""
    bare = text.strip()
    first, space, rest = bare.partition(" ")
    begun = f"{first[:1].upper()}{first[1:]}" if first.isalpha() else first
    return f"{begun}{space}{rest}{'' if bare.endswith(('.', '?', '!', '…')) else '.'}"


def short(text: str, most: int) -> str:
    """The text, or its beginning and end where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    head = most * 2 // 3
    return f"{text[:head]} … {text[len(text) - (most - head - 3) :]}"
