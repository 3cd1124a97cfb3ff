"""`auditor reopen`: a person takes a decision about a finding back, or says that a fixed one is not fixed."""

import argparse
from typing import Final

from auditor.commands.dismiss import add_who
from auditor.commands.findings import audited, load_config, local_now, tell

HELP: Final = "takes back what was decided about a finding"

EXAMPLES: Final = """\
examples:
  auditor reopen f-3k9qm2xw7rtya5cd
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("finding", metavar="FINDING", help='its id, as "auditor findings" shows it')
    add_who(parser)


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    with audited(config, args.finding) as memory:
        told = memory.reopen(args.finding, args.by, local_now(config))
    tell(f"{told.id} is open\n")
    return 0
