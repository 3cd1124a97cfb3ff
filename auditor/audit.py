"""One audit: plan, look, judge, remember. It wires the parts together and contains no rule.

Documents are judged as they come in; links and images wait until all accounts are read, so that each is visited once.
An audit that was stopped is gone on with: what it read is not read again.
"""

import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from auditor import __version__
from auditor.backlinks import linked_from, sites_for
from auditor.check import PUBLISHING, Check, built
from auditor.config import Config
from auditor.desk import Desk
from auditor.detect import models
from auditor.detect.reading import Recogniser
from auditor.errands import Errands
from auditor.errors import Stopped
from auditor.ground import Ground
from auditor.judge import DISTRICT, Judge, Said
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    Coverage,
    DistrictFacts,
    LinkUse,
    PictureUse,
    Reading,
    Reason,
)
from auditor.recall import Recall
from auditor.roster.book import Roster
from auditor.store import Store
from auditor.store.rows import AuditState, Reach
from auditor.store.writer import Writer
from reports.story import shared
from spiders.browser_on_demand import BrowserOnDemand
from spiders.browser_search import find
from spiders.coverage import Tally, refused
from spiders.platform import Refusal, Route
from spiders.platforms import plan
from spiders.reactor import run
from spiders.reading import Assignment, CrawlOptions, Renderer, may_pass
from spiders.scope import EVERYWHERE, Scope, neighbourhood
from spiders.website import read

Tell = Callable[[str], None]

SCHEDULE: Final = "schedule"
"""The trigger of an audit that nobody asked for just now."""

REACHES = {
    Reading: Reach.DOCUMENT,
    LinkUse: Reach.LINK,
    PictureUse: Reach.PICTURE,
    AccountFacts: Reach.ACCOUNT,
    DistrictFacts: Reach.ACCOUNT,
}

