"""`auditor report`: the store as files on the disk and on paper."""

import io
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from auditor import store
from auditor.cli import main
from auditor.commands.findings import load_config
from auditor.config import Config
from auditor.errors import Mistake
from auditor.model import Outcome, Verdict
from auditor.store import Store
from auditor.store.rows import Reach
from auditor.telling import write_reports
from reports import files
from spiders import browser_search
from spiders.printing import PrintingError, pdfs
from tests import stories
from tests.stories import DIARY, NOON, READING_CORNER, SITE_OF_LINCOLN, SITE_OF_ROOSEVELT, WEEK, finding, read

BROWSER = browser_search.find()
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no browser on this machine: auditor doctor says how to get one"
)
posix_only = pytest.mark.skipif(os.name != "posix", reason="modes mean nothing here")

CONFIG = f"""
[district]
name = "Riverbend School District"
policy = "mcps"
timezone = "America/Denver"
{
    "".join(
        f'''
[[schools]]
id = "{school.id}"
name = "{school.name}"
website = "{school.website}"
'''
        for school in stories.RIVERBEND.schools
    )
}
{
    "".join(
        f'''
[[accounts]]
id = "{account.id}"
school = "{account.school}"
kind = "{account.kind}"
platform = "website"
url = "{account.url}"
owner = "{account.owner or "Dana Reyes"}"
owner_email = "dreyes@riverbend.example"
consent_on = 2026-09-01
share_with = "{account.share_with}"
'''
        for account in (SITE_OF_LINCOLN, READING_CORNER, DIARY, SITE_OF_ROOSEVELT)
    )
}
"""

NAMES = ["index.html", "lincoln.html", "roosevelt.html"]


class Args:
    """What the command line says of the configuration."""

    def __init__(self, config: Path) -> None:
        self.config = config


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG, "utf-8")
    return file


@pytest.fixture
def config(config_file: Path) -> Config:
    return load_config(Args(config_file))  # type: ignore[arg-type]


@pytest.fixture
def memory(config: Config) -> Iterator[Store]:
    with store.open(config) as opened:
        yield opened


def audit(memory: Store, week: int, *names: str) -> None:
    """An audit of all accounts, in that week, which sees these students named on Lincoln's website."""
    now = NOON + week * WEEK
    accounts = (SITE_OF_LINCOLN, READING_CORNER, DIARY, SITE_OF_ROOSEVELT)
    audit_id = memory.begin_audit([a.id for a in accounts], "mcps", "command", now)
    for account in accounts:
        found = [finding(subject=name) for name in names] if account is SITE_OF_LINCOLN else []
        if account is DIARY:
            found = [finding("exposed-detail", subject="telephone number", account=DIARY)]
        memory.conclude(
            audit_id,
            account,
            verdicts=[
                Verdict(account.id, "student-name", Outcome.PASS),
                Verdict(account.id, "exposed-detail", Outcome.PASS),
            ],
            coverage=read(account),
            judged={"student-name": Reach.ACCOUNT, "exposed-detail": Reach.ACCOUNT},
            findings=found,
            now=now,
        )
    memory.finish_audit(audit_id, now + timedelta(minutes=5), unshared=[DIARY.id])


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_a_report_for_the_district_and_one_for_every_school(
    config_file: Path, memory: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit(memory, 0, "J*** D***")

    assert main(["report", "--config", str(config_file)]) == 0

    reports = tmp_path / "data" / "reports"
    assert capsys.readouterr().out.splitlines() == [str(reports / name) for name in NAMES]
    assert list(contents(reports)) == NAMES
    assert "J*** D***" in (reports / "lincoln.html").read_text("utf-8")
    assert "as of November 16, 2026, 12:05 p.m." in (reports / "lincoln.html").read_text("utf-8")


def test_the_report_of_last_week_is_the_same_to_the_byte_when_it_is_made_again(
    config: Config, memory: Store, tmp_path: Path
) -> None:
    audit(memory, 0, "J*** D***", "A*** B***")
    audit(memory, 1, "A*** B***")
    write_reports(config, memory)
    before = contents(tmp_path / "data" / "reports")

    write_reports(config, memory, tmp_path / "again")

    assert contents(tmp_path / "again") == before


def test_weeks_tell_what_is_new_what_was_fixed_and_what_came_back(
    config: Config, memory: Store, tmp_path: Path
) -> None:
    def page() -> str:
        write_reports(config, memory, tmp_path / "out")
        return (tmp_path / "out" / "lincoln.html").read_text("utf-8").partition("<main")[2]

    audit(memory, 0, "J*** D***")
    assert "<li>New</li>" in page()
    audit(memory, 1, "J*** D***")
    assert "<li>Still open for 7 days</li>" in page()
    audit(memory, 2)
    assert "Fixed in the last two weeks: thank you" in page()
    audit(memory, 3, "J*** D***")
    assert "<li>Came back</li>" in page()


def test_one_school_is_written_alone(config_file: Path, memory: Store, tmp_path: Path) -> None:
    audit(memory, 0)

    assert main(["report", "--config", str(config_file), "--school", "lincoln", "--out", str(tmp_path / "out")]) == 0

    assert list(contents(tmp_path / "out")) == ["lincoln.html"]


def test_private_accounts_are_in_no_report_nor_in_the_weeks(config: Config, memory: Store, tmp_path: Path) -> None:
    audit(memory, 0)
    audit(memory, 1)

    write_reports(config, memory, tmp_path / "out")

    assert {tally.open for tally in memory.history()} == {0}
    assert [
        n for n, page in contents(tmp_path / "out").items() if b"diary" in page or b"telephone number" in page
    ] == []


@posix_only
def test_only_their_owner_may_read_reports(config: Config, memory: Store, tmp_path: Path) -> None:
    audit(memory, 0)

    written = write_reports(config, memory, tmp_path / "out")

    assert {oct(file.stat().st_mode & 0o777) for file in written} == {"0o600"}
    assert oct((tmp_path / "out").stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (
            ["--school", "linkoln"],
            '--school: there is no school "linkoln" (did you mean "lincoln"?); there are lincoln, roosevelt',
        ),
        ([], 'nothing has been audited yet, so there is nothing to tell; "auditor audit" begins'),
    ],
)
def test_what_cannot_be_told_is_said_in_one_line(
    config_file: Path, capsys: pytest.CaptureFixture[str], words: list[str], fault: str
) -> None:
    assert main(["report", "--config", str(config_file), *words]) == 2

    assert capsys.readouterr().err == f"auditor: {fault}\n"


