"""How a finding lives from audit to audit: seen, seen again, gone, back. Runs inside a caller's transaction.

The one rule that everything here serves: silence fixes a finding only where the audit looked.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from auditor.model import Finding, LinkVerdict, Outcome, Severity, Status, Verdict
from auditor.outlets.media import lasting
from auditor.store.columns import clean
from auditor.store.database import Database
from auditor.store.rows import SEEN, PageState, Reach
from auditor.store.schema import finding, finding_event, image, link, link_state, page, picture, sighting

T = TypeVar("T")

_TOGETHER: Final = 4000
"""Sightings that are added up together."""

MACHINE: Final = "auditor"
"""Who did it, where no person decided."""

CONTENT: Final = (
    "fingerprint",
    "rule",
    "outcome",
    "severity",
    "policy",
    "clause",
    "account",
    "school",
    "url",
    "subject",
    "excerpt",
    "advice",
    "confidence",
    "places",
)
"""The columns that say what was found; renewed at every sight."""

_TOLD: Final[Callable[[Finding], tuple[object, ...]]] = attrgetter(*CONTENT)

_STORY: Final = ("status", "fixed_at", "fixed_audit", "came_back_at", "came_back_audit")

_SEEN: Final = update(finding).where(finding.c.fingerprint == bindparam("key"))
_STILL_SEEN: Final = (
    update(finding)
    .where(finding.c.fingerprint.in_(bindparam("keys", expanding=True)))
    .values(last_seen=bindparam("now"), last_audit=bindparam("audit"))
)
_FIXED: Final = (
    update(finding)
    .where(finding.c.fingerprint == bindparam("key"))
    .values(status=Status.FIXED, fixed_at=bindparam("at"), fixed_audit=bindparam("audit"))
)
_KNOWN: Final = (
    select(*(finding.c[name] for name in (*CONTENT, *_STORY, "until", "last_audit")))
    .where(finding.c.fingerprint.in_(bindparam("keys", expanding=True)))
    .with_for_update()
)


class Fixed(NamedTuple):
    """A finding that is over, and why where it was not mended ("" where it was)."""

    fingerprint: str
    reason: str


def batches(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """The values in lists of at most that many: no database takes an endless list of parameters."""
    whole = list(values)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def in_force(until: date | None, today: date) -> bool:
    """Whether a dismissal with that last day still holds; days are those of the caller's time zone."""
    return until is not None and today <= until


# ------------------------------------------------------------------------------------------------ seen


def record(connection: Connection, database: Database, findings: Iterable[Finding], audit: int, now: datetime) -> None:
    """Writes down what an audit sees: new findings are open, known ones are renewed, fixed ones come back.

    What a person decided stands: acknowledged stays acknowledged, dismissed stays dismissed until its last day.
    """
    unique = {f.fingerprint: f for f in findings}
    for keys in batches(sorted(unique)):  # in one order, so that two writers never wait for each other
        known = {row.fingerprint: row for row in connection.execute(_KNOWN, {"keys": keys})}
        fresh = [_fresh_row(unique[key], audit, now) for key in keys if key not in known]
        if fresh:
            statement = database.insert(finding)
            statement = statement.on_conflict_do_update(
                index_elements=["fingerprint"],
                set_={"last_seen": statement.excluded.last_seen, "last_audit": statement.excluded.last_audit},
            )
            connection.execute(statement, fresh)
        as_it_was = [key for key in known if _is_as_it_was(unique[key], known[key], now)]
        late = [key for key in as_it_was if known[key].last_audit != audit]
        if late:
            connection.execute(_STILL_SEEN, {"keys": sorted(late), "now": now, "audit": audit})
        again = [_seen_again(unique[key], known[key], audit, now) for key in sorted(known.keys() - as_it_was)]
        if again:
            connection.execute(_SEEN, [row for row, _ in again])
        events = [event for _, event in again if event]
        if events:
            connection.execute(insert(finding_event), events)


def _content(found: Finding) -> dict[str, Any]:
    return {name: getattr(found, name) for name in CONTENT}


def _is_as_it_was(found: Finding, before: Row[Any], now: datetime) -> bool:
    """Whether just that is written down already, and nothing is to be decided about it."""
    lapsed = before.status == Status.DISMISSED and not in_force(before.until, now.date())
    if before.status == Status.FIXED or lapsed:
        return False
    known, told = tuple(before[: len(CONTENT)]), _TOLD(found)
    return known == told or known == tuple(map(_plain, told))  # hardly any text is so wild that it is kept otherwise


def _plain(value: object) -> object:
    return clean(str(value)) if isinstance(value, str) else value


