"""The class lists or the opt-outs that we compare with are out of date.

## Why it matters
We find a student's name only when the student is on the list. A family's new "no" must be on it too.

## How to fix
Ask the records office for a fresh export of the roster and the opt-outs. Then load it with "auditor roster import".

## What it cannot see
Whether the export was complete, or an opt-out form that is still on paper.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from auditor.check import Breach, Seen, check, in_words
from auditor.model import DistrictFacts, Severity


@check(reads=DistrictFacts, severity=Severity.MODERATE)
def stale_roster(seen: Seen[DistrictFacts]) -> Iterator[Breach]:
    facts = seen.subject
    if facts.roster_loaded_on is None:
        yield seen.fail("roster", excerpt="No roster is loaded, so nobody can tell who is a student.")
        return
    if facts.students == 0:
        yield seen.fail("roster", excerpt="The roster that is loaded names no student.")
    elif stale := _stale(seen, facts.roster_loaded_on):
        yield seen.fail("roster", excerpt=f"The roster {stale}")
    if facts.flags_loaded_on is not None and (stale := _stale(seen, facts.flags_loaded_on)):
        yield seen.fail("opt-outs", excerpt=f"The list of opt-outs {stale}")


def _stale(seen: Seen[DistrictFacts], loaded: date) -> str:
    """Why a list of that day no longer serves, as the end of a sentence; "" while it serves."""
    days = seen.number("days")
    if loaded < _school_year(seen.today):
        return f"was loaded on {in_words(loaded)}, before this school year."
    if days and seen.today - loaded > timedelta(days=days):
        return f"was loaded on {in_words(loaded)}. The district wants it no older than {days} days."
    return ""


def _school_year(today: date) -> date:
    """The first day whose lists serve today.

    Student systems roll over in July, and a new list is due by the first of August: through July last year's list
    still serves, so that nobody is told in an empty office to do what cannot be done yet.
    """
    year = today.year if today.month >= 8 else today.year - 1
    return date(year, 7, 1)
