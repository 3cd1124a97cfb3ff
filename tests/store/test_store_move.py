"""A store is taken to another database and back: everything arrives, or nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from auditor import store as stores
from auditor.cli import main
from auditor.errors import Mistake
from auditor.model import Blind, LinkVerdict, Reason
from auditor.store import Store
from auditor.store.move import move
from auditor.store.schema import metadata
from tests.postgresql import run_statement
from tests.store.story import DEAD_LINK, LINCOLN, MONDAY, NAMED, OLD_SEAL, WEEK, Story, finding

CONFIG = '[district]\nname = "Riverbend School District"\npolicy = "mcps"\n'
ODD = finding(path="odd.html", subject="\U0001f600 ‮A*** B***�")


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Store]:
    """A store in which every kind of thing lies."""
    with stores.open_url(f"sqlite:///{tmp_path}/data/auditor.db", tmp_path / "data") as store:
        story = Story(store)
        story.audit(
            {"news.html": [NAMED], "odd.html": [ODD]},
            found=[DEAD_LINK, OLD_SEAL],
            links={DEAD_LINK.subject: LinkVerdict.BROKEN},
            images={OLD_SEAL.subject: ""},
        )
        story.audit({"news.html": []}, links={DEAD_LINK.subject: LinkVerdict.BROKEN}, ends=False)
        store.dismiss(ODD.id, reason="a sculpture", who="dreyes", now=MONDAY, until=(MONDAY + 4 * WEEK).date())
        with store.writer(story.audit_id) as writer:
            writer.missed(LINCOLN.id, "http://lincoln.example/late", Blind("it was late", Reason.UNREACHABLE))
        store.keep_roster({"names": bytes(range(256)) * 20, "flags": b""}, MONDAY)
        store.slots.offer("audit", MONDAY)
        store.slots.beat("schedule", MONDAY + timedelta(microseconds=1), 4711)
        yield store


@pytest.fixture
def empty(server: str, pattern: str) -> Iterator[str]:
    """The address of an empty database on a server; its tables are not made yet."""
    run_statement(server, "CREATE DATABASE another")
    yield f"{server}/another"
    run_statement(server, "DROP DATABASE another WITH (FORCE)")


def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Everything in the store, by table."""
    with store._database.reading() as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in metadata.sorted_tables
        }


def test_everything_arrives_and_comes_back(filled: Store, empty: str, tmp_path: Path) -> None:
    before = rows(filled)

    with stores.open_url(empty, tmp_path / "data") as there:
        counted = move(filled, there)
        arrived = rows(there)
        with stores.open_url(f"sqlite:///{tmp_path}/again.db", tmp_path / "data") as again:
            move(there, again)
            back = rows(again)

    assert arrived == before
    assert back == before
    assert counted == {name: len(found) for name, found in before.items()}
    assert {"audit", "page", "link", "finding", "finding_event", "roster", "slot", "heartbeat", "link_state"} <= {
        name for name, count in counted.items() if count
    }


def test_the_next_audit_goes_on_in_the_other_store_as_it_would_have_here(
    filled: Store, empty: str, tmp_path: Path
) -> None:
    told = [stored.status for stored in filled.findings()]

    with stores.open_url(empty, tmp_path / "data") as there:
        move(filled, there)
        story = Story(there)
        story.now = MONDAY + WEEK
        story.audit({"news.html": [NAMED], "odd.html": [ODD]})
        there.reopen(ODD.id, "dreyes", story.now)

        assert story.audit_id == 3
        assert story.status(NAMED) == "open"
        assert len(there.findings()) == len(told)


def test_a_store_that_holds_something_is_left_as_it_is(filled: Store, empty: str, tmp_path: Path) -> None:
    with stores.open_url(empty, tmp_path / "data") as there:
        there.keep_roster({"names": b"theirs"}, MONDAY)

        with pytest.raises(Mistake, match=r"this store holds something already \(roster\); name an empty one"):
            move(filled, there)

        assert {name for name, found in rows(there).items() if found} == {"roster"}


def test_a_store_is_not_moved_onto_itself(filled: Store, tmp_path: Path) -> None:
    with (
        stores.open_url(f"sqlite:///{tmp_path}/data/auditor.db", tmp_path / "data") as same,
        pytest.raises(Mistake, match="this is the store that is used already"),
    ):
        move(filled, same)


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_says_what_to_write_and_nothing_else(
    filled: Store, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    before = sum(map(len, rows(filled).values()))

    status = main(["store", "move", empty.replace("auditor@", "auditor:hunter2@")])

    told = capsys.readouterr()
    assert (status, told.out) == (0, f'[store]\nurl = "{empty}"\n')
    assert f"{before:,} rows were copied and counted." in told.err
    assert "hunter2" not in told.out + told.err
    with stores.open_url(empty, tmp_path / "data") as there:
        assert rows(there) == rows(filled)


def test_what_cannot_be_moved_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)

    told = {}
    for url in ("postgresql://auditor@127.0.0.1:1/x", "mysql://db.example/x"):
        assert main(["store", "move", url]) == 2
        told[url] = capsys.readouterr().err

    assert "there is no store to move yet" in told["postgresql://auditor@127.0.0.1:1/x"]
    assert '"mysql" is not a database that the store can use' in told["mysql://db.example/x"]
