"""Accounts and staff from CSV, as spreadsheets write it: forgiving about form, strict about what it says."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import Config, load
from auditor.errors import Mistake
from auditor.model import Account, Grades, Kind, Staff
from auditor.registry import ACCOUNT_KEYS, CsvEntry, Known, account, looks_secret, rows, staff
from auditor.toml_lines import Faults

TODAY = date(2026, 11, 20)

CONFIG = """\
[district]
name = "Riverbend School District"
policy = "mcps"
registry = "accounts.csv"
staff = "staff.csv"

[[schools]]
id = "lincoln"
name = "Lincoln Elementary"

[[accounts]]
id = "lincoln-site"
school = "lincoln"
kind = "official"
platform = "website"
url = "https://lincoln.riverbend.example/"
"""

HEADER = "id,school,kind,platform,url\n"
STAFF = "name,title,email,school\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(accounts: str | bytes = HEADER, staff: str | bytes = STAFF) -> Config:
    for name, content in (("accounts.csv", accounts), ("staff.csv", staff)):
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    Path("config.toml").write_text(CONFIG, "utf-8")
    return load(Path("config.toml"), TODAY)


def registered(accounts: str | bytes) -> tuple[Account, ...]:
    """What the CSV file adds to the one account of the configuration."""
    return read(accounts).district.accounts[1:]


def faults(accounts: str | bytes = HEADER, staff: str | bytes = STAFF) -> tuple[str, ...]:
    with pytest.raises(Mistake) as told:
        read(accounts, staff)
    return told.value.faults


CLASS = Account("room-7", Kind.CLASSROOM, "weebly", "https://room7.weebly.com", "lincoln")
CLASS_ROW = "room-7,lincoln,classroom,weebly,https://room7.weebly.com\n"


def test_a_row_is_an_account_like_a_table_of_the_configuration() -> None:
    row = {
        "id": "room-7",
        "school": "lincoln",
        "kind": "classroom",
        "platform": "weebly",
        "url": "https://room7.weebly.com",
        "owner": "Elena Rivera",
        "owner_email": "erivera@riverbend.example",
        "admins": "erivera@riverbend.example; tech@riverbend.example",
        "grades": "7;8",
        "approved_by": '"Reyes, Dana"',
        "approved_on": "2026-08-15",
        "disclosed_on": "2026-08-16",
        "notice_on": "2026-09-01",
        "comments": "off",
        "logos": "",
        "contacts": "pta@example.org;406-555-0100;",
        "reviewed_on": "2026-11-13",
        "consent_on": "",
        "share_with": "",
        "purpose": '"Says ""hello"" to families"',
        "opened_on": "2026-10-01",
        "open_reason": "Reading week",
    }

    found = registered(",".join(row) + "\n" + ",".join(row.values()) + "\n")

    assert tuple(row) == tuple(sorted(ACCOUNT_KEYS, key=list(row).index))
    assert found == (
        Account(
            id="room-7",
            kind=Kind.CLASSROOM,
            platform="weebly",
            url="https://room7.weebly.com",
            school="lincoln",
            owner="Elena Rivera",
            owner_email="erivera@riverbend.example",
            admins=("erivera@riverbend.example", "tech@riverbend.example"),
            grades=Grades(7, 8),
            approved_by="Reyes, Dana",
            approved_on=date(2026, 8, 15),
            disclosed_on=date(2026, 8, 16),
            notice_on=date(2026, 9, 1),
            comments="off",
            contacts=("pta@example.org", "406-555-0100"),
            reviewed_on=date(2026, 11, 13),
            purpose='Says "hello" to families',
            opened_on=date(2026, 10, 1),
            open_reason="Reading week",
        ),
    )


@pytest.mark.parametrize(
    "raw",
    [
        (HEADER + CLASS_ROW).encode(),
        b"\xef\xbb\xbf" + (HEADER + CLASS_ROW).replace("\n", "\r\n").encode(),
        (HEADER + CLASS_ROW).replace("\n", "\r").encode(),
        b"\r\n\r\n ID ,School, KIND,Platform,Url,,\r\n,,,,\r\n\r\n" + CLASS_ROW.encode().strip() + b",,\r\n",
        b'"id","school","kind","platform","url"\n"room-7"," lincoln ","Classroom","Weebly","https://room7.weebly.com"',
        b"URL,Platform,Kind,ID,School\nhttps://room7.weebly.com,weebly,classroom,room-7,lincoln\n",
    ],
    ids=["plain", "windows", "old mac", "blank lines and cells", "quotes, capitals, no end", "other order"],
)
def test_the_form_of_the_file_does_not_matter(raw: bytes) -> None:
    assert registered(raw) == (CLASS,)


def test_a_file_with_nothing_but_its_header_registers_nobody() -> None:
    assert registered(HEADER) == ()


def test_a_file_from_an_old_spreadsheet_is_read_with_a_remark() -> None:
    config = read(staff=STAFF.encode() + "Élodie Brontë,Teacher,,\n".encode("cp1252"))

    assert config.district.staff == (Staff("Élodie Brontë", "Teacher"),)
    assert config.notes == (
        'staff.csv: is not UTF-8, read as Windows-1252; save it as "CSV UTF-8" to be sure of the accents',
    )


def test_staff_may_name_their_school_by_id_or_name_or_another_place() -> None:
    config = read(
        staff=STAFF
        + "Dana Reyes,Principal,dreyes@riverbend.example,lincoln\n"
        + 'Elena Rivera,"Teacher, grade 3",,LINCOLN elementary\n'
        + "Noor Castellan,,,District Office\n"
    )

    assert config.district.staff == (
        Staff("Dana Reyes", "Principal", "dreyes@riverbend.example", "lincoln"),
        Staff("Elena Rivera", "Teacher, grade 3", "", "lincoln"),
        Staff("Noor Castellan", "", "", "District Office"),
    )


def test_every_bad_value_is_told_with_file_row_column_and_remedy() -> None:
    accounts = (
        "id,school,kind,platform,url,owner_email,grades,approved_on,admins,comments\n"
        "\n"
        'a,linclon,offical,webiste,ftp://a.example,nobody,8-Jun,8/15/2026,"a@b.example;c.example",maybe\n'
        ',,official,website,https://a.example,,,,"two\n'
        'lines",\n'
        "b,,official,website,https://b.example,,,2026-02-30,,,,more\n"
        "c,,official,website,www.c.example,,,15.08.2026,,\n"
    )

    told = faults(accounts)

    assert [line for line in told if ":3:" in line] == [
        'accounts.csv:3: column admins (number 2): "c.example" is no e-mail address; write it like'
        " tech@riverbend.example",
        'accounts.csv:3: column approved_on: "8/15/2026" is no date; write year, month and day like 2026-08-15',
        'accounts.csv:3: column comments: "maybe" is none of off, moderated, open; write one of these',
        'accounts.csv:3: column grades: cannot be used: a spreadsheet has made the date "8-Jun" of the grades; format'
        ' the column as text, write "K-5"',
        'accounts.csv:3: column kind: "offical" is none of official, classroom, personal; write one of these (did you'
        ' mean "official"?)',
        'accounts.csv:3: column owner_email: "nobody" is no e-mail address; write it like tech@riverbend.example',
        next(line for line in told if "webiste" in line),
        'accounts.csv:3: column school: "linclon" is no id of [[schools]]; add it there or correct it here (did you'
        ' mean "lincoln"?)',
        'accounts.csv:3: column url: begins with "ftp:"; only addresses that begin with https:// or http:// can be'
        " read",
    ]
    assert next(line for line in told if "webiste" in line).endswith('(did you mean "website"?)')
    assert [line for line in told if ":3:" not in line] == [
        "accounts.csv:4: column admins (number 1): has a line break or a character that cannot be seen; type it again",
        "accounts.csv:4: column id: is empty; write what belongs there, such as lincoln-site",
        "accounts.csv:6: more cells than the 10 columns; a text with a comma needs quotes around it",
        'accounts.csv:7: column approved_on: "15.08.2026" is no date; write year, month and day like 2026-08-15',
        "accounts.csv:7: column url: does not begin with https:// or http://; write https://www.c.example",
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id,kind,platform,url,Reviewd On", 'unknown column "Reviewd On"; correct it or take it out (did you mean'),
        ("id,kind,platform,url,Password", 'column "Password": the registry never holds passwords; take it out, and'),
        ("id,kind,platform,url,account pwd", 'column "account pwd": the registry never holds passwords; take it out'),
        ("id,kind,platform,url,URL", "column url stands twice; keep one"),
        ("id,kind,platform", "there is no column url; add it"),
        ("id;kind;platform;url", "the columns are not split by commas; save it again as CSV with commas"),
        ("id\tkind\tplatform\turl", "the columns are not split by commas; save it again as CSV with commas"),
        ("id,kind,,platform,url", "column 3 has no name; correct it or take it out"),
    ],
)
def test_a_header_that_misleads_is_told(header: str, told: str) -> None:
    found = faults(f"\n{header}\n")

    assert [line[: len(told) + 16] for line in found] == [f"accounts.csv:2: {told}"]


def test_a_misspelt_column_is_read_as_the_one_that_was_meant() -> None:
    told = faults("id,kind,platfrom,url,approvd_on\na,clasroom,websit,nowhere,8/15/2026\nb,official\n")

    assert [line[: len(start)] for line, start in zip(told, COLUMNS_MEANT, strict=True)] == COLUMNS_MEANT


COLUMNS_MEANT = [
    'accounts.csv:1: unknown column "approvd_on"; correct it or take it out (did you mean "approved_on"?)',
    'accounts.csv:1: unknown column "platfrom"; correct it or take it out (did you mean "platform"?)',
    'accounts.csv:2: column approved_on: "8/15/2026" is no date; write year, month and day like 2026-08-15',
    'accounts.csv:2: column kind: "clasroom" is none of official, classroom, personal',
    'accounts.csv:2: column platform: "websit" is no platform auditor knows',
    "accounts.csv:2: column url: does not begin with https:// or http://",
    "accounts.csv:3: column platform: is empty; write what belongs there, such as website",
    "accounts.csv:3: column url: is empty; write what belongs there, such as",
]


def test_below_a_header_without_a_column_the_others_are_looked_at() -> None:
    told = faults("id,kind,platform\na,clasroom,website\n")

    assert [line[:48] for line in told] == [
        "accounts.csv:1: there is no column url; add it",
        'accounts.csv:2: column kind: "clasroom" is none ',
    ]


def test_a_password_column_is_told_and_what_stands_in_it_is_not() -> None:
    told = faults("id,kind,platform,url,password\na,official,website,nowhere,hunter2\n")

    assert not any("hunter2" in line for line in told)
    assert told[0].startswith('accounts.csv:1: column "password": the registry never holds passwords')


def test_an_id_is_given_once_over_all_files() -> None:
    told = faults(HEADER + "Lincoln-Site,,official,website,https://a.example/\n" + CLASS_ROW + CLASS_ROW)

    assert told == (
        'accounts.csv:2: column id: "Lincoln-Site" is taken by the account at config.toml:11; give each its own',
        'accounts.csv:4: column id: "room-7" is taken by the account at accounts.csv:3; give each its own',
    )


@pytest.mark.parametrize("reserved", ["district", "a" * 65])
def test_an_accounts_id_is_short_and_its_own(reserved: str) -> None:
    told = faults(f"{HEADER}{reserved},,official,website,https://a.example/\n")

    assert [line[:26] for line in told] == ["accounts.csv:2: column id:"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "accounts.csv: is empty; its first line names the columns: id, kind, platform, url, school, owner,"),
        (
            b"\n\n,,\n",
            "accounts.csv: is empty; its first line names the columns: id, kind, platform, url, school, owner,",
        ),
        ((HEADER + CLASS_ROW).encode("utf-16"), 'accounts.csv: is no CSV file in UTF-8; save it again as "CSV UTF-8'),
        (b"PK\x03\x04\x00\xff\xff", 'accounts.csv: is no CSV file in UTF-8; save it again as "CSV UTF-8'),
        (
            HEADER.encode() + b'a,"b,c\nd,e\n',
            "accounts.csv:2: a quote is not closed, or stands inside a text; double it",
        ),
        (
            HEADER.encode() + b'\na,"b"c,d\n',
            "accounts.csv:3: a quote is not closed, or stands inside a text; double it",
        ),
    ],
    ids=["empty", "blank", "utf-16", "a workbook", "open quote", "stray quote"],
)
def test_what_is_no_csv_is_told(raw: bytes, told: str) -> None:
    assert any(line.startswith(told) for line in faults(raw))


def test_what_looks_like_a_secret_is_known_by_its_name() -> None:
    secret = [
        "password",
        "Pass Word",
        "passwd",
        "pwd",
        "account_pw",
        "Passwort",
        "api-key",
        "client_secret",
        "TOKEN",
        "PIN",
    ]
    plain = ["id", "owner", "purpose", "opinion", "compass", "url", "spin", "passes", "key"]

    assert [word for word in (*secret, *plain) if looks_secret(word)] == secret


CELLS = st.text(alphabet='abc1-/@.;,"\n\r\t \0é€\x9d', max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    raw=st.binary(max_size=200)
    | st.lists(st.lists(CELLS, max_size=7).map(",".join), max_size=6).map(lambda ls: (HEADER + "\n".join(ls)).encode())
)
def test_any_bytes_are_rows_or_plain_refusals(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(raw)
    told = Faults()

    for entry in rows(file, "any.csv", ACCOUNT_KEYS, ("id",), told):
        account(entry, Known((), ()))
    for entry in rows(file, "any.csv", ("name",), ("name",), told):
        staff(entry, {})

    assert all(line.isprintable() for line in told.told())


@settings(deadline=None)
@given(cells=st.dictionaries(st.sampled_from(ACCOUNT_KEYS), st.text()))
def test_any_cells_are_an_account_or_plain_refusals(cells: dict[str, str]) -> None:
    told = Faults()

    account(CsvEntry("any.csv", 2, cells, told), Known((), ()))

    assert all(line.isprintable() for line in told.told())
