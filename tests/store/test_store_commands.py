"""The commands that tell what is stored, and those by which people decide about it; run as a person runs them."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor import store as stores
from auditor.cli import main
from auditor.model import Blind, Coverage, LinkVerdict, Outcome, Reason, Severity
from auditor.store import Store, export
from tests.store.story import DEAD_LINK, LINCOLN, MONDAY, NAMED, SITE, Story, finding

CONFIG = """
[district]
name = "Riverbend School District"
policy = "mcps"
timezone = "America/Denver"

[[schools]]
id = "lincoln"
name = "Lincoln Elementary"

[[accounts]]
id = "lincoln-site"
school = "lincoln"
kind = "official"
platform = "website"
url = "http://lincoln.example/"
"""

QUESTION = replace(finding("unregistered-account", path="links.html", subject="a page"), outcome=Outcome.REVIEW)

Auditor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def auditor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Auditor:
    """Runs a command in the district's folder; gives exit status, standard output and standard error."""
    (tmp_path / "config.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "dreyes")

    def auditor(*words: str) -> tuple[int, str, str]:
        try:
            status = main(words)
        except SystemExit as wrong_usage:
            status = int(wrong_usage.code or 0)
        told = capsys.readouterr()
        return status, told.out, told.err

    return auditor


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return stores.open_url(f"sqlite:///{tmp_path}/data/auditor.db", tmp_path / "data")


@pytest.fixture
def story(store: Store) -> Story:
    """Two audits: one finding is new, one a question, one fixed."""
    story = Story(store)
    fixed = finding(path="club.html", severity=Severity.CRITICAL)
    story.audit({"club.html": [fixed], "links.html": []}, found=[QUESTION])
    story.audit(
        {"news.html": [NAMED], "club.html": []}, missed=["links.html"], links={DEAD_LINK.subject: LinkVerdict.BROKEN}
    )
    return story


# ------------------------------------------------------------------------------------------- before any audit


@pytest.mark.parametrize("command", ["findings", "verdicts", "coverage"])
@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_before_any_audit_nothing_is_told_but_how_to_begin(auditor: Auditor, command: str, form: str) -> None:
    assert auditor(command, "--format", form) == (
        0,
        "",
        'auditor: nothing has been audited yet; "auditor audit" begins, "auditor demo" shows how it looks\n',
    )
    assert not Path("data").exists()


@pytest.mark.parametrize("form", ["json", "sarif", "csv"])
def test_an_empty_store_is_still_valid_for_programs(auditor: Auditor, form: str) -> None:
    status, out, _ = auditor("findings", "--format", form)

    assert status == 0
    if form == "csv":
        assert [*csv.DictReader(io.StringIO(out))] == []
    else:
        assert json.loads(out) == [] or json.loads(out)["runs"][0]["results"] == []


def test_nothing_can_be_decided_before_any_audit(auditor: Auditor) -> None:
    assert auditor("acknowledge", "f-abc") == (
        2,
        "",
        'auditor: there is no finding "f-abc": nothing has been audited yet\n',
    )
    assert not Path("data").exists()


# ------------------------------------------------------------------------------------------- findings


def test_json_lines_are_the_contract_s(auditor: Auditor, story: Story) -> None:
    status, out, err = auditor("findings", "--format", "jsonl", "--rule", "student-name", "--status", "open")

    assert (status, err) == (0, "")
    assert out.endswith("\n")
    assert [json.loads(line) for line in out.splitlines()] == [
        {
            "id": NAMED.id,
            "rule": "student-name",
            "outcome": "fail",
            "severity": "serious",
            "policy": "mcps",
            "clause": "mcps-k8-names",
            "school": "lincoln",
            "account": "lincoln-site",
            "url": "http://lincoln.example/news.html",
            "subject": "J*** D***",
            "excerpt": "Congratulations to J*** D*** (grade 3)",
            "advice": "Take the name off the page.",
            "confidence": 0.98,
            "status": "open",
            "first_seen": "2026-11-23T06:00:04Z",
            "last_seen": "2026-11-23T06:00:04Z",
            "places": 1,
        }
    ]


def test_json_holds_the_same_as_json_lines(auditor: Auditor, story: Story) -> None:
    _, lines, _ = auditor("findings", "--format", "jsonl")
    _, whole, _ = auditor("findings", "--format", "json")

    assert json.loads(whole) == [json.loads(line) for line in lines.splitlines()]
    assert len(json.loads(whole)) == 3


def test_findings_are_chosen_by_status_school_and_rule(auditor: Auditor, story: Story) -> None:
    def chosen(*words: str) -> list[str]:
        return [json.loads(line)["url"] for line in auditor("findings", "--format", "jsonl", *words)[1].splitlines()]

    assert chosen("--status", "fixed") == [SITE + "club.html"]
    assert chosen("--rule", "unregistered-account") == [SITE + "links.html"]
    assert len(chosen("--school", "lincoln")) == 3


def test_an_unknown_name_is_a_mistake_with_a_hint(auditor: Auditor, story: Story) -> None:
    assert auditor("findings", "--school", "lincon") == (
        2,
        "",
        'auditor: --school: there is no school "lincon" (did you mean "lincoln"?); there is lincoln\n',
    )
    assert auditor("findings", "--rule", "student-names")[0] == 2
    assert auditor("findings", "--status", "closed")[0] == 2


def test_the_table_is_for_people(auditor: Auditor, story: Story) -> None:
    status, out, err = auditor("findings", "--status", "open")

    assert status == 0
    assert out.splitlines()[0].split() == ["id", "status", "severity", "account", "rule", "subject", "where"]
    assert [line.split("  ")[-1].strip() for line in out.splitlines()[1:]] == [SITE + "news.html", SITE + "links.html"]
    assert err == '2 findings: 2 serious; "?" marks 1 that only a person can decide\n'


def test_nothing_in_a_table_moves_the_terminal_s_cursor(auditor: Auditor, store: Store) -> None:
    Story(store).audit({"news.html": [finding(subject="\x1b[2J\u202ename\n\u0007")]})

    _, out, _ = auditor("findings")

    assert all(c.isprintable() or c == "\n" for c in out)
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠", "\t=", "\r", "\n=", "  =", "\u00a0@"])
def test_no_cell_of_a_spreadsheet_is_a_formula(auditor: Auditor, store: Store, start: str) -> None:
    Story(store).audit({"news.html": [finding(subject=f'{start}HYPERLINK("http://evil.example/";"Lincoln")')]})

    _, out, _ = auditor("findings", "--format", "csv")

    (row,) = csv.DictReader(io.StringIO(out))
    assert row["subject"].startswith(f"'{start[0]}")
    assert (row["confidence"], row["places"], row["rule"]) == ("0.98", "1", "student-name")
    assert list(row) == list(export.KEYS)


def test_sarif_tells_what_is_new_unchanged_absent_and_suppressed(auditor: Auditor, story: Story) -> None:
    story.store.dismiss(NAMED.id, "A character in a play", "dreyes", datetime.now(UTC))

    status, out, err = auditor("findings", "--format", "sarif")

    log = json.loads(out)
    (run,) = log["runs"]
    told = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: (
            result["ruleId"],
            result["kind"],
            result["level"],
            result["baselineState"],
            result["suppressions"],
        )
        for result in run["results"]
    }
    suppression = {"kind": "external", "status": "accepted", "justification": "A character in a play"}
    assert (status, err, log["version"]) == (0, "", "2.1.0")
    assert told == {
        SITE + "news.html": ("student-name", "fail", "error", "new", [suppression]),
        SITE + "club.html": ("student-name", "fail", "error", "absent", []),
        SITE + "links.html": ("unregistered-account", "review", "none", "unchanged", []),
    }
    assert [run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in run["results"]] == [
        r["ruleId"] for r in run["results"]
    ]
    assert run["baselineGuid"] != run["automationDetails"]["guid"]


