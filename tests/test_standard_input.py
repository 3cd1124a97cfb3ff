"""What is sent to a command is read whatever machine and program wrote it."""

import io
import json

import pytest

from auditor.standard_input import lines
from tests.servers import serve
from tests.within import auditor


def sent(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(raw)), encoding="ascii"))


@pytest.mark.parametrize(
    "raw",
    [
        b"caf\xc3\xa9\n\nmenu\n",
        b"caf\xc3\xa9\r\n\r\nmenu\r\n",
        b"caf\xc3\xa9\r\rmenu",
        b"\xef\xbb\xbfcaf\xc3\xa9\n\nmenu",
        "caf\xe9\r\n\r\nmenu\r\n".encode("utf-16"),
        b"\xfe\xff" + "caf\xe9\n\nmenu".encode("utf-16-be"),
    ],
)
def test_every_line_is_read_however_it_was_written(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(raw, monkeypatch)

    assert list(lines()) == ["caf\xe9", "", "menu"]


def test_nothing_sent_is_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    sent(b"", monkeypatch)

    assert list(lines()) == []


@pytest.mark.parametrize(
    "raw", [b"http://caf\xe9.invalid/\nmailto:a@b.example\n", b"\xef\xbb\xbftel:+14065550100\r\n\r\nmailto:a@b.example"]
)
def test_a_list_of_addresses_in_odd_letters_loses_none(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(raw, monkeypatch)

    done = auditor("links")

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, len(rows), rows[-1]["url"]) == (0, 2, "mailto:a@b.example")


def test_an_address_in_half_letters_is_malformed_and_those_beside_it_are_told() -> None:
    with serve({"/": "x"}) as site:
        done = auditor("links", "--allow-network", "127.0.0.0/8", site.at("/\udce9"), f"  {site.url} ")

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [row["verdict"] for row in rows]) == (0, ["broken", "alive"])


def test_standard_input_that_is_closed_is_a_mistake_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)

    done = auditor("detect")

    assert done.returncode == 2
    assert "standard input: is closed" in done.stderr
