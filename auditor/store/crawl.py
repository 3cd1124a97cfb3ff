"""Where a crawl stands, and what it saw of an account: what an audit reads back to go on, and to judge."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import delete, func, select

from auditor.model import Aside, Blind, Link, Note, Outcome, Reason, Remark
from auditor.store.adding import STRIDE
from auditor.store.columns import Moment, clean, written
from auditor.store.keyed import Keyed
from auditor.store.lifecycle import batches
from auditor.store.many import Numbered
from auditor.store.rows import SEEN, Frontier, PageBefore, PageMet, PageState, Sights, blind_of
from auditor.store.schema import WHOLE_ACCOUNT, link_text, note, page, remark, sighting
from auditor.store.writer import Writer

_UNSEEN: Final = (PageState.MISSED, PageState.SHELL)
_SEEN_BEFORE: Final = select(*(page.c[name] for name in PageBefore._fields)).where(
    page.c.state != written(PageState.GONE)
)
_SAID: Final = select(*(link_text.c[name] for name in ("id", "url", "words", "tag", "rel")))
_MET: Final = tuple(page.c[name] for name in PageMet.__dataclass_fields__)


class Crawl(Keyed):
    """The part of the store that knows what was seen."""

    def writer(self, audit_id: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Writer:
        """What a crawl hands its documents to. Close it before the accounts are concluded."""
        return Writer(self._database, audit_id, self._key.number, lambda: self._local(clock()))

    def frontier(self, audit_id: int, account: str) -> Frontier:
        """Where the crawl of an account stands: empty before it began."""
        mine = (page.c.account == account, page.c.audit == audit_id)
        whole = page.c.url.startswith(WHOLE_ACCOUNT, autoescape=True)
        told = select(page.c.url, page.c.depth, page.c.state, page.c.problem, page.c.blind).where(*mine, ~whole)
        with self._database.reading() as connection:
            rows = connection.execute(told.order_by(page.c.depth, page.c.url)).all()
        return Frontier(
            done=frozenset(r.url for r in rows),
            missed=tuple((r.url, _why(r)) for r in rows if r.state in _UNSEEN),
            depths={r.url: r.depth for r in rows if r.state in SEEN},
        )

    def sights(self, audit_id: int, account: str) -> Sights:
        """How much the audit saw of the account."""
        mine = (page.c.account == account, page.c.audit == audit_id, page.c.state == PageState.READ)
        day = page.c.published_on
        with self._database.reading() as connection:
            documents, oldest, newest = connection.execute(
                select(func.count(), func.min(day, type_=Moment), func.max(day, type_=Moment)).where(*mine)
            ).one()
        return Sights(documents, oldest, newest)

    def gaps(self, audit_id: int, account: str) -> Iterator[tuple[str, Blind]]:
        """What the audit could not see, and why: of the account as a whole ("" for its address), then the pages that it
        missed, then those that it read in part; the nearest first."""
        mine = (page.c.account == account, page.c.audit == audit_id)
        whole = page.c.url.startswith(WHOLE_ACCOUNT, autoescape=True)
        in_part = (page.c.state == PageState.READ) & (page.c.problem != "")
        told = select(page.c.url, page.c.problem, page.c.blind).where(*mine).order_by(page.c.depth, page.c.url)
        with self._database.reading() as connection:
            for which in (whole, ~whole & page.c.state.in_(_UNSEEN), ~whole & in_part):
                for row in connection.execute(told.where(which), execution_options={"yield_per": STRIDE}):
                    yield ("", blind_of(row.blind)) if which is whole else (row.url, _why(row))

    def forget_blind(self, audit_id: int, account: str) -> None:
        """A crawl of the account begins again: what it could not see of the account as a whole, it will tell again."""
        whole = page.c.url.startswith(WHOLE_ACCOUNT, autoescape=True)
        with self._database.writing() as connection:
            connection.execute(delete(page).where(page.c.account == account, page.c.audit == audit_id, whole))

    # -------------------------------------------------------------------------------------------- before

    def depths_before(self, account: str, urls: Iterable[str]) -> dict[str, int]:
        """How many links away those of the pages lay that were ever seen behind the front page."""
        known: dict[str, int] = {}
        with self._database.reading() as connection:
            for some in batches(urls):
                keys = self._key.numbers(account, some)
                behind = (page.c.id.in_(keys), page.c.state != PageState.GONE, page.c.depth > 0)
                known.update(connection.execute(select(page.c.url, page.c.depth).where(*behind)).all())
        return known

    def pages_before(
        self, account: str, urls: Iterable[str] | None = None, most: int | None = None
    ) -> Iterator[PageBefore]:
        """What is remembered of the account's pages of which something was seen, by this audit or an earlier one: of
        all of them, of those at these addresses, or of so many at most.

        One that was missed since is among them: it may be as it was after all.
        """
        with self._database.reading() as connection:
            if urls is not None:
                # A number is one account's: where that is named, too, SQLite looks through all of its pages.
                numbers = self._key.numbers(account, map(clean, urls))
                yield from map(PageBefore._make, self._pages_numbered.rows(connection, numbers))
                return
            mine = _SEEN_BEFORE.where(page.c.account == account).limit(most)
            rows = connection.execute(mine, execution_options={"yield_per": STRIDE})
            yield from map(PageBefore._make, rows)

    def link_texts(self, account: str, numbers: Iterable[int] | None = None) -> dict[int, Link]:
        """What the links of the account's pages say, or those of these numbers, by the number that a page keeps of
        each."""
        with self._database.reading() as connection:
            rows: Iterable[Sequence[Any]] = (
                connection.execute(_SAID.where(link_text.c.account == account))
                if numbers is None
                else self._links_numbered.rows(connection, numbers)
            )
            return {
                number: Link(url, words, tag, tuple(rel.split()) if rel else ())
                for number, url, words, tag, rel in rows
            }

    def pages_met(self, audit_id: int, account: str, urls: Iterable[str] | None = None) -> Iterator[PageMet]:
        """What this audit found at the addresses of an account: at all of them, or at these."""
        query = select(*_MET).where(page.c.audit == audit_id)
        with self._database.reading() as connection:
            if urls is None:
                mine = query.where(page.c.account == account)
                for row in connection.execute(mine, execution_options={"yield_per": STRIDE}):
                    yield PageMet(*row)
                return
            for some in batches(urls):
                numbers = self._key.numbers(account, map(clean, some))
                for row in connection.execute(query.where(page.c.id.in_(numbers))).all():
                    yield PageMet(*row)

    @cached_property
    def _pages_numbered(self) -> Numbered:
        return Numbered(_SEEN_BEFORE, page.c.id, self._database.engine.dialect)

    @cached_property
    def _links_numbered(self) -> Numbered:
        return Numbered(_SAID, link_text.c.id, self._database.engine.dialect)

    # -------------------------------------------------------------------------------------------- what checks said

    def notes(self, audit_id: int, account: str) -> Mapping[str, tuple[Note, ...]]:
        """What checks wrote down of an account's documents, by rule, in the order of the addresses."""
        taken: dict[str, list[Note]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(
                select(note.c.rule, page.c.url, note.c.facts)
                .join_from(page, note)
                .where(page.c.account == account, page.c.audit == audit_id, page.c.state.in_(SEEN))
                .order_by(note.c.rule, page.c.url)
            ):
                taken[row.rule].append(Note(row.url, row.facts))
        return {rule: tuple(notes) for rule, notes in taken.items()}

    def notes_before(self, account: str, rules: Collection[str]) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """What these checks wrote down last of each of an account's documents, in whichever audit: by address and
        rule."""
        taken: dict[str, dict[str, Mapping[str, object]]] = defaultdict(dict)
        with self._database.reading() as connection:
            for row in connection.execute(
                select(page.c.url, note.c.rule, note.c.facts)
                .join_from(page, note)
                .where(page.c.account == account, page.c.state != PageState.GONE, note.c.rule.in_(rules))
            ):
                taken[row.url][row.rule] = row.facts
        return taken

    def outcomes(self, audit_id: int, account: str) -> Mapping[str, set[Outcome]]:
        """What this audit has found on the account's pages, by rule."""
        seen: dict[str, set[Outcome]] = defaultdict(set)
        with self._database.reading() as connection:
            for rule, outcome in connection.execute(
                select(sighting.c.rule, sighting.c.outcome)
                .join_from(page, sighting)
                .where(page.c.account == account, page.c.audit == audit_id, page.c.state.in_(SEEN))
                .distinct()
            ):
                seen[rule].add(Outcome(outcome))
        return seen

    def remarks(self, audit_id: int, account: str) -> Counter[Remark]:
        """What checks said of an account's documents beside findings, and how often."""
        told = (
            select(remark.c.rule, remark.c.aside, remark.c.reason, func.sum(remark.c.times))
            .join_from(page, remark)
            .where(page.c.account == account, page.c.audit == audit_id, page.c.state.in_(SEEN))
            .group_by(remark.c.rule, remark.c.aside, remark.c.reason)
        )
        with self._database.reading() as connection:
            rows = connection.execute(told)
            return Counter({Remark(rule, Aside(aside), reason): int(times) for rule, aside, reason, times in rows})


def _why(row: Any) -> Blind:
    """Why a page was missed, whole or in part; where nobody said it, what was amiss with it."""
    return blind_of(row.blind) if row.blind else Blind(row.problem, Reason.NOT_IN_ROUTE)
