"""Two hundred invented students on a website, in every spelling: nothing that an audit leaves behind names one."""

import base64
import csv
import html
import io
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.servers import Reply, Route, serve

SYLLABLES = [
    "zor",
    "vek",
    "quil",
    "mar",
    "drux",
    "fen",
    "wob",
    "jyr",
    "plim",
    "thax",
    "gro",
    "snev",
    "yul",
    "kib",
    "orz",
]
FORMS = 16
STUDENTS = 200


@dataclass(frozen=True)
class Planted:
    """A student whose name, numbers and address no other text has."""

    number: int
    given: str
    family: str

    @property
    def phone(self) -> str:
        return f"208-{300 + self.number:03}-{4100 + 7 * self.number:04}"

    @property
    def email(self) -> str:
        return f"{self.given}.{self.family}@mail.example".lower()

    @property
    def id(self) -> str:
        return f"77{self.number * 37 + 10_000:05}31"

    @property
    def user(self) -> str:
        return f"{self.family[:2]}{self.number:03}q{self.given[-2:]}7".lower()

    @property
    def ssn(self) -> str:
        return f"{501 + self.number % 90}-{10 + self.number % 80}-{5000 + 13 * self.number:04}"

    @property
    def secrets(self) -> Iterator[str]:
        """Every value that must never be seen again, in lower case and without what stands between."""
        yield from (self.given.lower(), self.family.lower(), self.id, self.user)
        yield re.sub(r"\D", "", self.phone)
        yield re.sub(r"\D", "", self.ssn)


def planted(seed: int) -> list[Planted]:
    chance = random.Random(seed)  # noqa: S311
    names: set[str] = set()
    while len(names) < 2 * STUDENTS:
        names.add("".join(chance.sample(SYLLABLES, 3)).capitalize())
    words = sorted(names)
    chance.shuffle(words)
    return [Planted(n, words[2 * n], words[2 * n + 1]) for n in range(STUDENTS)]


def written(student: Planted, form: int) -> str:  # noqa: C901  a case for each way
    """HTML that shows the student in one of many ways."""
    name = f"{student.given} {student.family}"
    joined = student.given + student.family
    middle = len(student.given) // 2
    match form % FORMS:
        case 0:
            return f"<p id='{student.given}-{student.family}'>Congratulations to {name}, call {student.phone}.</p>"
        case 1:
            return f"<p>Student {name.upper()}, ID {student.id}, SSN {student.ssn}</p>"
        case 2:
            return f"<p>See {quote(name)} and ?student={quote(name)}&amp;phone={quote(student.phone)}</p>"
        case 3:
            return f"<p>{''.join(f'&#{ord(letter)};' for letter in name)} won the spelling bee in grade 4.</p>"
        case 4:
            coded = base64.b64encode(name.encode()).decode()
            return f"<p data-who='{coded}'>{coded}</p>"
        case 5:
            return (
                f"<p>{student.given[:middle]}<b>{student.given[middle:]}</b> <i>{student.family}</i> is our star.</p>"
            )
        case 6:
            return f"<table><tr><td>{student.family}</td><td>{student.given}</td><td>{student.email}</td></tr></table>"
        case 7:
            return f"<figure><img src=/star.png alt='{name} wins'><figcaption>{name}, 5th grade</figcaption></figure>"
        case 8:
            broken = f"{student.given}\u200b {student.family[:3]}\u00ad{student.family[3:]}"
            return f"<p>#{joined} and @{joined} and {broken}</p>"
        case 9:
            return f"<!-- {name} --><p title='{name}'><a href='mailto:{student.email}'>Write to {name}</a></p>"
        case 10:
            told = f"{student.family}, {student.given}: suspended, GPA 2.1, born 4/5/2014"
            return f"<p>{told}</p><script>var s='{name}'</script>"
        case 11:
            return f"<p>It was {name}, {student.id}, who won, and {name} ({student.user}).</p>"
        case 12:
            escaped = "".join(f"%{ord(letter):02X}" for letter in student.user)
            return f"<p>{name} has {quote(name)}={escaped} and ?user={student.user}&amp;id={quote(student.id)}</p>"
        case 13:
            hidden = "".join(f"&#{ord(letter)};" for letter in f"{student.user} {student.id}")
            return f"<p>{name}: {hidden}. <a href=/nobody-{student.number}>Ask {student.user.upper()}</a></p>"
        case 14:
            both = (base64.b64encode(value.encode()).decode() for value in (student.user, student.id))
            return f"<p>{name} {' '.join(both)}</p>"
        case _:
            return f"<p><a href=/nowhere-{student.number}>{name}'s picture</a></p>"


