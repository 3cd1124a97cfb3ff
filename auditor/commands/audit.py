"""`auditor audit`: reads, judges, stores, and writes the reports."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from auditor import store, weekly
from auditor.audit import SCHEDULE, Audit, Result, withheld
from auditor.commands.findings import check_known, local_now
from auditor.config import Config, networks
from auditor.enrolment import current
from auditor.errors import Mistake
from auditor.lock import held
from auditor.model import Account, Status
from auditor.preflight import load_for_audit
from auditor.store import Store
from auditor.telling import write_reports
from reports.story import shared
from spiders.reactor import seldom_tidied

HELP: Final = "read the registered accounts, judge them, write the reports"

EXAMPLES: Final = """\
examples:
  auditor audit                           every account of the district in config.toml
  auditor audit --school lincoln          only the accounts of one school
  auditor audit --account lincoln-site    only one account
  auditor audit --due                     only if the weekly audit is due (for cron or a system's own timer)

Ctrl-C stops early; what was done is kept, and the next run goes on from there.
exit status: 0 done, 1 done but some accounts could not be read (they are named), 2 wrong usage or configuration
(nothing was fetched), 3 stopped early, 75 another run holds the district's lock
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("--school", action="append", default=[], metavar="ID", help="only this school; may be repeated")
    parser.add_argument(
        "--account", action="append", default=[], metavar="ID", help="only this account; may be repeated"
    )
    parser.add_argument("--due", action="store_true", help="audit only if the schedule says that one is due")


def run(args: argparse.Namespace) -> int:
    """Audits, and says where the reports are."""
    config = with_networks(load_for_audit(args.config), args.allow_network)
    accounts = chosen(config, args.school, args.account)
    for note in config.notes:
        tell(f"note: {note}")
    with held(config.data, "auditor audit"), store.open(config) as memory, memory.alone():
        if not args.due:
            return audit(config, memory, accounts, "command", tell)
        rhythm = weekly.Rhythm.of(config)
        slot = weekly.claim(memory, rhythm, datetime.now(UTC))
        if slot is None:
            tell(f"Nothing is due. The next audit is on {rhythm.next(datetime.now(UTC)):%A %d %B %Y, %H:%M}.")
            return 0
        with weekly.running(memory, slot):
            return audit(config, memory, accounts, SCHEDULE, tell)


@seldom_tidied()
def audit(config: Config, memory: Store, accounts: Sequence[Account], trigger: str, tell: Callable[[str], None]) -> int:
    """One audit with the store open and the lock held: runs it, writes the reports, says what came of it."""
    now = local_now(config)
    roster = current(config, memory, now.date(), datetime.now(UTC), tell)
    result = Audit(config, memory, roster, tell).run(accounts, trigger)
    reports = write_reports(config, memory, config.data / "reports")
    for line in summary(config, result, memory, accounts):
        tell(line)
    tell(f"Reports: {reports[0]}")
    return 1 if result.unread else 0


def chosen(config: Config, schools: Sequence[str], accounts: Sequence[str]) -> tuple[Account, ...]:
    """The accounts that the command line names; all where it names none."""
    district = config.district
    known = {"school": [school.id for school in district.schools], "account": [one.id for one in district.accounts]}
    faults: list[str] = []
    for what, given in (*(("school", school) for school in schools), *(("account", one) for one in accounts)):
        try:
            check_known(given, f"--{what}", what, known[what])
        except Mistake as mistake:
            faults += mistake.faults
    owners = {account.school for account in district.accounts}
    faults += [
        f'--school: no account of "{school}" is registered; "auditor accounts add URL" begins'
        for school in schools
        if school in known["school"] and school not in owners
    ]
    if faults:
        raise Mistake(*faults)
    if not schools and not accounts:
        return district.accounts
    return tuple(a for a in district.accounts if a.school in schools or a.id in accounts)


def with_networks(config: Config, allowed: Sequence[str]) -> Config:
    """The configuration with the networks that the command line allows beside its own."""
    crawl = replace(config.crawl, allow_networks=(*config.crawl.allow_networks, *networks(allowed)))
    return replace(config, crawl=crawl)


def summary(config: Config, result: Result, memory: Store, accounts: Sequence[Account]) -> list[str]:
    """What a person wants to know at once: how much was read, and each of the accounts that was not.

    What people share with nobody is in no count.
    """
    private = {account.id for account in config.district.accounts if not shared(account)}
    open_ones = [stored for stored in memory.findings(Status.OPEN) if stored.finding.account not in private]
    audited = "1 account" if result.accounts == 1 else f"{result.accounts:,} accounts"
    read = "1 page or file" if result.documents == 1 else f"{result.documents:,} pages and files"
    found = "1 finding is open" if len(open_ones) == 1 else f"{len(open_ones):,} findings are open"
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


def tell(words: str) -> None:
    """Progress goes where it cannot disturb other programs."""
    print(words, file=sys.stderr, flush=True)
