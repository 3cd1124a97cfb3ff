"""`auditor accounts`, as a person calls it."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor import store
from auditor.cli import main
from auditor.config import load
from auditor.model import Account, Coverage, Document, Kind, Link

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DISTRICT = Path(__file__).parent / "district"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The district of the tests, in a folder of its own where one stands."""
    home = tmp_path / "district"
    shutil.copytree(DISTRICT, home)
    (home / "oneroster").mkdir(exist_ok=True)
    (home / "optouts.csv").touch()
    monkeypatch.chdir(home)
    return home / "config.toml"


def accounts(file: Path) -> dict[str, Account]:
    return {account.id: account for account in load(file, NOW.date()).district.accounts}


def out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["accounts", *words]) == 0
    return capsys.readouterr().out


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says when it refuses; standard output stays empty."""
    status = main(["accounts", *words])
    printed = capsys.readouterr()
    assert (status, printed.out) == (2, "")
    return printed.err


def test_the_registry_is_shown_as_a_table(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.split() for line in out(capsys).splitlines()]

    assert rows[0] == ["id", "kind", "platform", "school", "grades", "url"]
    assert rows[4] == ["lincoln-grade3", "classroom", "website", "lincoln", "3", "http://127.0.0.2:8001/grade3/"]
    assert [row[0] for row in rows[1:]] == list(accounts(config))


def test_the_registry_is_shown_to_programs_with_every_field(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [json.loads(line) for line in out(capsys, "list", "--format", "jsonl", "--config", str(config)).splitlines()]

    assert rows[8] == {
        "id": "rivera-blog",
        "kind": "personal",
        "platform": "website",
        "url": "http://127.0.0.6:8001/",
        "school": "lincoln",
        "owner": "Elena Rivera",
        "owner_email": "erivera@riverbend.example",
        "admins": [],
        "grades": None,
        "approved_by": None,
        "approved_on": None,
        "disclosed_on": "2026-09-01",
        "notice_on": None,
        "comments": None,
        "logos": [],
        "contacts": [],
        "reviewed_on": None,
        "consent_on": "2026-09-01",
        "share_with": "self",
        "purpose": None,
        "opened_on": None,
        "open_reason": None,
    }
    assert [row["id"] for row in rows] == list(accounts(config))


def test_check_says_in_plain_words_what_each_account_lacks(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (config.parent / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("room-7,lincoln,classroom,facebook,https://www.facebook.com/room7" + "," * 15 + "\n")
        file.write("room-7-again,lincoln,personal,facebook,https://m.facebook.com/Room7/" + "," * 15 + "\n")

    told = out(capsys, "check")

    lines = told.splitlines()
    assert [line for line in lines if not line.startswith("  - ")] == ["takeda-blog", "room-7", "room-7-again"]
    assert lines[:2] == [
        "takeda-blog",
        "  - its owner has not offered it, so it is never read: write the day of the offer into consent_on",
    ]
    assert '  - has the same address as "room-7-again": keep one of the two' in lines
    for rule in ("unapproved-account, mcps", "missing-notice, mcps", "overdue-review, mcps", "underage-audience, mcps"):
        assert sum(f"({rule}" in line for line in lines) == 1
    assert "missing-administrator" not in told  # mcps does not ask for one
    assert "linked" not in told  # nothing was read, so nothing is said of what only a reader could know


def test_check_goes_by_the_districts_own_policy(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(config.read_text("utf-8").replace('policy = "mcps"', 'policy = "d547"'), "utf-8")
    with (config.parent / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("room-7,lincoln,classroom,website,http://127.0.0.2:8001/room7/" + "," * 15 + "\n")

    told = out(capsys, "check")

    assert "missing-administrator, d547" in told
    assert "overdue-disclosure, d547" in told
    assert "overdue-review" not in told


def test_check_tells_every_fault_and_ends_with_2(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = config.read_text("utf-8").replace("kind = ", "knid = ")
    config.write_text(text, "utf-8")

    told = refusal(capsys, "check").splitlines()

    wrong = '"knid" is no key of [[accounts]]; correct it or take it out (did you mean "kind"?)'
    assert [line for line in told if "knid" in line] == [
        f"auditor: config.toml:{number}: {wrong}"
        for number, line in enumerate(text.splitlines(), 1)
        if line.startswith("knid")
    ]


def test_add_prints_an_entry_that_is_ready_to_copy(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = out(capsys, "add", "https://twitter.com/LincolnElem?s=20")
    with config.open("a", encoding="utf-8") as file:
        file.write("\n" + entry)

    assert accounts(config)["lincoln-x"] == Account(
        "lincoln-x", Kind.OFFICIAL, "x", "https://x.com/lincolnelem", "lincoln"
    )


def test_add_writes_a_row_in_the_form_of_the_registry(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registry = config.parent / "accounts.csv"
    registry.write_bytes(b'\xef\xbb\xbf"URL",Kind,Platform,ID,School\r\n"https://a.example/",official,website,a,')

    main(["accounts", "add", "https://room7.weebly.com/", "--school", "lincoln", "--write"])

    assert registry.read_bytes() == (
        b'\xef\xbb\xbf"URL",Kind,Platform,ID,School\r\n"https://a.example/",official,website,a,\r\n'
        b"https://room7.weebly.com,classroom,weebly,lincoln-room7,lincoln\r\n"
    )
    assert '"lincoln-room7" is in ' in capsys.readouterr().err


def test_add_writes_a_table_where_there_is_no_csv_registry(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = config.read_text("utf-8").replace('registry = "accounts.csv"\n', "").replace("\n", "\r\n").rstrip()
    config.write_bytes(before.encode())

    status = main(
        ["accounts", "add", "https://x.com/lincolnelem", "--id", "lincoln-news", "--kind", "personal", "--write"]
    )

    after = config.read_bytes().decode()
    assert status == 0
    assert after.startswith(before + '\r\n\r\n[[accounts]]\r\nid = "lincoln-news"\r\n')
    assert after.count("\n") == after.count("\r\n")
    assert accounts(config)["lincoln-news"].kind is Kind.PERSONAL
    assert [path.name for path in config.parent.glob("*.new")] == []


def test_add_leaves_the_file_as_it_was_where_the_entry_does_not_fit(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '[district]\nname = "Riverbend"\npolicy = "mcps"\n'
    closed = 'accounts = [{id = "a", kind = "official", platform = "website", url = "https://a.example/"}]\n' + text
    config.write_text(closed, "utf-8")

    told = refusal(capsys, "add", "https://b.example/", "--platform", "website", "--write")

    assert "config.toml:6: this line is more of a list that is closed above" in told
    assert config.read_text("utf-8") == closed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("http://127.0.0.2:8001",), 'already registered as "lincoln-site"; nothing to add'),
        (("https://facebook.com/sharer.php?u=x",), "this is on Facebook, but no account there"),
        (("lincoln.example",), "the address does not begin with https://"),
        (("https://x.com/a", "--school", "linclon"), 'there is no school "linclon" (did you mean "lincoln"?)'),
        (("https://x.com/a", "--id", "Lincoln-Site"), '"Lincoln-Site" is taken; choose another'),
    ],
)
def test_add_refuses_what_cannot_be_registered(
    config: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert told in refusal(capsys, "add", *words)


def test_discover_shows_linked_accounts_that_nobody_registered(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load(config, NOW.date())
    pages = {
        "lincoln-site": ["https://www.facebook.com/LincolnElem", "https://www.facebook.com/sharer.php?u=x"],
        "madison-high-site": ["https://www.facebook.com/madison.riverbend.example", "https://x.com/MadisonHigh"],
        "rivera-blog": ["https://x.com/somebody"],
    }
    with store.open(settings) as memory:
        audit = memory.begin_audit(list(pages), "mcps", "command", NOW)
        with memory.writer(audit) as writer:
            for account, links in pages.items():
                page = Document(accounts(config)[account].url, links=tuple(map(Link, links)))
                writer.saw(account, page, mask=str)
        for account in pages:
            memory.gather(audit, account)
            memory.conclude(
                audit,
                accounts(config)[account],
                verdicts=[],
                coverage=Coverage(account, "", "website", True, 1, NOW),
                judged={},
                findings=[],
                now=NOW,
            )
        memory.finish_audit(audit, NOW)

    rows = [json.loads(line) for line in out(capsys, "discover", "--format", "jsonl").splitlines()]

    assert rows == [
        {
            "url": "https://www.facebook.com/lincolnelem",
            "platform": "facebook",
            "page": "http://127.0.0.2:8001/",
            "places": 1,
            "school": "lincoln",
            "add": "auditor accounts add https://www.facebook.com/lincolnelem",
        },
        {
            "url": "https://x.com/madisonhigh",
            "platform": "x",
            "page": "http://127.0.0.4:8001/",
            "places": 1,
            "school": "madison-high",
            "add": "auditor accounts add https://x.com/madisonhigh",
        },
    ]


def test_discover_before_any_audit_says_so(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accounts", "discover"]) == 0

    assert capsys.readouterr() == (
        "",
        'auditor: nothing has been audited yet; "auditor audit" begins, "auditor demo" shows how it looks\n',
    )
