"""config.toml: what is right becomes a district; what is wrong is told, all of it at once, each with its line."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import Config, Crawl, PlatformSettings, load, networks
from auditor.errors import Mistake
from auditor.model import Account, District, Grades, Kind, Logo, School
from auditor.toml_lines import positions

TODAY = date(2026, 11, 20)
DISTRICT = Path(__file__).parent / "district"

SMALL = """\
[district]
name = "Riverbend School District"
policy = "mcps"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, so that faults call the file "config.toml"."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str) -> Config:
    Path("config.toml").write_text(text, "utf-8", newline="")
    return load(Path("config.toml"), TODAY)


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(Mistake) as told:
        read(text)
    return told.value.faults


def expected(text: str) -> tuple[str, ...]:
    """The faults that the text's own `#!` remarks promise, each for the line it stands on."""
    return tuple(
        f"config.toml:{number}: {remark}"
        for number, line in enumerate(text.split("\n"), 1)
        for remark in re.findall(r"#! (.+?)(?=\s+#!|$)", line)
    )


# ------------------------------------------------------------------------------------------------ what is right


def test_a_name_and_a_policy_are_enough(folder: Path) -> None:
    config = read(SMALL)

    assert config.district == District(name="Riverbend School District", policy="mcps")
    assert config.policy.id == "mcps"
    assert config.path == folder / "config.toml"
    assert config.data == folder / "data"
    assert config.store_url == f"sqlite:///{(folder / 'data' / 'auditor.db').as_posix()}"
    assert config.crawl == Crawl(contact="", max_pages=500, delay=0.5, allow_networks=(), render="auto")
    assert dict(config.platforms) == {}
    assert (config.registry, config.roster, config.roster_flags, config.notes) == (None, None, None, ())
    assert not config.data.exists()


def test_a_browser_that_is_not_here_is_remarked_on_and_stops_nothing() -> None:
    config = read(SMALL + '[crawl]\nbrowser = "no-such-browser"\n')

    assert config.crawl.browser == "no-such-browser"
    assert [note.partition(": ")[2] for note in config.notes] == [
        'the browser "no-such-browser" is not on this computer: pages that need one cannot be read here'
    ]


def test_every_key_of_the_contract_is_read(folder: Path) -> None:
    (folder / "oneroster").mkdir()
    for name in ("optouts.csv", "seal.png", "seal-dark.png"):
        (folder / name).write_bytes(b"")
    (folder / "blocked.txt").write_text("games.example\n\n*.Betting.example  # since May\n", "utf-8")

    config = read(
        """\
[district]
name = "Riverbend School District"
policy = "d547"
timezone = "America/Denver"
email_domains = ["riverbend.example"]
phones = ["406-555"]
roster = "oneroster/"
designees = ["tech@riverbend.example"]
roster_flags = "optouts.csv"
policy_reviewed_on = 2026-03-09
blocked_hosts = "blocked.txt"
data = "kept/"
[store]
url = "sqlite:///kept/findings.db"
[crawl]
contact = "webmaster@riverbend.example"
max_pages = 20
delay = 1
allow_networks = ["127.0.0.0/8", "::1"]
render = "never"
browser = "seal.png"
[platforms.bluesky]
base = "https://public.api.bsky.app"
token_env = "BLUESKY_TOKEN"
[[schools]]
id = "lincoln"
name = "Lincoln Elementary"
grades = "K-5"
website = "http://127.0.0.2:8001/"
principal = "Dana Reyes"
principal_email = "dreyes@riverbend.example"
[[logos]]
id = "district-seal"
images = ["seal.png", "seal-dark.png"]
[[accounts]]
id = "lincoln-site"
school = "lincoln"
kind = "official"
platform = "website"
url = "http://127.0.0.2:8001/"
owner = "Dana Reyes"
owner_email = "dreyes@riverbend.example"
admins = ["dreyes@riverbend.example", "tech@riverbend.example"]
grades = "K-5"
approved_by = "Superintendent"
approved_on = 2026-08-15
disclosed_on = 2026-08-16
notice_on = 2026-09-01
comments = "off"
logos = ["district-seal"]
contacts = ["pta@example.org"]
reviewed_on = 2026-11-13
consent_on = 2026-09-02
share_with = "self"
"""
    )

    assert config.district == District(
        name="Riverbend School District",
        policy="d547",
        timezone="America/Denver",
        email_domains=("riverbend.example",),
        phones=("406-555",),
        designees=("tech@riverbend.example",),
        policy_reviewed_on=date(2026, 3, 9),
        blocked_hosts=frozenset({"games.example", "betting.example"}),
        schools=(
            School(
                id="lincoln",
                name="Lincoln Elementary",
                grades=Grades(0, 5),
                website="http://127.0.0.2:8001/",
                principal="Dana Reyes",
                principal_email="dreyes@riverbend.example",
            ),
        ),
        logos=(Logo("district-seal", (folder / "seal.png", folder / "seal-dark.png")),),
        accounts=(
            Account(
                id="lincoln-site",
                kind=Kind.OFFICIAL,
                platform="website",
                url="http://127.0.0.2:8001/",
                school="lincoln",
                owner="Dana Reyes",
                owner_email="dreyes@riverbend.example",
                admins=("dreyes@riverbend.example", "tech@riverbend.example"),
                grades=Grades(0, 5),
                approved_by="Superintendent",
                approved_on=date(2026, 8, 15),
                disclosed_on=date(2026, 8, 16),
                notice_on=date(2026, 9, 1),
                comments="off",
                logos=("district-seal",),
                contacts=("pta@example.org",),
                reviewed_on=date(2026, 11, 13),
                consent_on=date(2026, 9, 2),
                share_with="self",
            ),
        ),
    )
    assert config.crawl == Crawl(
        contact="webmaster@riverbend.example",
        max_pages=20,
        delay=1.0,
        allow_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        render="never",
        browser=str(folder / "seal.png"),
    )
    assert dict(config.platforms) == {"bluesky": PlatformSettings("https://public.api.bsky.app", "BLUESKY_TOKEN")}
    assert config.data == folder / "kept"
    assert config.store_url == f"sqlite:///{(folder / 'kept' / 'findings.db').as_posix()}"
    assert (config.roster, config.roster_flags) == (folder / "oneroster", folder / "optouts.csv")


