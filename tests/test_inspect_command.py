"""`auditor inspect`: pictures in, one JSON object a line out."""

import json
import shutil
from pathlib import Path

import pytest

from auditor.cli import main
from tests.crests import crest, like_the_seal, saved
from tests.servers import Reply, Route, serve

SEAL = Path(__file__).parent / "district" / "logos" / "seal.png"
HERE = ["--allow-network", "127.0.0.0/8"]


@pytest.fixture
def logos(tmp_path: Path) -> Path:
    """A folder of one logo with its two approved renditions."""
    folder = tmp_path / "logos"
    shutil.copytree(SEAL.parent, folder / "district-seal")
    return folder


def inspected(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, object]]]:
    status = main(["inspect", *words])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def line(image: str, logos: list[dict[str, object]], problem: str | None = None) -> dict[str, object]:
    return {"image": image, "logos": logos, "people": None, "text": None, "floor_plan": None, "problem": problem}


def test_a_file_that_shows_a_logo_says_which_and_how(
    tmp_path: Path, logos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = inspected(capsys, str(SEAL), "--logos", str(logos))

    assert status == 0
    assert lines == [line(str(SEAL), [{"logo": "district-seal", "rendition": "approved", "score": 1.0}])]


def test_pictures_are_told_in_the_order_in_which_they_were_named(
    tmp_path: Path, logos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, broken, gone = (str(tmp_path / name) for name in ("other.png", "broken.jpg", "gone.gif"))
    Path(other).write_bytes(saved(like_the_seal(1)))
    Path(broken).write_bytes(saved(crest(1), "JPEG")[:500])

    status, lines = inspected(capsys, other, broken, gone, other, "--logos", str(logos))

    assert status == 1
    assert lines == [
        line(other, []),
        line(broken, [], "the picture is damaged and cannot be opened"),
        line(gone, [], "the file cannot be read: no such file or directory"),
        line(other, []),
    ]


def test_addresses_are_fetched_and_files_read_in_one_go(
    tmp_path: Path, logos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    routes: dict[str, Route] = {
        "/banner.png": Reply(SEAL.read_bytes(), type="image/png"),
        "/other.png": Reply(saved(crest(1)), type="image/png"),
        "/page.png": "<h1>Not here</h1>",
    }
    with serve(routes) as site:
        urls = [site.at("/banner.png"), site.at("/other.png"), site.at("/page.png"), site.at("/gone.png")]
        status, lines = inspected(capsys, *urls, str(SEAL), "--logos", str(logos), *HERE)

    seen: list[dict[str, object]] = [{"logo": "district-seal", "rendition": "approved", "score": 1.0}]
    assert status == 1
    assert lines == [
        line(urls[0], seen),
        line(urls[1], []),
        line(urls[2], [], "it is no image"),
        line(urls[3], [], "it is not there"),
        line(str(SEAL), seen),
    ]


def test_private_networks_are_not_visited_unless_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    with serve({"/seal.png": Reply(SEAL.read_bytes(), type="image/png")}) as site:
        status, lines = inspected(capsys, site.at("/seal.png"))

    assert status == 1
    assert [told["logos"] for told in lines] == [[]]
    assert site.hits == []


def test_without_logos_a_picture_is_only_opened(capsys: pytest.CaptureFixture[str]) -> None:
    assert inspected(capsys, str(SEAL)) == (0, [line(str(SEAL), [])])


def test_a_folder_that_holds_no_logos_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["inspect", str(SEAL), "--logos", str(tmp_path / "nowhere")])

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err == f"auditor: {tmp_path / 'nowhere'} is no folder; name one with a sub-folder for each logo\n"


def test_an_address_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["inspect", "https://exa mple/seal.png"])

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.startswith("auditor: https://exa mple/seal.png: has a space")
