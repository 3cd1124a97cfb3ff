"""The pages in `tests/checks/*/*.html`: each says on top what must be found on it.

    <!-- policy: mcps -->                       a shipped policy
    <!-- account: classroom, grades 3 -->       its kind, and fields in which it differs from a bare account of a school
    <!-- address: https://... -->               where the page stands, where that matters
    <!-- today: 2026-11-16 -->                  the day of the audit
    <!-- link: URL | verdict | why | kind | class | hops | outlet -->   what came of visiting a link of the page
    <!-- profile: name Lee, is_private yes -->  what a platform tells of it: fields of `Profile`; yes, no, or words
    <!-- comments: closed -->                   who may comment, where the page's own words do not say so
    <!-- comments: out of sight -->             visitors may see comments there, and we see none
    <!-- depth: 1 -->                           how many links away from the account's own address it lies
    <!-- earlier: before.htm -->                the same page as it was at the audit before, beside this one
    <!-- read: in part -->                      the account was not read completely; "nothing": no page of it
    <!-- expect fail: J*** D*** -->             one a finding: its outcome and subject
    <!-- expect fail, minor: J*** D*** -->      the same with its severity, on the pages of scenarios
    <!-- expect nothing -->
    <!-- verdict: not-checked -->               how the rule ends for the account, where that is not plain from them

The district and its roster lie in `tests/district`; all of its people are invented.
"""

import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditor.check import Check, built
from auditor.config import load as load_config
from auditor.detect.reading import Recogniser
from auditor.grades import grades
from auditor.judge import Judge, Said
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    CommentState,
    Coverage,
    District,
    Document,
    Finding,
    Kind,
    LinkState,
    LinkUse,
    LinkVerdict,
    Note,
    Profile,
    Reading,
    Reason,
)
from auditor.roster.book import Roster
from auditor.roster.intake import take_in
from spiders import html
from tests.policies import load as load_policy

HERE = Path(__file__).parent
TODAY = date(2026, 11, 16)
KEY = b"a key that only the tests know.."

BY_PAGE = {
    rule: check
    for rule, check in built().items()
    if check.reads in (Reading, LinkUse) or (check.reads is AccountFacts and check.note_taker is not None)
}
PAGES = [
    pytest.param(rule, file, id=f"{rule}/{file.stem}")
    for rule in sorted(BY_PAGE)
    for file in sorted((HERE / "checks" / rule).glob("*.html"))
]
WORDS = "policy|account|address|today|link|profile|comments|depth|earlier|read|verdict|expect"
COMMENT = re.compile(rf"<!--\s*({WORDS})(?::|\s)\s*(.*?)\s*-->", re.DOTALL)


def fingerprint(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), key=KEY, digest_size=10).hexdigest()


@cache
def district() -> District:
    return load_config(HERE / "district" / "config.toml", TODAY).district


@cache
def roster() -> Roster:
    folder = HERE / "district"
    return take_in(folder / "oneroster", folder / "optouts.csv", district().schools, KEY, TODAY).roster


def account_of(told: str, address: str) -> Account:
    kind, *fields = (word.strip() for word in told.split(","))
    account = Account("the-account", Kind(kind), "website", address, school="lincoln")
    changed: dict[str, Any] = {}
    for field in fields:
        name, _, value = field.partition(" ")
        several = isinstance(getattr(account, name), tuple)
        changed[name] = grades(value) if name == "grades" else tuple(value.split(";")) if several else value
    return replace(account, **changed)


def link_state(told: str) -> LinkState:
    parts = (*(part.strip() for part in told.split("|")), *[""] * 5)
    url, verdict, why, kind, link_class, hops, outlet = parts[:7]
    return LinkState(
        url,
        LinkVerdict(verdict),
        why,
        kind=kind,
        link_class=link_class,
        hops=tuple(hops.split()),
        final_url=url,
        outlet=outlet,
    )


def profile_of(told: str) -> Profile:
    """What a platform tells of an account."""
    fields: dict[str, Any] = {"id": "1", "handle": "", "url": ""}
    for field in (word.strip() for word in told.split(",")):
        name, _, value = field.partition(" ")
        truth = {"yes": True, "no": False}.get(value)
        number = int(value) if value.isdigit() else value
        fields[name] = CommentState(value) if name == "comment_state" else number if truth is None else truth
    return Profile(**fields)