def _fresh_row(found: Finding, audit: int, now: datetime) -> dict[str, Any]:
    return {
        **_content(found),
        "status": Status.OPEN,
        "first_seen": now,
        "last_seen": now,
        "first_audit": audit,
        "last_audit": audit,
        "reason": "",
        "who": "",
    }


def _seen_again(
    found: Finding, before: Row[Any], audit: int, now: datetime
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The row as it is now, and the event where its status changed."""
    story = {name: getattr(before, name) for name in _STORY}
    dismissed = in_force(before.until, now.date())
    event = None
    if before.status == Status.FIXED:
        back = Status.DISMISSED if dismissed else Status.OPEN
        story |= {"status": back, "fixed_at": None, "fixed_audit": None, "came_back_at": now, "came_back_audit": audit}
        event = event_row(found.fingerprint, now, MACHINE, "came back", "still dismissed" if dismissed else "")
    elif before.status == Status.DISMISSED and not dismissed:
        story["status"] = Status.OPEN
        event = event_row(found.fingerprint, now, MACHINE, "lapsed", "the dismissal's last day is over")
    row = {**_content(found), **story, "key": found.fingerprint, "last_seen": now, "last_audit": audit}
    del row["fingerprint"]
    return row, event


def event_row(
    fingerprint: str, at: datetime, who: str, what: str, reason: str = "", until: date | None = None
) -> dict[str, Any]:
    """A row of `finding_event`."""
    return {"finding": fingerprint, "at": at, "who": who, "what": what, "reason": reason, "until": until}


def lapse(connection: Connection, now: datetime) -> None:
    """Opens every finding whose dismissal is over."""
    over = (finding.c.status == Status.DISMISSED) & (finding.c.until < now.date())
    keys = connection.execute(select(finding.c.fingerprint).where(over).with_for_update()).scalars().all()
    for some in batches(keys):
        connection.execute(update(finding).where(finding.c.fingerprint.in_(some)).values(status=Status.OPEN))
        reason = "the dismissal's last day is over"
        connection.execute(insert(finding_event), [event_row(key, now, MACHINE, "lapsed", reason) for key in some])


# ------------------------------------------------------------------------------------------------ not seen


def carried(connection: Connection, audit: int, account: str) -> Iterator[list[Finding]]:
    """The findings that stand on the pages of an account that this audit saw, whether or not it judged them anew; some
    of them at a time, by their fingerprints.

    One that stands on several is told as it is where it is gravest, and of those where it stands first; `places`
    counts them.
    """
    told = (
        select(page.c.depth, page.c.url, sighting)
        .join_from(page, sighting)
        .where(page.c.account == account, page.c.audit == audit, page.c.state.in_(SEEN))
    )
    all_told = connection.execute(told.with_only_columns(func.count(), maintain_column_froms=True)).scalar_one()
    for begin, end in _ranges(1 + all_told // _TOGETHER):
        some = told.where(sighting.c.fingerprint >= begin)
        yield _gravest(connection.execute(some.where(sighting.c.fingerprint < end) if end else some))


def _ranges(parts: int) -> Iterator[tuple[str, str]]:
    """About so many ranges of all fingerprints, each with its beginning and where the next one begins ("" for none)."""
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    pairs = ["", *(a + b for a in letters for b in letters)]
    begins = pairs[:: max(1, len(pairs) // parts)]
    return zip(begins, [*begins[1:], ""], strict=True)


def _gravest(rows: Iterable[Row[Any]]) -> list[Finding]:
    best: dict[str, tuple[tuple[object, ...], Finding]] = {}
    pages: Counter[str] = Counter()
    most: dict[str, int] = {}
    for row in rows:
        found = _finding(row)
        key = found.fingerprint
        pages[key] += 1
        most[key] = max(found.places, most.get(key, 1))
        place = (found.outcome is not Outcome.FAIL, found.severity.rank, row.depth, row.url)
        if key not in best or place < best[key][0]:
            best[key] = (place, found)
    return [replace(found, places=max(pages[key], most[key])) for key, (_, found) in best.items()]


def _finding(row: Row[Any]) -> Finding:
    facts = row.facts | {"fingerprint": row.fingerprint, "rule": row.rule, "outcome": Outcome(row.outcome)}
    return Finding(**facts | {"severity": Severity(facts["severity"])})


def settle(
    connection: Connection,
    audit: int,
    account: str,
    number: Callable[..., int],
    verdicts: Iterable[Verdict],
    judged: Mapping[str, Reach],
    complete: bool,
    home: str,
    now: datetime,
) -> None:
    """Decides about every finding of an account that this audit did not see: fixed, withdrawn, or as it was."""
    asked = {v.rule: v for v in verdicts}
    unseen = connection.execute(
        select(finding.c.fingerprint, finding.c.rule, finding.c.url, finding.c.subject, finding.c.places)
        .where(finding.c.account == account, finding.c.status != Status.FIXED, finding.c.last_audit != audit)
        .with_for_update()
    ).all()
    looked = _Looked(connection, (audit, account, number), unseen, judged, complete, home)
    over = []
    for row in unseen:
        verdict = asked.get(row.rule)
        if verdict is None:
            over.append(Fixed(row.fingerprint, "the policy no longer asks for it"))
        elif verdict.outcome is Outcome.NOT_APPLICABLE:
            over.append(Fixed(row.fingerprint, verdict.reason or "the rule no longer applies"))
        elif row.rule in judged and looked.at(row, judged[row.rule]):
            over.append(Fixed(row.fingerprint, ""))
    fix(connection, over, audit, now)


def fix(connection: Connection, over: Collection[Fixed], audit: int | None, now: datetime) -> None:
    """Marks findings as fixed; those with a reason as withdrawn."""
    for some in batches(over):
        connection.execute(_FIXED, [{"key": f.fingerprint, "at": now, "audit": audit} for f in some])
        connection.execute(
            insert(finding_event),
            [event_row(f.fingerprint, now, MACHINE, "withdrawn" if f.reason else "fixed", f.reason) for f in some],
        )


class _Looked:
    """What this audit looked at, out of what the unseen findings of one account are about."""

    def __init__(
        self,
        connection: Connection,
        mine: "_Mine",
        unseen: Sequence[Any],
        judged: Mapping[str, Reach],
        complete: bool,
        home: str,
    ) -> None:
        self.complete = complete
        self.home = home
        by_reach: dict[Reach, set[str]] = {reach: set() for reach in Reach}
        for row in unseen:
            if row.rule in judged:
                by_reach[judged[row.rule]].add(row.subject)
        self.pages = set(_pages_read(connection, mine, {row.url for row in unseen}))
        self.links = dict(_links_visited(connection, mine, by_reach[Reach.LINK]))
        self.images = dict(_images_looked_at(connection, mine, by_reach[Reach.PICTURE]))

    def at(self, row: Any, reach: Reach) -> bool:
        """Whether the audit looked where this finding was, with the eyes of a rule of that reach."""
        if reach is Reach.DOCUMENT:
            return row.url in self.pages
        names_a_thing = row.subject != self.home and row.subject.startswith(("http://", "https://"))
        if reach is Reach.ACCOUNT and not names_a_thing:
            return row.url in ("", self.home) or row.url in self.pages or self.complete
        still_there = {Reach.LINK: self.links, Reach.PICTURE: self.images}.get(reach, {})
        if row.subject in still_there:
            return still_there[row.subject]
        return self.complete or (row.places <= 1 and row.url in self.pages)


_Mine = tuple[int, str, Callable[..., int]]
"""An audit, an account, and what numbers its pages."""


def _pages_read(connection: Connection, mine: _Mine, urls: Collection[str]) -> Iterator[str]:
    """Those of the addresses that were read whole, or where nothing is any more."""
    audit, account, number = mine
    for some in batches(urls):
        yield from connection.execute(
            select(page.c.url).where(
                page.c.audit == audit,
                page.c.id.in_([number(account, url) for url in some]),
                ((page.c.state == PageState.READ) & (page.c.problem == "")) | (page.c.state == PageState.GONE),
            )
        ).scalars()


def _links_visited(connection: Connection, mine: _Mine, urls: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The links that the account still has; True for those whose far side gave an answer that can be judged."""
    told = {LinkVerdict.ALIVE, LinkVerdict.BROKEN, LinkVerdict.SUSPICIOUS}
    for some in batches(urls):
        for url, verdict, kind in connection.execute(
            select(link.c.url, link_state.c.verdict, link_state.c.kind)
            .join_from(link, link_state, link.c.url == link_state.c.url, isouter=True)
            .where(link.c.account == mine[1], link.c.url.in_(some))
        ):
            yield url, verdict in told and kind != "garbled"  # an answer that nobody can read tells nothing


def _images_looked_at(connection: Connection, mine: _Mine, urls: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The images that the account still shows, at whatever address; True for those that could be looked at."""
    shown = (
        select(image.c.url, picture.c.problem)
        .join_from(image, picture, image.c.url == picture.c.url, isouter=True)
        .where(image.c.account == mine[1])
    )
    for some in batches(urls):
        for url, problem in connection.execute(shown.where(image.c.url.in_(some))):
            yield url, problem == ""
    signed = {kept: url for url in urls if (kept := lasting(url)) != url}
    if signed:
        looked_at: dict[str, bool] = {}
        for url, problem in connection.execute(shown):
            if (subject := signed.get(lasting(url))) is not None:
                looked_at[subject] = problem == "" or looked_at.get(subject, False)
        yield from looked_at.items()
