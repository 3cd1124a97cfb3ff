"""A program is weighed, and ended, with everything that it started."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from spiders.watch import ProcessTree, Watch

MEGABYTE = 1024 * 1024
CHILD = "import sys, time; held = b'x' * int(sys.argv[1]); print('ready', flush=True); time.sleep(60)"
PARENT = f"""
import subprocess, sys, time
for size in ("1", sys.argv[2]):
    child = subprocess.Popen([sys.executable, "-c", {CHILD!r}, size], stdout=subprocess.PIPE)
    child.stdout.readline()
print("ready", flush=True)
time.sleep(60)
"""
MARK = "--a-mark-of-its-own"


@contextmanager
def family(size: int) -> Iterator[ProcessTree]:
    """A program with two children, one of which holds that many bytes."""
    with subprocess.Popen([sys.executable, "-c", PARENT, MARK, str(size)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        tree = ProcessTree.started_with(MARK)
        assert tree is not None
        try:
            yield tree
        finally:
            tree.end()


def becomes(true: Callable[[], bool]) -> bool:
    """Whether that becomes true soon."""
    for _ in range(200):
        if true():
            return True
        time.sleep(0.02)
    return False


def test_a_program_is_found_by_its_mark_and_weighed_with_its_children() -> None:
    with family(1) as small:
        before = small.memory()
    with family(200 * MEGABYTE) as large:
        after, members = large.memory(), large.members()

    assert len(members) == 3
    assert 180 * MEGABYTE < after - before < 260 * MEGABYTE


def test_what_runs_is_ended_with_its_children_even_where_they_were_orphaned() -> None:
    with family(1) as tree:
        members = tree.members()
        tree.root.kill()
        tree.root.wait()

        tree.end()

    assert [member for member in members if psutil.pid_exists(member.pid) and member.status() != "zombie"] == []


def test_only_the_heaviest_is_ended_where_they_take_too_much() -> None:
    with family(200 * MEGABYTE) as tree:
        watch = Watch(tree, 150 * MEGABYTE)
        watch.busy.set()
        ended = becomes(lambda: len(tree.members()) == 2)
        watch.close()

        assert (ended, watch.ended) == (True, 1)
        assert tree.root in tree.members()


def test_nobody_is_watched_who_has_nothing_to_do() -> None:
    with family(200 * MEGABYTE) as tree:
        watch = Watch(tree, 150 * MEGABYTE)
        time.sleep(0.5)
        watch.close()

        assert (watch.ended, len(tree.members())) == (0, 3)


def test_where_nothing_bears_the_mark_nothing_is_found() -> None:
    assert ProcessTree.started_with("--no-such-mark") is None