def test_paths_belong_to_the_folder_of_the_file_and_not_to_where_one_stands(folder: Path) -> None:
    home = folder / "district"
    home.mkdir()
    (home / "config.toml").write_text(SMALL + 'roster = "roster.zip"\n', "utf-8")
    (home / "roster.zip").write_bytes(b"")

    config = load(Path("district/config.toml"), TODAY)

    assert (config.roster, config.data) == (home / "roster.zip", home / "data")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:////srv/auditor.db", "sqlite:////srv/auditor.db"),
        ("sqlite:///C:/auditor/auditor.db", "sqlite:///C:/auditor/auditor.db"),
        ("postgresql+psycopg://auditor@db.riverbend.example/auditor", None),
        ("postgresql://db.riverbend.example/a", "postgresql+psycopg://db.riverbend.example/a"),
    ],
)
def test_a_store_may_be_anywhere(written: str, meant: str | None) -> None:
    assert read(f'{SMALL}[store]\nurl = "{written}"\n').store_url == (meant or written)


def test_a_password_in_the_stores_address_is_remarked_on_and_never_shown() -> None:
    config = read(f'{SMALL}[store]\nurl = "postgresql+psycopg://auditor:hunter2@db.example/auditor"\n')

    assert config.notes == (
        "config.toml:4: the store's address holds a password; better take it out and set PGPASSWORD or a password file"
        " instead",
    )
    assert "hunter2" not in repr(config)


def test_a_policy_may_be_the_districts_own_file(folder: Path) -> None:
    shutil.copy(Path(__file__).parent.parent / "auditor" / "policies" / "mcps.toml", folder / "ours.toml")

    config = read(SMALL.replace('"mcps"', '"ours.toml"'))

    assert (config.policy.id, config.district.policy) == ("mcps", str(folder / "ours.toml"))


def test_the_first_designee_is_the_contact_where_none_is_named() -> None:
    assert read(f'{SMALL}designees = ["tech@riverbend.example"]\n').crawl.contact == "tech@riverbend.example"


def test_a_file_from_windows_is_read(folder: Path) -> None:
    (folder / "config.toml").write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert load(folder / "config.toml", TODAY).district.name == "Riverbend School District"


