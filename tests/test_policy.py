"""The shipped policies say what the districts' documents say, as gravely, and nothing more."""

import re
from pathlib import Path

import pytest

from auditor.check import built
from auditor.model import SITE, Grades, Kind, Severity
from auditor.policy import ANSWERS, Clause, Demand, Policy, load, shipped, site_demands
from auditor.rules import RULES, SITE_QUALITY

FAIL, WARN, REVIEW, SILENT = "FAIL", "WARN", "REVIEW", "--"

POLICIES = {name: load(name) for name in shipped()}
CLAUSES = [(policy, clause) for policy in POLICIES.values() for clause in policy.clauses]

each_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
each_clause = pytest.mark.parametrize(("policy", "clause"), CLAUSES, ids=[clause.id for _, clause in CLAUSES])


def strongest(policy: Policy, rule: str, kind: Kind, grade: int = 3) -> Demand | None:
    """What weighs most of all that the policy asks of such an account of that grade."""
    about = (d for d in policy.demands(rule) if kind in d.kinds and (d.grades is None or grade in d.grades))
    return next(about, None)


def verdict(policy: Policy, rule: str, kind: Kind, grade: int = 3) -> str:
    """The scenarios' word: a must fails with the rule's own severity, a should one step below it."""
    demand = strongest(policy, rule, kind, grade)
    if demand is None:
        return SILENT
    if demand.at_most_review:
        return REVIEW
    return FAIL if demand.severity is RULES[rule].severity else WARN


def verdicts(rule: str, kind: Kind, grade: int = 3) -> dict[str, str]:
    return {name: verdict(policy, rule, kind, grade) for name, policy in POLICIES.items()}


# ------------------------------------------------------------------------------------------------ the documents


def test_five_policies_come_with_the_product_whole() -> None:
    assert {name: len(policy.clauses) for name, policy in POLICIES.items()} == {
        "cmcss": 48,
        "d547": 70,
        "mcps": 72,
        "mmsd": 39,
        "mtc": 32,
    }


@each_policy
def test_a_policy_is_called_by_its_file_and_numbers_its_clauses(policy: Policy) -> None:
    numbers = [clause.id for clause in policy.clauses]

    assert numbers == [f"{policy.id}-{n:02}" for n in range(1, len(numbers) + 1)]
    assert POLICIES[policy.id] is policy


@each_policy
def test_a_policy_says_whose_it_is_where_it_stands_and_whom_to_ask(policy: Policy) -> None:
    assert all((policy.name, policy.district, policy.document, policy.contact, policy.short_names))


def test_only_the_undated_document_has_no_date_of_revision() -> None:
    assert {name: str(policy.revised_on) for name, policy in POLICIES.items()} == {
        "cmcss": "2018-02-28",
        "d547": "2015-03-09",
        "mcps": "None",
        "mmsd": "2013-10-03",
        "mtc": "2018-09-11",
    }


@each_policy
def test_clauses_stand_in_the_order_of_the_document(policy: Policy) -> None:
    lines = [re.fullmatch(r"(\d+)(?:-\d+)?[a-f]?", clause.lines) for clause in policy.clauses]

    numbers = [int(match[1]) if match else -1 for match in lines]

    assert -1 not in numbers
    assert numbers == sorted(numbers)


@each_clause
def test_every_clause_has_exactly_one_answer(policy: Policy, clause: Clause) -> None:
    given = [answer for answer in ANSWERS if getattr(clause, answer) not in ((), "", None)]
    permits_in_general = clause.silence == ()

    assert len(given) + permits_in_general == 1
    assert clause.answer == (given[0] if given else "silence")


@each_clause
def test_a_clause_with_a_rule_quotes_its_document(policy: Policy, clause: Clause) -> None:
    assert not clause.rules or 12 <= len(clause.quote) <= 420


@each_clause
def test_an_attestation_is_one_plain_question(policy: Policy, clause: Clause) -> None:
    question = clause.attestation

    assert not question or (question.endswith("?") and question.count("?") == 1 and len(question.split()) <= 25)


def test_the_words_of_a_quote_stay_as_the_district_wrote_them() -> None:
    names = POLICIES["mcps"].clause("mcps-60")

    assert names is not None
    assert (names.lines, names.quote) == (
        "85a",
        "Students and student work should be identified only by the student's first name or an appropriate alias.",
    )


# ------------------------------------------------------------------------------------------------ what they ask


@each_clause
def test_what_a_clause_asks_is_found_among_the_policys_demands(policy: Policy, clause: Clause) -> None:
    asked = {demand.rule for demand in policy.asked if clause.id in demand.clauses}

    assert asked == set(clause.rules)


