"""`auditor check` on real addresses: what it tells somebody who has no configuration."""

import json
from pathlib import Path

import pytest

from auditor.check import built
from auditor.cli import main
from auditor.model import DistrictFacts
from tests.servers import Reply, serve

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


def found(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[dict[str, str], str]:
    """The rules of what is found, each with what was seen, and what is said beside it."""
    main(["check", *words, *LOOPBACK, "--format", "jsonl"])
    printed = capsys.readouterr()
    return {row["rule"]: row["excerpt"] for row in map(json.loads, printed.out.splitlines())}, printed.err


def test_who_can_see_a_class_is_judged_and_nothing_that_only_a_districts_records_tell(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serve(PAGES) as site:
        seen, _ = found(capsys, site.url, "--kind", "classroom", "--policy", "mmsd")

    assert seen["open-classroom"] == "We read 1 page without any password."
    assert not {rule for rule, check in built().items() if check.of_record or check.reads is DistrictFacts} & set(seen)


def test_the_age_of_students_is_held_against_the_platform_that_the_address_or_its_front_page_tells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serve({"/": Reply("<p>Room 7", headers={"X-Tumblr-User": "room7"})}) as site:
        seen, _ = found(capsys, site.url, "--kind", "classroom", "--grades", "3")
        unasked, said = found(capsys, site.url, "--kind", "classroom")
    closed, _ = found(capsys, "https://www.instagram.com/room7", "--kind", "classroom", "--grades", "3")

    assert seen["underage-audience"].startswith("The account on Tumblr is for grade 3: ages 8 to 9.")
    assert closed["underage-audience"].startswith("The account on Instagram is for grade 3: ages 8 to 9.")
    assert "underage-audience" not in unasked
    assert "Not checked: whether students are old enough for its platform. --grades says for which grades" in said
