"""Conducts an audit under the district's lock: opens the store, runs it, writes the reports, says what came of it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from auditor import store, weekly
from auditor.audit import SCHEDULE, Audit, Result, Tell, withheld
from auditor.config import Config
from auditor.engine.local import started_early
from auditor.engine.process import RunnerProcess
from auditor.enrolment import current
from auditor.model import Account
from auditor.store import Store
from auditor.telling import write_reports
from auditor.tidying import seldom_tidied
from reports.story import shared


def conduct_alone(config: Config, accounts: Sequence[Account], tell: Tell, early: Iterable[RunnerProcess] = ()) -> int:
    """An audit that somebody asked for; its exit status. `early` are runners that were started for it."""
    with store.open(config) as memory, memory.alone():
        return conduct(config, memory, accounts, "command", tell, early)


def conduct_if_due(config: Config, accounts: Sequence[Account], tell: Tell) -> int:
    """The weekly audit, if the schedule says that one is due; its exit status."""
    with store.open(config) as memory, memory.alone():
        rhythm = weekly.Rhythm.of(config)
        slot = weekly.claim(memory, rhythm, datetime.now(UTC))
        if slot is None:
            tell(f"Nothing is due. The next audit is on {rhythm.next(datetime.now(UTC)):%A %d %B %Y, %H:%M}.")
            return 0
        with weekly.running(memory, slot), started_early(config.engine, accounts, tell) as runners:
            return conduct(config, memory, accounts, SCHEDULE, tell, runners)


@seldom_tidied()
def conduct(
    config: Config,
    memory: Store,
    accounts: Sequence[Account],
    trigger: str,
    tell: Tell,
    early: Iterable[RunnerProcess] = (),
) -> int:
    """One audit with the store open: its exit status."""
    now = datetime.now(config.zone)
    roster = current(config, memory, now.date(), datetime.now(UTC), tell)
    result = Audit(config, memory, roster, tell, early=early).run(accounts, trigger)
    reports = write_reports(config, memory, config.data / "reports")
    for line in summary(config, result, memory, accounts):
        tell(line)
    tell(f"Reports: {reports[0]}")
    return 1 if result.unread else 0


def summary(config: Config, result: Result, memory: Store, accounts: Sequence[Account]) -> list[str]:
    """What a person wants to know at once: how much was read, and each of the accounts that was not.

    What people share with nobody is in no count.
    """
    private = {account.id for account in config.district.accounts if not shared(account)}
    open_ones = sum(several for account, several in memory.open_by_account().items() if account not in private)
    audited = "1 account" if result.accounts == 1 else f"{result.accounts:,} accounts"
    read = "1 page or file" if result.documents == 1 else f"{result.documents:,} pages and files"
    found = "1 finding is open" if open_ones == 1 else f"{open_ones:,} findings are open"
    lines = [f"Audited {audited} and read {read}. {found}."]
    lines += [
        f"Could not be read: {account.id} ({account.url}): {why.removeprefix(f'{account.url}: ')}"
        for account, why in result.unread
    ]
    said = {coverage.account: coverage for coverage in memory.coverages()}
    lines += [
        f"Not read: {account.id} ({account.url}): its owner has not offered it, so it was left alone"
        for account in accounts
        if account.id in said and withheld(said[account.id])
    ]
    return lines
