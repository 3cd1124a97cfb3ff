"""One audit: plan, look, judge, remember. It wires the parts together and contains no rule.

Documents are judged as they come in; links and images wait until all accounts are read, so that each is visited once.
An audit that was stopped is gone on with: what it read is not read again.
"""

import contextlib
import hashlib
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from auditor import __version__
from auditor.backlinks import linked_from, sites_for
from auditor.check import PUBLISHING, Check
from auditor.config import Config
from auditor.desk import Desk
from auditor.detect import models
from auditor.detect.reading import Recogniser
from auditor.errors import Stopped
from auditor.judge import DISTRICT, Judge
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    Coverage,
    DistrictFacts,
    LinkState,
    LinkUse,
    Picture,
    PictureUse,
    Reading,
    Reason,
)
from auditor.pictures.logos import LogoBook
from auditor.roster.book import Roster
from auditor.store import Store
from auditor.store.lifecycle import batches
from auditor.store.rows import Reach
from auditor.store.writer import Writer
from reports.story import shared
from spiders import images
from spiders.browser_on_demand import BrowserOnDemand
from spiders.browser_search import find
from spiders.coverage import Tally, refused
from spiders.links import Before, Known, LinkAsk, LinkOptions, visit
from spiders.platform import Refusal, Route
from spiders.platforms import plan
from spiders.reactor import run
from spiders.reading import Assignment, CrawlOptions, Renderer
from spiders.scope import Scope, visitable
from spiders.website import read

T = TypeVar("T")

Tell = Callable[[str], None]

REACHES = {
    Reading: Reach.DOCUMENT,
    LinkUse: Reach.LINK,
    PictureUse: Reach.PICTURE,
    AccountFacts: Reach.ACCOUNT,
    DistrictFacts: Reach.ACCOUNT,
}

EYES = "1"
"""Version of the code that compares pictures: what older eyes saw is looked at again."""

ALIVE_RESTS: Final = timedelta(days=6)
"""How long a link that was alive may go unvisited: less than a week, so that each weekly audit looks at all of them."""


