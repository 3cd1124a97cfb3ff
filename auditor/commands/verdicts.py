"""`auditor verdicts`: how every rule ended for every account; exactly one of five ways."""

import argparse
import sys
from typing import Final

from auditor.commands.findings import load_config, remembered, table, tell
from auditor.store import export
from reports.story import shared

HELP: Final = "how every rule ended for every account: pass, fail, review, not-applicable, not-checked"

EXAMPLES: Final = """\
examples:
  auditor verdicts                      every account and rule
  auditor verdicts --format jsonl       one JSON object a line
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="how it is printed [table]")


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    with remembered(config) as memory:
        kept = memory.verdicts() if memory else ()
    private = {a.id for a in config.district.accounts if not shared(a)}
    verdicts = [verdict for verdict in kept if verdict.account not in private]
    if len(verdicts) < len(kept):
        print("auditor: verdicts on accounts that people share with nobody are left out", file=sys.stderr)
    rows = [{"account": v.account, "rule": v.rule, "outcome": str(v.outcome), "reason": v.reason} for v in verdicts]
    if args.format == "jsonl":
        tell(export.json_lines(rows))
    elif rows:
        tell(table([list(rows[0]), *(list(row.values()) for row in rows)]))
    return 0