def test_paths_that_were_written_on_windows_lead_to_the_same_files(folder: Path) -> None:
    (folder / "lists").mkdir()
    (folder / "lists" / "accounts.csv").write_text("id,kind,platform,url\na,official,website,https://a.example/\n")
    shutil.copy(Path(__file__).parent.parent / "auditor" / "policies" / "mcps.toml", folder / "lists" / "ours.toml")

    config = read(
        SMALL.replace('"mcps"', "'lists\\ours.toml'") + "registry = 'lists\\accounts.csv'\ndata = 'kept\\data'\n"
    )

    assert [account.id for account in config.district.accounts] == ["a"]
    assert (config.policy.id, config.data) == ("mcps", folder / "kept" / "data")


def test_an_empty_text_is_the_same_as_none() -> None:
    account = '[[accounts]]\nid = "a"\nkind = "official"\nplatform = "twitter"\nurl = "https://x.com/a"\nschool = ""\n'

    assert read(SMALL + account).district.accounts == (Account("a", Kind.OFFICIAL, "x", "https://x.com/a"),)


def test_a_date_that_has_not_come_yet_and_a_network_that_is_everything_are_remarked_on() -> None:
    config = read(
        f'{SMALL}[crawl]\nallow_networks = ["0.0.0.0/0"]\n[[accounts]]\nid = "a"\nkind = "official"\n'
        'platform = "website"\nurl = "https://a.example/"\nreviewed_on = 2062-11-13\n'
    )

    assert config.notes == (
        "account a: reviewed_on is 2062-11-13, a day that has not come yet; is the year right?",
        "crawl.allow_networks: 0.0.0.0/0 lets pages reach every machine; name the network you mean",
    )


def test_a_personal_account_that_its_owner_is_to_offer_on_a_day_to_come_is_not_offered_yet() -> None:
    entry = '[[accounts]]\nid = "{0}"\nkind = "personal"\nplatform = "x"\nurl = "https://x.com/{0}"\nconsent_on = {1}\n'

    config = read(SMALL + entry.format("a", "2062-09-01") + entry.format("b", TODAY.isoformat()))

    assert [account.consent_on for account in config.district.accounts] == [None, TODAY]
    assert config.notes == (
        "account a: consent_on is 2062-09-01, a day that has not come yet, so it is not read before; "
        "is the year right?",
    )


@pytest.mark.parametrize("empty", ["", " ", "\\t\\n"])
def test_an_id_of_nothing_but_space_is_empty(empty: str) -> None:
    with pytest.raises(Mistake) as refused:
        read(
            f'{SMALL}[[accounts]]\nid = "{empty}"\nkind = "official"\nplatform = "website"\nurl = "https://a.example/"\n'
        )

    assert refused.value.faults == ('config.toml:5: id is empty; write what belongs there, such as "lincoln-site"',)


def test_two_accounts_at_one_address_are_remarked_on_and_both_are_kept() -> None:
    entry = '[[schools]]\nid = "{0}"\nname = "{0}"\n[[accounts]]\nid = "{1}"\nschool = "{0}"\nkind = "official"\n'
    entry += 'platform = "website"\nurl = "{2}"\n'
    again = '[[accounts]]\nid = "a-again"\nschool = "oak"\nkind = "official"\nplatform = "website"\nurl = "{}"\n'
    oak, elm = entry.format("oak", "a", "https://a.example/"), entry.format("elm", "b", "http://www.A.example")

    config = read(SMALL + oak + elm + again.format("https://a.example/index.html"))

    assert [account.id for account in config.district.accounts] == ["a", "b", "a-again"]
    assert config.notes == (
        "account b: has the same address as a, so what is found there is told in both schools' reports",
        "account a-again: has the same address as a, so what is found there is told twice; keep one of the two",
    )


def test_the_district_of_the_tests_is_valid(folder: Path) -> None:
    shutil.copytree(DISTRICT, folder / "district")
    (folder / "district" / "oneroster").mkdir(exist_ok=True)
    (folder / "district" / "optouts.csv").touch()

    config = load(folder / "district" / "config.toml", TODAY)

    assert [school.id for school in config.district.schools] == ["lincoln", "roosevelt", "madison-high"]
    assert {account.id: account.kind for account in config.district.accounts} == {
        "lincoln-site": "official",
        "roosevelt-site": "official",
        "madison-high-site": "official",
        "lincoln-grade3": "classroom",
        "roosevelt-science": "classroom",
        "madison-high-robotics": "classroom",
        "madison-high-facebook": "official",
        "district-office": "official",
        "rivera-blog": "personal",
        "takeda-blog": "personal",
    }
    assert config.notes == ()


