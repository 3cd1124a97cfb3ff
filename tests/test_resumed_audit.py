"""An audit that was stopped knows, when it goes on, all that its checks had said before."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from auditor import config as configs
from auditor import store as stores
from auditor.audit import Audit
from auditor.check import Answer, Check, Help, Seen, Unknown
from auditor.errors import Mistake, Stopped
from auditor.model import Blind, Outcome, Reading, Reason
from auditor.rules import RULES
from auditor.store import Store
from tests.servers import serve
from tests.test_audit import District, page

RULE = "political-content"
Look = Callable[[Seen[Reading]], Iterator[Answer]]


class Opinion:
    """A check that changes its mind from audit to audit."""

    def __init__(self) -> None:
        self.look: Look = finds_nothing

    def checks(self) -> dict[str, Check]:
        word = RULES[RULE]
        words = Help("A title", "why", "fix", "blind")
        return {RULE: Check(RULE, Reading, word.severity, word.kinds, self.judge, words)}

    def judge(self, seen: Seen[Reading]) -> Iterator[Answer]:
        return self.look(seen)


def finds(seen: Seen[Reading]) -> Iterator[Answer]:
    if seen.subject.document.depth == 0:
        yield seen.fail("party")


def finds_nothing(_: Seen[Reading]) -> Iterator[Answer]:
    return iter(())


def breaks(_: Seen[Reading]) -> Iterator[Answer]:
    raise ValueError("Ann Example")


def cannot_tell(_: Seen[Reading]) -> Iterator[Answer]:
    yield Unknown("nobody can tell")


def stops_at_the_first_page(words: str) -> None:
    """As a person who presses Ctrl-C when the first page was read."""
    if "1 read" in words:
        raise Stopped


@pytest.mark.parametrize(
    ("look", "reason"), [(breaks, "the check itself failed; see the log"), (cannot_tell, "nobody can tell")]
)
def test_a_check_that_broke_or_could_not_tell_before_a_stop_is_not_checked_afterwards_and_fixes_nothing(
    tmp_path: Path, look: Look, reason: str
) -> None:
    district, opinion, hour = District(tmp_path), Opinion(), count()

    def news(_: object) -> str:
        return page(f'<a href="/news.html">News</a> <p>The news of hour {next(hour)}.</p>')

    with serve({"/": news, "/news.html": news}) as site:
        district.configure(site.url)
        config = configs.load(district.config, datetime.now(UTC).date())
        with stores.open(config) as store:
            (account,) = config.district.accounts

            def audit(look: Look, tell: Callable[[str], None] = lambda _: None) -> None:
                opinion.look = look
                Audit(config, store, None, tell, opinion.checks()).run([account])

            audit(finds)
            with pytest.raises(Stopped):
                audit(look, stops_at_the_first_page)
            audit(finds_nothing)

            assert len(store.audits()) == 2
            assert [(v.outcome, v.reason) for v in store.verdicts() if v.rule == RULE] == [
                (Outcome.NOT_CHECKED, reason)
            ]
            assert statuses(store) == ["open"]

            audit(finds_nothing)

            assert statuses(store) == ["fixed"]


@pytest.mark.parametrize("fault", [Mistake("the other machine has another roster"), ValueError("a bug")])
def test_an_audit_that_a_fault_ends_is_stopped_and_can_be_gone_on_with(tmp_path: Path, fault: Exception) -> None:
    def fails(words: str) -> None:
        if "1 read" in words:
            raise fault

    district = District(tmp_path)
    with serve({"/": page("<p>News.</p>")}) as site:
        district.configure(site.url)
        config = configs.load(district.config, datetime.now(UTC).date())
        with stores.open(config) as store:
            with pytest.raises(type(fault)):
                Audit(config, store, None, fails).run(config.district.accounts)
            stopped = [audit.state for audit in store.audits()]

            Audit(config, store, None, lambda _: None).run(config.district.accounts)

            assert (stopped, [audit.state for audit in store.audits()]) == (["stopped"], ["finished"])


def test_what_a_stopped_run_could_not_see_of_a_site_is_forgotten_where_the_next_run_sees_it(tmp_path: Path) -> None:
    district = District(tmp_path)
    with serve({"/": page('<a href="/news.html">News</a>'), "/news.html": page("<p>News.</p>")}) as site:
        district.configure(site.url)
        config = configs.load(district.config, datetime.now(UTC).date())
        with stores.open(config) as store:
            (account,) = config.district.accounts
            with pytest.raises(Stopped):
                Audit(config, store, None, stops_at_the_first_page).run([account])
            with store.writer(store.audits()[0].id) as writer:
                writer.blind(account.id, Blind("The site stopped answering; 1 address waits.", Reason.UNREACHABLE))

            result = Audit(config, store, None, lambda _: None).run([account])

            (coverage,) = store.coverages()
    assert (result.audit, result.unread) == (1, ())
    assert (coverage.complete, coverage.documents, coverage.blind) == (True, 2, ())


def statuses(store: Store) -> list[str]:
    return [str(s.status) for s in store.findings(rule=RULE, now=datetime.now(UTC))]
