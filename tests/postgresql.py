"""A real PostgreSQL server for tests, on loopback, where one is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text


@contextmanager
def postgresql() -> Iterator[str]:
    """A server of our own; gives its address without the name of a database. Skips the test where there is none."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="auditor-pg-"))
    # A database server refuses to run as root: then it runs as the user that its package made for it.
    user = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    if user:
        try:
            shutil.chown(folder, user)
        except LookupError:
            pytest.skip('PostgreSQL does not run as root, and there is no user "postgres"')
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user, "cwd": folder}
    made: list[Any] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "auditor",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(made, check=True, **quiet)
    port = _free_port()
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    running = subprocess.Popen([programs / "postgres", "-D", folder / "data", *options], **quiet)
    address = f"postgresql+psycopg://auditor@127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/postgres", running)
        yield address
    finally:
        running.send_signal(3 if os.name == "posix" else 15)  # "immediate": nothing in it is worth saving
        running.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    on_path = shutil.which("initdb")
    places = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if running.poll() is not None:
            break
        try:
            run_statement(address.rpartition("/")[0], "SELECT 1")
        except Exception:  # noqa: BLE001  not up yet
            time.sleep(0.05)
        else:
            return
    pytest.fail("the test's own PostgreSQL server did not come up")


def run_statement(server: str, statement: str, database: str = "postgres") -> None:
    engine = create_engine(f"{server}/{database}", isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