# ------------------------------------------------------------------------------------------------ what is wrong

ALL_AT_ONCE = r"""
colour = "blue"                          #! "colour" is no key of config.toml; correct it or take it out
policy_reviewed_on = 2026-03-09          #! "policy_reviewed_on" is no key of config.toml; it belongs under [district]
[district]
name = 3                                 #! name must be a text in quotes, such as "3"
policy = "mpcs"                          #! policy "mpcs" is no policy; write one of cmcss, d547, mcps, mmsd, mtc, or the path of a policy file (did you mean "mcps"?)
timezone = "America/Denvr"               #! timezone "America/Denvr" is no time zone; write it like America/Denver (did you mean "America/Denver"?)
email_domains = "riverbend.example"      #! email_domains must be a list of texts; write email_domains = ["riverbend.example"]
phones = ["406-555", "office"]           #! phones "office" is no beginning of a telephone number; write it like 406-555
policy_reviewed_on = 2026-02-30          #! the value of policy_reviewed_on is no day of the calendar; write it like 2026-08-15
designees = ["tech.riverbend.example"]   #! designees "tech.riverbend.example" is no e-mail address; write it like tech@riverbend.example
delay = 3                                #! "delay" is no key of [district]; it belongs under [crawl]
smtp_password = "hunter2"                #! "smtp_password" looks like a secret: secrets come from the environment or a 0600 file; take it out, and change what stood there
[store]
url = "mysql://db.example/x"             #! url is no store that auditor knows; write "sqlite:///data/auditor.db" or "postgresql+psycopg://..."
[crawl]
contact = "nobody"                       #! contact "nobody" is no e-mail address; write it like tech@riverbend.example
max_pages = -3                           #! max_pages must be a whole number of at least 1, such as 500
delay = -0.5                             #! delay must be a number of at least 0, such as 0.5
render = "sometimes"                     #! render "sometimes" is none of auto, never, always; write one of these
allow_networks = [
  "127.0.0.0/8",
  "127.0.0.0/99",                        #! allow_networks "127.0.0.0/99" is no network; write it like 127.0.0.0/8
]
[platforms.bluesy]                       #! "bluesy" is no platform that auditor knows; correct it (did you mean "bluesky"?)
[platforms.youtube]
token = "hunter2"                        #! "token" looks like a secret: name an environment variable in token_env or a 0600 file in token_file, and change the secret
token_env = "AIza-hunter2"               #! token_env is no name of an environment variable; write the name, never the token itself
base = "ftp://youtube.example"           #! base begins with "ftp:"; only addresses that begin with https:// or http:// can be read
[[schools]]
id = "../../x"                           #! id "../../x" may hold letters a to z, digits, - and _ only; choose another
name = "Lincoln\r\nBcc: all@a.example"   #! name has a line break or a character that cannot be seen; type it again
grades = "5-K"                           #! grades cannot be used: the grades "5-K" run backwards; write the lower one first
[[schools]]                              #! [[schools]] has no name; add name = "Lincoln Elementary"
id = "lincoln"
principal_email = "dreyes@riverbend"     #! principal_email "dreyes@riverbend" is no e-mail address; write it like tech@riverbend.example
website = "view-source:http://a.example" #! website begins with "view-source:"; only addresses that begin with https:// or http:// can be read
[[schools]]
id = "Lincoln"                           #! id "Lincoln" is taken by the school at config.toml:34; give each its own
name = "Lincoln again"
[[logos]]                                #! this logo has no images; add images = ["logos/seal.png"], its approved renditions
id = "seal"
[[accounts]]
id = "lincoln-site"
school = "linclon"                       #! school "linclon" is no id of [[schools]]; add it there or correct it here (did you mean "Lincoln"?)
kind = "offical"                         #! kind "offical" is none of official, classroom, personal; write one of these (did you mean "official"?)
platfrom = "website"                     #! "platfrom" is no key of [[accounts]]; correct it or take it out (did you mean "platform"?)
platform = "website"
url = "file:///etc/passwd"               #! url begins with "file:"; only addresses that begin with https:// or http:// can be read
approved_on = "2026-08-15"               #! approved_on must be a date without quotes and without a time, such as 2026-08-15
logos = ["seal", "sael"]                 #! logos "sael" is no id of [[logos]]; add it there or correct it here (did you mean "seal"?)
password = "hunter2"                     #! "password" looks like a secret: the registry never holds passwords; take it out, and change what stood there
[[accounts]]                             #! [[accounts]] has no url; add url = "https://lincoln.riverbend.example/"
id = "lincoln-site"                      #! id "lincoln-site" is taken by the account at config.toml:43; give each its own
kind = "official"
platform = website                       #! the value of platform is nothing that can be read; a text needs quotes around it
share_with = "everybody"                 #! share_with "everybody" is none of principal, self; write one of these
"""  # noqa: E501  a fault is one line


