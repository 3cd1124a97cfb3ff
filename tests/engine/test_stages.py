"""What a runner is before it does its first shard: bounded, and sure that it would judge as the others do."""

import subprocess
import sys
from pathlib import Path

import pytest

from auditor.engine.messages import Setup
from auditor.engine.shard import Part, Shard, Stage
from auditor.engine.stages import begin
from auditor.errors import Mistake
from tests.engine.town import ROOT, Office, Town, town

NOW = "2026-11-20T06:00:00+00:00"
GREEDY = """
from auditor.engine.stages import bound

bound(50)
try:
    held = bytearray(4 << 30)
except MemoryError:
    print("refused")
print(len(bytearray(40 << 20)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such bound")
def test_a_process_that_takes_memory_faster_than_anybody_looks_is_refused_it() -> None:
    done = subprocess.run([sys.executable, "-c", GREEDY], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["refused", str(40 << 20)], done.stderr


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Town().district(tmp_path / "office", "")


def begun(office: Office, setup: Setup) -> str:
    """Why a runner does not begin."""
    with pytest.raises(Mistake) as told, begin(setup, print):
        pass
    return str(told.value)


def test_a_runner_with_other_files_does_not_begin(office: Office) -> None:
    status, _, said = office.run("audit")
    assert status == 0, said
    config = str(office.folder / "config.toml")

    assert begun(office, Setup(config, 1, basis="0" * 32)).startswith(
        "here are other files, another version of auditor or another browser than where the audit was begun"
    )
    assert "the store that it names does not know the audit" in begun(office, Setup(config, 7))


def test_a_shard_that_is_tried_again_visits_nothing_that_was_visited_before(tmp_path: Path) -> None:
    with town(2) as sites:
        office = sites.district(tmp_path / "office", "")
        status, _, said = office.run("audit")
        assert status == 0, said
        with office.store() as store:
            (audit,) = store.audits()
            (site,) = [a for a in audit.accounts if a == "site-1"]
            links = tuple(use.link.url for use in store.link_uses(site))
        sites.forget()
        setup = Setup(str(office.folder / "config.toml"), audit.id, ("127.0.0.0/8",), audit.basis, NOW, asked=True)

        with begin(setup, print) as work:
            work(Shard(audit.id, Stage.LINKS, (Part("127.81.0.1", links),), deaths=1))

        assert len(links) >= 3
        assert [site.hits for site in sites.sites] == [[], []]
