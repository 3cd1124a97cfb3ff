"""What an audit will read is opened before anything is fetched, and every fault of every file is told in one pass."""

import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from auditor.cli import main
from auditor.commands import audit
from auditor.config_engine import Engine
from auditor.engine.local import started_early
from auditor.engine.process import RunnerProcess, Tell
from auditor.errors import Mistake
from auditor.model import Account
from auditor.pictures import unusable
from auditor.preflight import load_for_audit
from auditor.roster.tables import Table
from tests.crests import crest
from tests.servers import serve

CONFIG = """\
[district]
name = "Riverbend"
policy = "mcps"
roster = "oneroster"
roster_flags = "optouts.csv"
registry = "accounts.csv"
{more}
[[logos]]
id = "seal"
images = ["seal.png", {images}]
"""
ROSTER = "sourcedId,role,givenName,familyName\ns1,student,Jada,Dunmore\n"
FLAGS = "sourcedId,optOut,from\ns1,A,2026-08-24\n"
ACCOUNTS = "id,kind,platform,url\n"
TWO_ACCOUNTS = ACCOUNTS + "one,official,website,https://one.example/\ntwo,official,website,https://two.example/\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oneroster").mkdir()
    (tmp_path / "oneroster" / "users.csv").write_text(ROSTER, "utf-8")
    (tmp_path / "optouts.csv").write_text(FLAGS, "utf-8")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, "utf-8")
    crest(1).save(tmp_path / "seal.png")
    return tmp_path


def faults(more: str = "", images: str = "") -> tuple[str, ...]:
    Path("config.toml").write_text(CONFIG.format(more=more, images=images), "utf-8")
    with pytest.raises(Mistake) as raised:
        load_for_audit(Path("config.toml"))
    return raised.value.faults


def test_files_that_are_well_are_no_faults() -> None:
    Path("config.toml").write_text(CONFIG.format(more="", images=""), "utf-8")

    assert load_for_audit(Path("config.toml")).roster_flags == Path("optouts.csv").absolute()