def test_every_fault_is_told_in_one_pass_with_its_line_and_its_fix() -> None:
    told = faults(ALL_AT_ONCE)

    assert told == expected(ALL_AT_ONCE)
    assert len(told) == 40
    assert not any("hunter2" in line for line in told)


def test_files_that_are_not_there_are_told_with_where_they_were_looked_for(folder: Path) -> None:
    text = f"""{SMALL}registry = "accounts.csv"
roster = "oneroster/"
staff = "staff.csv"
roster_flags = "optouts.csv"
blocked_hosts = "blocked.txt"
[[logos]]
id = "seal"
images = [
  "logos/seal.png",
]
"""

    told = faults(text)

    def absent(line: int, key: str, name: str) -> str:
        return f'config.toml:{line}: {key} "{name}" is not there; put the file at {folder / name} or correct the name'

    assert told == (
        absent(4, "registry", "accounts.csv"),
        absent(5, "roster", "oneroster/"),
        absent(6, "staff", "staff.csv"),
        absent(7, "roster_flags", "optouts.csv"),
        absent(8, "blocked_hosts", "blocked.txt"),
        absent(12, "images", "logos/seal.png"),
    )


def test_a_missing_file_may_be_one_that_lies_beside_it(folder: Path) -> None:
    (folder / "Accounts.csv").touch()
    (folder / "acounts.toml").touch()

    assert faults(f'{SMALL}registry = "acounts.csv"\nstaff = "people.csv"\n') == (
        f'config.toml:4: registry "acounts.csv" is not there; put the file at {folder / "acounts.csv"} '
        'or correct the name (did you mean "Accounts.csv"?)',
        f'config.toml:5: staff "people.csv" is not there; put the file at {folder / "people.csv"} or correct the name',
    )


def test_a_folder_is_no_file_and_a_file_no_folder(folder: Path) -> None:
    (folder / "staff").mkdir()
    (folder / "kept").touch()

    assert faults(f'{SMALL}staff = "staff"\ndata = "kept"\n') == (
        'config.toml:4: staff "staff" is a folder; name a file',
        'config.toml:5: data "kept" is no folder; name a folder',
    )


def test_a_line_that_hides_in_a_longer_text_is_found_behind_it() -> None:
    text = '''\
[district]
name = """
[store]
url = 1
"""
policy = "mcps"
[store]
url = "nowhere"
'''

    assert faults(text) == (
        "config.toml:2: name has a line break or a character that cannot be seen; type it again",
        'config.toml:8: url is no store that auditor knows; write "sqlite:///data/auditor.db" or'
        ' "postgresql+psycopg://..."',
    )


@pytest.mark.parametrize("host", ["bücher.example", "Xn--Bcher-KVA.example", "*.BÜCHER.example"])
def test_a_blocked_host_is_known_in_letters_and_as_it_is_looked_up(folder: Path, host: str) -> None:
    (folder / "blocked.txt").write_text(f"{host}\n", "utf-8")

    config = read(SMALL + 'blocked_hosts = "blocked.txt"\n')

    assert config.district.blocked_hosts == {"bücher.example", "xn--bcher-kva.example"}


def test_the_faults_of_all_files_come_together(folder: Path) -> None:
    (folder / "accounts.csv").write_text("id,kind,platform,url\na,official,website,nowhere\n", "utf-8")
    (folder / "staff.csv").write_text("nmae,title\nDana Reyes,Principal\n", "utf-8")
    (folder / "blocked.txt").write_text("games.example\nhttp://shop.example/x\n", "utf-8")
    (folder / "ours.toml").write_text('id = "ours"\n', "utf-8")
    text = SMALL.replace('"mcps"', '"ours.toml"')

    told = faults(f'{text}registry = "accounts.csv"\nstaff = "staff.csv"\nblocked_hosts = "blocked.txt"\ncrwl = 1\n')

    assert {line.rpartition(":")[0].split(":")[0].rpartition(os.sep)[2] for line in told} == {
        "config.toml",
        "ours.toml",
        "accounts.csv",
        "staff.csv",
        "blocked.txt",
    }


