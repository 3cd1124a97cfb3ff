"""The pages in `tests/checks/*/*.html`: each says on top what must be found on it.

    <!-- policy: mcps -->                       a shipped policy
    <!-- account: classroom, grades 3 -->       its kind, and fields in which it differs from a bare account of a school
    <!-- address: https://... -->               where the page stands, where that matters
    <!-- today: 2026-11-16 -->                  the day of the audit
    <!-- link: URL | verdict | why | kind | class | hops -->   what came of visiting a link of the page
    <!-- expect fail: J*** D*** -->             one a finding: its outcome and subject
    <!-- expect nothing -->

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
from auditor.judge import Judge
from auditor.model import (
    Account,
    AccountFacts,
    Coverage,
    District,
    Finding,
    Kind,
    LinkState,
    LinkUse,
    LinkVerdict,
    Reading,
)
from auditor.policy import load as load_policy
from auditor.roster.book import Roster
from auditor.roster.intake import take_in
from spiders import html

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
COMMENT = re.compile(r"<!--\s*(policy|account|address|today|link|expect)(?::|\s)\s*(.*?)\s*-->", re.DOTALL)


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
    url, verdict, why, kind, link_class, hops = (*(part.strip() for part in told.split("|")), "", "", "", "")[:6]
    return LinkState(
        url, LinkVerdict(verdict), why, kind=kind, link_class=link_class, hops=tuple(hops.split()), final_url=url
    )


def found_on(check: Check, page: str) -> list[Finding]:
    """What the rule finds on the page, by the way that an audit takes."""
    told = [(m[1], m[2]) for m in COMMENT.finditer(page)]
    words = dict(told)
    address = words.get("address", "http://127.0.0.2:8001/page.html")
    account = account_of(words.get("account", "official"), address)
    today = date.fromisoformat(words.get("today", TODAY.isoformat()))
    judge = Judge(district(), load_policy(words["policy"]), today, fingerprint, checks={check.id: check})
    document = html.read(page.encode(), address)
    reading = Recogniser(district(), fingerprint, roster()).read(document, account)
    judged = judge.document(account, reading)
    found, notes = judged.findings, judged.notes
    for state in (link_state(text) for name, text in told if name == "link"):
        link = next((x for x in document.links if x.url == state.url), None)
        assert link is not None, f"the page has no link {state.url}"
        found += judge.link(account, LinkUse(link, address, 1, state)).findings
    coverage = Coverage(account.id, account.school, "website", True, 1, datetime(2026, 11, 16, tzinfo=UTC))
    facts = AccountFacts(account, coverage)
    return found + judge.account(facts, {check.id: tuple(note for _, note in notes)}).findings


@pytest.mark.parametrize(("rule", "file"), PAGES)
def test_the_page_brings_what_it_says(rule: str, file: Path) -> None:
    page = file.read_text("utf-8")
    expected = Counter(m[2] for m in COMMENT.finditer(page) if m[1] == "expect")

    found = Counter(f"{f.outcome}: {f.subject}" for f in found_on(BY_PAGE[rule], page))

    assert expected, f"{file.name} does not say what it expects"
    assert found == Counter({words: n for words, n in expected.items() if words != "nothing"})


@pytest.mark.parametrize("rule", sorted(BY_PAGE))
def test_every_rule_has_a_page_that_must_fail_and_one_that_must_pass(rule: str) -> None:
    expectations = {
        m[2].partition(":")[0]
        for file in (HERE / "checks" / rule).glob("*.html")
        for m in COMMENT.finditer(file.read_text("utf-8"))
        if m[1] == "expect"
    }

    assert {"nothing"} < expectations, f"{rule}: add a page that must fail and a page that must pass"
