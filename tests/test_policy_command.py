"""`auditor policy` and `auditor explain`, as a person calls them."""

import json

import pytest

from auditor.check import built
from auditor.cli import main
from auditor.policy import load, shipped
from auditor.rules import RULES


def out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command prints; it must end well and complain of nothing."""
    status = main(words)
    printed = capsys.readouterr()
    assert (status, printed.err) == (0, "")
    return printed.out


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says when it refuses; standard output stays empty."""
    status = main(words)
    printed = capsys.readouterr()
    assert (status, printed.out) == (2, "")
    return printed.err


def test_policy_alone_lists_the_shipped_ones(capsys: pytest.CaptureFixture[str]) -> None:
    rows = out(capsys, "policy").splitlines()

    assert [row.split()[:2] for row in rows] == [
        ["policy", "clauses"],
        ["cmcss", "48"],
        ["d547", "70"],
        ["mcps", "72"],
        ["mmsd", "39"],
        ["mtc", "32"],
    ]
    assert out(capsys, "policy", "list").splitlines() == rows


def test_the_list_is_there_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(out(capsys, "policy", "list", "--format", "json"))

    assert rows[3] == {
        "id": "mmsd",
        "name": "MMSD Social Media and Digital Communication Guidelines for Staff",
        "district": "Madison Metropolitan School District",
        "revised_on": "2013-10-03",
        "clauses": 39,
        "rules": len(load("mmsd").rules()),
    }


def test_show_tells_each_clause_with_its_line_quote_and_what_it_asks(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "policy", "show", "mcps")

    blocks = dict(block.split("\n", 1) for block in text.split("\n\n")[1:])

    assert blocks["mcps-60  line 85a"].splitlines() == [
        "  K-8: students and their work identified only by first name or alias",
        '  "Students and student work should be identified only by the student\'s first name or an appropriate alias."',
        "  -> student-name: serious; grades PK-8; allow first-name",
    ]
    assert "  -> underage-audience: serious; minimum age 13; inclusive yes (as mcps-31)" in blocks["mcps-61  line 85b"]
    assert "-> a person attests: Do staff know" in blocks["mcps-07  line 20"]
    assert "-> permits; keeps quiet: student-name" in blocks["mcps-67  line 99"]


