"""Brings a database to the schema that this code works with. Imported only when there is something to do.

The whole upgrade is one transaction: a migration that fails half-way leaves the old schema whole. Alembic would not do
that by itself on SQLite, where it takes every change of a table for final.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from auditor.errors import Mistake
from auditor.store.database import Database, backup_name, make_private, revision
from auditor.toml_lines import shown

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database, scripts: Path = SCRIPTS) -> None:
    """Runs every migration that the database has not seen; first copies an SQLite file that holds something.

    A database that a newer version of this program has written is a `Mistake`: it is left as it is.
    """
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with database.reading() as connection:
        at = revision(connection)
    if at is not None and at not in known:
        raise Mistake(
            f"{database.name}: a newer version of auditor has written this store (schema {shown(at)}; this version "
            f"knows {', '.join(sorted(known))}). Update auditor and try again; or, to begin anew, move it away."
        )
    if at is not None and database.file:
        with database.faults_explained():
            back_up(database.file, at)
    with database.upgrading() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def back_up(file: Path, at: str) -> Path:
    """A copy of the SQLite file beside it, named after the migration it is at; only its owner may read it."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    copy = backup_name(file, f"{at}-{moment}")
    make_private(copy)
    try:
        with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
    except sqlite3.Error:
        copy.unlink()  # half a copy is of no use, and takes the room that is wanting
        raise
    return copy
