"""`auditor store`: takes what is stored to another place."""

import argparse
import sys
from typing import Final

from auditor import store
from auditor.commands.findings import load_config, tell
from auditor.errors import Mistake
from auditor.lock import held
from auditor.store.database import parse_url
from auditor.store.move import move, without_password
from auditor.wrong_usage import on_either_side

HELP: Final = "takes what is stored to another database"

EXAMPLES: Final = """\
examples:
  auditor store move postgresql+psycopg://auditor@db.example/auditor    from the SQLite file to PostgreSQL
  auditor store move sqlite:///data/auditor.db                          and back

The other database must be there and empty; its tables are made. A password comes from PGPASSWORD or a PostgreSQL
password file. Everything is copied or nothing is, and the old store stays as it is: delete it yourself when the new one
is in use. The keys in the data folder belong to both.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    shared = on_either_side()
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    moving = actions.add_parser("move", parents=[shared], help="copies everything into an empty store")
    moving.add_argument("url", metavar="URL", help="the address of the other store, as it is written under [store]")


def run(args: argparse.Namespace) -> int:
    """Copies, counts, and says what to write into the configuration."""
    config = load_config(args)
    url = parse_url(args.url)
    if not store.exists(config):
        raise Mistake(f"{config.data}: there is no store to move yet; write the other one's address under [store]")
    with held(config.data, "auditor store move"), store.open(config) as source:
        with store.open_url(args.url, config.data, config.zone) as target:
            moved = move(source, target)
        print(f"{sum(moved.values()):,} rows were copied and counted.", file=sys.stderr)
    if url.password:
        print("The password is left out below: set PGPASSWORD, or use a PostgreSQL password file.", file=sys.stderr)
    print(f"Now write this into {config.path}:", file=sys.stderr)
    tell(f'[store]\nurl = "{without_password(url)}"\n')
    return 0