@each_policy
def test_clauses_that_ask_the_same_share_one_demand(policy: Policy) -> None:
    bare = [(d.rule, d.severity, repr(d.options), d.kinds, d.grades, d.at_most_review, d.needs) for d in policy.asked]

    assert len(bare) == len(set(bare))


@each_policy
def test_the_gravest_demand_comes_first_and_questions_last(policy: Policy) -> None:
    for rule in RULES:
        weights = [(demand.at_most_review, demand.severity.rank) for demand in policy.demands(rule)]

        assert weights == sorted(weights)


def test_the_clause_that_says_it_is_cited_and_not_those_that_repeat_it() -> None:
    (audience,) = POLICIES["mcps"].demands("underage-audience")

    assert audience.clauses == ("mcps-31", "mcps-30", "mcps-48", "mcps-61")
    assert audience.clause == "mcps-31"


def test_each_opt_out_level_is_its_own_demand_citing_its_own_line() -> None:
    demands = POLICIES["mcps"].demands("student-opt-out")

    levels = {demand.clause: demand.options["levels"] for demand in demands}

    assert levels == {
        "mcps-52": {
            "A": (
                *("name", "address", "email", "photo", "birth_date"),
                *("attendance", "grade", "activities", "measures", "awards"),
            )
        },
        "mcps-53": {"B": ("name_in_media", "likeness", "voice")},
        "mcps-54": {"C": ("name", "address", "phone")},
    }


def test_a_demand_that_waits_for_something_never_fires() -> None:
    assert {(d.clause, d.rule) for policy in POLICIES.values() for d in policy.waiting()} == {
        ("cmcss-09", "missing-notice"),
        ("cmcss-29", "unmoderated-comments"),
        ("cmcss-48", "stale-policy"),
        ("cmcss-48", "unapproved-logo"),
        ("mmsd-09", "commercial-link"),
        ("mtc-06", "unmoderated-comments"),
        ("mtc-32", "stale-policy"),
    }
    assert POLICIES["mmsd"].demands("commercial-link") == ()
    assert "commercial-link" not in POLICIES["mmsd"].rules()


def test_a_policy_that_is_silent_about_a_rule_asks_nothing_of_it() -> None:
    asks = {rule: {name for name, policy in POLICIES.items() if rule in policy.rules()} for rule in RULES}

    assert asks["missing-disclaimer"] == {"mmsd", "d547"}
    assert asks["unapproved-logo"] == {"mcps", "mtc", "d547"}
    assert asks["commercial-link"] == {"mcps", "d547"}
    assert asks["private-contact"] == {"mmsd", "cmcss", "d547"}
    assert asks["missing-agreement"] == {"mcps"}
    assert asks["overdue-disclosure"] == {"d547"}
    assert asks["blocked-link"] == {"cmcss"}


def test_an_unknown_clause_is_none_because_a_stored_finding_may_outlive_it() -> None:
    assert POLICIES["mcps"].clause("mcps-999") is None


def test_a_demand_tells_itself_in_words() -> None:
    (names,) = POLICIES["mcps"].demands("student-name")
    official, classroom = POLICIES["mmsd"].demands("unapproved-account")

    assert str(names) == "serious; grades PK-8; allow first-name"
    assert str(official) == "moderate; on official accounts; approver the district"
    assert str(classroom) == "moderate; on classroom accounts; approver the building principal"


# ------------------------------------------------------------------------------------------------ site quality


def test_site_quality_is_asked_for_by_the_product_and_cites_no_clause() -> None:
    (links,) = site_demands("broken-link")
    (idle,) = site_demands("inactive-account")

    assert links == Demand("broken-link", Severity.MODERATE, SITE, kinds=frozenset({Kind.OFFICIAL, Kind.CLASSROOM}))
    assert (links.clause, idle.options) == ("", {"days": 180})
    assert site_demands("student-name") == ()


@each_policy
def test_no_policy_asks_for_site_quality(policy: Policy) -> None:
    assert not policy.rules() & SITE_QUALITY.keys()


# ------------------------------------------------------------------------------------------------ the scenarios


def test_scenarios_1_and_5_a_full_name_on_the_official_site() -> None:
    third, eleventh = verdicts("student-name", Kind.OFFICIAL, 3), verdicts("student-name", Kind.OFFICIAL, 11)

    # cmcss asks only of what students write themselves, see scenario 55.
    assert third == {"mcps": FAIL, "mmsd": SILENT, "cmcss": FAIL, "mtc": FAIL, "d547": WARN}
    assert eleventh == {"mcps": SILENT, "mmsd": SILENT, "cmcss": FAIL, "mtc": FAIL, "d547": WARN}
    assert [d.options["author"] for d in POLICIES["cmcss"].demands("student-name")] == ["student"]


