"""What the product remembers: audits, what was seen, findings over time, the roster's digests, due runs. The only SQL.

`open` gives the `Store` of a district; it brings an older schema up to date by itself. A store is one SQLite file, or a
PostgreSQL database, through the same code. Nothing in it names a child: what goes in has been masked before.
"""

import importlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from auditor.errors import Mistake
from auditor.store.audits import Audits
from auditor.store.cache import Cache
from auditor.store.crawl import Crawl
from auditor.store.database import (
    OTHER_VERSION,
    Database,
    lacks,
    make_private,
    make_private_folder,
    parse_url,
    revision,
    sqlite_file,
    strangers,
)
from auditor.store.findings import Findings
from auditor.store.retention import Retention
from auditor.store.schema import HEAD, metadata
from auditor.store.slots import Slots
from auditor.store.uses import Uses


class Kept(Protocol):
    """What `open` needs to know of a configuration: the store's address, and the folder that holds the key."""

    @property
    def store_url(self) -> str:
        """The address of the database."""

    @property
    def data(self) -> Path:
        """The district's own folder."""

    @property
    def zone(self) -> tzinfo:
        """The district's own time zone: days that people write are days there."""


class Store(Audits, Crawl, Uses, Findings, Cache, Retention):
    """Everything the product remembers of one district. Close it, or use it in a `with`.

    Several programs may use one store at the same time; each needs a `Store` of its own, which its threads may share.
    """

    def __init__(self, database: Database, data: Path, zone: tzinfo = UTC) -> None:
        super().__init__(database, data, zone)
        self.slots = Slots(database)

    def alone(self) -> AbstractContextManager[None]:
        """While the block runs, no program on another machine audits into this store; raises `Busy` where one does."""
        return self._database.alone()

    def close(self) -> None:
        """Lets go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open(config: Kept) -> Store:  # noqa: A001  store.open(...), as with any other file
    """The store of a district; made where there is none, brought up to date where it is older than this program."""
    return open_url(config.store_url, config.data, config.zone)


def open_url(url: str, data: Path, zone: tzinfo = UTC) -> Store:
    """The store at an address. `data` is the folder that holds its key, for its owner alone; `zone` the district's."""
    database = Database(parse_url(url))
    if database.file:
        make_private_folder(database.file.parent)
        make_private(database.file)
    try:
        with database.reading() as connection:
            at = revision(connection)
            foreign = strangers(connection, metadata.tables) if at is None else ()
            torn = at == HEAD and lacks(connection, metadata.tables)
        if foreign:
            raise Mistake(
                f"{database.name}: this database is no store of auditor: it has tables ({_few(foreign)}) and does "
                "not say which version made them. Name another place in store.url, or move it away to begin anew."
            )
        if torn:
            raise Mistake(f"{database.name}: {OTHER_VERSION}")
        if at != HEAD:
            # Alembic takes a third of a second to import, so it is fetched only when there is something to upgrade.
            importlib.import_module("auditor.store.upgrade").upgrade(database)
    except BaseException:
        database.close()
        raise
    return Store(database, data, zone)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")


def exists(config: Kept) -> bool:
    """Whether a store was ever begun. A database server always counts as one."""
    file = sqlite_file(parse_url(config.store_url))
    return file is None or file.is_file()
