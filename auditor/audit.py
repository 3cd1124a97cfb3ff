"""One audit: plan, look, judge, remember. It wires the parts together and contains no rule.

It is cut into shards, which an engine has done here, in other processes or on other machines. An audit that was stopped
is gone on with: what it read is not read again.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from auditor import due
from auditor.check import Check, built
from auditor.conclusions import Conclusions
from auditor.config import Config
from auditor.engine.executor import Executor, InProcess
from auditor.engine.ledger import Ended
from auditor.engine.local import LocalExecutor
from auditor.engine.messages import Setup
from auditor.engine.plan import by_address, by_host, by_school, cut, processes
from auditor.engine.process import RunnerProcess
from auditor.engine.shard import Part, Shard, Stage
from auditor.engine.watch import Limits
from auditor.errors import Mistake
from auditor.imported import imported
from auditor.judge import DISTRICT
from auditor.model import Account, Blind, Coverage, LinkState, LinkVerdict, Picture, Reason
from auditor.roster.book import Roster
from auditor.store import Store
from auditor.store.rows import Audit as AuditRow
from auditor.store.rows import AuditState
from auditor.terms import Terms
from reports.story import shared
from spiders.platform import Route
from spiders.platforms import plan

Tell = Callable[[str], None]

SCHEDULE: Final = "schedule"
"""The trigger of an audit that nobody asked for just now."""

BRINGS_DOWN: Final = "it brought the program down again and again; it was left out"

_SAYS: Final = {
    Stage.CRAWL: "Reading",
    Stage.LINKS: "Visiting links",
    Stage.PICTURES: "Looking at images",
    Stage.CONCLUDE: "Judging",
}


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
        early: Iterable[RunnerProcess] = (),
    ) -> None:
        """`early` are runners that were started beforehand, in case this audit wants some."""
        self.config = config
        self.store = store
        self.district = config.district
        self.roster = roster
        self.tell = tell
        # Checks that are not the usual ones are known to this process alone.
        self.alone = checks is not None or not config.path.is_file()
        self.checks = checks if checks is not None else built()
        # The district's own clock: a dismissal lapses on the district's day.
        self.now = datetime.now(config.zone)
        self._early = early
        self._left_out: dict[str, str] = {}

    def run(self, accounts: Sequence[Account], trigger: str = "command") -> Result:
        """Audits the accounts; goes on with an audit of the same accounts that was stopped. Raises `Stopped`."""
        terms, audit, concluded = self._begin([account.id for account in accounts], trigger)
        left = [account for account in accounts if account.id not in concluded]
        row = next(one for one in self.store.audits() if one.id == audit)
        conclusions = Conclusions(self.config, self.store, terms.judge, audit, row.accounts, self.now)
        try:
            with contextlib.closing(self._executor(terms, row, left, asked=trigger != SCHEDULE)) as executor:
                self._look_and_judge(row, left, conclusions, executor)
            conclusions.conclude_district(self.roster)
            self.store.retire_accounts([*(a.id for a in self.district.accounts), DISTRICT.id], self.now)
            private = [a.id for a in self.district.accounts if not shared(a)]
            self.store.finish_audit(audit, datetime.now(UTC), unshared=private)
        except BaseException:
            # Whatever ended it, it can be gone on with; where the store cannot be written, the next run finds out.
            with contextlib.suppress(Mistake):
                self.store.stop_audit(audit, datetime.now(UTC))
            raise
        return self._result(audit, accounts)

    def _begin(self, ids: Sequence[str], trigger: str) -> tuple[Terms, int, frozenset[str]]:
        """The audit to do, by what it judges, and the accounts that it has concluded already.

        All of it is judged by the day on which it began, and a stopped one is gone on with only where it would still
        be judged on the same ground.
        """
        policy = self.config.policy.id
        last = self.store.last_audit()
        if last is not None and last.state is not AuditState.FINISHED:
            terms = self._terms(last.started_at)
            if self.store.unfinished_audit(ids, policy, self.now, basis=terms.basis) == last.id:
                self.tell("Going on with the audit that was stopped.")
                return terms, last.id, self.store.resume_audit(last.id)
        terms = self._terms(self.now)
        return terms, self.store.begin_audit(ids, policy, trigger, self.now, basis=terms.basis), frozenset()

    def _terms(self, began: datetime) -> Terms:
        return Terms(self.config, self.store, self.roster, self.checks, began)

    # -------------------------------------------------------------------------------------------- shards

    def _executor(self, terms: Terms, audit: AuditRow, accounts: Sequence[Account], *, asked: bool) -> Executor:
        """Who does the shards."""
        engine = self.config.engine
        workers = processes(engine, len(by_host(accounts)))
        if self.alone or not accounts or not (workers or engine.dask):
            # Only who does them needs what reads and recognises, and that takes half a second to import.
            stages = imported("auditor.engine.stages").Stages(
                self.config, self.store, self.roster, terms, audit, self.now, self.tell, asked=asked
            )
            return InProcess(stages.do)
        setup = Setup(
            config=str(self.config.path),
            audit=audit.id,
            networks=tuple(map(str, self.config.crawl.allow_networks)),
            basis=terms.basis,
            now=self.now.isoformat(),
            memory=engine.memory,
            asked=asked,
        )
        limits = Limits(engine.memory, engine.minutes)
        if engine.dask:
            # Only who has a cluster has the library for it, and it takes a second to import.
            cluster = imported("auditor.engine.dask")
            executor: Executor = cluster.DaskExecutor(engine.dask, setup, limits, self.tell)
            return executor
        return LocalExecutor(workers, setup, limits, self.tell, early=self._early)

    def _look_and_judge(
        self, audit: AuditRow, accounts: Sequence[Account], conclusions: Conclusions, executor: Executor
    ) -> None:
        """Reads all accounts, then looks at what they show and visits what they link to, each address once; judges."""
        readable = [account for account in accounts if isinstance(plan(account, self.config.platforms), Route)]
        seen = {coverage.account: coverage.documents for coverage in self.store.coverages()}
        usual = sum(seen.values()) / len(seen) if seen else 1.0

        def pages(part: Part) -> float:
            return sum(seen.get(account, usual) for account in part.things)

        def shards(stage: Stage, parts: Iterable[Part], weight: Callable[[Part], float] | None = None) -> list[Shard]:
            return cut(audit.id, stage, parts, executor.workers, weight)

        by_id = {account.id: account for account in accounts}
        for end in self._done(executor, shards(Stage.CRAWL, by_host(accounts), pages)):
            self._leave_out_accounts(audit.id, end)
        images = due.pictures(self.config, self.store, readable, audit.started_at)
        if images:
            self.tell(f"Looking at {len(images):,} distinct images.")
        for end in self._done(executor, shards(Stage.PICTURES, by_address(images))):
            pictures = [Picture(url, problem=f"looking at {BRINGS_DOWN}") for url in end.shard.things]
            self.store.keep_pictures(pictures, due.eyes(self.district), datetime.now(UTC))
        links = due.links(self.store, readable, audit.started_at)
        if links:
            self.tell(f"Visiting {len(links):,} distinct links.")
        for end in self._done(executor, shards(Stage.LINKS, by_address(links))):
            why = f"visiting {BRINGS_DOWN} ({end.why})"
            states = [LinkState(url, LinkVerdict.SKIPPED, why) for url in end.shard.things]
            self.store.keep_link_states(states, datetime.now(UTC), audit.started_at)
        for end in self._done(executor, shards(Stage.CONCLUDE, by_school(accounts))):
            for name in end.shard.things:
                self._left_out[name] = f"judging {BRINGS_DOWN} ({end.why})"
                conclusions.leave_out(by_id[name], Blind(self._left_out[name], Reason.LIMIT))

    def _done(self, executor: Executor, shards: Sequence[Shard]) -> Iterator[Ended]:
        """Has the shards done, and says how far it is; gives those that had to be left out."""
        things = sum(len(shard.things) for shard in shards)
        done = 0
        for end in executor.run(shards):
            done += len(end.shard.things)
            if len(shards) > 1 or end.why:
                self.tell(f"{_SAYS[end.shard.stage]}: {done:,} of {things:,} done.")
            if end.why:
                yield end

    def _leave_out_accounts(self, audit: int, end: Ended) -> None:
        """What brought the program down is told as not read, and as no more than that."""
        with self.store.writer(audit) as writer:
            for name in end.shard.things:
                self._left_out[name] = f"reading {BRINGS_DOWN} ({end.why})"
                writer.blind(name, Blind(self._left_out[name], Reason.LIMIT))
        for name in end.shard.things:
            self.store.gather(audit, name)

    # -------------------------------------------------------------------------------------------- what came of it

    def _result(self, audit: int, accounts: Sequence[Account]) -> Result:
        coverages = {c.account: c for c in self.store.coverages()}
        mine = [(a, coverages[a.id]) for a in accounts if a.id in coverages]
        why = {a.id: self._left_out.get(a.id) or failure(c) for a, c in mine}
        return Result(
            audit=audit,
            accounts=len(mine),
            documents=sum(c.documents for _, c in mine),
            unread=tuple((a, why[a.id]) for a, c in mine if why[a.id] and not withheld(c)),
        )


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
