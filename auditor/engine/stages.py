"""What is done with a shard of each stage, in whichever process: from the configuration and the store alone."""

import contextlib
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import psutil

from auditor import __version__, renewals, store
from auditor.check import built
from auditor.conclusions import Conclusions
from auditor.config import Config, load, networks
from auditor.desk import Desk
from auditor.detect import models
from auditor.detect.reading import Recogniser
from auditor.engine.messages import Setup
from auditor.engine.plan import politeness_key
from auditor.engine.runner import Work
from auditor.engine.shard import Shard, Stage
from auditor.engine.watch import MB
from auditor.enrolment import stored
from auditor.errands import Errands
from auditor.errors import Mistake
from auditor.model import Account
from auditor.recall import HostBook, Recall
from auditor.roster.book import Roster
from auditor.store import Store
from auditor.store.rows import Audit
from auditor.terms import Terms
from auditor.tidying import seldom_tidied
from spiders.browser_on_demand import BrowserOnDemand
from spiders.link_certificate import Certificates
from spiders.platform import Refusal, Route
from spiders.platforms import as_shown, plan
from spiders.reactor import run
from spiders.reading import Assignment, CrawlOptions, Renderer, may_pass
from spiders.scope import EVERYWHERE, Scope, neighbourhood
from spiders.website import read

if sys.platform != "win32":
    import resource

Tell = Callable[[str], None]

SPARE: Final = 2048
"""MB of addresses that a process may reserve beyond its memory: libraries use little of what they reserve."""


class Stages:
    """Does the shards of one audit. `now` is the moment by which this run of it concludes."""

    def __init__(
        self,
        config: Config,
        memory: Store,
        roster: Roster | None,
        terms: Terms,
        audit: Audit,
        now: datetime,
        tell: Tell,
        options: CrawlOptions | None = None,
        *,
        asked: bool = True,
    ) -> None:
        self._config, self._store, self._roster, self._terms = config, memory, roster, terms
        self._audit, self._audited, self._now, self._tell = audit.id, frozenset(audit.accounts), now, tell
        self._accounts = {account.id: account for account in config.district.accounts}
        self._options = options or crawl_options(config)
        self._recall = Recall(memory)
        self.errands = Errands(config, memory, audit.id, terms.began, self._options.manners, asked=asked)
        self.conclusions = Conclusions(config, memory, terms.judge, audit.id, audit.accounts, now)

    @seldom_tidied()
    def do(self, shard: Shard) -> None:
        """Does the shard. What of it this audit has done already is not done again."""
        if shard.stage is Stage.CRAWL:
            self._crawl([self._accounts[name] for name in shard.things])
        elif shard.stage is Stage.LINKS:
            run(self.errands.visit_links(shard.things, self._read_on(shard.keys)))
        elif shard.stage is Stage.PICTURES:
            run(self.errands.look_at_pictures(shard.things))
        else:
            for name in shard.things:
                self.conclusions.conclude(self._accounts[name])

    def _crawl(self, accounts: Sequence[Account]) -> None:
        """Reads the accounts, adds up what they link to and show, and settles what of that they read themselves."""
        planned = [(account, plan(account, self._config.platforms)) for account in accounts]
        readable = [account for account, how in planned if isinstance(how, Route)]
        for account in accounts:
            self._store.forget_blind(self._audit, account.id)
        with self._store.writer(self._audit) as writer:
            for account, how in planned:
                if isinstance(how, Refusal):
                    # Kept, as a token may lack here and stand where the account is concluded.
                    writer.blind(account.id, how.blind)
            own = {account.id: account for account in accounts}
            judge = self._terms.judge
            past = partial(self._recall.notes, rules=judge.remembers)
            desk = Desk(own, self._recogniser, judge, writer, self._progress, self._terms.ground.of, past)
            run(self._read([self._assignment(account) for account in readable], desk))
        for account in accounts:
            self._store.gather(self._audit, account.id)
            self.errands.settle_links(account)

    async def _read(self, assignments: Sequence[Assignment], desk: Desk) -> None:
        async with self._browser() as renderer:
            await read(assignments, self._options, desk, renderer, HostBook(self._store))
        manners, now = self._options.manners, datetime.now(UTC)
        with contextlib.closing(Certificates(manners.guard(), manners.deadline, now)) as certificates:
            await renewals.note(self._store, [one.account for one in assignments], certificates.ends_soon, now)

    @contextlib.asynccontextmanager
    async def _browser(self) -> AsyncIterator[Renderer | None]:
        """A browser for pages that are empty without one, where there is one and the district wants it."""
        if self._terms.browser is None:
            yield None
            return
        async with BrowserOnDemand(self._terms.browser, self._options.manners) as browser:
            yield browser

    @cached_property
    def _recogniser(self) -> Recogniser:
        names = models.load(self._config.names)
        return Recogniser(self._config.district, self._store.fingerprint, self._roster, names=names)

    @cached_property
    def _neighbours(self) -> Mapping[str, Sequence[str]]:
        """The addresses of all accounts, by where they lie."""
        found: dict[str, list[str]] = defaultdict(list)
        for account in self._accounts.values():
            found[neighbourhood(account.url)].append(account.url)
        return found

    def _assignment(self, account: Account) -> Assignment:
        """Where to begin: the account's own address and pages with open findings.

        What this audit settled before it was stopped is not asked for again, but what the network kept from it is.
        """
        near = (*self._neighbours.get(neighbourhood(account.url), ()), *self._neighbours.get(EVERYWHERE, ()))
        elsewhere = tuple(url for url in near if url != account.url)
        planned = plan(account, self._config.platforms)
        route = planned if isinstance(planned, Route) else None
        pages = self._store.open_pages(account.id)
        shown = plan(as_shown(account, HostBook(self._store)), self._config.platforms)
        if not isinstance(shown, Route) or shown.is_website:
            # A route of its own lists what belongs to the account, wherever that lies.
            scope = Scope(account.url, elsewhere)
            strays = [url for url in pages if not (scope.holds_frame(url) or scope.holds_file(url))]
            self._store.withdraw_pages(account.id, strays, "the page is no longer part of the account", self._now)
        front = self._store.frontier(self._audit, account.id)
        again = {url for url, blind in front.missed if may_pass(blind)}
        # Of what was missed for good it is only known that it is there: it counts as asked for, near the front page.
        depths = {url: int(url != account.url) for url, _ in front.missed} | dict(front.depths)
        return Assignment(
            account=account,
            # What was missed may stand behind a redirect, which by itself leads nowhere any more.
            seeds=(*pages, *sorted(again)),
            done={url: depths.get(url, -1) for url in front.done if url not in again},
            elsewhere=elsewhere,
            depths=self._store.depths_before(account.id, pages),
            memory=self._recall.of(account.id, self._terms.ground.of(account)),
            route=route,
        )

    def _read_on(self, keys: Collection[str]) -> list[Account]:
        """The accounts of this audit that lie on those hosts."""
        return [account for key in sorted(keys) for account in self._by_host.get(key, ())]

    @cached_property
    def _by_host(self) -> Mapping[str, Sequence[Account]]:
        """The accounts of this audit, by what they have in common as a shard's key."""
        found: dict[str, list[Account]] = defaultdict(list)
        for account in self._accounts.values():
            if account.id in self._audited:
                found[politeness_key(account.url)].append(account)
        return found

    def _progress(self, account: str, documents: int) -> None:
        if documents == 1 or documents % 100 == 0:
            self._tell(f"{account}: {documents:,} read")


