"""`auditor acknowledge`: a person has seen a finding and will deal with it."""

import argparse
from typing import Final

from auditor.commands.dismiss import add_who
from auditor.commands.findings import audited, load_config, local_now, tell

HELP: Final = "says that a finding has been seen and will be dealt with"

EXAMPLES: Final = """\
examples:
  auditor acknowledge f-3k9qm2xw7rtya5cd
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("finding", metavar="FINDING", help='its id, as "auditor findings" shows it')
    add_who(parser)


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    with audited(config, args.finding) as memory:
        told = memory.acknowledge(args.finding, args.by, local_now(config))
    tell(f"{told.id} is acknowledged\n")
    return 0
