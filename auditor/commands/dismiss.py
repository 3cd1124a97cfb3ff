"""`auditor dismiss`: a person says that a finding is no trouble, why, and until when."""

import argparse
import getpass
from datetime import date
from typing import Final

from auditor.commands.findings import audited, load_config, local_now, tell
from auditor.keepable import keepable

HELP: Final = "says that a finding is no trouble, with the reason and a last day"

EXAMPLES: Final = """\
examples:
  auditor dismiss f-3k9qm2xw7rtya5cd --reason "A character in the school play"
  auditor dismiss f-3k9qm2xw7rtya5cd --reason "Consent is in the office" --until 2027-06-11

A dismissed finding comes back after its last day (180 days from now, a year at most) if it is still there.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("finding", metavar="FINDING", help='its id, as "auditor findings" shows it')
    parser.add_argument(
        "--reason", required=True, metavar="R", help="why this is no trouble; the annual review shows it"
    )
    parser.add_argument(
        "--until", type=day, metavar="DATE", help="the last day, such as 2027-06-11 [180 days from now]"
    )
    add_who(parser)


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    now = local_now(config)
    with audited(config, args.finding) as memory:
        account = memory.finding(args.finding, now).finding.account
        reason = keepable(args.reason, config, memory, account, now.date())
        told = memory.dismiss(args.finding, reason, args.by, now, args.until)
    tell(f"{told.id} is dismissed until {told.until}\n")
    if reason != " ".join(args.reason.split()):
        tell(f"The reason was kept without names and contact data: {reason}\n")
    return 0


def day(text: str) -> date:
    """A date on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no date; write it like 2027-06-11') from None


def add_who(parser: argparse.ArgumentParser) -> None:
    """Adds --by: whoever decides is kept with the finding."""
    parser.add_argument("--by", default=_user(), metavar="NAME", help="who decided [the user of this computer]")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a machine that does not say
        return "unknown"