def crawl_options(config: Config) -> CrawlOptions:
    """How the configuration says that pages are read."""
    return CrawlOptions(
        contact=config.crawl.contact,
        max_pages=config.crawl.max_pages,
        delay=config.crawl.delay,
        allow_networks=tuple(str(network) for network in config.crawl.allow_networks),
        render=config.crawl.render,
        version=__version__,
    )


# ------------------------------------------------------------------------------------------------ in a runner


@contextlib.contextmanager
def begin(setup: Setup, tell: Tell) -> Iterator[Work]:
    """Makes ready for the shards of an audit that another process has begun.

    Raises `Mistake` where this process would judge otherwise: it has another version, configuration or roster.
    """
    config = load(Path(setup.config), datetime.now(UTC).date())
    config = replace(config, crawl=replace(config.crawl, allow_networks=networks(setup.networks)))
    with store.open(config) as memory:
        audit = next((one for one in memory.audits() if one.id == setup.audit), None)
        if audit is None:
            raise Mistake(f"{config.path}: the store that it names does not know the audit")
        roster = stored(config, memory)
        terms = Terms(config, memory, roster, built(), audit.started_at)
        if terms.basis != setup.basis:
            raise Mistake(
                "here are other files, another version of auditor or another browser than where the audit was begun; "
                f"make them alike: {config.path} and what it names, the program itself, and whether there is a browser"
            )
        if terms.browser is None:
            bound(setup.memory)
        yield Stages(
            config, memory, roster, terms, audit, datetime.fromisoformat(setup.now), tell, asked=setup.asked
        ).do


def bound(megabytes: int) -> None:
    """Has the system refuse memory far beyond the limit, for what takes it faster than anybody looks. What a browser
    reserves is beyond any such bound, so it is not for processes that may start one."""
    if sys.platform == "win32" or not megabytes:
        return
    most = psutil.Process().memory_info().vms + (megabytes + SPARE) * MB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
