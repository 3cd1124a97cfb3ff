"""Due runs: every slot once, whatever happens in between. On SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from auditor.store import Store
from auditor.store.rows import Slot, SlotState

MONDAY = datetime(2026, 11, 16, 13, 0, tzinfo=UTC)
WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)
DUE = Slot("audit", MONDAY, SlotState.DUE)
RUNNING = Slot("audit", MONDAY, SlotState.RUNNING, attempt=1, pid=7, claimed_at=MONDAY + MINUTE)


def claimed(store: Store, job: str = "audit") -> Slot:
    slot = store.slots.claim(job, MONDAY + MINUTE, pid=7)
    assert slot
    return slot


def test_a_slot_is_offered_once(store: Store) -> None:
    assert store.slots.offer("audit", MONDAY)
    assert not store.slots.offer("audit", MONDAY)
    assert store.slots.all() == (DUE,)


def test_a_slot_is_claimed_once(store: Store) -> None:
    store.slots.offer("audit", MONDAY)

    first, second = (store.slots.claim("audit", MONDAY + MINUTE, pid=7) for _ in range(2))

    assert (first, second) == (RUNNING, None)


def test_after_weeks_of_downtime_one_run_is_due(store: Store) -> None:
    for weeks in range(3):
        store.slots.offer("audit", MONDAY + weeks * WEEK)

    assert [(s.slot_utc, s.state) for s in store.slots.all("audit")] == [
        (MONDAY + 2 * WEEK, SlotState.DUE),
        (MONDAY + WEEK, SlotState.SUPERSEDED),
        (MONDAY, SlotState.SUPERSEDED),
    ]


def test_an_older_slot_offered_late_is_not_run_after_a_newer_one(store: Store) -> None:
    store.slots.offer("audit", MONDAY)
    store.slots.offer("audit", MONDAY - WEEK)

    first = claimed(store)

    assert first.slot_utc == MONDAY
    assert store.slots.claim("audit", MONDAY + WEEK, pid=8) is None


def test_a_clock_that_was_a_year_ahead_stops_nothing_when_it_is_set_right(store: Store) -> None:
    store.slots.offer("audit", MONDAY + 52 * WEEK)
    waits = store.slots.claim("audit", MONDAY, pid=7)
    store.slots.offer("audit", MONDAY)

    runs = claimed(store)

    assert waits is None
    assert runs.slot_utc == MONDAY


def test_jobs_do_not_meet(store: Store) -> None:
    store.slots.offer("audit", MONDAY)
    store.slots.offer("mail", MONDAY - WEEK)

    assert claimed(store, "audit").slot_utc == MONDAY
    assert claimed(store, "mail").slot_utc == MONDAY - WEEK


def test_a_finished_slot_is_done_and_not_offered_again(store: Store) -> None:
    store.slots.offer("audit", MONDAY)
    store.slots.finish(claimed(store), MONDAY + 2 * MINUTE)

    again = store.slots.offer("audit", MONDAY)

    assert not again
    assert store.slots.all() == (replace(RUNNING, state=SlotState.DONE, pid=None, finished_at=MONDAY + 2 * MINUTE),)


def test_a_run_that_was_asked_to_stop_is_due_again_at_no_cost(store: Store) -> None:
    store.slots.offer("audit", MONDAY)

    store.slots.release(claimed(store))

    assert claimed(store) == RUNNING


def test_a_run_that_fails_is_tried_three_times(store: Store) -> None:
    store.slots.offer("audit", MONDAY)

    ends = [store.slots.fail(claimed(store), MONDAY + 2 * MINUTE, "the disk is full") for _ in range(3)]

    assert [(s.state, s.attempt, s.why) for s in ends] == [
        (SlotState.DUE, 1, "the disk is full"),
        (SlotState.DUE, 2, "the disk is full"),
        (SlotState.FAILED, 3, "the disk is full"),
    ]
    assert store.slots.claim("audit", MONDAY + 3 * MINUTE, pid=9) is None


def test_a_run_whose_program_died_is_due_again(store: Store) -> None:
    store.slots.offer("audit", MONDAY)
    claimed(store)

    (recovered,) = store.slots.recover(MONDAY + WEEK)

    assert (recovered.state, recovered.why) == (SlotState.DUE, "the program ended before the run did")
    assert claimed(store).attempt == 2


def test_a_run_that_was_recovered_meanwhile_can_no_longer_be_ended_by_the_program_that_lost_it(store: Store) -> None:
    store.slots.offer("audit", MONDAY)
    lost = claimed(store)
    store.slots.recover(MONDAY + WEEK)

    store.slots.finish(lost, MONDAY + WEEK)

    assert [s.state for s in store.slots.all()] == [SlotState.DUE]


def test_a_program_says_that_it_is_alive(store: Store) -> None:
    before = store.slots.last_beat("schedule")
    store.slots.beat("schedule", MONDAY, 7)
    store.slots.beat("schedule", MONDAY + MINUTE, 8)

    assert (before, store.slots.last_beat("schedule")) == (None, (MONDAY + MINUTE, 8))
