"""`[engine]` in `config.toml`: on how many processes an audit is spread, on this machine or on a Dask cluster."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

from auditor.config_file import TomlEntry
from auditor.toml_lines import shown

SCHEMES: Final = ("tcp", "tls")
LEAST_MEMORY: Final = 300
"""MB below which not even an empty process could start."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How an audit is spread. `workers` counts processes (0: as many as the machine has cores and the audit is worth);
    `dask` is the address of a cluster's scheduler, "" for this machine alone. A process with all that it started may
    take `memory` MB (of which a browser takes up to 1,536), and `minutes` for an account; else it is ended
    from outside.
    """

    workers: int = 0
    dask: str = ""
    memory: int = 2000
    minutes: float = 120.0


_USUAL: Final = Engine()


def engine(entry: TomlEntry, store_url: str) -> Engine:
    """The table as written; `store_url` is the store that all processes would write to."""
    return Engine(
        workers=int(entry.number("workers", _USUAL.workers, 0, whole=True)),
        dask=_dask(entry, store_url),
        memory=int(entry.number("memory", _USUAL.memory, LEAST_MEMORY, whole=True)),
        minutes=float(entry.number("minutes", _USUAL.minutes, 1)),
    )


def _dask(entry: TomlEntry, store_url: str) -> str:
    address = entry.text("dask")
    if not address:
        return ""
    if not _is_address(address):
        entry.fault("dask", f"{shown(address)} is no address of a Dask scheduler; write it like tcp://10.0.0.5:8786")
        return ""
    if store_url.startswith("sqlite:"):
        entry.fault(
            "dask",
            "needs a store that all machines reach; set url under [store] to postgresql+psycopg://... "
            '("auditor store move" takes what is stored there)',
        )
    if find_spec("distributed") is None:
        entry.fault("dask", 'needs the library "distributed" here and on every machine: pip install "auditor[cluster]"')
    return address


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port is not None and parts.path in ("", "/")
    except ValueError:
        return False
