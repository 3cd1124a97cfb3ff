"""A district's own policy file: read as the shipped ones are, and every fault in it told in one pass, with its line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import Mistake
from auditor.model import Kind, Severity
from auditor.policy import SHIPPED, Demand, Policy, load

GOOD = """\
id = "riverbend"
name = "Riverbend Social Media Policy"
district = "Riverbend School District"
document = "policy.pdf"
contact = "the office"

[[clauses]]
id = "riverbend-1"
lines = "3"
says = "Pupils are called by their first names"
quote = "Call pupils by first names only."

[[clauses.rules]]
rule = "student-name"
allow = "first-name"

[[clauses]]
id = "riverbend-2"
lines = "4"
says = "Said again"
quote = "As we said: first names only."

[[clauses.rules]]
rule = "student-name"
same_as = ["riverbend-1"]

[[clauses]]
id = "riverbend-3"
lines = "5"
says = "Be kind"
attestation = "Is everybody kind?"
"""

HEAD = GOOD.partition("[[clauses]]")[0]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def faults_of(file: Path, text: str) -> list[str]:
    """The faults of a policy file with that text, without the folder that it lies in."""
    file.write_text(text, "utf-8")
    with pytest.raises(Mistake) as caught:
        load(file)
    return [fault.replace(str(file), file.name) for fault in caught.value.faults]


def clause(rule: str) -> str:
    """A policy with one clause that has this `[[clauses.rules]]` table; its first line is line 13."""
    return f'{HEAD}[[clauses]]\nid = "r-1"\nlines = "3"\nsays = "s"\nquote = "q"\n[[clauses.rules]]\n{rule}\n'


def test_a_districts_own_policy_is_read_like_a_shipped_one(file: Path) -> None:
    file.write_text(GOOD, "utf-8")

    policy = load(str(file))

    assert [clause.id for clause in policy.clauses] == ["riverbend-1", "riverbend-2", "riverbend-3"]
    assert policy.asked == (
        Demand(
            rule="student-name",
            severity=Severity.SERIOUS,
            policy="riverbend",
            clauses=("riverbend-1", "riverbend-2"),
            options={"allow": "first-name"},
            kinds=frozenset(Kind),
        ),
    )


def test_opt_outs_that_are_read_as_a_union_have_the_levels_of_every_clause(file: Path) -> None:
    text = (SHIPPED / "mcps.toml").read_text("utf-8").replace("\nlevels = ", '\nreading = "union"\nlevels = ')
    file.write_text(text, "utf-8")

    (demand,) = load(file).demands("student-opt-out")

    levels = demand.options["levels"]
    assert isinstance(levels, dict)
    assert sorted(levels) == ["A", "B", "C"]
    assert {"phone", "photo", "voice"} <= {field for fields in levels.values() for field in fields}
    assert demand.clauses[:3] == ("mcps-52", "mcps-53", "mcps-54")


def test_a_file_from_windows_with_its_mark_and_line_ends_is_read_the_same(file: Path) -> None:
    file.write_text(GOOD, "utf-8")
    plain = load(file)

    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert load(file) == plain


def test_a_copy_of_a_shipped_policy_can_be_changed_and_used(file: Path) -> None:
    text = (SHIPPED / "mcps.toml").read_text("utf-8")
    file.write_text(text.replace("minimum_age = 13", "minimum_age = 16").replace('"mcps"', '"ours"', 1), "utf-8")

    policy = load(file)

    assert policy.id == "ours"
    assert [demand.options["minimum_age"] for demand in policy.demands("underage-audience")] == [16]


def test_a_name_that_is_no_policy_is_guessed() -> None:
    with pytest.raises(Mistake) as caught:
        load("mscp")

    assert caught.value.faults == (
        'there is no policy "mscp" (did you mean "mcps"?); '
        "use one of cmcss, d547, mcps, mmsd, mtc, or the path of a policy file",
    )


def test_every_fault_is_told_in_one_pass_with_its_line(file: Path) -> None:
    text = """\
id = "Our Policy"
name = "Ours"
distrct = "Riverbend"
document = "policy.pdf"
contact = "the office"
revised_on = "2020-01-01"

[[clauses]]
id = "a-1"
lines = 85
says = "One"
quote = "One."

[[clauses.rules]]
rule = "student-nam"

[[clauses.rules]]
rule = "student-name"
severity = "serios"
grades = "K-x"
at_mots = "review"

[[clauses]]
id = "a-1"
lines = "86"
says = "Two"
attestation = "Really?"
silence = ["spam-coment"]

[[clauses]]
id = "a-2"
lines = "87"
says = "Three"

[[clauses.rules]]
rule = "broken-link"