def test_an_address_in_sarif_is_a_valid_uri(auditor: Auditor, store: Store) -> None:
    Story(store).audit({"news.html": [finding(path="año nuevo.html?a=1&b=%20#x")]})

    log = json.loads(auditor("findings", "--format", "sarif")[1])

    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == SITE + "a%C3%B1o%20nuevo.html?a=1&b=%20#x"


# ------------------------------------------------------------------------------------------- verdicts and coverage


def test_verdicts_are_told_by_account_and_rule(auditor: Auditor, story: Story) -> None:
    _, out, _ = auditor("verdicts", "--format", "jsonl")
    _, for_people, _ = auditor("verdicts")

    assert json.loads(out.splitlines()[0]) == {
        "account": "lincoln-site",
        "rule": "broken-link",
        "outcome": "pass",
        "reason": "",
    }
    assert for_people.splitlines()[0].split() == ["account", "rule", "outcome", "reason"]
    assert len(out.splitlines()) == len(for_people.splitlines()) - 1


def test_coverage_tells_what_could_not_be_seen_and_why(auditor: Auditor, store: Store) -> None:
    audit_id = store.begin_audit([LINCOLN.id], "mcps", "command", MONDAY)
    blind = (Blind("2 pages", Reason.ROBOTS, "Ask the webmaster."), Blind("the staff folder", Reason.LOGIN_WALL))
    coverage = Coverage(LINCOLN.id, "lincoln", "website", False, 12, MONDAY, datetime(2019, 8, 1, tzinfo=UTC), blind)
    store.conclude(audit_id, LINCOLN, verdicts=[], coverage=coverage, judged={}, now=MONDAY)

    _, out, _ = auditor("coverage", "--format", "jsonl")
    _, for_people, _ = auditor("coverage")

    assert json.loads(out) == {
        "account": "lincoln-site",
        "school": "lincoln",
        "route": "website",
        "complete": False,
        "documents": 12,
        "oldest": "2019-08-01T00:00:00Z",
        "blind": [
            {"what": "2 pages", "reason": "robots", "remedy": "Ask the webmaster."},
            {"what": "the staff folder", "reason": "login_wall", "remedy": ""},
        ],
        "fetched_at": "2026-11-16T06:00:04Z",
    }
    assert [line.split("  ")[-1].strip() for line in for_people.splitlines()] == [
        "could not be seen",
        "2 pages (robots): Ask the webmaster.",
        "the staff folder (login_wall)",
    ]


