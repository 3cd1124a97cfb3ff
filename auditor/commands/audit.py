"""`auditor audit`: reads, judges, stores, and writes the reports."""

import argparse
import contextlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from auditor.config import Config, load, networks
from auditor.config_file import TomlEntry
from auditor.engine.local import started_early
from auditor.engine.process import RunnerProcess
from auditor.errors import Mistake
from auditor.imported import imported
from auditor.lock import held
from auditor.model import Account
from auditor.wrong_usage import check_known

HELP: Final = "read the registered accounts, judge them, write the reports"

PREFLIGHT: Final = "auditor.preflight"
FOUND_FIT: Final = "auditor.found_fit"
CONDUCT: Final = "auditor.conduct"
"""What looks through the files beside the configuration, what knows of some how they are, and what audits: half a
second to import."""

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
    with contextlib.ExitStack() as over:
        runners: list[RunnerProcess] = []
        names: Mapping[str, str] = {}

        def inspect(top: TomlEntry, config: Config, today: date) -> None:
            """What `auditor.preflight` does, while runners start: so does all that the audit itself needs."""
            nonlocal names
            faultless = not top.file.faults.told()
            if not args.due and faultless:
                accounts = named(config, args.school, args.account)
                runners.extend(over.enter_context(started_early(config.engine, accounts, tell)))
            fit = imported(FOUND_FIT)
            names = fit.names_of(config)
            known = fit.known(config.data, names) if faultless else ()
            imported(PREFLIGHT).inspect(top, config, today, logos=fit.LOGOS not in known, rows=fit.ROSTER not in known)

        config = with_networks(load(args.config, datetime.now(UTC).date(), inspect), args.allow_network)
        accounts = chosen(config, args.school, args.account)
        for note in config.notes:
            tell(f"note: {note}")
        over.enter_context(held(config.data, "auditor audit"))
        imported(FOUND_FIT).keep(config.data, names)
        if args.due:
            return int(imported(CONDUCT).conduct_if_due(config, accounts, tell))
        return int(imported(CONDUCT).conduct_alone(config, accounts, tell, runners))


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
    return named(config, schools, accounts)


def named(config: Config, schools: Sequence[str], accounts: Sequence[str]) -> tuple[Account, ...]:
    """The accounts of those schools and those of these names; all where nothing is named."""
    everything = not schools and not accounts
    return tuple(a for a in config.district.accounts if everything or a.school in schools or a.id in accounts)


def with_networks(config: Config, allowed: Sequence[str]) -> Config:
    """The configuration with the networks that the command line allows beside its own."""
    crawl = replace(config.crawl, allow_networks=(*config.crawl.allow_networks, *networks(allowed)))
    return replace(config, crawl=crawl)


def tell(words: str) -> None:
    """Progress goes where it cannot disturb other programs."""
    print(words, file=sys.stderr, flush=True)
