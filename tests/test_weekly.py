"""Every week has one audit, whatever happens to the machine: restarts, pauses, clocks, kills, a second daemon."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from auditor import store
from auditor.errors import Stopped
from auditor.store import Store
from auditor.store.rows import SlotState
from auditor.weekly import JOB, Rhythm, claim, running
from tests.servers import Site, serve
from tests.test_audit import District, page

RHYTHM = Rhythm(ZoneInfo("America/Denver"))
MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with store.open_url(f"sqlite:///{tmp_path / 'auditor.db'}", tmp_path) as opened:
        yield opened


def states(kept: Store) -> list[SlotState]:
    return [slot.state for slot in reversed(kept.slots.all(JOB, limit=1000))]


def test_two_years_of_hourly_calls_audit_every_week_once(kept: Store) -> None:
    now, runs = MONDAY - timedelta(minutes=1), []
    while now < MONDAY + timedelta(weeks=104):
        slot = claim(kept, RHYTHM, now)
        if slot is not None:
            with running(kept, slot):
                runs.append(slot.slot_utc)
        now += timedelta(hours=31)

    assert len(runs) == len(set(runs)) == 105
    assert {run.astimezone(RHYTHM.zone).strftime("%A %H:%M") for run in runs} == {"Monday 06:00"}


def test_a_machine_that_was_off_for_a_month_catches_up_once(kept: Store) -> None:
    for now in (MONDAY, MONDAY + timedelta(days=30), MONDAY + timedelta(days=30, hours=1)):
        slot = claim(kept, RHYTHM, now)
        if slot is not None:
            with running(kept, slot):
                pass

    assert states(kept) == [SlotState.DONE, SlotState.DONE]


def test_a_clock_that_goes_back_runs_nothing_twice(kept: Store) -> None:
    slot = claim(kept, RHYTHM, MONDAY)
    assert slot is not None
    with running(kept, slot):
        pass

    assert claim(kept, RHYTHM, MONDAY + timedelta(minutes=30)) is None
    earlier = claim(kept, RHYTHM, MONDAY - timedelta(weeks=52))

    assert earlier is None or earlier.slot_utc < slot.slot_utc
    assert claim(kept, RHYTHM, MONDAY + timedelta(hours=1)) is None


def test_a_run_that_is_stopped_is_due_again_and_one_that_fails_is_tried_three_times(kept: Store) -> None:
    slot = claim(kept, RHYTHM, MONDAY)
    assert slot is not None
    with pytest.raises(Stopped), running(kept, slot):
        raise Stopped
    assert states(kept) == [SlotState.DUE]

    for _ in range(3):
        again = claim(kept, RHYTHM, MONDAY)
        assert again is not None
        with pytest.raises(ZeroDivisionError), running(kept, again):
            raise ZeroDivisionError
    assert claim(kept, RHYTHM, MONDAY) is None
    assert states(kept) == [SlotState.FAILED]


def test_a_run_whose_program_was_killed_is_due_again(kept: Store) -> None:
    assert claim(kept, RHYTHM, MONDAY) is not None

    again = claim(kept, RHYTHM, MONDAY + timedelta(minutes=5))

    assert again is not None
    assert again.attempt == 2


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({"/": page("<p>Hello</p>")}) as served:
        yield served


def wait_for(what: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while what not in log.read_text("utf-8"):
        assert time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.2)


@pytest.mark.skipif(os.name != "posix", reason="this system has no SIGTERM to send")
def test_the_daemon_catches_up_stands_alone_and_stops_when_told(tmp_path: Path, site: Site) -> None:
    district = District(tmp_path)
    district.configure(site.url)
    log = tmp_path / "log.txt"
    words = [sys.executable, "-m", "auditor", "schedule", "--config", str(district.config)]

    with log.open("w") as out, subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT) as daemon:
        try:
            wait_for("The audit ended with status 0", log)
            second = district.auditor("schedule")
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(timeout=30)

    assert second.returncode == 75
    assert daemon.returncode == 0
    assert (tmp_path / "data" / "reports" / "index.html").is_file()
    assert len(district.lines("coverage")) == 1
