"""`auditor demo`: the bundled district, served on this machine, audited, its reports written."""

import argparse
from pathlib import Path
from typing import Final

import auditor
from auditor import store
from auditor.commands.audit import tell
from auditor.conduct import conduct
from auditor.demo.serve import serving
from auditor.demo.sites import sites
from auditor.errors import Mistake
from auditor.lock import held
from auditor.preflight import load_for_audit

HELP: Final = "audit the bundled demo district and write its reports"

EXAMPLES: Final = """\
examples:
  auditor demo            serve the demo district on 127.0.0.1, audit it, say where the reports are
  auditor demo --serve    the same, then keep its sites up until Ctrl-C, so that links in the reports work

All of its people are invented. Nothing outside this machine is visited but the links on its pages.
"""

CONFIG: Final = Path(auditor.__file__).parent.parent / "config.toml"


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("--serve", action="store_true", help="keep the sites up afterwards, until Ctrl-C")


def run(args: argparse.Namespace) -> int:
    """Serves, audits, and says where everything is. Accounts that the demo cannot read are part of the show."""
    path = args.config if args.config != Path("config.toml") else CONFIG
    if not path.is_file():
        raise Mistake(f"{path}: the demo's configuration is not there; run this in a copy of auditor's sources")
    config = load_for_audit(path)
    with serving(sites()):
        tell(f"Serving {config.district.name} on this machine: {', '.join(s.website for s in config.district.schools)}")
        with held(config.data, "auditor demo"), store.open(config) as memory:
            conduct(config, memory, config.district.accounts, "command", tell)
        reports = config.data / "reports"
        for name in ("index", *(school.id for school in config.district.schools)):
            print(reports / f"{name}.html")
        if not args.serve:
            tell("The demo's sites are gone again. With auditor demo --serve they stay, and links in the reports work.")
        else:
            tell("The sites stay up until you press Ctrl-C.")
            _wait()
    return 0


def _wait() -> None:
    try:
        while True:
            input()
    except (KeyboardInterrupt, EOFError):
        tell("Stopped.")
