"""`auditor roster`: what a director sees and what is left behind on the disk."""

import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from auditor import store
from auditor.cli import main
from auditor.config import load
from auditor.model import School
from auditor.roster import key
from auditor.roster.book import Roster
from auditor.roster.intake import is_current, take_in
from tests.roster.rosters import KEY, TODAY

DISTRICT = Path(__file__).parent.parent / "district"

COUNTS = """\
school        students  grades
lincoln       22        PK: 1, K: 3, 1: 3, 2: 3, 3: 5, 4: 4, 5: 3
roosevelt     18        6: 4, 7: 6, 8: 8
madison-high  20        9: 5, 10: 5, 11: 5, 12: 4, PS: 1
"""


@pytest.fixture
def district(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DISTRICT, tmp_path / "district", ignore=shutil.ignore_patterns("data")))


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(district: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `auditor roster ...` and gives its exit status, standard output and standard error."""

    def running(*words: str) -> tuple[int, str, str]:
        status = main(["roster", *words, "--config", str(district / "config.toml")])
        said = capsys.readouterr()
        return status, said.out, said.err

    return running


def test_an_import_prints_counts_and_status_prints_them_again(run: Run) -> None:
    status, out, err = run("import")

    assert (status, err) == (0, "")
    assert out.startswith("60 students, loaded on ")
    assert COUNTS in out
    assert "opt-outs in force: A 3, B 4, C 3\n" in out
    assert run("status") == (0, out, "")


def test_a_second_import_changes_nothing(run: Run, district: Path) -> None:
    first = run("import")
    parts = stored(district)

    assert run("import") == first
    assert stored(district) == parts


def stored(district: Path) -> dict[str, bytes] | None:
    with store.open(load(district / "config.toml", TODAY)) as memory:
        return memory.roster_parts()


def test_another_export_and_its_flags_may_be_named(run: Run, district: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "users.csv").write_text(
        "sourcedId,role,givenName,familyName,grades,orgSourcedIds\n1,student,Jada,Dunmore,03,lincoln\n"
    )
    (tmp_path / "flags.csv").write_text("sourcedId,optOut\n1,A\n")
    run("import")

    status, out, _ = run("import", str(export), "--flags", str(tmp_path / "flags.csv"))

    assert status == 0
    assert out.startswith("1 students")
    assert "opt-outs in force: A 4, B 4, C 3\n" in out
    assert "former students with an opt-out, kept: 10\n" in out


def test_oddities_are_told_by_file_row_and_column(run: Run, district: Path) -> None:
    users = district / "oneroster" / "users.csv"
    users.write_text(users.read_text("utf-8").replace(",03,", ",third,", 1), "utf-8")

    status, _, err = run("import")

    assert (status, err) == (
        0,
        'auditor: users.csv, row 2, "grades": not a grade code (PK, KG, 01 to 12, PS, UG); left out\n',
    )


def test_faults_in_the_districts_own_file_stop_the_import_all_at_once(run: Run, district: Path) -> None:
    (district / "optouts.csv").write_text("sourcedId,optOut,from,to\ns1001,A,2026-02-30,\ns1002,Z,,\n")

    status, out, err = run("import")

    assert (status, out) == (2, "")
    flags = district / "optouts.csv"
    assert err.splitlines() == [
        f"auditor: {flags}:2: column from: no date; write it like 2026-08-24",
        f"auditor: {flags}:3: column optOut: not A, B, C or none; correct it",
    ]
    assert run("status")[2].startswith("auditor: no roster is loaded")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("sourcedId,role,givenName,familyName\nt1,teacher,Elena,Rivera\n", "names no student"),
        ("sourcedId,role\n", "there is no column givenName"),
    ],
)
def test_an_export_of_nobody_or_without_names_leaves_the_roster_alone(
    run: Run, tmp_path: Path, content: str, fault: str
) -> None:
    (tmp_path / "users.csv").write_text(content)
    before = run("import")

    status, _, err = run("import", str(tmp_path))

    assert status == 2
    assert fault in err
    assert run("status") == before


def test_forget_removes_the_roster_and_its_key_for_good(run: Run, district: Path) -> None:
    run("import")
    parts = stored(district)
    old = (district / "data" / key.FILE).read_bytes()

    status, out, _ = run("forget")

    assert (status, out.splitlines()[0][:36]) == (0, "The roster and its key are removed. ")
    assert (stored(district), key.load(district / "data")) == (None, None)
    on_disk = b"".join(file.read_bytes() for file in (district / "data").iterdir())
    assert parts
    assert old not in on_disk
    assert all(content not in on_disk for content in parts.values() if len(content) > 64)
    assert run("forget")[:2] == (0, "There was no roster.\n")


def test_no_name_of_a_student_is_left_on_the_disk_or_on_the_screen(run: Run, district: Path) -> None:
    said = "".join("".join(run(*words)[1:]) for words in (("import",), ("status",)))
    config = load(district / "config.toml", TODAY)
    with closing(sqlite3.connect(district / "data" / "auditor.db")) as database:
        dumped = re.sub("x'[0-9a-f]*'", "", "\n".join(database.iterdump()).casefold())
    on_disk = b"".join(file.read_bytes() for file in config.data.rglob("*") if file.is_file()).lower()

    rows = [line.split(",") for line in (district / "oneroster" / "users.csv").read_text("utf-8").splitlines()[1:61]]
    for row in rows:
        for value in (row[0], row[6], row[8], row[9], row[11], row[12]):
            if len(value) > 4 and value != "Lincoln":  # which is a school as well
                assert value.casefold().encode() not in on_disk
                assert value.casefold() not in dumped
                assert value not in said


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps its rights elsewhere")
def test_the_key_and_its_folder_are_for_their_owner_alone(run: Run, district: Path) -> None:
    run("import")
    (district / "data" / key.FILE).chmod(0o644)

    key.load(district / "data")

    assert stat.S_IMODE((district / "data" / key.FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((district / "data").stat().st_mode) == 0o700


def test_a_lost_or_damaged_key_is_said_and_a_new_import_mends_it(run: Run, district: Path) -> None:
    run("import")
    file = district / "data" / key.FILE
    file.unlink()

    status, _, err = run("status")
    assert (status, "the roster's key is missing" in err) == (2, True)
    assert "students who left with an opt-out are not carried over" in run("import")[2]
    assert run("status")[0] == 0

    file.write_bytes(b"short")
    status, _, err = run("status")
    assert (status, "a roster key has 32 bytes, this file has 5" in err) == (2, True)


def test_the_same_key_serves_every_import(tmp_path: Path) -> None:
    assert key.load(tmp_path) is None
    made = key.load_or_create(tmp_path)

    assert key.load_or_create(tmp_path) == key.load(tmp_path) == made
    assert (key.destroy(tmp_path), key.destroy(tmp_path)) == (True, False)
    assert list(tmp_path.iterdir()) == []


def test_without_path_and_without_roster_in_the_configuration_there_is_a_hint(run: Run, district: Path) -> None:
    config = district / "config.toml"
    config.write_text(config.read_text("utf-8").replace('roster = "oneroster/"\n', ""), "utf-8")

    status, _, err = run("import")

    assert (status, "no roster is named there" in err) == (2, True)


# ------------------------------------------------------------------------------------------------ for an audit


def test_a_stored_roster_is_current_until_its_files_change(district: Path) -> None:
    config = load(district / "config.toml", TODAY)
    assert config.roster
    assert config.roster_flags
    schools = config.district.schools
    kept = take_in(config.roster, config.roster_flags, schools, KEY, TODAY).roster

    def current(flags: Path | None = config.roster_flags, among: Sequence[School] = schools) -> bool:
        assert config.roster
        return is_current(Roster.load(kept.dump(), KEY), config.roster, flags, among, KEY)

    assert current()
    assert not current(flags=None)
    assert not current(among=schools[:1])
    config.roster_flags.write_text("sourcedId,optOut\ns1001,A\n")
    assert not current()


def test_a_roster_that_somebody_imported_from_elsewhere_stays_current(district: Path, tmp_path: Path) -> None:
    config = load(district / "config.toml", TODAY)
    assert config.roster
    elsewhere = Path(shutil.copytree(district / "oneroster", tmp_path / "elsewhere"))
    (elsewhere / "users.csv").write_text("sourcedId,role,givenName,familyName\n1,student,Jada,Dunmore\n")

    kept = take_in(elsewhere, None, config.district.schools, KEY, TODAY).roster

    assert is_current(kept, config.roster, config.roster_flags, config.district.schools, KEY)
