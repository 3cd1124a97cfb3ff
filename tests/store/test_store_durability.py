"""What a store survives, what it lets others see, and what it truly forgets."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from auditor import store as stores
from auditor.errors import Mistake
from auditor.model import LinkUse
from auditor.store import Store
from auditor.store.database import backups
from auditor.store.rows import Purged
from tests.store.story import DEAD_LINK, LINCOLN, MONDAY, NAMED, SITE, WEEK, Story, finding

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="this system has no file modes")


def program(name: str, address: str, data: Path, *more: str) -> "subprocess.Popen[str]":
    """A program of this folder, started on its own."""
    words = [sys.executable, "-m", f"tests.store.{name}", address, str(data), *more]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


# ------------------------------------------------------------------------------------------- crash


def test_a_killed_crawl_loses_nothing_that_it_was_told_is_stored(
    address: str, opened: Callable[[], Store], tmp_path: Path
) -> None:
    store = opened()
    audit_id = store.begin_audit([LINCOLN.id], "mcps", "command", MONDAY)
    sure = -1
    for kill_after in (1, 3):
        crawl = program("endless_crawl", address, tmp_path / "data")
        assert crawl.stdout
        for _ in range(kill_after):
            sure = int(crawl.stdout.readline())
        crawl.kill()
        sure = max([sure, *map(int, crawl.stdout.read().split("\n")[:-1])])  # what it still said when it died
        crawl.wait()
        crawl.stdout.close()

    frontier = store.frontier(audit_id, LINCOLN.id)
    read = len(frontier.done)
    in_order = [SITE + f"{n}.html" for n in range(read)]
    assert read > sure
    assert frontier.done == set(in_order)
    assert {s.finding.url for s in store.findings()} == set(in_order)
    store.gather(audit_id, LINCOLN.id)
    uses = list(store.link_uses(LINCOLN.id))
    assert {use.page for use in uses} == set(in_order)
    assert {use.places for use in uses} == {1}


def test_four_programs_write_at_once_and_none_is_turned_away(
    address: str, opened: Callable[[], Store], tmp_path: Path
) -> None:
    store = opened()
    Story(store).audit()

    four = [program("busy_visitor", address, tmp_path / "data", "100") for _ in range(4)]

    assert [one.communicate()[1] or one.returncode for one in four] == [0, 0, 0, 0]
    assert store.link_states(["http://gone.example/"])["http://gone.example/"].fail_streak == 400
    assert [s.finding for s in store.findings()] == [NAMED]


def test_several_programs_may_make_the_store_at_once(tmp_path: Path) -> None:
    address, data = f"sqlite:///{tmp_path}/data/auditor.db", tmp_path / "data"

    three = [program("busy_visitor", address, data, "1") for _ in range(3)]

    assert [one.communicate()[1] or one.returncode for one in three] == [0, 0, 0]


def test_a_store_is_made_where_another_program_is_just_writing(tmp_path: Path) -> None:
    """As one that makes it at the same time does for a moment: SQLite itself does not wait for that."""
    file = tmp_path / "auditor.db"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        done.start()

        with stores.open_url(f"sqlite:///{file}", tmp_path) as store:
            assert store.findings() == []
        done.join()


def test_a_fault_while_storing_comes_up_at_the_next_call_and_the_page_is_read_again(store: Store) -> None:
    audit_id = store.begin_audit([LINCOLN.id], "mcps", "command", MONDAY)
    nowhere = store.writer(audit_id + 1)  # no such audit: the database refuses

    nowhere.gone(LINCOLN.id, SITE)
    for _ in range(500):
        if nowhere._fault:
            break
        time.sleep(0.02)

    with pytest.raises(IntegrityError):
        nowhere.gone(LINCOLN.id, SITE)
    with pytest.raises(IntegrityError):
        nowhere.close()
    assert store.frontier(audit_id + 1, LINCOLN.id).done == frozenset()


def test_a_store_kept_locked_by_another_program_says_so(
    sqlite_config: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = stores.open(sqlite_config)
    monkeypatch.setattr("auditor.store.database._PRAGMAS", ("busy_timeout=50",))
    impatient = stores.open(sqlite_config)
    with closing(sqlite3.connect(sqlite_config.data / "auditor.db")) as viewer:
        viewer.execute("BEGIN IMMEDIATE")

        with pytest.raises(Mistake, match=r"another program has kept the store locked for 30 seconds"):
            impatient.begin_audit([], "mcps", "command", MONDAY)

        viewer.rollback()
    impatient.close()
    store.close()


# ------------------------------------------------------------------------------------------- who may read it


@POSIX
def test_only_the_owner_may_read_the_store_and_its_key(sqlite_config: SimpleNamespace) -> None:
    before = os.umask(0)
    try:
        with stores.open(sqlite_config) as store:
            store.fingerprint("a")
            Story(store).audit({"news.html": [NAMED]})
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in sqlite_config.data.iterdir()}
    finally:
        os.umask(before)

    assert stat.S_IMODE(sqlite_config.data.stat().st_mode) == 0o700
    assert {"auditor.db", "auditor.db-wal", "store.key"} <= set(modes)
    assert set(modes.values()) == {0o600}


@POSIX
def test_a_store_that_others_may_read_is_closed_to_them(sqlite_config: SimpleNamespace) -> None:
    stores.open(sqlite_config).close()
    file = sqlite_config.data / "auditor.db"
    file.chmod(0o644)

    stores.open(sqlite_config).close()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


# ------------------------------------------------------------------------------------------- the key


def test_equal_things_have_equal_names_that_only_the_key_can_make(tmp_path: Path) -> None:
    def district(name: str) -> Store:
        return stores.open_url(f"sqlite:///{tmp_path}/{name}/auditor.db", tmp_path / name)

    with district("a") as one, district("a") as again, district("b") as other:
        name = one.fingerprint("lincoln-site", "student-name", "Ann Example")

        assert len(name) == 16
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz234567")
        assert again.fingerprint("lincoln-site", "student-name", "Ann Example") == name
        assert one.fingerprint("lincoln-sites", "tudent-name", "Ann Example") != name
        assert other.fingerprint("lincoln-site", "student-name", "Ann Example") != name


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda file: file.unlink(), "the store's key is missing"),
        (lambda file: file.write_bytes(b"x" * 32), "is not the one that the store was begun with"),
        (lambda file: file.write_bytes(b"x" * 7), "a key has 32 bytes, this file has 7"),
    ],
)
def test_a_lost_or_foreign_key_is_a_mistake_and_never_replaced(
    sqlite_config: SimpleNamespace, damage: Callable[[Path], object], fault: str
) -> None:
    with stores.open(sqlite_config) as store:
        store.fingerprint("a")
    file = sqlite_config.data / "store.key"
    damage(file)
    left = file.read_bytes() if file.exists() else None

    with stores.open(sqlite_config) as store, pytest.raises(Mistake, match=fault):
        store.fingerprint("a")

    assert (file.read_bytes() if file.exists() else None) == left


# ------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("mysql://host/db", '"mysql" is not a database that the store can use'),
        ("data/auditor.db", "no address of a database"),
        ("sqlite://", "the store has to be a file"),
        ("sqlite:///:memory:", "the store has to be a file"),
        ("postgresql://auditor:secret@127.0.0.1:1/none", "the database server does not answer"),
    ],
)
def test_an_address_that_is_no_store_is_a_mistake_that_tells_no_password(tmp_path: Path, url: str, fault: str) -> None:
    with pytest.raises(Mistake, match=fault) as mistake:
        stores.open_url(url, tmp_path)

    assert "secret" not in str(mistake.value)


def test_a_file_that_is_no_store_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "auditor.db").write_text("Dear diary, " * 500)

    with pytest.raises(Mistake, match="this file is not a store"):
        stores.open_url(f"sqlite:///{tmp_path}/auditor.db", tmp_path)


def test_a_store_is_there_once_it_was_opened(sqlite_config: SimpleNamespace) -> None:
    before = stores.exists(sqlite_config)

    stores.open(sqlite_config).close()

    assert (before, stores.exists(sqlite_config)) == (False, True)


# ------------------------------------------------------------------------------------------- forgetting


def copies(store: Store, folder: Path, marker: str) -> int:
    """How often the marker stands in the store's files, or in the pages of its tables on a server."""
    if store._database.file:
        return sum(file.read_bytes().count(marker.encode()) for file in folder.rglob("auditor.db*"))
    with store._database.engine.connect() as connection:
        folder_of_server = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        connection.exec_driver_sql("CHECKPOINT")
        base = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    return sum(file.read_bytes().count(marker.encode()) for file in (folder_of_server / "base" / str(base)).iterdir())


