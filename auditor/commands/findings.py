"""`auditor findings`: what is stored, for people as a table, for programs as JSON, CSV or SARIF."""

import argparse
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from auditor import __version__, store
from auditor.config import Config, load
from auditor.errors import Mistake
from auditor.model import Outcome, Severity, Status
from auditor.rules import RULES
from auditor.store import Store, export
from auditor.store.rows import StoredFinding
from auditor.toml_lines import shown
from auditor.wrong_usage import check_known
from reports.story import shared

HELP: Final = "what is stored, for people or for other programs"

EXAMPLES: Final = """\
examples:
  auditor findings                                    everything, the gravest first
  auditor findings --status open --school lincoln     what Lincoln still has to do
  auditor findings --format csv > findings.csv        for a spreadsheet
"""

LONGEST_CELL: Final = 44

NO_AUDIT: Final = 'auditor: nothing has been audited yet; "auditor audit" begins, "auditor demo" shows how it looks'


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    parser.add_argument(
        "--format",
        choices=("table", "json", "jsonl", "csv", "sarif"),
        default="table",
        help="how it is printed [table]",
    )
    parser.add_argument("--status", choices=tuple(map(str, Status)), help="only findings in this state")
    parser.add_argument("--school", metavar="ID", help="only findings of this school")
    parser.add_argument("--rule", metavar="R", help="only findings of this rule")
    parser.add_argument("--account", metavar="ID", help="only findings of this account")


def run(args: argparse.Namespace) -> int:
    config = load_config(args)
    check_known(args.school, "--school", "school", [s.id for s in config.district.schools])
    check_known(args.rule, "--rule", "rule", RULES)
    check_known(args.account, "--account", "account", [*(a.id for a in config.district.accounts), "district"])
    with remembered(config) as memory:
        found: list[StoredFinding] = []
        text = ""
        if memory:
            status = Status(args.status) if args.status else None
            found = memory.findings(status, args.school, args.rule, account=args.account, now=local_now(config))
            if args.account is None:
                found = _shared(config, found)
        if args.format == "sarif":
            audits, last = (memory.audits(limit=2), memory.concluded_in()) if memory else ((), {})
            text = export.sarif(found, audits, last, __version__)
        elif args.format == "table":
            text = table(_table_rows(found)) if found else ""
        else:
            written = {"json": export.json_list, "jsonl": export.json_lines, "csv": export.csv_table}
            text = written[args.format](map(export.finding_row, found))
    tell(text)
    if args.format == "table" and found:
        print(_summary(found), file=sys.stderr)
    return 0


def _shared(config: Config, found: list[StoredFinding]) -> list[StoredFinding]:
    """Without the findings that people keep to themselves; they are there for who asks for the account by name."""
    private = {a.id for a in config.district.accounts if not shared(a)}
    kept = [stored for stored in found if stored.finding.account not in private]
    if len(kept) < len(found):
        print("auditor: findings that people share with nobody are left out", file=sys.stderr)
    return kept


# ------------------------------------------------------------------------------------------------ for its siblings


def load_config(args: argparse.Namespace) -> Config:
    """The configuration that the command line names."""
    return load(args.config, datetime.now(UTC).date())


def local_now(config: Config) -> datetime:
    """The district's own clock."""
    return datetime.now(ZoneInfo(config.district.timezone))


@contextmanager
def remembered(config: Config) -> Iterator[Store | None]:
    """The store; None, and a hint on standard error, where nothing has been audited yet."""
    if not store.exists(config):
        print(NO_AUDIT, file=sys.stderr)
        yield None
        return
    with store.open(config) as memory:
        if memory.last_audit() is None:
            print(NO_AUDIT, file=sys.stderr)
        yield memory


@contextmanager
def audited(config: Config, finding: str) -> Iterator[Store]:
    """The store, to decide about a finding in it; a `Mistake` where nothing has been audited yet."""
    if not store.exists(config):
        raise Mistake(f"there is no finding {shown(finding)}: nothing has been audited yet")
    with store.open(config) as memory:
        yield memory


def tell(text: str) -> None:
    """Prints a result, and nothing else, on standard output; what its encoding lacks is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(text)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need to be, the last one ragged. Nothing in it moves a terminal's cursor."""
    tame = [[_tame(cell, last=n == len(row) - 1) for n, cell in enumerate(row)] for row in rows]
    widths = [max(map(len, column)) for column in zip(*tame, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in tame)
    return "".join(f"{line}\n" for line in lines)


def _tame(cell: str, *, last: bool) -> str:
    text = "".join(c if c.isprintable() else " " for c in cell)
    return text if last or len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 3]}..."


# ------------------------------------------------------------------------------------------------ the table


def _table_rows(found: Iterable[StoredFinding]) -> list[list[str]]:
    rows = [["id", "status", "severity", "account", "rule", "subject", "where"]]
    for stored in found:
        f = stored.finding
        question = " ?" if f.outcome is Outcome.REVIEW else ""
        more = f" and {f.places - 1} more" if f.places > 1 else ""
        rows.append(
            [stored.id, str(stored.status), f"{f.severity}{question}", f.account, f.rule, f.subject, f.url + more]
        )
    return rows


def _summary(found: Sequence[StoredFinding]) -> str:
    counts = Counter(s.finding.severity for s in found)
    parts = [f"{counts[severity]} {severity}" for severity in Severity if counts[severity]]
    questions = sum(s.finding.outcome is Outcome.REVIEW for s in found)
    asked = f'; "?" marks {questions} that only a person can decide' if questions else ""
    return f"{len(found)} finding{'s' if len(found) != 1 else ''}: {', '.join(parts)}{asked}"
