"""`auditor purge`: forgets what is too old, and makes sure that it is gone from the disk."""

import argparse
from datetime import timedelta
from typing import Final

from auditor.commands.findings import load_config, local_now, remembered, tell
from auditor.errors import Busy

HELP: Final = "forgets what is too old to keep"

EXAMPLES: Final = """\
examples:
  auditor purge                         forgets what is older than the days below
  auditor purge --findings-days 0       forgets every finding that is fixed

Findings that are open, acknowledged or dismissed stay, and so do the counts of past weeks. What is removed is
overwritten, in the store and in the copies that upgrades made; copies that you made are yours to remove.
"""

WORDS: Final = {
    "page": "pages read",
    "link_state": "visits to links",
    "picture": "looks at images",
    "host": "hosts known",
    "finding": "fixed findings",
    "slot": "past runs",
    "backup": "copies made before upgrades",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument(
        "--readings-days", type=days, default=35, metavar="N", help="how long what was read on pages is kept [35]"
    )
    parser.add_argument(
        "--findings-days", type=days, default=400, metavar="N", help="how long fixed findings are kept [400]"
    )


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    now = local_now(config)
    with remembered(config) as memory:
        if memory is None:
            return 0
        gone = memory.purge(now - timedelta(days=args.readings_days), now - timedelta(days=args.findings_days))
    told = [f"{WORDS[name]} ({count})" for name, count in gone.removed.items() if count]
    tell(f"removed: {', '.join(told)}\n" if told else "nothing was old enough to be removed\n")
    if not gone.clean:
        raise Busy("another program is reading the store, so traces may be left in its log; run this again later")
    return 0


def days(text: str) -> int:
    """A number of days on the command line."""
    if not text.isascii() or not text.isdecimal() or len(text) > 5:
        raise argparse.ArgumentTypeError(f'"{text}" is no number of days; write it like 400')
    return int(text)