class HostBook:
    """What the store remembers of hosts, as a crawl asks for it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, host: str) -> Mapping[str, object]:
        """What was remembered of that host; empty where nothing was."""
        facts, _ = self._store.host_facts([host]).get(host, ({}, None))
        return facts

    def remember(self, host: str, facts: Mapping[str, object]) -> None:
        """Keeps the facts of that host."""
        self._store.learn_host(host, facts, datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Result:
    """What an audit came to. `unread` names the accounts that could not be read at all, and why."""

    audit: int
    accounts: int
    documents: int
    unread: tuple[tuple[Account, str], ...]


class Audit:
    """One run over a set of accounts of one district, with the store open and the district's lock held."""

    def __init__(
        self,
        config: Config,
        store: Store,
        roster: Roster | None,
        tell: Tell,
        checks: Mapping[str, Check] | None = None,
    ) -> None:
        self.config = config
        self.store = store
        self.district = config.district
        self.roster = roster
        self.tell = tell
        # The district's own clock: a dismissal lapses on the district's day.
        self.now = datetime.now(ZoneInfo(config.district.timezone))
        self.began = self.now
        """When the audit began: before `self.now`, where it was stopped and is gone on with."""
        today = self.now.date()
        available = {"roster", *roster.on_record()} if roster is not None else set()
        if config.district.logos:
            available.add("logos")
        self.judge = Judge(config.district, config.policy, today, store.fingerprint, available, checks)
        self.recogniser = Recogniser(config.district, store.fingerprint, roster, names=models.load(config.names))
        self.options = CrawlOptions(
            contact=config.crawl.contact,
            max_pages=config.crawl.max_pages,
            delay=config.crawl.delay,
            allow_networks=tuple(str(network) for network in config.crawl.allow_networks),
            render=config.crawl.render,
            version=__version__,
        )

    def run(self, accounts: Sequence[Account], trigger: str = "command") -> Result:
        """Audits the accounts; goes on with an audit of the same accounts that was stopped. Raises `Stopped`."""
        audit, concluded = self._begin([account.id for account in accounts], trigger)
        left = [account for account in accounts if account.id not in concluded]
        plans = {account.id: plan(account, {}) for account in left}
        try:
            with self.store.writer(audit) as writer:
                desk = Desk({a.id: a for a in left}, self.recogniser, self.judge, writer, self._progress)
                run(self._look(audit, left, plans, desk, writer))
            tallies = {a.id: self._tally(audit, a) for a in left}
            coverages = {a.id: self._coverage(a, plans[a.id], tallies[a.id]) for a in left}
            for account in left:
                self._conclude(audit, account, tallies[account.id], coverages)
        except (Stopped, KeyboardInterrupt):
            self.store.stop_audit(audit, datetime.now(UTC))
            raise
        self._conclude_district(audit)
        self.store.retire_accounts([*(a.id for a in self.district.accounts), DISTRICT.id], self.now)
        private = [a.id for a in self.district.accounts if not shared(a)]
        self.store.finish_audit(audit, datetime.now(UTC), unshared=private)
        return self._result(audit, accounts)

    # -------------------------------------------------------------------------------------------- plan

    def _begin(self, ids: Sequence[str], trigger: str) -> tuple[int, frozenset[str]]:
        basis = self._basis()
        stopped = self.store.unfinished_audit(ids, self.config.policy.id, self.now, basis=basis)
        if stopped is not None:
            self.tell("Going on with the audit that was stopped.")
            self.began = next(a.started_at for a in self.store.audits() if a.id == stopped)
            return stopped, self.store.resume_audit(stopped)
        return self.store.begin_audit(ids, self.config.policy.id, trigger, self.now, basis=basis), frozenset()

    def _basis(self) -> str:
        """A digest of what the judging depends on: where it changed, a stopped audit is begun anew."""
        ground = (
            __version__,
            *(f"{demand.rule}: {demand}; {demand.clauses}" for demand in self.config.policy.asked),
            json.dumps(asdict(self.district), sort_keys=True, default=_plain),
            self.roster.about.source if self.roster else "",
            self.config.names,
        )
        return hashlib.blake2b("\0".join(ground).encode(), digest_size=16).hexdigest()

    def _assignment(self, audit: int, account: Account) -> Assignment:
        """Where to begin: the account's own address, what was left in the queue, and pages with open findings."""
        frontier = self.store.frontier(audit, account.id)
        elsewhere = tuple(a.url for a in self.district.accounts if a.id != account.id)
        scope = Scope(account.url, elsewhere)
        pages = self.store.open_pages(account.id)
        strays = [url for url in pages if not (scope.holds_frame(url) or scope.holds_file(url))]
        self.store.withdraw_pages(account.id, strays, "the page is no longer part of the account", self.now)
        return Assignment(
            account=account,
            seeds=tuple(dict.fromkeys((*(url for url, _ in frontier.queued), *pages))),
            depths=dict(frontier.queued),
            done=dict.fromkeys(frontier.done, 0),
            elsewhere=elsewhere,
        )

    # -------------------------------------------------------------------------------------------- look

    async def _look(
        self, audit: int, accounts: Sequence[Account], plans: Mapping[str, Route | Refusal], desk: Desk, writer: Writer
    ) -> None:
        """Reads all accounts, then visits what they link to and looks at what they show, each address once."""
        readable = [a for a in accounts if isinstance(plans[a.id], Route)]
        for account in readable:
            # What an earlier run of this audit read is alive, and need not be visited as somebody's link.
            desk.known.update(dict.fromkeys(self.store.frontier(audit, account.id).read, Known()))
        async with self._browser() as renderer:
            await read(
                [self._assignment(audit, a) for a in readable], self.options, desk, renderer, HostBook(self.store)
            )
        writer.flush()
        await self._visit_links(audit, readable, desk)
        await self._look_at_pictures(audit, readable)

    @contextlib.asynccontextmanager
    async def _browser(self) -> AsyncIterator[Renderer | None]:
        """A browser for pages that are empty without one, where there is one and the district wants it."""
        executable = find(self.config.crawl.browser) if self.options.render != "never" else None
        if executable is None:
            yield None
            return
        async with BrowserOnDemand(executable, self.options.manners) as browser:
            yield browser

    async def _visit_links(self, audit: int, accounts: Sequence[Account], desk: Desk) -> None:
        """Visits every distinct link of the accounts; what the crawl already read is settled without a visit."""
        urls = self._links_due(audit, accounts, desk)
        if not urls:
            return
        self.tell(f"Visiting {len(urls):,} distinct links.")
        kept = Bundle[LinkState](lambda states: self.store.keep_link_states(states, datetime.now(UTC)))
        options = LinkOptions(self.options.manners, known=desk.known, before=self._before(urls), now=self.began)
        try:
            await visit((LinkAsk(url, fragment="#" in url) for url in urls), options, kept.add)
        finally:
            kept.flush()

    def _before(self, urls: Mapping[str, None]) -> Callable[[Sequence[str]], Mapping[str, Before]]:
        """What earlier audits told of some of the links, asked of the store when it is wanted: there may be many."""
        visited = frozenset(itertools.chain.from_iterable(self.store.link_states(some) for some in batches(urls)))

        def before(some: Sequence[str]) -> Mapping[str, Before]:
            known = [url for url in some if url in visited]
            told = self.store.link_states(known) if known else {}
            return {url: Before(last.state, last.visited_at) for url, last in told.items()}

        return before

    def _links_due(self, audit: int, accounts: Sequence[Account], desk: Desk) -> Mapping[str, None]:
        """The links to visit: those that this audit has not visited, save those that were alive a few days ago.

        No rest has a link into what this crawl missed or found gone, nor one to a place on a page that it read, nor one
        to a page that may only say that it is not there.
        """
        rested = self.began - ALIVE_RESTS
        fronts = [self.store.frontier(audit, account.id) for account in accounts]
        lost = frozenset().union(*(front.done - front.read for front in fronts))
        due: dict[str, None] = {}
        for account in accounts:
            if account.kind not in PUBLISHING:
                continue
            due.update(dict.fromkeys(self.store.links_to_visit(audit, account.id, self.began, rested)))
            for url in self.store.links_to_visit(audit, account.id, self.began):
                page, _, place = url.partition("#")
                read = desk.known.get(page)
                if page in lost or (lost and visitable(page) in lost) or (read and (place or read.doubtful)):
                    due[url] = None
        return due

    async def _look_at_pictures(self, audit: int, accounts: Sequence[Account]) -> None:
        """Compares the accounts' images with the registered logos, where the policy asks about logos."""
        if not self.district.logos or not self.config.policy.demands("unapproved-logo"):
            return
        references = {logo.id: logo.images for logo in self.district.logos}
        eyes = self._eyes()
        left = (self.store.images_to_look_at(audit, a.id, self.began, eyes) for a in accounts)
        urls = dict.fromkeys(itertools.chain.from_iterable(left))
        if not urls:
            return
        self.tell(f"Looking at {len(urls):,} distinct images.")
        kept = Bundle[Picture](lambda pictures: self.store.keep_pictures(pictures, eyes, datetime.now(UTC)))
        with LogoBook(references) as book:

            def look(url: str, content: bytes, problem: str) -> None:
                kept.add(Picture(url, problem=problem) if problem else replace(book.look(content), url=url))

            try:
                await images.fetch(urls, self.options.manners, look)
            finally:
                kept.flush()

    def _eyes(self) -> str:
        """Names what compares pictures: where a logo's file or the code changed, every image is looked at again."""
        digest = hashlib.blake2b(EYES.encode(), digest_size=8)
        for logo in self.district.logos:
            digest.update(logo.id.encode())
            for image in logo.images:
                digest.update(image.read_bytes())
        return digest.hexdigest()

    # -------------------------------------------------------------------------------------------- judge, remember

    def _tally(self, audit: int, account: Account) -> Tally:
        """What all runs of this audit saw and missed of the account."""
        frontier = self.store.frontier(audit, account.id)
        tally = Tally(account)
        tally.documents, tally.oldest, tally.newest = frontier.documents, frontier.oldest, frontier.newest
        for blind in frontier.blind:
            tally.missed("", blind)
        for url, blind in frontier.missed:
            tally.missed(url, blind)
        for url, problem in frontier.problems:
            tally.missed(url, Blind(problem, Reason.NOT_IN_ROUTE))
        return tally

    def _coverage(self, account: Account, planned: Route | Refusal, tally: Tally) -> Coverage:
        if isinstance(planned, Refusal):
            return refused(account, planned.blind, self.now)
        return tally.coverage(self.now)

    def _conclude(self, audit: int, account: Account, tally: Tally, coverages: Mapping[str, Coverage]) -> None:
        """Judges what only the whole account shows, and settles its findings."""
        coverage = coverages[account.id]
        uses = tuple(self.store.link_uses(audit, account.id)) if account.kind in PUBLISHING else ()
        found = [finding for use in uses for finding in self.judge.link(account, use)]
        for picture in self.store.picture_uses(audit, account.id):
            found += self.judge.picture(account, picture)
        facts = AccountFacts(
            account=account,
            coverage=coverage,
            failure=tally.failure if coverage.route != "none" else coverage.blind[0].what,
            newest=tally.newest,
            linked_from=self._linked_from(audit, account, coverages),
            links=uses,
        )
        found += self.judge.account(facts, self.store.notes(audit, account.id))
        self.store.conclude(
            audit,
            account,
            verdicts=self.judge.verdicts(coverage, account, self.store.outcomes(audit, account.id)),
            coverage=coverage,
            judged=self._judged(account),
            now=self.now,
            findings=found,
        )

    def _linked_from(self, audit: int, account: Account, coverages: Mapping[str, Coverage]) -> tuple[str, ...] | None:
        sites = sites_for(account, self.district.accounts)
        earlier = self.store.concluded_in()
        links = {
            site.id: {use.link.url: use.page for use in self.store.link_uses(latest, site.id)}
            for site in sites
            if (latest := audit if site.id in coverages else earlier.get(site.id)) is not None
        }
        known = {c.account: c for c in self.store.coverages()} | dict(coverages)
        return linked_from(account, sites, links, known)

    def _conclude_district(self, audit: int) -> None:
        about = self.roster.about if self.roster else None
        facts = DistrictFacts(
            roster_loaded_on=about.loaded_on if about else None,
            flags_loaded_on=about.flags_loaded_on if about else None,
            students=len(self.roster) if self.roster else 0,
            policy_reviewed_on=self.district.policy_reviewed_on,
            policy_revised_on=self.config.policy.revised_on,
        )
        found = self.judge.of_district(facts)
        self.store.conclude(
            audit,
            DISTRICT,
            verdicts=self.judge.district_verdicts(),
            coverage=None,
            judged=self._judged(DISTRICT),
            now=self.now,
            findings=found,
        )

    def _judged(self, account: Account) -> dict[str, Reach]:
        return {rule: REACHES[reads] for rule, reads in self.judge.judged(account).items()}

    def _result(self, audit: int, accounts: Sequence[Account]) -> Result:
        coverages = {c.account: c for c in self.store.coverages()}
        mine = [(a, coverages[a.id]) for a in accounts if a.id in coverages]
        return Result(
            audit=audit,
            accounts=len(mine),
            documents=sum(c.documents for _, c in mine),
            unread=tuple((a, failure(c)) for a, c in mine if failure(c) and not withheld(c)),
        )

    def _progress(self, account: str, documents: int) -> None:
        if documents == 1 or documents % 100 == 0:
            self.tell(f"{account}: {documents:,} read")


class Bundle(Generic[T]):
    """Keeps things in hundreds: one transaction each would cost more than the visit."""

    def __init__(self, keep: Callable[[Sequence[T]], None], size: int = 200) -> None:
        self._keep, self._size, self._waiting = keep, size, list[T]()

    def add(self, thing: T) -> None:
        """Takes one more."""
        self._waiting.append(thing)
        if len(self._waiting) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Keeps what is waiting."""
        if self._waiting:
            kept, self._waiting = self._waiting, []
            self._keep(kept)


def _plain(value: object) -> object:
    """What JSON has no word for, in an order that is the same in every process."""
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)


def failure(coverage: Coverage) -> str:
    """Why nothing of an account could be read, and what to do about it; "" where something was."""
    if coverage.documents or coverage.complete:
        return ""
    if not coverage.blind:
        return "nothing of it could be read"
    first = coverage.blind[0]
    return f"{first.what.rstrip('.')}. {first.remedy}" if first.remedy else first.what


def withheld(coverage: Coverage) -> bool:
    """Whether the account was left alone because its owner has not offered it: that is no failure of the audit."""
    return any(blind.reason is Reason.NO_CONSENT for blind in coverage.blind)
