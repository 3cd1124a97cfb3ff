"""The names that a store gives to things: keyed, so that they are equal for equal things and tell nobody anything."""

from datetime import UTC, tzinfo
from functools import cached_property
from pathlib import Path

from sqlalchemy import select

from auditor.errors import Mistake
from auditor.store.database import Database, make_private_folder
from auditor.store.days import Days
from auditor.store.key import Key, load_key, make_key
from auditor.store.schema import meta

KEY_FILE = "store.key"


class Keyed(Days):
    """The part of the store that knows its key. `data` is the folder where the key lies, `zone` the district's own."""

    def __init__(self, database: Database, data: Path, zone: tzinfo = UTC) -> None:
        self._database = database
        self._data = data
        self._zone = zone

    def fingerprint(self, *parts: str) -> str:
        """The keyed name of something: equal parts, equal name; 16 characters out of a-z and 2-7."""
        return self._key.fingerprint(*parts)

    def number(self, *parts: str) -> int:
        """A keyed number of 63 bits: equal parts, equal number, in every process."""
        return self._key.number(*parts)

    def digest(self, content: bytes) -> bytes:
        """The keyed digest of some bytes, 16 bytes long."""
        return self._key.digest(content)

    @cached_property
    def _key(self) -> Key:
        """The key that this store was begun with; a `Mistake` where it is lost or another one lies in its place."""
        file = self._data / KEY_FILE
        known = self._key_id()
        key = load_key(file)
        if known is None:
            make_private_folder(self._data)
            key = make_key(file)
            row = {"name": "key", "value": key.id}
            with self._database.writing() as connection:
                connection.execute(self._database.insert(meta).on_conflict_do_nothing(), row)
            known = self._key_id()
        if key is None or key.id != known:
            what = "is missing" if key is None else "is not the one that the store was begun with"
            raise Mistake(
                f"{file}: the store's key {what}, and no finding can be known again without it. Copy it back from a "
                f"backup; to begin anew with an empty store, move {self._database.name} away."
            )
        return key

    def _key_id(self) -> str | None:
        with self._database.reading() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.name == "key")).scalar()
