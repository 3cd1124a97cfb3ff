"""`[engine]`: what may be written there, and what is wrong with what may not."""

from datetime import date
from pathlib import Path

import pytest

from auditor.config import load
from auditor.config_engine import Engine
from auditor.errors import Mistake

POSTGRESQL = '[store]\nurl = "postgresql+psycopg://auditor@db.example/auditor"\n'


def read(folder: Path, text: str) -> Engine:
    file = folder / "config.toml"
    file.write_text(f'[district]\nname = "Riverbend School District"\npolicy = "mcps"\n{text}', "utf-8")
    return load(file, date(2026, 11, 20)).engine


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(Mistake) as told:
        read(folder, text)
    return [fault.rpartition("config.toml:")[2].partition(": ")[2] for fault in told.value.faults]


def test_a_district_that_says_nothing_is_read_on_its_own_machine(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Engine(workers=0, dask="", memory=2000, minutes=120)


def test_every_key_is_read(tmp_path: Path) -> None:
    written = '[engine]\nworkers = 4\ndask = "tcp://10.0.0.5:8786"\nmemory = 1500\nminutes = 90.5\n'

    assert read(tmp_path, POSTGRESQL + written) == Engine(4, "tcp://10.0.0.5:8786", 1500, 90.5)


def test_what_is_no_number_of_processes_megabytes_or_minutes_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path, "[engine]\nworkers = -1\nmemory = 100\nminutes = 0\nthreads = 3\n") == [
        "workers must be a whole number of at least 0, such as 0",
        "memory must be a whole number of at least 300, such as 2000",
        "minutes must be a number of at least 1, such as 120.0",
        '"threads" is no key of [engine]; correct it or take it out',
    ]


@pytest.mark.parametrize(
    "address", ["10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5", "tcp://:8786", "tcp://["]
)
def test_what_is_no_address_of_a_scheduler_is_told(tmp_path: Path, address: str) -> None:
    (fault,) = faults(tmp_path, f'{POSTGRESQL}[engine]\ndask = "{address}"\n')

    assert fault == f'dask "{address}" is no address of a Dask scheduler; write it like tcp://10.0.0.5:8786'


def test_a_cluster_needs_a_store_that_all_machines_reach(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, '[engine]\ndask = "tls://10.0.0.5:8786"\n')

    assert fault == (
        "dask needs a store that all machines reach; set url under [store] to postgresql+psycopg://... "
        '("auditor store move" takes what is stored there)'
    )


def test_a_missing_library_is_told_with_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.config_engine.find_spec", lambda _name: None)

    (fault,) = faults(tmp_path, f'{POSTGRESQL}[engine]\ndask = "tcp://10.0.0.5:8786"\n')

    assert fault == ('dask needs the library "distributed" here and on every machine: pip install "auditor[cluster]"')