def website(students: list[Planted]) -> dict[str, Route]:
    """Pages of ten students each, a spreadsheet, a page that breaks off, and one that only says that it failed."""
    pages: dict[str, Route] = {}
    for first in range(0, STUDENTS, 10):
        group = students[first : first + 10]
        body = "".join(written(student, student.number + first // 10) for student in group)
        who = f"{group[0].given} {group[0].family}"
        title = f"{who} and friends" if first % 40 == 0 else "News"
        pages[f"/news-{first}.html"] = (
            f"<!DOCTYPE html><html lang=en><title>{title}</title><meta name=description content='{html.escape(who)}'>"
            f"<main>{body}</main></html>"
        )
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(("Student", "Phone", "Student ID", "Score"))
    rows.writerows((f"{s.family}, {s.given}", s.phone, s.id, "87%") for s in students)
    pages["/roster.csv"] = Reply(table.getvalue().encode(), type="text/csv")
    wrong = "".join(written(student, 0) for student in students[:20])
    failed = f"<title>Error</title>{wrong}".encode()
    pages["/failed.html"] = Reply(failed, status=503, headers={"Retry-After": "0"})
    pages["/latin.html"] = Reply(f"<p>{students[3].given} {students[3].family} \xe9\xff\x00</p>".encode("latin-1"))
    links = "".join(f"<a href='{path}'>more</a> " for path in [*pages])
    pages["/"] = f"<!DOCTYPE html><html lang=en><title>Lincoln</title><main>{links}</main></html>"
    return pages


COLUMNS = ["sourcedId", "role", "givenName", "familyName", "orgSourcedIds", "grades", "email", "phone", "identifier"]
COLUMNS += ["username", "metadata.optOut"]
CONFIG = """
[district]
name = "Riverbend School District"
policy = "{policy}"
timezone = "America/Denver"
email_domains = ["riverbend.example"]
roster = "oneroster/"

[crawl]
contact = "webmaster@riverbend.example"
delay = 0
allow_networks = ["127.0.0.0/8"]
render = "never"

[[schools]]
id = "lincoln"
name = "Lincoln Elementary"
grades = "K-5"
website = "{site}"

[[accounts]]
id = "lincoln-site"
school = "lincoln"
kind = "official"
platform = "website"
url = "{site}"
"""


def district(folder: Path, students: list[Planted], site: str, policy: str) -> Path:
    """A district's folder, with its roster: two of three students have opted out."""
    roster = folder / "oneroster"
    roster.mkdir()
    (roster / "orgs.csv").write_text("sourcedId,status,name,type\nlincoln,active,Lincoln Elementary,school\n")
    with (roster / "users.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for s in students:
            level = ("", "A", "B;C")[s.number % 3]
            rows.writerow(
                (f"r{s.number}", "student", s.given, s.family, "lincoln", "03", s.email, s.phone, s.id, s.user, level)
            )
    config = folder / "config.toml"
    config.write_text(CONFIG.format(site=site, policy=policy), "utf-8")
    return config


def decoded(run: str) -> str:
    """What a run of base64 says, wherever in it a group of four begins."""
    groups = (run[shift : shift + (len(run) - shift) // 4 * 4] for shift in range(4))
    return "".join(base64.b64decode(group).decode("latin-1").lower() for group in groups)


class Leaks:
    """Looks for students in whatever bytes there are."""

    def __init__(self, students: Iterable[Planted]) -> None:
        plain = {secret for student in students for secret in student.secrets}
        self._words = {secret for secret in plain if secret.isalpha()}
        self._numbers = {secret for secret in plain if secret.isdigit()}
        self._codes = plain - self._words - self._numbers

    def found(self, data: bytes) -> set[str]:
        """What of them these bytes hold, in any encoding that a text file or a database may have."""
        wide = (data.decode("utf-16-le", "ignore"), data[1:].decode("utf-16-le", "ignore")) if b"\0" in data else ()
        leaks: set[str] = set()
        for text in (data.decode("utf-8", "ignore"), *wide):
            low = re.sub(r"&#\d+;", lambda entity: html.unescape(entity[0]), text).lower()
            letters = re.sub(r"[^a-z]+", "", low)
            digits = {*re.findall(r"\d{7,}", re.sub(r"(?<=\d)[-. ](?=\d)", "", low))}
            leaks |= {word for word in self._words if word in letters}
            leaks |= self._numbers & digits
            leaks |= {code for code in self._codes if code in low}
            coded = "".join(map(decoded, re.findall(r"[A-Za-z0-9+/]{10,}", text)))
            leaks |= {secret for secret in self._words | self._codes if secret in coded}
            leaks |= self._numbers & {*re.findall(r"\d{7,}", coded)}
        return leaks


@dataclass
class Watch:
    """Everything that lay in some folders at any moment while a command ran."""

    folders: tuple[Path, ...]
    leaks: Leaks

    def __post_init__(self) -> None:
        self.seen: dict[str, set[str]] = {}
        self.looked: dict[str, tuple[int, int]] = {}
        self.kinds: set[str] = set()

    def look(self) -> None:
        for folder in self.folders:
            for file in folder.rglob("*"):
                try:
                    state = file.stat()
                    if not file.is_file() or self.looked.get(str(file)) == (state.st_mtime_ns, state.st_size):
                        continue
                    self.looked[str(file)] = (state.st_mtime_ns, state.st_size)
                    data = file.read_bytes()
                except OSError:
                    continue  # gone since
                self.kinds.add(file.name.rpartition(".")[2])
                if found := self.leaks.found(data) | self.leaks.found(file.name.encode()):
                    self.seen.setdefault(file.name, set()).update(found)


FAULTY = """
import sys
from auditor.cli import main
from auditor.desk import Desk

def saw(self, account, document, trace):
    try:
        raise KeyError(document.passages[-1].text)
    except KeyError as first:
        raise ValueError(f"{document!r} {[passage.text for passage in document.passages]}") from first

Desk.saw = saw
sys.exit(main(sys.argv[1:]))
"""
"""The command with a fault in what takes in each page, which says all that it knows."""


def command(
    config: Path, scratch: Path, *words: str, limit: int = 0, program: Sequence[str] = ("-m", "auditor")
) -> subprocess.Popen[bytes]:
    """The command, writing down all that it can; `limit` is the largest file that it may write, 0 for any."""
    environment = {**os.environ, "AUDITOR_LOG": "DEBUG", "TMPDIR": str(scratch)}
    return subprocess.Popen(
        [sys.executable, *program, *words, "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None,
    )


@pytest.fixture(scope="module", params=["mcps", "mtc"])
def ground(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Path, Leaks]]:
    """A district and its website: the configuration, a temporary folder, what to look for."""
    folder, scratch = tmp_path_factory.mktemp("district"), tmp_path_factory.mktemp("scratch")
    students = planted(sum(map(ord, request.param)))
    with serve(website(students)) as site:
        yield district(folder, students, site.url, request.param), scratch, Leaks(students)


def test_the_search_finds_what_is_there(ground: tuple[Path, Path, Leaks]) -> None:
    student = planted(sum(map(ord, "mcps")))[7]
    leaks = Leaks([student])

    name = f"{student.given} {student.family}"

    for hidden in (
        name.encode(),
        name.upper().encode(),
        name.encode("utf-16-le"),
        base64.b64encode(f"to {name}, hello".encode()),
        "".join(f"&#{ord(letter)};" for letter in name).encode(),
        "\u200b".join(name).encode(),
        f"call {student.phone} now".encode(),
        f"({student.id})".encode(),
        f"({student.user.upper()})".encode(),
        base64.b64encode(student.user.encode()),
        base64.b64encode(student.id.encode()),
    ):
        assert leaks.found(hidden), hidden


def test_an_audit_leaves_no_student_behind(ground: tuple[Path, Path, Leaks]) -> None:
    config, scratch, leaks = ground
    watch = Watch((config.parent / "data", scratch), leaks)

    for _ in range(2):  # the second one remembers the pages of the first
        process = command(config, scratch, "audit")
        with subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.PIPE) as said:
            while process.poll() is None:
                watch.look()
                time.sleep(0.2)
            output = said.communicate(timeout=30)[0]
        watch.look()

        assert process.returncode in (0, 1), output.decode()[-3000:]
        assert {"db", "db-wal", "html"} <= watch.kinds
        assert watch.seen == {}
        assert leaks.found(output) == set()
    asked = (
        ("findings", "--format", "jsonl"),
        ("findings", "--format", "sarif"),
        ("verdicts", "--format", "jsonl"),
        ("coverage", "--format", "jsonl"),
        ("roster", "status"),
    )
    for words, process in [(words, command(config, scratch, *words)) for words in asked]:
        shown = process.communicate(timeout=60)[0]
        assert len(shown) > 50
        assert leaks.found(shown) == set(), words


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on files there")
def test_an_audit_whose_disk_is_full_names_nobody(ground: tuple[Path, Path, Leaks], tmp_path: Path) -> None:
    config, scratch, leaks = ground

    process = command(beside(config, tmp_path), scratch, "audit", limit=150_000)
    output = process.communicate(timeout=100)[0]

    assert (process.returncode, b"the disk is full" in output) == (2, True), output.decode()[-2000:]
    assert leaks.found(output) == set()
    watch = Watch((tmp_path / "data", scratch), leaks)
    watch.look()
    assert watch.seen == {}


def test_an_audit_that_breaks_by_a_fault_of_our_own_tells_where_and_names_nobody(
    ground: tuple[Path, Path, Leaks], tmp_path: Path
) -> None:
    config, scratch, leaks = ground

    process = command(beside(config, tmp_path), scratch, "audit", program=("-c", FAULTY))
    output = process.communicate(timeout=100)[0]

    assert process.returncode == 70, output.decode()[-2000:]
    assert (b"KeyError" in output, b"ValueError" in output, b"in saw" in output) == (True, True, True)
    assert leaks.found(output) == set()
    watch = Watch((tmp_path / "data", scratch), leaks)
    watch.look()
    assert watch.seen == {}


def beside(config: Path, folder: Path) -> Path:
    """The same district in another folder, with the roster where it is."""
    other = folder / "config.toml"
    other.write_text(config.read_text("utf-8").replace('"oneroster/"', f'"{config.parent.as_posix()}/oneroster"'))
    return other
