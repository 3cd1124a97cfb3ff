"""`auditor check` on real addresses: what it tells somebody who has no configuration."""

from pathlib import Path

import pytest

from auditor.cli import main
from tests.servers import serve

LOOPBACK = ("--allow-network", "127.0.0.0/8")
PAGES = {"/": '<p>Spelling bee <a href="/b">b</a> <a href="/c">c</a>', "/b": "<p>Lunch", "/c": "<p>Buses"}


def test_what_was_left_out_is_told_with_the_option_that_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(PAGES) as site:
        status = main(["check", site.url, *LOOPBACK])

    told = capsys.readouterr().err
    assert status == 0
    assert (
        "Not checked: The visit stopped after 1 page; 2 addresses were not visited (limit)."
        " Look at the rest yourself, or raise --pages.\n"
    ) in told
    assert "config.toml" not in told


def test_a_private_address_is_not_visited_and_the_option_that_allows_it_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serve(PAGES) as site:
        status = main(["check", site.url])
        hits = list(site.hits)

    said = capsys.readouterr()
    assert (status, hits, said.out) == (1, [], "")
    assert said.err.splitlines()[:2] == [
        "Nothing could be read.",
        f"Not checked: {site.url}: address on a private network: not visited (not_in_route)."
        " If it is the district's own, name its network in --allow-network.",
    ]


def test_a_logo_that_is_no_picture_is_told_before_anything_is_fetched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seal").mkdir()
    (tmp_path / "seal" / "seal.png").write_text("no picture", "utf-8")

    with serve(PAGES) as site:
        status = main(["check", site.url, *LOOPBACK, "--logos", str(tmp_path)])
        hits = list(site.hits)

    assert (status, hits) == (2, [])
    assert str(tmp_path / "seal" / "seal.png") in capsys.readouterr().err
