"""The cases in `tests/checks/*/*.toml`: one registry entry each, what an audit learned of it, and what must be found.

A case lists the shipped policies under which it holds, or writes the demand of a made-up one under `[demand]`. It
tells `today`, the fields in which `[account]`, `[school]` and `[district]` differ from the compliant ones below, what
was seen (`[facts]`; for rules about the district itself `[district_facts]`), every finding it expects, and the verdict
where that is not plain from them. A case that expects nothing says `expect = []`.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from auditor.check import built
from auditor.grades import grades as read_grades
from auditor.judge import Judge, Said
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    Coverage,
    District,
    DistrictFacts,
    Finding,
    Kind,
    Link,
    LinkState,
    LinkUse,
    LinkVerdict,
    Reason,
    School,
    Severity,
    Verdict,
)
from auditor.policy import Demand, Policy
from auditor.rules import SITE_QUALITY
from tests.policies import load

Case = Mapping[str, Any]

HERE = Path(__file__).parent / "checks"
RULES = sorted(
    rule
    for rule, check in built().items()
    if check.reads in (AccountFacts, DistrictFacts) and (not check.note_taker or any((HERE / rule).glob("*.toml")))
)
CASES: list[tuple[str, str, Case]] = [
    (rule, f"{rule}/{file.stem}", tomllib.loads(file.read_text("utf-8")))
    for rule in RULES
    for file in sorted((HERE / rule).glob("*.toml"))
]
RUNS = [(rule, name, {**case, "policy": policy}) for rule, name, case in CASES for policy in case.get("policy", [""])]

SCHOOL: Mapping[str, Any] = {
    "id": "lincoln",
    "name": "Lincoln Elementary",
    "grades": "K-5",
    "website": "https://lincoln.riverbend.example/",
}

ACCOUNT: Mapping[str, Any] = {
    "id": "the-account",
    "kind": "official",
    "platform": "website",
    "url": "https://lincoln.riverbend.example/",
    "school": "lincoln",
    "owner": "Dana Reyes",
    "admins": ["dreyes@riverbend.example", "tech@riverbend.example"],
    "approved_by": "Superintendent",
    "approved_on": date(2026, 8, 15),
    "disclosed_on": date(2026, 8, 15),
    "notice_on": date(2026, 9, 1),
    "reviewed_on": date(2026, 11, 13),
}

DISTRICT: Mapping[str, Any] = {
    "name": "Riverbend School District",
    "designees": ["tech@riverbend.example"],
}

SOURCE_OF_LINKS = "https://lincoln.riverbend.example/"


@pytest.mark.parametrize(("rule", "case"), [(r, c) for r, _, c in RUNS], ids=[f"{n} {c['policy']}" for _, n, c in RUNS])
def test_a_case_finds_what_it_says_and_nothing_else(rule: str, case: Case) -> None:
    found, verdict = judged(rule, case)

    expected = case["expect"]
    assert [told(finding, wanted) for finding, wanted in zip(found, expected, strict=False)] == expected
    assert len(found) == len(expected)
    assert verdict.outcome == _verdict(case)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_about_the_registry_has_cases_that_fail_that_pass_and_where_the_policy_is_silent(rule: str) -> None:
    verdicts = {_verdict(case) for of, _, case in CASES if of == rule}

    silent = set() if rule in SITE_QUALITY else {"not-applicable"}
    assert {"fail", "pass"} | silent <= verdicts


def judged(rule: str, case: Case) -> tuple[list[Finding], Verdict]:
    """What the judge finds under this rule alone, and how it ends."""
    school = _school({**SCHOOL, **case.get("school", {})})
    account = _account({**ACCOUNT, **case.get("account", {})})
    others = tuple(_account({**ACCOUNT, **other}) for other in case.get("others", ()))
    row = _tuples({**DISTRICT, **case.get("district", {})})
    district = District(**row, policy="", schools=(school,), accounts=(account, *others))
    check = built()[rule]
    judge = Judge(district, _policy(rule, case), case["today"], _digest, checks={rule: check})
    said = Said()
    if check.reads is DistrictFacts:
        found = said.add(judge.of_district(DistrictFacts(**case.get("district_facts", {}))))
        return found, next(verdict for verdict in judge.district_verdicts(said) if verdict.rule == rule)
    facts = _facts(account, case.get("facts", {}))
    found = said.add(judge.account(facts, {}))
    return found, next(verdict for verdict in judge.verdicts(facts.coverage, account, said) if verdict.rule == rule)


def told(finding: Finding, expected: Mapping[str, object]) -> dict[str, object]:
    """The finding, reduced to what the case speaks of."""
    return {key: str(value) if isinstance(value := getattr(finding, key), str) else value for key in expected}


def _verdict(case: Case) -> str:
    """The verdict that the case expects: its own word, else what follows from the findings."""
    outcomes = {expected["outcome"] for expected in case["expect"]}
    return str(case.get("verdict", "fail" if "fail" in outcomes else "review" if outcomes else "pass"))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _policy(rule: str, case: Case) -> Policy:
    if case["policy"]:
        return load(case["policy"])
    options = _tuples(case.get("demand", {}))
    demand = Demand(rule, Severity.SERIOUS, "made-up", ("made-up-1",), options, kinds=frozenset(Kind))
    return Policy("made-up", "A made-up policy", "", "", "", asked=(demand,))


def _school(row: Mapping[str, Any]) -> School:
    return School(**{**row, "grades": read_grades(row["grades"]) if row["grades"] else None})


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with lists as the model has them; "none" takes a default away."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if value != "none"}


def _account(row: Mapping[str, Any]) -> Account:
    values = {**_tuples(row), "kind": Kind(row["kind"])}
    if "grades" in values:
        values["grades"] = read_grades(values["grades"])
    return Account(**values)


def _facts(account: Account, row: Mapping[str, Any]) -> AccountFacts:
    """What was seen: unless the case says otherwise, ten documents, read to the end."""
    blind = tuple(Blind(one.get("what", "something"), Reason(one["reason"])) for one in row.get("blind", ()))
    coverage = Coverage(
        account=account.id,
        school=account.school,
        route=row.get("route", "website"),
        complete=row.get("complete", not blind),
        documents=row.get("documents", 10),
        fetched_at=datetime(2026, 11, 16, 6, tzinfo=UTC),
        oldest=_noon(row.get("oldest")),
        blind=blind,
    )
    linked_from = row.get("linked_from", [SOURCE_OF_LINKS])
    return AccountFacts(
        account=account,
        coverage=coverage,
        failure=row.get("failure", ""),
        newest=_noon(row.get("newest")),
        linked_from=None if linked_from == "unknown" else tuple(linked_from),
        links=tuple(_link(one) for one in row.get("links", ())),
    )


def _link(row: Mapping[str, Any]) -> LinkUse:
    link = Link(row["url"], row.get("words", ""), row.get("tag", "a"), tuple(row.get("rel", ())))
    page = row.get("page", "https://lincoln.riverbend.example/index.html")
    state = LinkState(row["url"], LinkVerdict.ALIVE, hops=tuple(row.get("hops", ())))
    return LinkUse(link, page, row.get("places", 1), state)


def _noon(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(12), UTC)
