"""`auditor schedule`: the daemon that runs the weekly audit."""

import argparse

from auditor import store
from auditor.errors import Stopped
from auditor.lock import held
from auditor.preflight import load_for_audit
from auditor.weekly import Daemon, Rhythm

HELP = "run the weekly audit as it falls due, until stopped"

EXAMPLES = """\
examples:
  auditor schedule                       stays, and audits every Monday at 6:00 of the district's time
  auditor audit --due                    the same without a daemon: call it every hour from cron, a systemd timer or
                                         the Windows Task Scheduler; it does nothing when nothing is due

An audit that fell into a pause of the machine is caught up once. Only one of these runs at a time.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments: none."""
    parser.epilog = EXAMPLES


def run(args: argparse.Namespace) -> int:
    """Runs until it is told to stop, which is how it ends well."""
    config = load_for_audit(args.config)
    with held(config.data, "auditor schedule", "schedule"), store.open(config) as kept:
        try:
            Daemon(kept, Rhythm.of(config), args.config.absolute(), lambda words: print(words, flush=True)).run()
        except Stopped:
            print("Stopped.")
    return 0
