"""`auditor roster`: loads, shows counts of, removes the roster. No name and no number of a student is ever printed."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from auditor import store
from auditor.commands.findings import load_config, local_now, table, tell
from auditor.config import Config
from auditor.errors import Mistake
from auditor.lock import held
from auditor.model import Grades
from auditor.roster import key
from auditor.roster.book import Roster
from auditor.roster.intake import take_in
from auditor.rules import LEVELS
from auditor.wrong_usage import on_either_side

HELP: Final = "loads, shows counts of, removes the roster"

EXAMPLES: Final = """\
examples:
  auditor roster import oneroster/     loads a OneRoster 1.1 or 1.2 CSV export, folder or zip
  auditor roster import                loads the one that config.toml names
  auditor roster status                how many students of which school and grade, and how many opt-outs
  auditor roster forget                removes the roster and its key, for good

The store keeps no names: only keyed hashes, with grade, school and flags. The export itself is never copied; keep it
where only you can read it, or delete it after the import.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXAMPLES
    shared = on_either_side()
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    loading = actions.add_parser("import", parents=[shared], help="loads an export")
    loading.add_argument(
        "path", nargs="?", type=Path, metavar="PATH", help="a folder or zip [the roster in config.toml]"
    )
    loading.add_argument(
        "--flags", type=Path, metavar="FILE", help="opt-outs and consents [the roster_flags in config.toml]"
    )
    showing = actions.add_parser("status", parents=[shared], help="shows counts")
    forgetting = actions.add_parser("forget", parents=[shared], help="removes the roster and its key")
    for action, sub in ((_import, loading), (_status, showing), (_forget, forgetting)):
        sub.set_defaults(action=action)


def run(args: argparse.Namespace) -> int:
    args.action(load_config(args), args)
    return 0


def _import(config: Config, args: argparse.Namespace) -> None:
    source, flags = args.path or config.roster, args.flags or config.roster_flags
    if source is None:
        raise Mistake(f"{config.path}: no roster is named there. Give the folder or zip: auditor roster import PATH")
    today = local_now(config).date()
    with held(config.data, "roster import"):
        secret = key.load_or_create(config.data)
        with store.open(config) as memory:
            intake = take_in(
                source, flags, config.district.schools, secret, today, _before(memory.roster_parts(), secret)
            )
            memory.keep_roster(intake.roster.dump(), local_now(config))
    for diagnostic in intake.diagnostics:
        print(f"auditor: {diagnostic}", file=sys.stderr)
    tell(_told(config, intake.roster, today))
    if flags is None and not intake.roster.flags_loaded_on:
        print("auditor: no opt-outs were loaded; roster_flags in config.toml can name their file", file=sys.stderr)


def _before(parts: dict[str, bytes] | None, secret: bytes) -> Roster | None:
    """The roster that is to be replaced; None, and a word about it, where it cannot be read any more."""
    try:
        return Roster.load(parts, secret) if parts else None
    except Mistake:
        print(
            "auditor: the roster before cannot be read; students who left with an opt-out are not carried over",
            file=sys.stderr,
        )
        return None


def _status(config: Config, _args: argparse.Namespace) -> None:
    roster = _stored(config)
    if roster is None:
        print('auditor: no roster is loaded; "auditor roster import PATH" loads one', file=sys.stderr)
    else:
        tell(_told(config, roster, local_now(config).date()))


def _stored(config: Config) -> Roster | None:
    if not store.exists(config):
        return None
    with store.open(config) as memory:
        parts = memory.roster_parts()
    secret = key.load(config.data)
    if parts and secret is None:
        raise Mistake(
            f"{config.data / key.FILE}: the roster's key is missing, so the stored roster cannot be read. "
            'Copy the key back from a backup, or run "auditor roster import" once more.'
        )
    return Roster.load(parts, secret) if parts and secret else None


def _forget(config: Config, _args: argparse.Namespace) -> None:
    with held(config.data, "roster forget"):
        # Without the key the rest is noise, even where a backup of the store survives.
        had_key = key.destroy(config.data)
        if store.exists(config):
            with store.open(config) as memory:
                had_roster = memory.roster_parts() is not None
                memory.drop_roster()
        else:
            had_roster = False
    if had_key or had_roster:
        tell("The roster and its key are removed. Copies that you made of the export are yours to remove.\n")
        tell("With the next roster, findings about students begin anew: what was dismissed is asked once more.\n")
    else:
        tell("There was no roster.\n")


def _told(config: Config, roster: Roster, today: date) -> str:
    """What a person wants to know after an import."""
    lines = [f"{len(roster):,} students, loaded on {roster.loaded_on}", ""]
    if rows := list(_rows(config, roster)):
        lines.append(table([["school", "students", "grades"], *rows]))
    lines.append(f"opt-outs in force: {_opt_outs(roster, today)}")
    if roster.flags_loaded_on:
        lines.append(f"opt-outs loaded on {roster.flags_loaded_on}")
    if left := sum(student.left for student in roster.students()):
        lines.append(f"former students with an opt-out, kept: {left:,}")
    return "\n".join(lines) + "\n"


def _opt_outs(roster: Roster, today: date) -> str:
    counted = roster.opt_outs(today)
    return ", ".join(f"{level} {counted[level]:,}" for level in LEVELS if counted.get(level)) or "none"


def _rows(config: Config, roster: Roster) -> Iterator[list[str]]:
    """A row a school, in the order of the configuration; students of no school of ours last."""
    by_school: dict[str, Counter[int | None]] = {}
    for (school, grade), count in roster.counts().items():
        by_school.setdefault(school, Counter())[grade] += count
    order = [school.id for school in config.district.schools]
    for school in sorted(by_school, key=lambda s: order.index(s) if s in order else len(order)):
        grades = by_school[school]
        yield [school or "(no school)", f"{grades.total():,}", ", ".join(_grades(grades))]


def _grades(counted: Counter[int | None]) -> Iterable[str]:
    known = sorted(grade for grade in counted if grade is not None)
    yield from (f"{Grades(grade, grade)}: {counted[grade]:,}" for grade in known)
    if counted[None]:
        yield f"unknown: {counted[None]:,}"