def test_the_faults_of_all_files_come_in_one_pass_and_nothing_is_fetched(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("optouts.csv").write_text('sourcedId,optOut,from\ns1,Z,2026-02-30\n,A,\ns1,"A\ns1,A,,,B\n', "utf-8")
    Path("oneroster/users.csv").write_text("role,givenName\nstudent,Jada\n", "utf-8")
    Path("notes.png").write_text("no picture", "utf-8")
    Path("empty.png").touch()

    with serve({"/": "<h1>Hello</h1>"}) as site:
        Path("accounts.csv").write_text(f"{ACCOUNTS}a,official,website,{site.url}\na,official,website,x\n", "utf-8")
        told = faults('crwl = 1\nstaff = "gone.csv"\ntimezone = "Mars"', '"notes.png", "empty.png", "gone.png"')
        status = main(["audit", "--config", "config.toml"])
        hits = list(site.hits)

    remedy = "give a PNG, JPEG, GIF or WebP file that shows the logo"
    assert told == (
        'config.toml:7: "crwl" is no key of [district]; correct it or take it out',
        f'config.toml:8: staff "gone.csv" is not there; put the file at {folder / "gone.csv"} or correct the name',
        'config.toml:9: timezone "Mars" is no time zone; write it like America/Denver',
        'config.toml:12: images "empty.png" cannot be used: the file is empty; ' + remedy,
        f'config.toml:12: images "gone.png" is not there; put the file at {folder / "gone.png"} or correct the name',
        'config.toml:12: images "notes.png" cannot be used: the file is not a picture of a kind that browsers show; '
        + remedy,
        'accounts.csv:3: column id: "a" is taken by the account at accounts.csv:2; give each its own',
        "accounts.csv:3: column url: does not begin with https:// or http://; copy it again from the browser",
        "optouts.csv:2: column from: no date; write it like 2026-08-24",
        "optouts.csv:2: column optOut: not A, B, C or none; correct it",
        "optouts.csv:3: column sourcedId: empty; write whom the row is about",
        "optouts.csv:4: a quotation mark opens and never closes; close it, or delete it",
        "optouts.csv:5: more cells than columns; is a comma not in quotation marks?",
        "oneroster/users.csv:1: there is no column sourcedId; export it as well",
        "oneroster/users.csv:1: there is no column familyName; export it as well",
    )
    assert (status, hits) == (2, [])
    assert capsys.readouterr().err.splitlines() == [f"auditor: {fault}" for fault in told]


def test_rows_of_the_roster_that_are_cut_off_or_slipped_stop_the_audit_and_what_is_odd_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = "\ufeffsourcedId,Status,role,given_name,familyName,grades,metadata.optOut,password,,\r\n"
    rows = [
        "s1,active,STUDENT,Jada,Dunmore,third,,,,",
        "s2,active,student,Kofi,Holt,03,A",
        "s3,active,student,Linh",
        "s4,active,student,Quill,Holt,Jr.,03,A,secret,,,more",
        's5,active,student,"Ama,Holt,04,,,,',
        "s6,,student,Tess,Holt,1/05/2023,TRUE,,,",
    ]
    Path("oneroster/users.csv").write_text(columns + "\r\n".join(rows) + "\r\n", "utf-8")

    told = faults()
    status = main(["roster", "import", "oneroster"])

    assert told == (
        "oneroster/users.csv:4: too few cells; is the row cut off?",
        "oneroster/users.csv:5: more cells than columns; is a comma not in quotation marks?",
        "oneroster/users.csv:6: a quotation mark opens and never closes; close it, or delete it",
    )
    assert status == 2
    assert capsys.readouterr().err.splitlines() == [f"auditor: {fault}" for fault in told]


def test_where_only_enrollments_tell_who_is_a_student_a_row_of_theirs_that_is_cut_off_stops_the_audit_too() -> None:
    Path("oneroster/users.csv").write_text("sourcedId,givenName,familyName,grades\ns1,Jada,Dunmore,03\n", "utf-8")
    enrollments = ["sourcedId,userSourcedId,role,schoolSourcedId", "e1,s1,student,lincoln", "e2,s1"]
    Path("oneroster/enrollments.csv").write_text("\n".join(enrollments) + "\n", "utf-8")

    assert faults() == ("oneroster/enrollments.csv:3: too few cells; is the row cut off?",)


def test_many_rows_that_are_cut_off_are_counted_among_the_faults() -> None:
    columns = "sourcedId,role,givenName,familyName,grades\n"
    Path("oneroster/users.csv").write_text(columns + "s1,student,Jada\n" * 30, "utf-8")

    *first, last = faults()

    assert len(first) == 20
    assert last == "oneroster/users.csv: and 10 more rows like this: too few cells; is the row cut off?"


def test_a_detector_of_persons_that_is_not_there_is_a_fault_at_its_line() -> None:
    Path("config.toml").write_text(CONFIG.format(more='[detect]\nnames = "no-such-module:find"\n', images=""), "utf-8")

    with pytest.raises(Mistake) as raised:
        load_for_audit(Path("config.toml"))

    (fault,) = raised.value.faults
    assert fault.startswith("config.toml:8: names no-such-module:find: ")


@pytest.mark.parametrize(("workers", "processes"), [("2", 2), ("2.5", 0)])
def test_processes_start_while_files_are_opened_where_the_configuration_is_well_and_end_with_a_fault(
    workers: str, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[RunnerProcess] = []

    @contextlib.contextmanager
    def early(engine: Engine, accounts: Sequence[Account], tell: Tell) -> Iterator[Sequence[RunnerProcess]]:
        with started_early(engine, accounts, tell, (sys.executable, "-c", "input()")) as runners:
            started.extend(runners)
            yield runners

    monkeypatch.setattr(audit, "started_early", early)
    Path("accounts.csv").write_text(TWO_ACCOUNTS, "utf-8")
    Path("seal.png").write_text("no picture", "utf-8")
    Path("config.toml").write_text(CONFIG.format(more="", images="") + f"[engine]\nworkers = {workers}\n", "utf-8")

    assert main(["audit"]) == 2

    assert len(started) == processes
    assert not any(runner.runs for runner in started)


def test_rows_of_the_roster_are_looked_through_again_where_its_files_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looked: list[str] = []
    look_through = Table.look_through

    def counted(table: Table) -> None:
        looked.append(table.name)
        look_through(table)

    monkeypatch.setattr(Table, "look_through", counted)
    Path("config.toml").write_text(CONFIG.format(more="", images=""), "utf-8")

    def audited() -> tuple[int, bool]:
        looked.clear()
        return main(["audit"]), "users.csv" in looked

    assert audited() == (0, True)
    assert audited() == (0, False)
    Path("oneroster/users.csv").write_text(ROSTER + "s2,student,Kofi,Holt\n", "utf-8")
    assert audited() == (0, True)
    assert audited() == (0, False)
    Path("oneroster/users.csv").write_text(ROSTER + "s2,student,Kofi\n", "utf-8")
    assert audited() == audited() == (2, True)
    assert "users.csv:3: too few cells" in capsys.readouterr().err


def test_pictures_of_logos_are_opened_again_where_they_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Path] = []
    look_through = unusable.unusable

    def counted(pictures: Iterable[Path]) -> list[str]:
        opened.extend(pictures := list(pictures))
        return look_through(pictures)

    monkeypatch.setattr(unusable, "unusable", counted)
    Path("config.toml").write_text(CONFIG.format(more="", images=""), "utf-8")

    def audited() -> tuple[int, list[str]]:
        opened.clear()
        return main(["audit"]), [picture.name for picture in opened]

    assert audited() == (0, ["seal.png"])
    assert audited() == (0, [])
    crest(2).save("seal.png")
    assert audited() == (0, ["seal.png"])
    Path("seal.png").write_text("no picture", "utf-8")
    assert audited() == audited() == (2, ["seal.png"])
    assert '"seal.png" cannot be used' in capsys.readouterr().err
    crest(2).save("seal.png")
    assert audited() == (0, [])