def test_scenario_2_a_first_name_alone() -> None:
    allowed = {
        name: demand.options["allow"]
        for name, policy in POLICIES.items()
        if (demand := strongest(policy, "student-name", Kind.OFFICIAL))
    }

    assert allowed == {"mcps": "first-name", "cmcss": "first-name", "mtc": "none", "d547": "none"}


def test_scenarios_1_and_2_consent_lifts_it_where_the_policy_goes_by_consent() -> None:
    consents = {
        name: demand.options.get("consent", "")
        for name, policy in POLICIES.items()
        for demand in policy.demands("student-name")
    }

    assert consents == {"mcps": "", "mmsd": "", "cmcss": "", "mtc": "opt-in", "d547": "opt-in"}


def test_a_child_younger_than_kindergarten_is_protected_like_the_grades_above() -> None:
    assert verdict(POLICIES["mcps"], "student-name", Kind.CLASSROOM, -1) == FAIL


def test_scenario_4_a_full_name_beside_a_picture_in_grade_11() -> None:
    assert verdicts("student-photo-named", Kind.OFFICIAL, 11) == {
        "mcps": REVIEW,
        "mmsd": SILENT,
        "cmcss": FAIL,
        "mtc": FAIL,
        "d547": WARN,
    }


def test_scenarios_7_8_and_46_what_an_opt_out_covers() -> None:
    covered = {
        name: [demand.options.get("levels", "everything") for demand in policy.demands("student-opt-out")]
        for name, policy in POLICIES.items()
        if name != "mcps"
    }
    picture = dict.fromkeys("ABC", ("photo", "likeness"))

    assert covered == {"mmsd": ["everything"], "cmcss": ["everything"], "mtc": [picture], "d547": [picture]}
    assert set(verdicts("student-opt-out", Kind.CLASSROOM).values()) == {FAIL}
    (d547,) = POLICIES["d547"].demands("student-opt-out")
    assert d547.options["public_arena"] is True


def test_scenario_47_a_students_contact_data_anywhere() -> None:
    assert set(verdicts("student-contact", Kind.OFFICIAL).values()) == {FAIL}
    assert set(verdicts("student-record", Kind.OFFICIAL).values()) == {FAIL}


def test_scenario_13_pictures_of_students_on_a_personal_account() -> None:
    pictures = {
        name: next(
            (d.at_most_review, d.severity)
            for d in policy.demands("student-photo-named")
            if Kind.PERSONAL in d.kinds and d.options["allow"] == "no-picture" and "consent" not in d.options
        )
        for name, policy in POLICIES.items()
    }

    assert pictures == {
        "mcps": (True, Severity.SERIOUS),
        "mmsd": (False, Severity.SERIOUS),
        "cmcss": (True, Severity.SERIOUS),
        "mtc": (False, Severity.MODERATE),
        "d547": (True, Severity.MODERATE),
    }


def test_scenario_16_a_class_account_that_strangers_cannot_see() -> None:
    wanted = {
        name: (verdict(policy, "open-classroom", Kind.CLASSROOM), demand.options["visibility"] if demand else "")
        for name, policy in POLICIES.items()
        for demand in [strongest(policy, "open-classroom", Kind.CLASSROOM)]
    }

    assert wanted == {
        "mcps": (SILENT, ""),
        "mmsd": (WARN, "families"),
        "cmcss": (WARN, "public"),
        "mtc": (SILENT, ""),
        "d547": (REVIEW, "public"),
    }


def test_scenarios_19_and_20_the_disclaimer_is_an_exact_sentence_or_two_meanings() -> None:
    (exact,) = POLICIES["mmsd"].demands("missing-disclaimer")
    (meaning,) = POLICIES["d547"].demands("missing-disclaimer")

    assert verdicts("missing-disclaimer", Kind.PERSONAL) == {
        "mcps": SILENT,
        "mmsd": WARN,
        "cmcss": SILENT,
        "mtc": SILENT,
        "d547": FAIL,
    }
    assert exact.options["text"] == (
        "The views on this site are my own and do not necessarily represent the views, opinions, vision or strategies "
        "of the Madison Metropolitan School District."
    )
    assert meaning.options["says"] == ("own-views", "not-district")
    assert "Madison" not in str(meaning.options["district_names"])


