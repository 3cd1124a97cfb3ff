"""`auditor verdicts`: how every rule ended for every account; exactly one of five ways."""

import argparse
from typing import Final

from auditor.commands.findings import load_config, remembered, table, tell
from auditor.store import export

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
    with remembered(load_config(args)) as memory:
        verdicts = memory.verdicts() if memory else ()
    rows = [{"account": v.account, "rule": v.rule, "outcome": str(v.outcome), "reason": v.reason} for v in verdicts]
    if args.format == "jsonl":
        tell(export.json_lines(rows))
    elif rows:
        tell(table([list(rows[0]), *(list(row.values()) for row in rows)]))
    return 0