def test_a_folder_that_cannot_be_written_is_a_mistake_and_the_old_report_stays(
    config: Config, memory: Store, tmp_path: Path
) -> None:
    audit(memory, 0)
    (tmp_path / "taken").write_text("a file, no folder")

    with pytest.raises(Mistake, match="cannot be written"):
        write_reports(config, memory, tmp_path / "taken")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "lincoln.html"
    files.write(file, b"old")

    with pytest.raises(TypeError):
        files.write(file, "no bytes")  # type: ignore[arg-type]

    assert contents(tmp_path) == {"lincoln.html": b"old"}


# ------------------------------------------------------------------------------------------------ on paper


@needs_browser
def test_on_paper_every_closed_part_is_open_and_every_sheet_is_marked() -> None:
    assert BROWSER is not None

    ((_, content),) = pdfs({"report": stories.school_page(stories.everything())}, BROWSER)

    texts = [
        " ".join(sheet.get_textpage().get_text_range().split()) for sheet in pypdfium2.PdfDocument(io.BytesIO(content))
    ]
    everything = " ".join(texts)
    assert all(f"Page {n} of {len(texts)}" in text and "Confidential" in text for n, text in enumerate(texts, 1))
    assert everything.count("What this check cannot see:") >= 8
    assert "No roster is loaded, so nobody can tell who is a student." in everything
    assert "Read by" in everything
    assert b"/StructTreeRoot" in content
    assert b"/Outlines" in content
    assert b"/JavaScript" not in content
    assert len(content) < 5 * 1024 * 1024


@needs_browser
@posix_only
def test_reports_are_printed_beside_the_pages(config_file: Path, memory: Store, tmp_path: Path) -> None:
    audit(memory, 0)

    assert main(["report", "--config", str(config_file), "--school", "lincoln", "--pdf"]) == 0

    reports = contents(tmp_path / "data" / "reports")
    assert list(reports) == ["lincoln.html", "lincoln.pdf"]
    assert reports["lincoln.pdf"].startswith(b"%PDF")
    assert (tmp_path / "data" / "reports" / "lincoln.pdf").stat().st_mode & 0o777 == 0o600


def test_without_a_browser_paper_is_refused_before_anything_is_written(
    config_file: Path,
    memory: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    audit(memory, 0)
    monkeypatch.setenv(browser_search.VARIABLE, str(tmp_path / "no-such-browser"))

    assert main(["report", "--config", str(config_file), "--pdf"]) == 2

    assert "no browser was found to print with" in capsys.readouterr().err
    assert not (tmp_path / "data" / "reports").exists()


def test_a_browser_that_is_none_is_told_so() -> None:
    with pytest.raises(PrintingError):
        list(pdfs({"report": "<p>x"}, Path(sys.executable)))
