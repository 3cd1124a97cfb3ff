"""Data exports are read where they lie, by structure; other people in them are counted, messages are never opened."""

import json
import stat
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.errors import Mistake
from auditor.footprint.exports import archive as archives
from auditor.footprint.exports.archive import LeftOut, open_archive
from auditor.footprint.exports.export import Audience, Export, Sort
from auditor.footprint.exports.reading import read_export, readers
from tests import exports
from tests.exports import ALL, zipped

THEN = datetime(2015, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reading(name: str) -> Export:
        return read_export([zipped(tmp_path / "export.zip", ALL[name])])

    return reading


def told(export: Export) -> list[tuple[str, str, Audience, str]]:
    """Each post, who sees it, and whether its place is seen with it or only held by the platform."""
    return [
        (post.what, post.text, post.audience, "seen" if post.located else "held" if post.held else "")
        for post in export.posts
    ]


# ------------------------------------------------------------------------------------------------ platforms


def test_every_platform_is_found_by_its_own_file() -> None:
    assert list(readers()) == ["facebook", "google", "instagram", "linkedin", "tiktok", "x"]


@pytest.mark.parametrize("name", ALL)
def test_an_export_is_known_by_its_structure_and_by_that_of_no_other_platform(read: Any, name: str) -> None:
    expected = {"takeout": "google"}.get(name, name.rpartition(" ")[2])

    assert read(name).platform == expected


@pytest.mark.parametrize("name", ALL)
def test_an_unpacked_folder_tells_the_same_as_the_zip(read: Any, tmp_path: Path, name: str) -> None:
    for path, content in ALL[name].items():
        file = tmp_path / "folder" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(exports.as_bytes(content))

    assert read_export([tmp_path / "folder"]) == read(name)


def test_facebook_tells_details_and_posts_without_saying_who_sees_them(read: Any) -> None:
    export = read("facebook")

    assert export.names == ("Maya Riveraü",)
    assert export.handles == ("maya.rivera",)
    assert export.work == ("Teacher Riverbend School District",)
    assert export.recorded(Sort.EMAIL) == ("maya@mail.example", "mrivera@riverbend.example")
    assert export.recorded(Sort.PHONE) == ("+1 406-555-0142",)
    assert export.recorded(Sort.BIRTHDAY) == ("1985-4-9",)
    assert export.recorded(Sort.FAMILY) == ("1 named",)
    assert told(export) == [
        ("post", "Fiesta en la montaña", Audience.UNKNOWN, ""),
        ("picture", "", Audience.UNKNOWN, "held"),
        ("post", "", Audience.UNKNOWN, "seen"),
        ("post", "Grüße", Audience.UNKNOWN, ""),
        ("comment", "So true", Audience.UNKNOWN, ""),
    ]
    assert export.posts[0].when == THEN
    assert export.counts == {"friends": 2}
    assert "Privacy Checkup" in export.unseen[0]


def test_instagram_tells_by_its_history_that_the_account_is_public(read: Any) -> None:
    export = read("instagram")

    assert export.handles == ("mrivera_room12",)
    assert export.about == ("Teacher at Lincoln Elementary 🌻",)
    assert export.audience is Audience.EVERYBODY
    assert told(export) == [
        # The newer spelling of a post stands for the older one; what is put away is its owner's alone.
        ("post", "Día de campo en la montaña", Audience.EVERYBODY, "held"),
        ("story", "Lunch", Audience.UNKNOWN, ""),
        ("post", "Put away", Audience.OWNER, ""),
        ("comment", "Lovely", Audience.UNKNOWN, ""),
    ]
    assert export.counts == {"followers": 1, "accounts followed": 2}
    assert export.unseen == ()


def test_a_private_instagram_account_of_the_flat_layout_shows_its_posts_to_friends(read: Any) -> None:
    export = read("flat instagram")

    assert export.audience is Audience.FRIENDS
    assert told(export) == [("post", "Trip", Audience.FRIENDS, "seen"), ("comment", "Nice", Audience.UNKNOWN, "")]
    assert export.counts == {"followers": 1}


def test_x_tells_posts_with_their_addresses_and_leaves_out_what_others_wrote(read: Any) -> None:
    export = read("x")

    assert export.audience is Audience.EVERYBODY
    assert export.about == ("I teach = I learn", "Missoula")
    assert [(post.text, post.url, post.located) for post in export.posts] == [
        ("Here", "https://x.com/mrivera12/status/13", True),
        ("Good morning", "https://x.com/mrivera12/status/11", False),
        (exports.LONG.strip(), "https://x.com/mrivera12/status/14", False),
        ("", "https://x.com/mrivera12/status/12", False),
    ]
    assert export.recorded(Sort.PHONE) == ("+14065550142",)
    assert export.counts == {"followers": 1}


def test_x_without_a_change_of_protection_leaves_open_who_sees_the_posts(read: Any) -> None:
    export = read("old x")

    assert (export.audience, told(export)) == (Audience.UNKNOWN, [("post", "Old", Audience.UNKNOWN, "")])
    assert "last six months" in export.unseen[0]


def test_tiktok_tells_who_may_see_each_video(read: Any) -> None:
    export = read("tiktok")

    assert told(export) == [
        ("video", "Dance", Audience.EVERYBODY, ""),
        ("video", "Mine", Audience.OWNER, ""),
        ("comment", "wow", Audience.UNKNOWN, ""),
    ]
    assert export.posts[0].when == THEN
    assert read("old tiktok").audience is Audience.FRIENDS


def test_linkedin_tables_are_read_below_their_notes_and_with_numbers_behind_their_names(read: Any) -> None:
    export = read("linkedin")

    assert export.names == ("Maya Rivera",)
    assert export.work == ("Teacher Riverbend School District",)
    assert export.recorded(Sort.HOME) == ("12 Elm St, Missoula",)
    assert [(post.text, post.audience) for post in export.posts] == [
        ("Proud day", Audience.UNKNOWN),
        ("For all", Audience.EVERYBODY),
        ('He said "well, done" to me', Audience.UNKNOWN),
    ]
    assert export.counts == {"connections": 1}


def test_takeout_tells_what_everybody_sees_and_leaves_drafts_and_histories_alone(read: Any) -> None:
    export = read("takeout")

    assert told(export) == [
        ("comment", "Great lesson", Audience.EVERYBODY, ""),
        ("comment", "Sehr gut", Audience.EVERYBODY, ""),
        ("video", "Field day", Audience.OWNER, ""),
        ("review", "Nice cafe", Audience.EVERYBODY, "seen"),
        ("post", "Hello\nFrom Room 12", Audience.EVERYBODY, ""),
        ("picture", "", Audience.UNKNOWN, "held"),
    ]
    assert export.counts == {"channels followed": 1}


# ------------------------------------------------------------------------------------------------ what is never done


@pytest.mark.parametrize("name", ALL)
def test_no_file_of_messages_is_ever_opened(tmp_path: Path, name: str) -> None:
    with open_archive([zipped(tmp_path / "export.zip", ALL[name])]) as archive:
        (reader,) = (one for one in readers().values() if one.fits(archive))
        reader.read(archive)
        asked = [archive.read(path) for path in ALL[name] if archives.MESSAGES.search(path)]

    assert archive.messages == len(asked)
    assert set(asked) <= {b""}
    assert not [path for path in archive.opened if "essage" in path or "inbox" in path or "mbox" in path]


@pytest.mark.parametrize("name", ALL)
def test_reading_writes_nothing_and_shows_no_value_of_anybody(read: Any, tmp_path: Path, name: str) -> None:
    export = read(name)

    assert [file.name for file in tmp_path.rglob("*")] == ["export.zip"]
    for value in ("Else", "maya@", "0142", "secret", "Hello", "montaña", "46.9"):
        assert value not in repr(export)


# ------------------------------------------------------------------------------------------------ hostile zips


def test_what_leads_out_of_a_zip_or_swells_or_is_locked_is_left_out_and_told(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("data/link.js")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("data/account.js", exports.X["data/account.js"])
        for path in ("../../etc/evil.js", "/etc/evil.js", "C:\\evil.js", "data/..\\..\\evil.js"):
            made.writestr(path, "x")
        made.writestr(link, "/etc/passwd")
        made.writestr("data/tweets.js", b" " * 20_000_000)

    export = read_export([tmp_path / "a.zip"])

    assert export.handles == ("mrivera12",)
    assert {left.why for left in export.left_out} == {
        "leads out of the zip",
        "is a link, not a file",
        "would swell to over 250 times its size",
    }
    assert len(export.left_out) == 6
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.zip"]


def test_a_zip_that_lies_about_a_size_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_FILE", 1000)
    file = zipped(tmp_path / "a.zip", {"data/account.js": "x" * 5000}, zipfile.ZIP_STORED)
    lied = file.read_bytes().replace(struct.pack("<I", 5000), struct.pack("<I", 900))
    file.write_bytes(lied)

    export = read_export([file])

    assert export.left_out[0].name == "data/account.js"
    assert export.left_out[0].why in ("is larger than it says", "is damaged or locked")


def test_all_files_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_SUM", 400)
    files = {"data/account.js": exports.X["data/account.js"]} | {f"data/tweets-part{n}.js": " " * 300 for n in range(3)}

    export = read_export([zipped(tmp_path / "a.zip", files)])

    assert export.left_out[-1] == LeftOut("data/tweets-part2.js", "was not read: the export is too large")


def test_a_folder_with_a_link_out_of_it_is_read_without_it(tmp_path: Path) -> None:
    (tmp_path / "secret.js").write_text(exports.X["data/account.js"])
    (tmp_path / "export" / "data").mkdir(parents=True)
    (tmp_path / "export" / "data" / "profile.js").write_text(exports.X["data/profile.js"])
    try:
        (tmp_path / "export" / "data" / "account.js").symlink_to(tmp_path / "secret.js")
    except OSError:
        pytest.skip("this system makes no links")

    with pytest.raises(Mistake, match="is no export that auditor knows"):
        read_export([tmp_path / "export"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"hello"])
def test_what_is_no_export_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)

    with pytest.raises(Mistake) as told_so:
        read_export([tmp_path / "a.zip"])

    assert len(told_so.value.faults) == 1
    with pytest.raises(Mistake, match="there is no such file"):
        read_export([tmp_path / "none.zip"])


def test_deep_json_and_endless_numbers_are_left_out(tmp_path: Path) -> None:
    files = {**exports.TIKTOK, "user_data.json": "[" * 200_000, "x/user_data.json": f'{{"a": {"9" * 10_000}}}'}

    export = read_export([zipped(tmp_path / "a.zip", files)])

    assert export.handles == ("mrivera_room12",)
    assert {left.why for left in export.left_out} == {"is no JSON that can be read"}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "profile_v2",
                    "string_map_data",
                    "media",
                    "data",
                    "tweet",
                    "label_values",
                    "timestamp",
                    "Post",
                    "features",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(name=st.sampled_from(sorted(ALL)), value=_json, raw=st.binary(max_size=60), which=st.integers(0, 30))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_its_files_an_export_is_read_without_a_fault(
    tmp_path: Path, name: str, value: Any, raw: bytes, which: int
) -> None:
    files = dict(ALL[name])
    path = sorted(files)[which % len(files)]
    body = json.dumps(value)
    files[path] = raw if which % 3 == 0 else f"window.YTD.a = {body}" if path.endswith(".js") else body

    export = read_export([zipped(tmp_path / "export.zip", files, zipfile.ZIP_STORED)])

    assert isinstance(export, Export)


@given(cut=st.integers(0, 2000), flip=st.integers(0, 2000), byte=st.integers(0, 255))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_zip_is_a_plain_word_and_never_a_fault(tmp_path: Path, cut: int, flip: int, byte: int) -> None:
    content = bytearray(zipped(tmp_path / "export.zip", exports.X).read_bytes())
    content[flip % len(content)] = byte
    (tmp_path / "export.zip").write_bytes(bytes(content[: len(content) - cut % 300]))

    try:
        came = read_export([tmp_path / "export.zip"]).platform
    except Mistake as plain:
        came = f"{len(plain.faults)} line"

    assert came in ("x", "1 line")
