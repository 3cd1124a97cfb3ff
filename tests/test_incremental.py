"""An audit that reads only what changed says just what one says that reads everything."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from auditor import config as configs
from auditor import errands, ground
from auditor import store as stores
from auditor.audit import Audit
from auditor.check import Answer, Check, Help, Seen
from auditor.config import Config
from auditor.detect.found import Found
from auditor.model import OptOut, Reading, Staff, Status
from auditor.policy import load as load_policy
from auditor.roster.book import Roster
from auditor.roster.pupil import Flags
from auditor.rules import RULES
from auditor.store import Store
from spiders.link_walk import Patience
from spiders.links import LinkOptions
from tests.roster.rosters import pupil, roster_of
from tests.servers import Reply, Route, serve
from tests.test_audit import CONFIG, page
from tests.within import without_rests

MONDAY = datetime(2026, 11, 16, 13, tzinfo=UTC)
KEY = bytes(range(32))


def roster(*opt_outs: OptOut) -> Roster:
    """Two students of Lincoln in grade 3; the first with these opt-outs."""
    return roster_of(pupil("Zorvek Quilmar", flags=Flags(opt_outs=opt_outs)), "Thaxgro Snevyul", key=KEY)


def district(folder: Path, site: str, policy: str = "mcps") -> Config:
    """A district with one school and its website."""
    folder.mkdir(exist_ok=True)
    file = folder / "config.toml"
    file.write_text(CONFIG.format(site=site, policy=policy, roster="", more=""), "utf-8")
    return configs.load(file, MONDAY.date())


def silent(_: str) -> None:
    """Nobody wants to know how far it is."""


# ------------------------------------------------------------------------------------------- what is judged again


class Count:
    """A check that says nothing, and counts the pages that it is shown."""

    def __init__(self) -> None:
        self.pages: list[str] = []

    def checks(self) -> dict[str, Check]:
        word = RULES["student-contact"]
        words = Help("A title", "why", "fix", "blind")
        return {"student-contact": Check("student-contact", Reading, word.severity, word.kinds, self.judge, words)}

    def judge(self, seen: Seen[Reading]) -> Iterator[Answer]:
        self.pages.append(seen.subject.document.url)
        return iter(())


@dataclass(frozen=True)
class Week:
    """On what an audit judges, and when."""

    config: Config
    roster: Roster
    now: datetime = MONDAY


def later(week: Week) -> Week:
    return replace(week, now=week.now + timedelta(days=7))


def next_day(week: Week) -> Week:
    return replace(week, now=week.now + timedelta(days=1))


def other_policy(week: Week) -> Week:
    return replace(week, config=replace(week.config, policy=load_policy("mtc")))


def other_student(week: Week) -> Week:
    return replace(week, roster=roster_of("Zorvek Quilmar", "Wobjyr Plimfen", key=KEY))


def same_students_from_other_files(week: Week) -> Week:
    return replace(week, roster=Roster.load(week.roster.dump(), KEY))


def account_row(week: Week) -> Week:
    (account,) = week.config.district.accounts
    changed = replace(account, contacts=("pta@example.org",))
    return replace(week, config=replace(week.config, district=replace(week.config.district, accounts=(changed,))))


def another_owner(week: Week) -> Week:
    """Whoever owns an account is no student."""
    accounts = week.config.district.accounts
    other = replace(accounts[0], id="other", url="http://127.0.0.1:9/other/", owner="Thaxgro Snevyul")
    return replace(
        week, config=replace(week.config, district=replace(week.config.district, accounts=(*accounts, other)))
    )


def another_account(week: Week) -> Week:
    accounts = week.config.district.accounts
    other = replace(accounts[0], id="other", url="http://127.0.0.1:9/other/")
    return replace(
        week, config=replace(week.config, district=replace(week.config.district, accounts=(*accounts, other)))
    )


def staff(week: Week) -> Week:
    more = replace(week.config.district, staff=(Staff("Ori Wobjyr"),))
    return replace(week, config=replace(week.config, district=more))


def browser(week: Week) -> Week:
    return replace(week, config=replace(week.config, crawl=replace(week.config.crawl, render="auto")))


@pytest.mark.parametrize(
    ("change", "judged"),
    [
        (later, False),
        (same_students_from_other_files, False),
        (another_account, False),
        (next_day, True),  # an opt-out begins
        (other_policy, True),
        (other_student, True),
        (account_row, True),
        (another_owner, True),
        (staff, True),
        (browser, True),
    ],
)
def test_an_unchanged_page_is_judged_anew_where_the_ground_has_changed_and_only_there(
    tmp_path: Path, change: Callable[[Week], Week], judged: bool
) -> None:
    count = Count()
    overnight = OptOut(frozenset("A"), start=date(2026, 11, 17), end=date(2026, 11, 20))
    with serve({"/": page('<a href="/a.html">A</a>'), "/a.html": page("A")}) as site:
        first = Week(district(tmp_path, site.url), roster(overnight))
        with stores.open(first.config) as store:
            for week in (first, change(first)):
                count.pages.clear()
                one = Audit(week.config, store, week.roster, silent, count.checks())
                one.now = week.now
                one.run(week.config.district.accounts[:1])

            documents = store.coverages()[0].documents

    assert sorted(count.pages) == ([site.url, site.at("/a.html")] if judged else [])
    assert documents == 2


def test_a_page_is_judged_anew_when_the_program_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = Count()
    with serve({"/": page("A")}) as site:
        config = district(tmp_path, site.url)
        with stores.open(config) as store:
            for code in (b"version 1", b"version 1", b"version 2"):
                monkeypatch.setattr("auditor.ground.code", lambda code=code: code)
                Audit(config, store, None, silent, count.checks()).run(config.district.accounts)

    assert count.pages == [site.url, site.url]


def test_with_a_detector_of_ones_own_every_page_is_judged_in_every_audit(tmp_path: Path) -> None:
    count = Count()
    with serve({"/": page("A")}) as site:
        config = replace(district(tmp_path, site.url), names="tests.test_incremental:nobody")
        with stores.open(config) as store:
            for _ in range(2):
                Audit(config, store, None, silent, count.checks()).run(config.district.accounts)

    assert count.pages == [site.url, site.url]


def nobody(_: str) -> Iterator[Found]:
    """A detector of persons that finds none."""
    return iter(())


# ------------------------------------------------------------------------------------------- the same as a fresh one

TEXTS = (
    "Welcome to our school.",
    "Congratulations to Zorvek Quilmar, grade 3, for a fine poem!",
    "Call the family of Zorvek Quilmar at 208-301-4107.",
    "Vote for Measure 5 in November! Vote yes!",
    "Our coach can be reached at coach.oak@gmail.com or 208-555-0177.",
    "Thaxgro Snevyul was suspended for three days.",
)
NAMES = tuple(f"/{n}.html" for n in range(5))
ALTS = ("", "Our garden", "Zorvek Quilmar wins")
TARGETS = (*NAMES, "/gone.html", "/0.html#top", "/1.html#nowhere")


@dataclass
class Sheet:
    """A page of the site: what it says, shows and links to, and how its server speaks of it."""

    text: str = TEXTS[0]
    alt: str = ""
    links: tuple[str, ...] = ()
    validator: str = "ETag"
    fails: bool = False

    def markup(self) -> str:
        links = "".join(f'<a href="{target}">More of {target}</a> ' for target in self.links)
        image = f'<img src="/star.png" width=200 height=200 alt="{self.alt}">' if self.alt else ""
        return page(f"<h1 id=top>News</h1><p>{self.text}</p>{image}{links}")


def served(sheet: Sheet) -> Callable[[BaseHTTPRequestHandler], Reply]:
    """A page that answers conditional requests honestly."""

    def answer(visitor: BaseHTTPRequestHandler) -> Reply:
        if sheet.fails:
            return Reply("busy", status=500)
        body = sheet.markup()
        tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
        if sheet.validator == "ETag" and visitor.headers.get("If-None-Match") == tag:
            return Reply(status=304, headers={"ETag": tag})
        return Reply(body, headers={"ETag": tag} if sheet.validator == "ETag" else {})

    return answer


def told(store: Store, *, story: bool) -> dict[str, Any]:
    """All that an audit says: findings, verdicts, coverage, links and pictures. With their `story`, findings come with
    all that became of them; else those that were seen just now."""
    last = store.last_audit()
    assert last is not None
    findings = sorted(store.findings(), key=lambda stored: stored.id)
    never: dict[str, Any] = {"first_seen": MONDAY, "last_seen": MONDAY, "fixed_at": None, "came_back_at": None}
    return {
        "findings": [replace(stored, **never) for stored in findings]
        if story
        else [s.finding for s in findings if s.last_audit == last.id and s.status is Status.OPEN],
        "verdicts": store.verdicts(),
        "coverage": [replace(coverage, fetched_at=MONDAY) for coverage in store.coverages()],
        "links": list(store.link_uses("lincoln-site")),
        "pictures": list(store.picture_uses("lincoln-site")),
    }


class Weeks(RuleBasedStateMachine):
    """A site that changes from week to week, audited twice: as ever, and by somebody who knows nothing of before.

    The front page links to all others: one that nobody links to is still asked for while something is open on it.
    """

    first = NAMES

    @initialize(links=st.lists(st.lists(st.sampled_from(TARGETS), max_size=3), min_size=5, max_size=5))
    def begin(self, links: list[list[str]]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="auditor-weeks-"))
        self.sheets = {name: Sheet(links=tuple(to)) for name, to in zip(NAMES, links, strict=True)}
        self.home = Sheet(links=self.first)
        self.routes: dict[str, Route] = {}
        self.serving = serve(self.routes)
        self.site = self.serving.__enter__()
        self.publish()
        self.config = district(self.folder / "ours", self.site.url)
        self.store = stores.open(self.config)
        self.audit(self.config, self.store)
        self.read_all()

    def read_all(self) -> None:
        """Whoever else audits from the beginning reads everything."""

    def publish(self) -> None:
        self.routes.clear()
        self.routes["/"] = served(self.home)
        self.routes.update({name: served(sheet) for name, sheet in self.sheets.items()})

    @rule(name=st.sampled_from(NAMES), text=st.sampled_from(TEXTS), alt=st.sampled_from(ALTS))
    def rewrite(self, name: str, text: str, alt: str) -> None:
        sheet = self.sheets.setdefault(name, Sheet())
        sheet.text, sheet.alt = text, alt
        self.compare()

    @rule(name=st.sampled_from(NAMES), links=st.lists(st.sampled_from(TARGETS), max_size=4))
    def relink(self, name: str, links: list[str]) -> None:
        self.sheets.setdefault(name, Sheet()).links = tuple(links)
        self.compare()

    @rule(name=st.sampled_from(NAMES), fails=st.booleans(), validator=st.sampled_from(("ETag", "")))
    def trouble(self, name: str, fails: bool, validator: str) -> None:
        sheet = self.sheets.setdefault(name, Sheet())
        sheet.fails, sheet.validator = fails, validator
        self.compare()

    @rule(name=st.sampled_from(NAMES))
    def remove(self, name: str) -> None:
        self.sheets.pop(name, None)
        self.compare()

    def compare(self) -> None:
        """The next week's audit says what a first one would say."""
        self.publish()
        self.audit(self.config, self.store)
        fresh = Path(tempfile.mkdtemp(prefix="fresh", dir=self.folder))
        with self.another(fresh) as (config, store):
            self.audit(config, store)
            assert told(self.store, story=False) == told(store, story=False)

    @contextmanager
    def another(self, folder: Path) -> Iterator[tuple[Config, Store]]:
        """Another store that gives things the same names."""
        config = district(folder, self.site.url)
        if not config.data.exists():
            config.data.mkdir()
            shutil.copy(self.config.data / "store.key", config.data / "store.key")
        with stores.open(config) as store:
            yield config, store

    def audit(self, config: Config, store: Store, version: bytes = b"version 1") -> None:
        one = Audit(config, store, roster(), silent)
        with without_rests(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(ground, "code", lambda: version)
            one.run(config.district.accounts)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.serving.__exit__(None, None, None)
            shutil.rmtree(self.folder)


class Years(Weeks):
    """The same site, audited every week by one that remembers its pages, and by one that reads all of them anew."""

    first = NAMES[:2]

    def read_all(self) -> None:
        with self.another(self.folder / "other") as (config, store):
            self.audit(config, store, version=str(next(versions)).encode())

    def compare(self) -> None:
        self.publish()
        self.audit(self.config, self.store)
        self.read_all()
        with self.another(self.folder / "other") as (_, store):
            assert told(self.store, story=True) == told(store, story=True)


versions = count()
"""What the one that reads everything anew takes for the version of the program."""


@pytest.mark.parametrize("machine", [Weeks, Years])
def test_an_audit_that_reads_only_what_changed_says_what_one_says_that_reads_everything(
    machine: type[Weeks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "LinkOptions", partial(LinkOptions, second_look=0.0, patience=Patience(pause=0.01)))
    few = settings(max_examples=3, stateful_step_count=4, deadline=None, suppress_health_check=list(HealthCheck))

    run_state_machine_as_test(machine, settings=few)
