"""What people write about findings is kept like a page is: nobody is named in it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor import store as stores
from auditor.cli import main
from auditor.roster import key
from tests.roster.rosters import roster_of
from tests.store.story import NAMED, Story
from tests.store.test_store_commands import CONFIG

PRIVATE = """
[[accounts]]
id = "rosa-blog"
kind = "personal"
platform = "website"
url = "http://rosa.example/"
owner = "Rosa Field"
consent_on = 2026-09-01
share_with = "self"
"""


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A district with one open finding and a roster of two students."""
    (tmp_path / "config.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    with stores.open_url(f"sqlite:///{data}/auditor.db", data) as store:
        Story(store).audit({"news.html": [NAMED]})
        secret = key.load_or_create(data)
        store.keep_roster(roster_of("Tobiah Wexcombe", "Ines Marchetti", key=secret).dump(), datetime.now(UTC))
    return tmp_path


def kept(district: Path) -> list[str]:
    with closing(sqlite3.connect(district / "data" / "auditor.db")) as database:
        told = database.execute("select reason from finding_event where what = 'dismissed'").fetchall()
        told += database.execute("select reason from finding where status = 'dismissed'").fetchall()
    return sorted({reason for (reason,) in told})


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Tobiah Wexcombe has consent", "T*** W*** has consent"),
        ("consent of Ines is in the office", "consent of I*** is in the office"),
        ("asked Anneliese Vandermeer at 406-721-0144", "asked A*** V*** at ***-***-****"),
        ("asked  Mrs. Lopez, the family agrees", "asked Mrs. Lopez, the family agrees"),
    ],
)
def test_a_reason_names_no_child(district: Path, capsys: pytest.CaptureFixture[str], written: str, stored: str) -> None:
    status = main(["dismiss", NAMED.id, "--reason", written])

    out = capsys.readouterr().out
    assert (status, kept(district)) == (0, [stored])
    assert (f"The reason was kept without names and contact data: {stored}\n" in out) is ("***" in stored)


def test_verdicts_on_a_private_account_are_for_its_owner(district: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["verdicts", "--format", "jsonl"])
    everybody = capsys.readouterr().out
    personal = CONFIG.partition("[[accounts]]")[0] + PRIVATE.replace("rosa-blog", "lincoln-site")
    (district / "config.toml").write_text(personal)
    private = [main(["verdicts", "--format", "jsonl"]), *capsys.readouterr()]

    assert "lincoln-site" in everybody
    assert private == [0, "", "auditor: verdicts on accounts that people share with nobody are left out\n"]
