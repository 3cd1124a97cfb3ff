"""The weekly slot stands in the district's own time, and every week has exactly one."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from auditor.slots import newest_slot, next_slot

DENVER = ZoneInfo("America/Denver")
MONDAY = 0


def test_monday_at_six_is_the_slot_of_the_whole_week() -> None:
    slot = datetime(2026, 11, 16, 13, 0, tzinfo=UTC)

    assert newest_slot(slot, MONDAY, time(6), DENVER) == slot
    assert newest_slot(slot + timedelta(days=6, hours=23), MONDAY, time(6), DENVER) == slot
    assert newest_slot(slot - timedelta(seconds=1), MONDAY, time(6), DENVER) == slot - timedelta(days=7)


def test_a_time_that_the_clock_skips_in_spring_is_moved_behind_the_gap() -> None:
    sunday_evening = datetime(2027, 3, 15, 2, 0, tzinfo=UTC)

    slot = newest_slot(sunday_evening, 6, time(2, 30), DENVER)

    assert slot.astimezone(DENVER).replace(tzinfo=None) == datetime(2027, 3, 14, 3, 30)  # noqa: DTZ001  local on purpose


def test_a_time_that_comes_twice_in_autumn_counts_once() -> None:
    first = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)

    assert newest_slot(first + timedelta(minutes=90), 6, time(1, 30), DENVER) == first


@given(
    some.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    some.integers(0, 6),
    some.times(),
)
def test_every_moment_lies_between_its_slot_and_the_next(now: datetime, weekday: int, at: time) -> None:
    newest, following = newest_slot(now, weekday, at, DENVER), next_slot(now, weekday, at, DENVER)

    assert newest <= now < following
    assert timedelta(days=6, hours=22) <= following - newest <= timedelta(days=7, hours=2)
