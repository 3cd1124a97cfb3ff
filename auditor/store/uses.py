"""The distinct links and images of an account: added up over its pages when its crawl is over, read from then on."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, Table, or_, select

from auditor.model import Image, Link, LinkState, LinkUse, LinkVerdict, Picture, PictureUse
from auditor.store.adding import STRIDE, add_up
from auditor.store.cache import AS_ALIVE, LINK_STATE, lies_on, link_state_of, picture_of
from auditor.store.database import Database
from auditor.store.schema import image, image_text, link, link_state, link_text, names, picture

T = TypeVar("T")


class Uses:
    """The part of the store that knows what an account links to and shows."""

    _database: Database

    def gather(self, audit_id: int, account: str) -> None:
        """Adds up the links and images of the account's pages that this audit saw; call it when its crawl is over.

        What an earlier audit had added up gives way. Texts that no page says any more are forgotten.
        """
        with self._database.writing() as connection:
            add_up(connection, self._database, account, audit_id)

    def links_to_visit(self, account: str, since: datetime) -> Iterator[str]:
        """The account's links that nobody has visited since then, whatever account they were found on."""
        stale = or_(link_state.c.url.is_(None), link_state.c.visited_at < since)
        query = select(link.c.url).join_from(link, link_state, link.c.url == link_state.c.url, isouter=True)
        return self._strides(link, account, query.where(stale), lambda row: str(row.url))

    def images_to_look_at(self, account: str, since: datetime, version: str) -> Iterator[str]:
        """The account's images that nobody has looked at since then with that version of eyes (logos and code)."""
        stale = or_(picture.c.url.is_(None), picture.c.looked_at < since, picture.c.version != version)
        query = select(image.c.url).join_from(image, picture, image.c.url == picture.c.url, isouter=True)
        return self._strides(image, account, query.where(stale), lambda row: str(row.url))

    def link_uses(self, account: str, silent: Collection[str] = ()) -> Iterator[LinkUse]:
        """Every distinct link of an account with what came of it, by address. One never visited is `skipped`.

        Left out are those to pages of the `silent` sites ("https://www.x.example") that are there and of which nothing
        else was told: of most links nobody has anything to say.
        """
        query = (
            select(
                *(link.c[name] for name in ("url", "page", "places")),
                *(link_text.c[name] for name in ("words", "tag", "rel")),
                *(link_state.c[name].label(f"state_{name}") for name in LINK_STATE),
            )
            .join_from(link, link_state, link.c.url == link_state.c.url, isouter=True)
            .join(link_text, link.c.text == link_text.c.id)
        )
        if silent:
            query = query.where(link_state.c.url.is_(None) | ~AS_ALIVE | ~lies_on(link.c.url, silent))
        return self._strides(link, account, query, _link_use)

    def picture_uses(self, account: str) -> Iterator[PictureUse]:
        """Every distinct image of an account with what was seen in it, by address."""
        query = (
            select(
                *(image.c[name] for name in ("url", "page", "places")),
                *(image_text.c[name] for name in ("alt", "caption", "width", "height")),
                *(picture.c[name].label(f"picture_{name}") for name in names(picture)),
            )
            .join_from(image, image_text, image.c.text == image_text.c.id)
            .join(picture, image.c.url == picture.c.url, isouter=True)
        )
        return self._strides(image, account, query, _picture_use)

    def _strides(self, table: Table, account: str, query: Select[Any], made: Callable[[Row[Any]], T]) -> Iterator[T]:
        """The rows of one account in the order of their addresses, read a stride at a time."""
        after = ""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(
                    query.where(table.c.account == account, table.c.url > after).order_by(table.c.url).limit(STRIDE)
                ).all()
            yield from map(made, rows)
            if len(rows) < STRIDE:
                return
            after = rows[-1].url


# ------------------------------------------------------------------------------------------------ rows


def _link_use(row: Row[Any]) -> LinkUse:
    cells: Sequence[Any] = row
    (url, where, places, words, tag, rel), told = cells[:6], cells[6:]
    state = LinkState(url, LinkVerdict.SKIPPED, "it was not visited") if told[0] is None else link_state_of(*told)
    return LinkUse(Link(url, words, tag, tuple(rel.split())), where, places, state)


def _picture_use(row: Row[Any]) -> PictureUse:
    told = row._mapping
    seen = (
        Picture(row.url, problem="it was not looked at")
        if row.picture_url is None
        else picture_of({name: told[f"picture_{name}"] for name in names(picture)})
    )
    shown = Image(row.url, row.alt, row.caption, width=row.width, height=row.height)
    return PictureUse(shown, row.page, row.places, seen)
