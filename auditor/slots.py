"""When the weekly audit is due: one slot a week in the district's own time, summer time and all. Pure.

A slot is a moment in UTC. A local time that the clock skips in spring is moved behind the gap; one that comes twice in
autumn counts once, the first time.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


def newest_slot(now: datetime, weekday: int, at: time, zone: ZoneInfo) -> datetime:
    """The last slot that is not after `now`, in UTC. `weekday` counts from Monday, 0."""
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    slot = _moment(datetime.combine(day, at), zone)
    return slot if slot <= now else _moment(datetime.combine(day - WEEK, at), zone)


def next_slot(now: datetime, weekday: int, at: time, zone: ZoneInfo) -> datetime:
    """The first slot after `now`, in UTC."""
    newest = newest_slot(now, weekday, at, zone).astimezone(zone)
    return _moment(datetime.combine(newest.date() + WEEK, at), zone)


def _moment(naive: datetime, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time; what the clock skips is read with the offset before the gap."""
    return naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
