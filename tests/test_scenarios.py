"""What five policies say of the same posts: every scenario is decided by cases that run, or says what it waits for."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from auditor.check import built
from auditor.policy import shipped
from auditor.rules import RULES
from tests.policies import load

HERE = Path(__file__).parent
SCENARIOS: list[dict[str, Any]] = tomllib.loads((HERE / "scenarios.toml").read_text("utf-8"))["scenario"]
WAYS = ("cases", "waits_for", "attested", "tests")
OF_STUDENTS = {rule for rule in RULES if rule.startswith("student-")} | {"missing-agreement"}
EACH = pytest.mark.parametrize("scenario", SCENARIOS, ids=[str(s["number"]) for s in SCENARIOS])


def policy_of(page: Path) -> str:
    """The policy that a page is judged by, as it says on top."""
    said = re.search(r"<!--\s*policy:\s*(\w+)", page.read_text("utf-8"))
    assert said, page
    return said[1]


@EACH
def test_a_scenario_is_decided_in_one_way_or_waits_for_some_policies(scenario: dict[str, Any]) -> None:
    assert tuple(way for way in WAYS if scenario.get(way)) in {*((way,) for way in WAYS), ("cases", "waits_for")}


@EACH
def test_what_no_program_can_see_is_said_beside_the_cases(scenario: dict[str, Any]) -> None:
    assert "unseen" not in scenario or (scenario["unseen"].strip() and scenario["cases"])


@EACH
def test_a_scenario_that_is_decided_is_decided_under_every_policy_that_judges_it(scenario: dict[str, Any]) -> None:
    about_students = {c.partition("/")[0] for c in scenario.get("cases", ())} & OF_STUDENTS

    judged = {policy_of(HERE / "checks" / f"{case}.html") for case in scenario.get("cases", ()) if about_students}

    assert not about_students or judged == set(shipped())


@EACH
def test_the_cases_of_a_scenario_are_there(scenario: dict[str, Any]) -> None:
    files = [
        (HERE / "checks" / case).with_suffix(ending)
        for case in scenario.get("cases", ())
        for ending in (".html", ".toml")
    ]
    found = {file.with_suffix("").relative_to(HERE / "checks").as_posix() for file in files if file.is_file()}

    assert found == set(scenario.get("cases", ()))
    assert (HERE / scenario.get("tests", "scenarios.toml")).is_file()


@EACH
def test_what_a_scenario_waits_for_is_not_built_yet(scenario: dict[str, Any]) -> None:
    waited_for = set(scenario.get("waits_for", ()))

    assert waited_for <= set(RULES)
    assert not waited_for & set(built()), "its rule is built: give the scenario its cases"


@EACH
def test_what_only_a_person_can_tell_is_asked_of_a_person(scenario: dict[str, Any]) -> None:
    clauses = {c.id: c for name in shipped() for c in load(name).clauses}

    assert all(clauses[attested].attestation for attested in scenario.get("attested", ()))


def test_every_case_that_is_named_for_a_scenario_is_told_there() -> None:
    named = {f.with_suffix("").relative_to(HERE / "checks").as_posix() for f in (HERE / "checks").glob("*/scenario-*")}

    assert named <= {case for scenario in SCENARIOS for case in scenario.get("cases", ())}