# ------------------------------------------------------------------------------------------- deciding


def test_a_person_dismisses_reopens_and_acknowledges(auditor: Auditor, story: Story) -> None:
    last_day = datetime.now(UTC).date() + timedelta(days=30)
    words = ("--reason", "A character in a play", "--until", last_day.isoformat())

    dismissed = auditor("dismiss", NAMED.id, *words)
    reopened = auditor("reopen", NAMED.id, "--by", "M. Lopez")
    acknowledged = auditor("acknowledge", NAMED.id)

    assert (dismissed, reopened, acknowledged) == (
        (0, f"{NAMED.id} is dismissed until {last_day}\n", ""),
        (0, f"{NAMED.id} is open\n", ""),
        (0, f"{NAMED.id} is acknowledged\n", ""),
    )
    assert [(e.who, e.what, e.reason, e.until) for e in story.store.events(NAMED.id)] == [
        ("dreyes", "dismissed", "A character in a play", last_day),
        ("M. Lopez", "reopened", "", None),
        ("dreyes", "acknowledged", "", None),
    ]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["f-nothing", "--reason", "x"], 'there is no finding "f-nothing". "auditor findings" lists them.'),
        ([NAMED.id, "--reason", " "], "--reason: say why this is no trouble; the annual review shows it"),
        ([NAMED.id, "--reason", "x", "--until", "2020-01-01"], "--until: 2020-01-01 is in the past"),
        ([NAMED.id, "--reason", "x", "--until", "soon"], '"soon" is no date; write it like 2027-06-11'),
        ([NAMED.id], "--reason is missing"),
    ],
)
def test_a_wrong_dismissal_changes_nothing_and_says_how(
    auditor: Auditor, story: Story, words: list[str], fault: str
) -> None:
    status, out, err = auditor("dismiss", *words)

    assert (status, out) == (2, "")
    assert fault in err
    assert story.store.findings(rule="student-name", now=MONDAY)[1].status == "open"


def test_a_purge_says_what_it_removed(auditor: Auditor, store: Store) -> None:
    story = Story(store)
    story.now -= timedelta(weeks=104)
    story.audit({"news.html": [NAMED], "club.html": []})
    story.audit({"news.html": []})
    a_decade = ("--findings-days", "3650", "--readings-days", "3650")

    assert auditor("purge", *a_decade) == (0, "nothing was old enough to be removed\n", "")
    assert auditor("purge") == (0, "removed: pages read (1), fixed findings (1)\n", "")
    assert auditor("purge") == (0, "nothing was old enough to be removed\n", "")
    assert auditor("purge", "--findings-days", "-1")[0] == 2