@pytest.mark.parametrize("name", shipped())
def test_show_has_every_clause_for_programs_too(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    row = json.loads(out(capsys, "policy", "show", name, "--format", "json"))

    policy = load(name)

    assert [clause["id"] for clause in row["clauses"]] == [clause.id for clause in policy.clauses]
    assert all(clause["answer"] in clause for clause in row["clauses"])


def test_coverage_tells_what_is_checked_attested_and_not_built_yet(capsys: pytest.CaptureFixture[str]) -> None:
    row = json.loads(out(capsys, "policy", "coverage", "mtc", "--format", "json"))
    lines = out(capsys, "policy", "coverage", "mtc").splitlines()

    unbuilt = {rule for rule in RULES if rule not in built()}
    states = {(c["id"], rule): state for c in row["clauses"] for rule, state in c["rules"].items()}

    assert {rule for (_, rule), state in states.items() if state == "not built yet"} <= unbuilt
    assert {rule for (_, rule), state in states.items() if state == "checked"} <= built().keys()
    assert states["mtc-05", "missing-administrator"] == "checked"
    assert states["mtc-32", "stale-policy"].startswith("waits: The document names no period")
    assert "mtc-09  18b   -                      attested in the annual review" in lines
    assert lines[-3] == "32 clauses: 19 by rules, 8 attested, 5 heeded by the product, 0 permissions"


@pytest.mark.parametrize("name", shipped())
def test_the_totals_of_coverage_add_up(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    totals = json.loads(out(capsys, "policy", "coverage", name, "--format", "json"))["totals"]

    answered = totals["by_rules"] + totals["attested"] + totals["by_product"] + totals["permissions"]

    assert answered == totals["clauses"] == len(load(name).clauses)
    assert totals["fully_checked"] <= totals["by_rules"]


def test_compare_tells_rule_by_rule_what_each_asks(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "policy", "compare", "mcps", "d547")

    blocks = dict(block.split("\n", 1) for block in text.strip().split("\n\n"))

    assert blocks["student-name (serious)"].splitlines() == [
        "  mcps  serious; grades PK-8; allow first-name [mcps-60]",
        "  d547  moderate; allow none; consent opt-in [d547-49]",
    ]
    assert blocks["floor-plan (serious)"].splitlines() == ["  mcps  silent", "  d547  serious [d547-30]"]
    assert "student-photo-alone (moderate)" not in blocks


def test_compare_gives_programs_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(out(capsys, "policy", "compare", "mcps", "d547", "--format", "json"))

    (plan,) = (row for row in rows if row["rule"] == "floor-plan")

    assert plan == {
        "rule": "floor-plan",
        "mcps": [],
        "d547": [
            {
                "rule": "floor-plan",
                "severity": "serious",
                "at_most": "fail",
                "kinds": ["classroom", "official", "personal"],
                "grades": None,
                "options": {},
                "needs": "",
                "clauses": ["d547-30"],
            }
        ],
    }


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("policy", "show"), '"auditor policy show" is about one policy, not 0'),
        (("policy", "compare", "mcps"), '"auditor policy compare" is about two policies, not 1'),
        (("policy", "list", "mcps"), '"auditor policy list" is about no policy, not 1'),
        (("policy", "show", "mcp"), 'there is no policy "mcp" (did you mean "mcps"?)'),
        (("explain", "student-nam"), 'there is no rule "student-nam" (did you mean "student-name"?)'),
        (("explain", "student-name", "--policy", "ours.toml"), 'there is no policy "ours.toml"'),
    ],
)
def test_a_slip_is_told_in_one_line(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(capsys, *words)

    assert said.startswith(f"auditor: {says}")
    assert said.count("\n") == 1


def test_explain_tells_of_a_built_rule_why_how_and_what_it_cannot_see(capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(out(capsys, "explain", "overdue-disclosure").split())

    told = built()["overdue-disclosure"].help

    assert f"Why it matters {told.why} How to fix {told.fix} What it cannot see {told.blind} Who asks for it" in text
    assert "d547-32, line 66b: moderate; days 365; to the District and the supervisor" in text
    assert '"Employees shall annually disclose to the District the existence of and their participation' in text
    assert "also d547-46 (line 96)" in text
    assert "Silent, so it never fires there: cmcss, mcps, mmsd, mtc" in text


def test_explain_takes_the_name_of_a_checks_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert out(capsys, "explain", "overdue_disclosure") == out(capsys, "explain", "overdue-disclosure")


def test_explain_says_that_site_quality_is_asked_for_by_no_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert out(capsys, "explain", "broken-link").endswith(
        "Who asks for it\n  The product itself, under every policy (site quality). No policy asks for it.\n"
    )


@pytest.mark.parametrize("rule", RULES)
def test_explain_knows_every_rule_and_says_when_its_check_is_not_built(
    rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = out(capsys, "explain", rule)

    assert " ".join(text.split()).find(RULES[rule].fires) > 0
    assert ("is not built yet" in text) == (rule not in built())


def test_explain_gives_programs_clause_line_and_quote(capsys: pytest.CaptureFixture[str]) -> None:
    row = json.loads(out(capsys, "explain", "floor-plan", "--format", "json"))

    assert [(asked["policy"], asked["clauses"]) for asked in row["asked_by"]] == [
        (
            "d547",
            [
                {
                    "id": "d547-30",
                    "lines": "64",
                    "quote": "Employees may not post any nonpublic images of the District premises and property, "
                    "including floor plans.",
                }
            ],
        )
    ]


def test_explain_alone_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "explain")

    assert [line.split()[0] for line in text.splitlines() if not line.startswith(" ")] == list(RULES)
