"""`auditor coverage`: what the last audit could and could not see of every account, and why."""

import argparse
from collections.abc import Iterable, Iterator
from typing import Final

from auditor.commands.findings import load_config, remembered, table, tell
from auditor.model import Blind, Coverage
from auditor.store import export

HELP: Final = "what could be seen of every account, what not, and why"

EXAMPLES: Final = """\
examples:
  auditor coverage                      every account, with what could not be seen
  auditor coverage --format jsonl       one JSON object a line
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="how it is printed [table]")


def run(args: argparse.Namespace) -> int:
    with remembered(load_config(args)) as memory:
        coverages = memory.coverages() if memory else ()
    if args.format == "jsonl":
        tell(export.json_lines(map(export.coverage_row, coverages)))
    elif coverages:
        tell(table([*_table_rows(coverages)]))
    return 0


def _table_rows(coverages: Iterable[Coverage]) -> Iterator[list[str]]:
    yield ["account", "school", "route", "documents", "oldest", "complete", "could not be seen"]
    for seen in coverages:
        oldest = seen.oldest.date().isoformat() if seen.oldest else "-"
        complete = "yes" if seen.complete else "no"
        first, *others = [_told(blind) for blind in seen.blind] or ["-"]
        yield [seen.account, seen.school or "-", seen.route, str(seen.documents), oldest, complete, first]
        yield from (["", "", "", "", "", "", other] for other in others)


def _told(blind: Blind) -> str:
    remedy = f": {blind.remedy}" if blind.remedy else ""
    return f"{blind.what} ({blind.reason}){remedy}"
