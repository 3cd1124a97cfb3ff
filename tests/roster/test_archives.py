"""Exports in folders and zips, honest and hostile: read where they are, never unpacked."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from auditor.errors import Mistake
from auditor.roster.archive import MOST_FILES
from auditor.roster.oneroster import Export
from auditor.roster.pupil import Pupil
from tests.roster.rosters import TODAY

USERS = "sourcedId,role,givenName,familyName,grades\ns1,student,Jada,Dunmore,03\n"


def zipped(folder: Path, **members: str | bytes) -> Path:
    file = folder / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def names(source: Path) -> list[str]:
    return [p.naming.given for p in Export(source, (), None, TODAY).people() if isinstance(p, Pupil)]


def notes(source: Path) -> list[str]:
    export = Export(source, (), None, TODAY)
    list(export.people())
    return [str(note) for note in export.notes.all()]


@pytest.mark.parametrize("name", ["users.csv", "export/users.csv", "Export 2026\\Users.CSV", "./users.csv"])
def test_a_zip_has_its_files_at_the_root_or_one_folder_deep(tmp_path: Path, name: str) -> None:
    source = zipped(tmp_path, **{name: USERS, "__MACOSX/._users.csv": "\0\1", "readme.txt": "hello"})

    assert names(source) == ["Jada"]
    assert sorted(f.name for f in tmp_path.iterdir()) == ["export.zip"]


def test_the_users_file_itself_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(USERS)

    assert names(tmp_path / "users.csv") == ["Jada"]


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "C:\\temp\\users.csv", "a/b/c/users.csv"]
)
def test_a_path_that_leads_out_of_the_zip_is_never_followed(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()

    with pytest.raises(Mistake, match=r"there is no users\.csv in it"):
        names(zipped(inner, **{name: USERS}))

    assert sorted(f.name for f in tmp_path.rglob("*")) == ["export.zip", "inner"]


def test_hostile_members_beside_honest_ones_are_left_out_and_noted(tmp_path: Path) -> None:
    source = zipped(tmp_path, **{"users.csv": USERS, "../orgs.csv": "x"})
    with zipfile.ZipFile(source, "a") as archive:
        link = zipfile.ZipInfo("roles.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    assert names(source) == ["Jada"]
    assert notes(source) == [
        "orgs.csv: stands in the zip under a path that leads out of it; left out",
        "roles.csv: is a link, not a file; left out",
    ]


def test_a_zip_that_swells_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = zipped(tmp_path, **{"users.csv": b"0" * 30_000_000})

    with pytest.raises(Mistake, match="would swell to over 250 times its size"):
        names(bomb)


@pytest.mark.parametrize("characters", [150_000, 1_500_000])
def test_a_line_without_end_is_refused(tmp_path: Path, characters: int) -> None:
    (tmp_path / "users.csv").write_text(USERS + "s2,student," + "x" * characters)

    with pytest.raises(Mistake, match="row 3: a line of over 131,072 characters"):
        names(tmp_path)


def test_a_zip_of_very_many_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="a OneRoster export has a dozen"):
        names(zipped(tmp_path, **{f"{n}.csv": "" for n in range(MOST_FILES + 1)}))


def test_a_zip_that_says_less_than_it_holds_is_a_mistake(tmp_path: Path) -> None:
    source = zipped(tmp_path, **{"users.csv": USERS * 50})
    content = bytearray(source.read_bytes())
    at = content.index(b"PK\1\2")
    content[at + 24 : at + 28] = (20).to_bytes(4, "little")
    source.write_bytes(content)

    with pytest.raises(Mistake):
        names(source)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\3\4 cut off"])
def test_what_is_no_zip_is_a_mistake(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "export.zip").write_bytes(content)

    with pytest.raises(Mistake, match="not a zip that can be read"):
        names(tmp_path / "export.zip")


def test_a_damaged_member_is_a_mistake(tmp_path: Path) -> None:
    source = zipped(tmp_path, **{"users.csv": USERS * 50})
    content = bytearray(source.read_bytes())
    content[60:70] = b"\xff" * 10
    source.write_bytes(content)

    with pytest.raises(Mistake, match="not a zip that can be read"):
        names(source)


def test_a_locked_zip_is_a_mistake_that_says_so(tmp_path: Path) -> None:
    source = zipped(tmp_path, **{"users.csv": USERS})
    content = bytearray(source.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    source.write_bytes(content)

    with pytest.raises(Mistake, match="locked with a password"):
        names(source)


def test_a_name_that_is_there_twice_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"users\.csv is in it more than once"):
        names(zipped(tmp_path, **{"users.csv": USERS, "USERS.csv": USERS}))
    with pytest.raises(Mistake, match=r"several folders in it have a users\.csv"):
        names(zipped(tmp_path, **{"a/users.csv": USERS, "b/users.csv": USERS}))


def test_what_is_not_there_is_a_mistake_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"there is no such folder or zip\. Export OneRoster 1\.1 or 1\.2 CSV"):
        names(tmp_path / "gone")
    with pytest.raises(Mistake, match=r"there is no users\.csv in it"):
        names(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need special rights on Windows")
def test_a_link_out_of_the_folder_is_left_out_and_noted(tmp_path: Path) -> None:
    folder, outside = tmp_path / "export", tmp_path / "outside.csv"
    folder.mkdir()
    outside.write_text("sourcedId\nx\n")
    (folder / "users.csv").write_text(USERS)
    (folder / "orgs.csv").symlink_to(outside)

    assert notes(folder) == ["orgs.csv: leads out of the folder; left out"]