def test_what_is_purged_is_gone_from_the_disk_itself(store: Store, tmp_path: Path) -> None:
    marker = "Zyxomma***"
    story = Story(store)
    story.audit({f"{n}.html": [finding(path=f"{n}.html", subject=marker)] for n in range(100)})
    story.audit({f"{n}.html": [] for n in range(100)})
    there = copies(store, tmp_path, marker)

    purged = store.purge(MONDAY, MONDAY + 2 * WEEK)

    assert there >= 100
    assert (purged.removed["finding"], purged.clean) == (100, True)
    assert copies(store, tmp_path, marker) == 0


def test_the_roster_is_kept_whole_replaced_whole_and_forgotten_wholly(store: Store, tmp_path: Path) -> None:
    assert (store.roster_parts(), store.roster_kept_at()) == (None, None)

    store.keep_roster({"names": b"Zyxomma-1" * 1000, "flags": b""}, MONDAY)
    store.keep_roster({"names": b"\0\xff" * 1000}, MONDAY + WEEK)

    assert (store.roster_parts(), store.roster_kept_at()) == ({"names": b"\0\xff" * 1000}, MONDAY + WEEK)
    assert copies(store, tmp_path, "Zyxomma-1") == 0

    store.drop_roster()

    assert (store.roster_parts(), store.roster_kept_at()) == (None, None)