def test_scenario_25_a_profile_with_nothing_but_name_title_and_school() -> None:
    (exact,) = POLICIES["mmsd"].demands("missing-disclaimer")
    (meaning,) = POLICIES["d547"].demands("missing-disclaimer")

    assert exact.options["profile_only"] == "review"
    assert (meaning.options["when"], meaning.options.get("profile_only")) == ("own-views", None)


def test_scenario_23_a_personal_profile_that_strangers_can_read() -> None:
    assert verdicts("public-profile", Kind.PERSONAL) == {
        "mcps": REVIEW,
        "mmsd": REVIEW,
        "cmcss": WARN,
        "mtc": REVIEW,
        "d547": WARN,
    }


def test_scenario_26_the_district_email_on_a_personal_profile() -> None:
    assert verdicts("district-contact", Kind.PERSONAL) == {
        "mcps": WARN,
        "mmsd": SILENT,
        "cmcss": WARN,
        "mtc": SILENT,
        "d547": WARN,
    }


def test_scenario_29_a_parent_officers_own_email_on_the_school_page() -> None:
    assert verdicts("private-contact", Kind.OFFICIAL) == {
        "mcps": SILENT,
        "mmsd": WARN,
        "cmcss": FAIL,
        "mtc": SILENT,
        "d547": WARN,
    }
    # Silent under mmsd, which speaks of staff alone.
    assert {demand.options["whose"] for demand in POLICIES["mmsd"].demands("private-contact")} == {"staff"}


def test_scenarios_31_and_32_commercial_and_blocked_links() -> None:
    (mcps,) = POLICIES["mcps"].demands("commercial-link")

    assert verdicts("commercial-link", Kind.OFFICIAL) == {
        "mcps": FAIL,
        "mmsd": SILENT,
        "cmcss": SILENT,
        "mtc": SILENT,
        "d547": REVIEW,
    }
    assert mcps.options["allow"] == ("educational", "connected")
    assert verdict(POLICIES["cmcss"], "blocked-link", Kind.OFFICIAL) == FAIL


def test_scenarios_34_and_35_administrators() -> None:
    asked = {
        name: [demand.options for demand in policy.demands("missing-administrator")]
        for name, policy in POLICIES.items()
    }

    assert asked == {
        "mcps": [],
        "mmsd": [],
        "cmcss": [],
        "mtc": [{"designee": True}],
        "d547": [{"minimum": 1, "preferred": 2}],
    }


def test_scenario_38_the_districts_logo_on_an_employees_own_page() -> None:
    assert verdicts("unapproved-logo", Kind.PERSONAL) == {
        "mcps": FAIL,
        "mmsd": SILENT,
        "cmcss": SILENT,
        "mtc": WARN,
        "d547": FAIL,
    }


def test_scenario_52_no_disclosure_this_year() -> None:
    (disclosure,) = POLICIES["d547"].demands("overdue-disclosure")

    assert (disclosure.severity, disclosure.options["days"], disclosure.clause) == (Severity.MODERATE, 365, "d547-32")


def test_scenario_53_an_account_that_the_school_site_does_not_link_to() -> None:
    asked = {name for name, policy in POLICIES.items() if policy.demands("unlinked-account")}

    assert asked == {"mcps"}


def test_a_should_weighs_less_than_a_must() -> None:
    notice = verdicts("missing-notice", Kind.CLASSROOM)
    approval = verdicts("unapproved-account", Kind.CLASSROOM)

    assert notice == {"mcps": REVIEW, "mmsd": WARN, "cmcss": SILENT, "mtc": SILENT, "d547": FAIL}
    assert approval == {"mcps": FAIL, "mmsd": WARN, "cmcss": SILENT, "mtc": FAIL, "d547": FAIL}


# ------------------------------------------------------------------------------------------------ rules and checks


@pytest.mark.parametrize("rule", sorted(built()))
def test_a_check_and_its_rule_agree_on_severity_and_kinds(rule: str) -> None:
    check, word = built()[rule], RULES[rule]

    assert check.severity is word.severity
    assert not word.kinds or check.kinds == word.kinds


@pytest.mark.parametrize("rule", RULES)
def test_the_architecture_page_tells_what_every_option_means(rule: str) -> None:
    page = (Path(__file__).parent.parent / "docs" / "architecture.md").read_text("utf-8")

    row = next((line for line in page.splitlines() if line.startswith(f"| `{rule}` |")), "")

    assert [option for option in RULES[rule].options if f"`{option}`" not in row] == []


def test_grades_of_a_demand_are_a_span() -> None:
    (names,) = POLICIES["mcps"].demands("student-name")

    assert names.grades == Grades(-1, 8)
