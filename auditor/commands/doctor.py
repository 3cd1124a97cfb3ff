"""`auditor doctor`: what this machine has, what is missing, and how to get it."""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor import __version__, store
from auditor.compiled import is_compiled
from auditor.config import Config, load
from auditor.errors import Mistake
from auditor.model import Blind
from auditor.outlets.platforms import name_of
from auditor.preflight import load_for_audit
from auditor.weekly import Rhythm
from spiders.browser_search import VARIABLE, find, starts_inside_its_sandbox

HELP = "say what this machine has, what is missing, and how to get it"

EXAMPLES = """\
examples:
  auditor doctor                  look at this machine and the district in config.toml
  auditor doctor --get-browser    find a browser, or install one where that is allowed
  auditor doctor --json           the same for other programs

exit status: 0 all is well, 1 something needs a person
"""

ROOM = 1 << 30
"""Bytes that should be free in the district's data folder."""
QUIET = timedelta(days=9)
"""After so long without an audit something is wrong with the schedule."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. `remedy` is what to do where it is not well."""

    what: str
    well: bool
    found: str
    remedy: str = ""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("--get-browser", action="store_true", help="find a browser, or install one, and say which")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Looks at everything and says it."""
    if args.get_browser:
        print(get_browser())
        return 0
    lines = [*machine(_browser_of(args.config)), *district(args.config)]
    if args.json:
        print(json.dumps([asdict(line) for line in lines], indent=1))
    else:
        for line in lines:
            mark = "ok " if line.well else "FIX"
            print(f"{mark}  {line.what}: {line.found}" + (f"\n     {line.remedy}" if line.remedy else ""))
    return 0 if all(line.well for line in lines) else 1


def get_browser() -> str:
    """Finds a browser or installs one: the distribution's where that is allowed, else Playwright's own. One line."""
    found = find()
    if found:
        return f"browser: uses {found}"
    if sys.platform.startswith("linux") and shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _quietly(["apt-get", "update", "-qq"], environment)
        _quietly(["apt-get", "install", "-y", "-qq", "chromium"], environment)
        if found := find():
            return f"browser: installed the distribution's package, uses {found}"
    _quietly([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    if found := find():
        return f"browser: installed Playwright's own, uses {found}"
    return (
        "browser: none found and none could be installed; audits run without one and say what they could not see. "
        "Install Chromium, Chrome or Edge, or name one in AUDITOR_BROWSER"
    )


def _quietly(words: list[str], environment: dict[str, str]) -> None:
    """Runs an installer. What it says is of no use to a person; whether a browser is there afterwards is."""
    subprocess.run(  # noqa: S603  fixed words
        words, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900
    )


def _browser_of(path: Path) -> str:
    """The browser that the configuration names; "" where it names none, or is not fit to be read."""
    try:
        return load(path, datetime.now(UTC).date()).crawl.browser
    except Mistake:
        return ""


def machine(browser: str = "") -> Iterator[Line]:
    """What this machine has; `browser` is the one that the configuration names."""
    new_enough = sys.version_info >= (3, 11)
    yield Line(
        "Python",
        new_enough,
        f"{platform.python_version()} on {platform.system()}, auditor {__version__}",
        "" if new_enough else "install Python 3.11 or newer",
    )
    compiled = is_compiled()
    yield Line(
        "reading",
        True,
        "compiled" if compiled else "as it is written: it finds the same, and takes twice the time for it",
        "" if compiled else "to compile it, see Try it in README.md",
    )
    yield Line("SQLite", sqlite3.sqlite_version_info >= (3, 35), sqlite3.sqlite_version)
    yield from _browser(browser)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    yield Line(
        "user",
        not root,
        "root: a browser cannot shut itself in" if root else "not root",
        "run audits as an ordinary user" if root else "",
    )


def _browser(configured: str) -> Iterator[Line]:
    """Which browser is used, who named it, and whether it shuts itself in."""
    by = "browser under [crawl] in config.toml" if configured else VARIABLE
    name = configured or os.environ.get(VARIABLE, "")
    found = find(configured)
    if found is None and name:
        yield Line("browser", False, f"{name}, named by {by}, is not there", "correct it there, or take it out")
        return
    if found is None:
        missing = "none; pages that are empty without one cannot be read"
        yield Line("browser", False, missing, "run: auditor doctor --get-browser")
        return
    yield Line("browser", True, f"{found}, named by {by}" if name else str(found))
    if sys.platform.startswith("linux") and os.geteuid() != 0:
        inside = starts_inside_its_sandbox(found)
        yield Line(
            "browser's sandbox",
            inside,
            "works" if inside else "does not work here: pages are opened without it",
            "" if inside else "let ordinary users make user namespaces, or install the distribution's own Chromium",
        )


def district(path: Path) -> Iterator[Line]:
    """What holds for the district of that configuration."""
    try:
        config = load_for_audit(path)
    except Mistake as mistake:
        yield Line("configuration", False, f"{len(mistake.faults)} to put right", "\n     ".join(mistake.faults))
        return
    count = len(config.district.accounts)
    accounts = f"{count:,} account{'' if count == 1 else 's'}"
    yield Line("configuration", True, f"{path}: {config.district.name}, {accounts}")
    for note in config.notes:
        yield Line("configuration", True, note)
    yield from _tokens(config)
    if not store.exists(config):
        yield Line("store", True, "not begun yet; the first audit makes it")
        return
    yield from _data(config)
    try:
        yield from _stored(config)
    except Mistake as mistake:
        yield Line("store", False, "cannot be used", "\n     ".join(mistake.faults))
    yield Line("next audit", True, f"{Rhythm.of(config).next(datetime.now(UTC)):%A %d %B %Y, %H:%M %Z}")


def _tokens(config: Config) -> Iterator[Line]:
    """Whether each token that the configuration names is there, for every account that needs it."""
    for name, settings in config.platforms.items():
        if not (settings.token_env or settings.token_file):
            continue
        accounts = [account.id for account in config.district.accounts if account.platform == name] or [""]
        lacking = [found for found in map(settings.token, accounts) if isinstance(found, Blind)]
        what = f"token of {name_of(name)}"
        for blind in dict.fromkeys(lacking):
            yield Line(what, False, blind.what, blind.remedy)
        if not lacking:
            yield Line(what, True, "is there; whether it is accepted, an audit tells")


def _stored(config: Config) -> Iterator[Line]:
    """What the store tells of the district."""
    with store.open(config) as kept:
        parts = kept.roster_parts()
        yield Line(
            "roster",
            parts is not None,
            "loaded" if parts else "none: nobody can tell who is a student",
            "" if parts else "run: auditor roster import FOLDER, or name it as roster in config.toml",
        )
        last = kept.last_audit()
        now = datetime.now(UTC)
        late = last is not None and now - last.started_at > QUIET
        yield Line(
            "last audit",
            not late,
            f"{last.started_at:%Y-%m-%d %H:%M} UTC, {last.state}" if last else "none yet",
            "see that the schedule runs: auditor schedule, or auditor audit --due from your system's own"
            if late
            else "",
        )
        beat = kept.slots.last_beat("schedule")
        if beat:
            quiet = now - beat[0] > timedelta(minutes=5)
            yield Line(
                "schedule",
                not quiet,
                f"last sign of life {beat[0]:%Y-%m-%d %H:%M} UTC, process {beat[1]}",
                "start it again: auditor schedule" if quiet else "",
            )


def _data(config: Config) -> Iterator[Line]:
    free = shutil.disk_usage(config.data).free
    yield Line("disk", free > ROOM, f"{free / ROOM:.1f} GiB free", "" if free > ROOM else f"make room at {config.data}")
    if os.name == "posix":
        open_to_others = stat.S_IMODE(config.data.stat().st_mode) & 0o077
        yield Line(
            "data folder",
            not open_to_others,
            f"{config.data}, " + ("open to other users" if open_to_others else "yours alone"),
            f"run: chmod 700 {config.data}" if open_to_others else "",
        )