def document_of(page: str, address: str) -> Document:
    """The page as it is read, with what its comments on top say beside it."""
    words = {m[1]: m[2] for m in COMMENT.finditer(page)}
    document = html.read(page.encode(), address, depth=int(words.get("depth", "0")))
    if words.get("comments") == "out of sight":
        document = replace(document, comments_whole=False)
    elif "comments" in words:
        document = replace(document, comment_state=CommentState(words["comments"]))
    return replace(document, profile=profile_of(words["profile"])) if "profile" in words else document


def found_on(check: Check, page: str) -> list[Finding]:
    """What the rule finds on the page."""
    return judged_on(check, page)[0]


def judged_on(check: Check, page: str) -> tuple[list[Finding], str]:
    """What the rule finds on the page, by the way that an audit takes, and how it ends."""
    told = [(m[1], m[2]) for m in COMMENT.finditer(page)]
    words = dict(told)
    address = words.get("address", "http://127.0.0.2:8001/page.html")
    account = account_of(words.get("account", "official"), address)
    today = date.fromisoformat(words.get("today", TODAY.isoformat()))
    judge = Judge(district(), load_policy(words["policy"]), today, fingerprint, checks={check.id: check})
    recogniser = Recogniser(district(), fingerprint, roster())
    folder = HERE / "checks" / check.id
    before = [
        note for file in words.get("earlier", "").split() for note in noted(judge, account, folder / file, address)
    ]
    document = document_of(page, address)
    said = Said()
    notes: list[tuple[str, Note]] = []
    found: list[Finding] = []
    if words.get("read") != "nothing":
        past = {rule: note.facts for rule, note in before} if "earlier" in words else None
        judged = judge.document(account, recogniser.read(document, account), past)
        found, notes = said.add(judged), judged.notes
    for state in (link_state(text) for name, text in told if name == "link"):
        link = next((x for x in document.links if x.url == state.url), None)
        assert link is not None, f"the page has no link {state.url}"
        found += said.add(judge.link(account, LinkUse(link, address, 1, state)))
    blind = (Blind("older posts", Reason.PARTIAL_LISTING),) if "read" in words else ()
    route = "website" if account.platform == "website" else account.platform
    documents = 0 if words.get("read") == "nothing" else 1
    moment = datetime(2026, 11, 16, tzinfo=UTC)
    coverage = Coverage(account.id, account.school, route, not blind, documents, moment, blind=blind)
    facts = AccountFacts(account, coverage)
    found += said.add(judge.account(facts, {check.id: tuple(note for _, note in notes)}))
    verdict = next(v for v in judge.verdicts(coverage, account, said) if v.rule == check.id)
    return found, verdict.outcome


def noted(judge: Judge, account: Account, file: Path, address: str) -> list[tuple[str, Note]]:
    """What a check writes down of the page as it was before."""
    reading = Recogniser(district(), fingerprint, roster()).read(document_of(file.read_text("utf-8"), address), account)
    return judge.document(account, reading, {}).notes


@pytest.mark.parametrize(("rule", "file"), PAGES)
def test_the_page_brings_what_it_says(rule: str, file: Path) -> None:
    page = file.read_text("utf-8")
    expected = Counter(m[2] for m in COMMENT.finditer(page) if m[1] == "expect")

    findings, ended = judged_on(BY_PAGE[rule], page)

    graded = file.stem.startswith("scenario-")
    found = Counter(
        f"{f.outcome}, {f.severity}: {f.subject}" if graded else f"{f.outcome}: {f.subject}" for f in findings
    )
    verdicts = [m[2] for m in COMMENT.finditer(page) if m[1] == "verdict"] or [ended]
    assert expected, f"{file.name} does not say what it expects"
    assert found == Counter({words: n for words, n in expected.items() if words != "nothing"})
    assert [ended] == verdicts


@pytest.mark.parametrize("rule", sorted(BY_PAGE))
def test_every_rule_has_a_page_that_must_fail_and_one_that_must_pass(rule: str) -> None:
    expectations = {
        m[2].partition(":")[0]
        for file in (HERE / "checks" / rule).glob("*.html")
        for m in COMMENT.finditer(file.read_text("utf-8"))
        if m[1] == "expect"
    }

    assert {"nothing"} < expectations, f"{rule}: add a page that must fail and a page that must pass"