def test_a_purge_keeps_what_is_young_open_or_each_account_s_last(store: Store) -> None:
    story = Story(store)
    fixed_early, fixed_late = finding(path="a.html"), finding(path="b.html")
    story.audit({"news.html": [NAMED], "a.html": [fixed_early], "b.html": [fixed_late]}, found=[DEAD_LINK])
    first = story.audit_id
    story.audit({"news.html": [NAMED], "a.html": [], "b.html": [fixed_late]})
    story.audit({"news.html": [NAMED], "b.html": []})

    purged = store.purge(readings_before=story.now + WEEK, findings_before=MONDAY + 2 * WEEK)

    assert {name: count for name, count in purged.removed.items() if count} == {"page": 1, "finding": 2}
    assert {s.finding.url for s in store.findings()} == {NAMED.url, fixed_late.url}
    assert store.sights(first, LINCOLN.id).documents == 0
    assert store.sights(story.audit_id, LINCOLN.id).documents == 2
    assert len(store.history()) == 3
    assert store.purge(MONDAY, MONDAY) == Purged(dict.fromkeys(purged.removed, 0))


def test_a_purge_says_when_a_reader_kept_traces_alive(
    sqlite_config: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.store.database._PRAGMAS", ("journal_mode=WAL", "secure_delete=ON", "busy_timeout=50"))
    with stores.open(sqlite_config) as store, closing(sqlite3.connect(sqlite_config.data / "auditor.db")) as reader:
        Story(store).audit({"news.html": [NAMED]})
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM finding").fetchall()
        Story(store).audit({"news.html": []})

        assert not store.purge(MONDAY, MONDAY + timedelta(days=1)).clean


def test_many_uses_are_read_while_others_write(store: Store) -> None:
    story = Story(store)
    story.audit({"news.html": []}, links={f"http://a{n}.example/": "alive" for n in range(1500)}, ends=False)  # type: ignore[misc]
    uses = store.link_uses(LINCOLN.id)

    first = next(uses)
    store.finish_audit(story.audit_id, story.now)

    assert isinstance(first, LinkUse)
    assert len([*uses]) == 1499


# ------------------------------------------------------------------------------------------- a full disk


@POSIX
def test_a_full_disk_is_one_plain_line_whatever_is_done_to_the_store(tmp_path: Path) -> None:
    file = tmp_path / "auditor.db"

    told = program("full_disk", f"sqlite:///{file}", tmp_path)
    said, _ = told.communicate(timeout=60)

    full = "the disk is full or cannot be read or written. Make room or check the disk, and run the command again."
    assert (said.splitlines(), told.returncode) == ([f"{file}: {full}"] * 3, 0)
    assert backups(file) == []