@pytest.mark.parametrize(
    "school_id", ["index", "district", "CON", "com1", "a" * 65, "a b", "a/b", "a.b", "-a", "é", ""]
)
def test_a_schools_id_is_fit_to_be_the_name_of_a_file(school_id: str) -> None:
    told = faults(f'{SMALL}[[schools]]\nid = "{school_id}"\nname = "Lincoln"\n')

    assert [line[: len("config.toml:5: id")] for line in told] == ["config.toml:5: id"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('x = "abc', "the value of x is a text that is not closed; put a quote at its end"),
        ('x = "C:\\data\\x"', "the value of x is a \\ in double quotes; write paths with / instead"),
        ("x = “abc”", 'the value of x is in curly quotes; type straight ones: "'),
        ("x = True", "the value of x is no true and no false; write one of the two, in small letters"),
        ("x = 8/15/2026", "the value of x is no day of the calendar; write it like 2026-08-15"),
        (
            "x = 1 y = 2",
            "the value of x is something after the value; one key a line, and a text needs quotes around it",
        ),
        ('name = "twice"', "name is the second of this name; keep one of the two"),
        ("x y", 'this line is no "key = value", no [header] and no # comment; correct it'),
        ("x.\ry = 1", 'this line is no "key = value", no [header] and no # comment; correct it'),
        ("[district]", "this line is a table that stands above already; put the two together"),
        ("[[schools]", "this line is a header that is not closed; write it like [district] or [[schools]]"),
    ],
)
def test_what_is_no_toml_is_told_in_plain_words(line: str, told: str) -> None:
    known = {"x": '"x" is no key of [district]; correct it or take it out'}

    found = [words for words in faults(f"{SMALL}{line}\n") if words != f"config.toml:4: {known['x']}"]

    assert found == [f"config.toml:4: {told}"]


def test_a_list_that_is_not_closed_is_told_where_it_begins() -> None:
    assert faults(f'{SMALL}phones = ["406-555",\n[store]\nurl = "x"\n') == (
        "config.toml:4: the value of phones begins here and cannot be read at line 5; is a quote or a ] missing?",
    )


def test_a_table_in_the_wrong_brackets_is_told() -> None:
    assert faults('district = 1\n[schools]\nid = "lincoln"\n') == (
        'config.toml:1: [district] has no name; add name = "Riverbend School District"',
        '''config.toml:1: [district] has no policy; add policy = "mcps"''',
        "config.toml:1: district must be a table; write its name in single brackets, [district]",
        "config.toml:2: schools must be a list of tables; write the name in double brackets, [[schools]]",
    )


def test_a_configuration_that_is_not_there_is_told_with_how_to_make_one(folder: Path) -> None:
    with pytest.raises(Mistake) as told:
        load(Path("config.toml"), TODAY)

    assert told.value.faults == (
        f"config.toml: not found (looked for {folder / 'config.toml'}); copy the config.toml that came with auditor"
        " and put your district into it, or name yours with --config FILE",
    )


def test_a_folder_in_the_place_of_the_configuration_is_told(folder: Path) -> None:
    with pytest.raises(Mistake) as told:
        load(folder, TODAY)

    assert told.value.faults == (f"{folder}: is a folder; name the file in it, like --config {folder / 'config.toml'}",)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (SMALL.encode("utf-16"), "config.toml: this is not UTF-8 text; save the file again with the encoding UTF-8"),
        (
            b'[district]\nname = "\xe9"\n',
            "config.toml:2: this is not UTF-8 text; save the file again with the encoding",
        ),
        (b"x = " + b"[" * 5000, "config.toml: holds a number or a nesting that is too large"),
        (b"x = " + b"1" * 5000, "config.toml: holds a number or a nesting that is too large"),
    ],
)
def test_what_is_no_configuration_at_all_is_told(folder: Path, raw: bytes, told: str) -> None:
    (folder / "config.toml").write_bytes(raw)

    with pytest.raises(Mistake) as mistake:
        load(Path("config.toml"), TODAY)

    assert [line.startswith(told) for line in mistake.value.faults] == [True]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems tell who may read a file in this way")