[[clauses]]
id = "a-3"
lines = "88"
says = "Four"
"""

    faults = faults_of(file, text)

    assert faults == [
        'policy.toml:1: "Our Policy" cannot be an id; use small letters, digits and hyphens, and not "site"',
        'policy.toml:1: "district" is missing; add district = "..."',
        'policy.toml:3: "distrct" is no key of a policy (did you mean "district"?)',
        'policy.toml:6: "revised_on" wants a date without quotes, such as 2026-08-15',
        'policy.toml:10: "lines" wants a text in quotes',
        'policy.toml:15: there is no rule "student-nam" (did you mean "student-name"?); see "auditor explain"',
        'policy.toml:19: "serios" is no value for "severity" (did you mean "serious"?)',
        'policy.toml:20: "K-x" cannot be read as grades; write them like "K-5", "9-12" or "6"',
        'policy.toml:21: "at_mots" is no key of rule "student-name" (did you mean "at_most"?)',
        'policy.toml:23: clause "a-1" has attestation and silence; '
        "give it exactly one of rules, attestation, product, silence",
        'policy.toml:24: two clauses have the id "a-1"; give this one another',
        'policy.toml:28: "spam-coment" is no value for "silence" (did you mean "spam-comment"?)',
        'policy.toml:30: clause "a-2" has no quote; copy the sentence that its rules are held to',
        'policy.toml:36: "broken-link" is site quality and always judged; leave it out of the policy',
        'policy.toml:38: clause "a-3" has no answer; give it exactly one of rules, attestation, product, silence',
    ]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (
            'rule = "student-name"\nallow = "first name"',
            'policy.toml:14: "first name" is no value for "allow" (did you mean "first-name"?)',
        ),
        (
            'rule = "overdue-review"\ndays = true',
            'policy.toml:14: "days" wants a whole number of at least 1',
        ),
        (
            'rule = "overdue-review"\ndays = 0',
            'policy.toml:14: "days" wants a whole number of at least 1',
        ),
        (
            'rule = "missing-administrator"\ndesignee = "yes"',
            'policy.toml:14: "designee" wants true or false',
        ),
        (
            'rule = "commercial-link"\nhosts = "example.org"',
            'policy.toml:14: "hosts" wants a list of texts, such as ["..."]',
        ),
        (
            'rule = "student-opt-out"\nlevels = { A = ["photos"], D = ["name"] }',
            'policy.toml:14: "D" is no key of "levels"; it may have A, B, C',
        ),
        (
            'rule = "missing-disclaimer"\nwhen = "own-views"',
            'policy.toml:12: rule "missing-disclaimer" has nothing to judge by; set text or says',
        ),
        (
            'rule = "stale-policy"\nkinds = ["official"]',
            'policy.toml:14: rule "stale-policy" is about the district itself; leave out kinds',
        ),
        (
            'rule = "missing-identity"\nkinds = ["classroom", "personal"]',
            'policy.toml:14: rule "missing-identity" never judges personal accounts; leave that out',
        ),
        (
            'rule = "student-contact"\nkinds = ["personl"]',
            'policy.toml:14: "personl" is no value for "kinds" (did you mean "personal"?)',
        ),
        (
            'rule = "student-contact"\nsame_as = ["r-9"]',
            'policy.toml:14: clause "r-9" asks nothing of rule "student-contact" itself; '
            'no clause says what it asks of "student-contact"',
        ),
        (
            'rule = "student-contact"\nsame_as = ["r-1"]\nseverity = "minor"',
            'policy.toml:15: "severity" is no key of a rule with "same_as"; it may have rule, same_as',
        ),
    ],
)
def test_what_a_rule_cannot_be_asked_is_told(file: Path, rule: str, fault: str) -> None:
    assert fault in faults_of(file, clause(rule))


def test_two_clauses_that_point_at_each_other_say_nothing(file: Path) -> None:
    shared = '[[clauses]]\nid = "r-{}"\nlines = "3"\nsays = "s"\nquote = "q"\n[[clauses.rules]]\nrule = "floor-plan"\n'
    text = HEAD + shared.format(1) + 'same_as = ["r-2"]\n' + shared.format(2) + 'same_as = ["r-1"]\n'

    faults = faults_of(file, text)

    assert [fault.partition("; ")[0] for fault in faults] == [
        'policy.toml:14: clause "r-2" asks nothing of rule "floor-plan" itself',
        'policy.toml:22: clause "r-1" asks nothing of rule "floor-plan" itself',
    ]


def test_a_policy_without_clauses_is_none(file: Path) -> None:
    assert faults_of(file, HEAD) == [
        "policy.toml:1: the policy has no clause; write each sentence of it under a line [[clauses]]"
    ]


def test_a_file_that_is_no_utf8_text_is_told(file: Path) -> None:
    file.write_bytes(GOOD.replace("kind", "k\xefnd").encode("latin-1"))

    with pytest.raises(Mistake, match="UTF-8"):
        load(file)


def outcome_of(file: Path) -> tuple[Policy | None, tuple[str, ...]]:
    """The policy, or the faults that a person is told; any other exception is our own bug."""
    try:
        return load(file), ()
    except Mistake as mistake:
        return None, mistake.faults


LINES = (SHIPPED / "mtc.toml").read_text("utf-8").splitlines()

VALUE = st.sampled_from(
    [
        "",
        "rule = 3",
        "[[clauses]]",
        "rules = 7",
        "id = []",
        "levels = { A = 1 }",
        "severity = { }",
        'same_as = "mtc-03"',
    ]
)


@settings(max_examples=60, deadline=None)
@given(changes=st.dictionaries(st.integers(0, len(LINES) - 1), VALUE | st.text(max_size=30), max_size=4))
def test_however_a_file_is_broken_it_is_a_policy_or_a_persons_mistake(
    changes: dict[int, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("policy") / "policy.toml"
    text = "\n".join(changes.get(number, line) for number, line in enumerate(LINES))
    file.write_text(text, "utf-8")

    read, faults = outcome_of(file)

    assert (read is None) == bool(faults)
    assert all("\n" not in fault for fault in faults)
