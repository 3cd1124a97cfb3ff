"""Days that people write are the district's, whatever clock the moments around them were read from."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from auditor import store as stores
from auditor.model import Status
from auditor.store import Store
from tests.store.story import MONDAY, NAMED, WEEK, Story

HONOLULU = ZoneInfo("Pacific/Honolulu")
AUCKLAND = ZoneInfo("Pacific/Auckland")
LAST_DAY = MONDAY.date()
"""Of the dismissal. `MONDAY` is six in the morning of it in London: the evening before in Honolulu."""


@pytest.fixture
def honolulu(tmp_path: Path) -> Iterator[Store]:
    config = SimpleNamespace(store_url=f"sqlite:///{tmp_path}/data/auditor.db", data=tmp_path / "data", zone=HONOLULU)
    with stores.open(config) as store:
        yield store


def told_by(store: Store, audited_at: datetime) -> tuple[str, str]:
    """What becomes of a finding dismissed until `LAST_DAY` that is seen again then: stored, and listed the same day."""
    story = Story(store)
    story.audit({"news.html": [NAMED]})
    store.dismiss(NAMED.id, "A character in a play", "dreyes", MONDAY, until=LAST_DAY)
    story.now = audited_at - WEEK
    story.audit({"news.html": [NAMED]})
    events = [event.what for event in store.events(NAMED.id)]
    (listed,) = store.findings(now=audited_at)
    return events[-1], str(listed.status)


def test_a_dismissal_holds_while_it_is_still_its_last_day_in_the_district(honolulu: Store) -> None:
    already_tuesday_in_london = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)

    assert told_by(honolulu, already_tuesday_in_london) == ("dismissed", "dismissed")


def test_a_dismissal_lapses_when_its_last_day_is_over_in_the_district(honolulu: Store) -> None:
    tuesday_in_honolulu = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)

    assert told_by(honolulu, tuesday_in_honolulu) == ("lapsed", "open")


def test_a_dismissal_lapses_before_it_is_tomorrow_in_london_where_the_district_is_ahead(tmp_path: Path) -> None:
    still_monday_in_london = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)

    with stores.open_url(f"sqlite:///{tmp_path}/data/auditor.db", tmp_path / "data", AUCKLAND) as store:
        assert told_by(store, still_monday_in_london) == ("lapsed", "open")


def test_today_in_the_district_is_no_day_of_the_past(honolulu: Store) -> None:
    Story(honolulu).audit({"news.html": [NAMED]})
    monday_in_london = MONDAY

    told = honolulu.dismiss(NAMED.id, "A character in a play", "dreyes", monday_in_london, until=date(2026, 11, 15))

    assert (told.status, told.until) == (Status.DISMISSED, date(2026, 11, 15))


def test_a_dismissal_lasts_180_days_of_the_district(honolulu: Store) -> None:
    Story(honolulu).audit({"news.html": [NAMED]})

    told = honolulu.dismiss(NAMED.id, "A character in a play", "dreyes", MONDAY)

    assert told.until == date(2026, 11, 15) + timedelta(days=180)