_SITES_AT_ONCE: Final = 64


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
        self.checks = checks if checks is not None else built()
        # The district's own clock: a dismissal lapses on the district's day.
        self.now = datetime.now(ZoneInfo(config.district.timezone))
        self.browser = find(config.crawl.browser) if config.crawl.render != "never" else None
        self.recall = Recall(store)
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
        asked = trigger != SCHEDULE
        errands = Errands(self.config, self.store, audit, self.began, self.options.manners, self.tell, asked=asked)
        try:
            with self.store.writer(audit) as writer:
                own = {a.id: a for a in left}
                desk = Desk(own, self.recogniser, self.judge, writer, self._progress, self.ground.of)
                run(self._look(audit, left, plans, desk, writer, errands))
            tallies = {a.id: self._tally(audit, a) for a in left}
            coverages = {a.id: self._coverage(a, plans[a.id], tallies[a.id]) for a in left}
            backlinks = Backlinks(self.store, self.district.accounts, coverages)
            for account in left:
                self._conclude(audit, account, tallies[account.id], coverages[account.id], backlinks)
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
        """The audit to do, and the accounts that it has concluded already.

        All of it is judged by the day on which it began, and a stopped one is gone on with only where it would still
        be judged on the same ground.
        """
        policy = self.config.policy.id
        last = self.store.last_audit()
        if last is not None and last.state is not AuditState.FINISHED:
            self._judge_by(last.started_at)
            basis = self.ground.basis(self.district.accounts)
            if self.store.unfinished_audit(ids, policy, self.now, basis=basis) == last.id:
                self.tell("Going on with the audit that was stopped.")
                return last.id, self.store.resume_audit(last.id)
        self._judge_by(self.now)
        basis = self.ground.basis(self.district.accounts)
        return self.store.begin_audit(ids, policy, trigger, self.now, basis=basis), frozenset()

    def _judge_by(self, began: datetime) -> None:
        """Sets the day by which everything is judged, and the ground."""
        self.began = began
        today = began.astimezone(self.now.tzinfo).date()
        available = {"roster", *self.roster.on_record()} if self.roster is not None else set()
        if self.district.logos:
            available.add("logos")
        fingerprint = self.store.fingerprint
        self.judge = Judge(self.district, self.config.policy, today, fingerprint, available, self.checks)
        sight = f"{self.config.crawl.render} {'with' if self.browser else 'without'} a browser"
        self.ground = Ground(self.config, self.roster, self.checks, today, sight)

    def _assignments(self, audit: int, accounts: Sequence[Account]) -> list[Assignment]:
        """What to read of each account."""
        neighbours: dict[str, list[str]] = defaultdict(list)
        for account in self.district.accounts:
            neighbours[neighbourhood(account.url)].append(account.url)
        return [
            self._assignment(audit, a, (*neighbours[neighbourhood(a.url)], *neighbours[EVERYWHERE])) for a in accounts
        ]

    def _assignment(self, audit: int, account: Account, near: Sequence[str]) -> Assignment:
        """Where to begin: the account's own address and pages with open findings.

        What this audit settled before it was stopped is not asked for again, but what the network kept from it is.
        """
        elsewhere = tuple(url for url in near if url != account.url)
        scope = Scope(account.url, elsewhere)
        pages = self.store.open_pages(account.id)
        strays = [url for url in pages if not (scope.holds_frame(url) or scope.holds_file(url))]
        self.store.withdraw_pages(account.id, strays, "the page is no longer part of the account", self.now)
        front = self.store.frontier(audit, account.id)
        again = {url for url, blind in front.missed if may_pass(blind)}
        # Of what was missed for good it is only known that it is there: it counts as asked for, near the front page.
        depths = {url: int(url != account.url) for url, _ in front.missed} | dict(front.depths)
        return Assignment(
            account=account,
            # What was missed may stand behind a redirect, which by itself leads nowhere any more.
            seeds=(*pages, *sorted(again)),
            done={url: depths.get(url, -1) for url in front.done if url not in again},
            elsewhere=elsewhere,
            memory=self.recall.of(account.id, self.ground.of(account)),
        )

    # -------------------------------------------------------------------------------------------- look

    async def _look(
        self,
        audit: int,
        accounts: Sequence[Account],
        plans: Mapping[str, Route | Refusal],
        desk: Desk,
        writer: Writer,
        errands: Errands,
    ) -> None:
        """Reads all accounts, then visits what they link to and looks at what they show, each address once."""
        readable = [a for a in accounts if isinstance(plans[a.id], Route)]
        async with self._browser() as renderer:
            await read(self._assignments(audit, readable), self.options, desk, renderer, HostBook(self.store))
        writer.flush()
        for account in accounts:
            self.store.gather(audit, account.id)
        await errands.visit_links(readable)
        await errands.look_at_pictures(readable)

    @contextlib.asynccontextmanager
    async def _browser(self) -> AsyncIterator[Renderer | None]:
        """A browser for pages that are empty without one, where there is one and the district wants it."""
        if self.browser is None:
            yield None
            return
        async with BrowserOnDemand(self.browser, self.options.manners) as browser:
            yield browser

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

    def _conclude(self, audit: int, account: Account, tally: Tally, coverage: Coverage, backlinks: "Backlinks") -> None:
        """Judges what only the whole account shows, and settles its findings."""
        uses = tuple(self.store.link_uses(account.id)) if account.kind in PUBLISHING else ()
        said = Said(dict(self.store.outcomes(audit, account.id)), self.store.remarks(audit, account.id))
        found = [finding for use in uses for finding in said.add(self.judge.link(account, use))]
        for picture in self.store.picture_uses(account.id):
            found += said.add(self.judge.picture(account, picture))
        facts = AccountFacts(
            account=account,
            coverage=coverage,
            failure=tally.failure if coverage.route != "none" else coverage.blind[0].what,
            newest=tally.newest,
            linked_from=backlinks.of(account),
            links=uses,
        )
        found += said.add(self.judge.account(facts, self.store.notes(audit, account.id)))
        self.store.conclude(
            audit,
            account,
            verdicts=self.judge.verdicts(coverage, account, said),
            coverage=coverage,
            judged=self._judged(account, said),
            now=self.now,
            findings=found,
        )

    def _conclude_district(self, audit: int) -> None:
        about = self.roster.about if self.roster else None
        facts = DistrictFacts(
            roster_loaded_on=about.loaded_on if about else None,
            flags_loaded_on=about.flags_loaded_on if about else None,
            students=len(self.roster) if self.roster else 0,
            policy_reviewed_on=self.district.policy_reviewed_on,
            policy_revised_on=self.config.policy.revised_on,
        )
        said = Said()
        found = said.add(self.judge.of_district(facts))
        self.store.conclude(
            audit,
            DISTRICT,
            verdicts=self.judge.district_verdicts(said),
            coverage=None,
            judged=self._judged(DISTRICT, said),
            now=self.now,
            findings=found,
        )

    def _judged(self, account: Account, said: Said) -> dict[str, Reach]:
        return {rule: REACHES[reads] for rule, reads in self.judge.judged(account, said).items()}

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


class Backlinks:
    """Which pages of the schools' own sites link to an account. The links of a site are read once for its school."""

    def __init__(self, store: Store, accounts: Sequence[Account], coverages: Mapping[str, Coverage]) -> None:
        self._sites: dict[str, list[Account]] = defaultdict(list)
        for account in accounts:
            self._sites[account.school].append(account)
        self._coverages = {c.account: c for c in store.coverages()} | dict(coverages)
        self._links = lru_cache(_SITES_AT_ONCE)(lambda site: {use.link.url: use.page for use in store.link_uses(site)})

    def of(self, account: Account) -> tuple[str, ...] | None:
        """The pages that link to the account; None where nobody can tell."""
        near = self._sites[account.school] if account.school else []
        sites = sites_for(account, [*near, *self._sites[""]])
        return linked_from(account, sites, {site.id: self._links(site.id) for site in sites}, self._coverages)


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
