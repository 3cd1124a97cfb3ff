"""The district's lock: one run at a time, and a plain word where there is nowhere to put it."""

from pathlib import Path

import pytest

from auditor.errors import Busy, Mistake
from auditor.lock import held


def test_a_second_run_is_told_who_has_the_lock(tmp_path: Path) -> None:
    with held(tmp_path, "auditor audit"), pytest.raises(Busy) as refused, held(tmp_path, "auditor demo"):
        pass

    assert str(refused.value).startswith("auditor audit (process ")
    assert str(refused.value).endswith(f"holds the lock of {tmp_path}; wait until it is done, then try again")


def test_locks_of_different_names_do_not_meet(tmp_path: Path) -> None:
    with held(tmp_path, "auditor schedule", "schedule"), held(tmp_path, "auditor audit"):
        notes = sorted(file.name for file in tmp_path.glob("*.txt"))

    assert notes == ["audit.lock.txt", "schedule.lock.txt"]


def test_a_folder_that_cannot_be_made_is_a_mistake_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with pytest.raises(Mistake) as refused, held(tmp_path / "data" / "deeper", "auditor audit"):
        pass

    (told,) = refused.value.faults
    assert told.startswith(f"{tmp_path / 'data' / 'deeper'}: nothing can be written there (")
    assert told.endswith("); check the disk and the folder's rights")


def test_a_lock_whose_note_cannot_be_written_is_held_and_let_go_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "audit.lock.txt").mkdir()

    with held(tmp_path, "auditor audit"), pytest.raises(Busy) as refused, held(tmp_path, "auditor demo"):
        pass
    with held(tmp_path, "auditor demo"):
        held_again = True

    assert str(refused.value).startswith("another program holds the lock")
    assert held_again