def test_a_token_that_others_can_read_is_a_fault(folder: Path) -> None:
    token = folder / "token"
    token.touch(mode=0o644)
    text = f'{SMALL}[platforms.youtube]\ntoken_file = "token"\n'

    told = faults(text)
    token.chmod(0o600)

    assert told == (f"config.toml:5: token_file can be read by others; run: chmod 600 {token}",)
    assert read(text).platforms["youtube"].token_file == token


def test_networks_of_the_command_line_are_read_and_refused_alike() -> None:
    assert networks(["127.0.0.0/8", "10.1.2.3"]) == (ip_network("127.0.0.0/8"), ip_network("10.1.2.3/32"))
    with pytest.raises(Mistake, match=r'^--allow-network: "localhost" is no network; write it like 127\.0\.0\.0/8$'):
        networks(["127.0.0.0/8", "localhost"])


# ------------------------------------------------------------------------------------------------ lines


def test_every_key_has_the_line_it_stands_on() -> None:
    text = '''\
title = "x"
[a."b.c"]
long = """
[no]
header = 1
"""
list = [ # one
  "]", 'x',
  { q = 1, r.s = [1, 2] },
]
when = 2026-01-01 10:00:00
[[t]]
[[t.u]]
v = 1
[[t.u]]
[[t]]
[t.w]
"k\\u0041" = 1
'''

    found = {
        ("title",): 1,
        ("a",): 2,
        ("a", "b.c"): 2,
        ("a", "b.c", "long"): 3,
        ("a", "b.c", "list"): 7,
        ("a", "b.c", "list", 0): 8,
        ("a", "b.c", "list", 1): 8,
        ("a", "b.c", "list", 2): 9,
        ("a", "b.c", "list", 2, "q"): 9,
        ("a", "b.c", "list", 2, "r"): 9,
        ("a", "b.c", "list", 2, "r", "s"): 9,
        ("a", "b.c", "list", 2, "r", "s", 0): 9,
        ("a", "b.c", "list", 2, "r", "s", 1): 9,
        ("a", "b.c", "when"): 11,
        ("t",): 12,
        ("t", 0): 12,
        ("t", 0, "u"): 13,
        ("t", 0, "u", 0): 13,
        ("t", 0, "u", 0, "v"): 14,
        ("t", 0, "u", 1): 15,
        ("t", 1): 16,
        ("t", 1, "w"): 17,
        ("t", 1, "w", "kA"): 18,
    }
    assert positions(text) == found
    assert positions(text.replace("\n", "\r\n")) == found


# ------------------------------------------------------------------------------------------------ anything at all

WHOLE = (DISTRICT / "config.toml").read_text("utf-8")
VALUES = [
    "1",
    "-1",
    "nan",
    "true",
    '""',
    '"x"',
    "[]",
    '["x"]',
    "[1]",
    "{}",
    "{a = 1}",
    "2026-01-01",
    "07:00:00",
    "x",
    '"',
]


@pytest.fixture(scope="module")
def district() -> Iterator[Path]:
    """One copy of the test district for thousands of configurations."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "district"
        shutil.copytree(DISTRICT, copy)
        (copy / "oneroster").mkdir(exist_ok=True)
        (copy / "optouts.csv").touch()
        yield copy


def is_read_or_refused(file: Path, raw: bytes) -> None:
    file.write_bytes(raw)
    told: tuple[str, ...] = ("",)
    try:
        load(file, TODAY)
    except Mistake as mistake:
        told = mistake.faults
    assert told
    assert all(fault.isprintable() for fault in told)


@settings(deadline=None)
@given(raw=st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_configuration_or_a_plain_refusal(district: Path, raw: bytes) -> None:
    is_read_or_refused(district / "any.toml", raw)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_damage_to_a_configuration_is_told_in_plain_words(district: Path, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    length = data.draw(st.integers(0, 40))
    put = data.draw(st.text(alphabet="[]{}=\"'#\\\n\r,. ax1-é\0", max_size=10))

    is_read_or_refused(district / "any.toml", (WHOLE[:start] + put + WHOLE[start + length :]).encode())


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_value_in_the_place_of_another_is_told_in_plain_words(district: Path, data: st.DataObject) -> None:
    lines = WHOLE.split("\n")
    keys = [number for number, line in enumerate(lines) if " = " in line]
    for number in data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=6)):
        lines[number] = f"{lines[number].partition(' = ')[0]} = {data.draw(st.sampled_from(VALUES))}"

    is_read_or_refused(district / "any.toml", "\n".join(lines).encode())
