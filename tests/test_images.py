"""The images of pages are fetched once each, and what is no image says so."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from benchmarks.planted_links import HONEST, OTHER, PlantedLinks, moved, page
from spiders import images
from spiders.reactor import run
from spiders.settings import Manners

MANNERS = Manners(delay=0, deadline=1.0, pause=0.02, allow_networks=(f"{HONEST}/32",))


@pytest.fixture(scope="module")
def web() -> Iterator[PlantedLinks]:
    with PlantedLinks() as planted:
        yield planted


def drawn(form: str) -> bytes:
    """A small picture in that format."""
    file = BytesIO()
    Image.new("RGB", (4, 4), "green").save(file, form)
    return file.getvalue()


def answer(content: bytes, media_type: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def fetched(*urls: str, total: int = images.TOTAL) -> dict[str, tuple[bytes, str]]:
    told: list[tuple[str, bytes, str]] = []
    run(images.fetch(urls, MANNERS, lambda *said: told.append(said), total=total))
    assert len(told) == len(set(urls))
    return {url: (content, problem) for url, content, problem in told}


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_an_image_comes_as_it_is_whatever_its_server_calls_it(web: PlantedLinks, form: str) -> None:
    content = drawn(form)
    web.serve(HONEST, f"/picture-{form}", answer(content, "application/octet-stream"))
    url = f"{web.place(HONEST)}/picture-{form}"

    assert fetched(url) == {url: (content, "")}


@pytest.mark.parametrize(
    ("path", "reply", "problem"),
    [
        ("/page.png", page("<title>Not found</title>"), "it is no image"),
        (
            "/drawing.svg",
            answer(b"<svg xmlns='x'><script/></svg>", "image/svg+xml"),
            "it is a drawing and no picture (SVG)",
        ),
        ("/gone.jpg", page("", "404 Not Found"), "it is not there"),
        ("/secret.jpg", page("", "403 Forbidden"), "its server refuses it (403)"),
        ("/hidden/child.jpg", answer(b"x", "image/jpeg"), "its robots.txt asks programs to stay away"),
        ("/far.jpg", moved("/far.jpg?again"), "it forwards too often"),
        ("/file.jpg", moved("file:///etc/hostname"), "it has no web address"),
        ("/large.jpg", answer(b"\xff\xd8\xff" + bytes(9_000_000), "image/jpeg"), "it is larger than 8 MB"),
    ],
)
def test_what_is_no_image_says_why(web: PlantedLinks, path: str, reply: bytes, problem: str) -> None:
    web.serve(HONEST, path, reply)
    url = f"{web.place(HONEST)}{path}"

    assert fetched(url) == {url: (b"", problem)}


def test_an_image_on_a_private_network_is_not_fetched(web: PlantedLinks) -> None:
    web.serve(HONEST, "/led-astray.png", moved(f"{web.place(OTHER)}/canary.png"))

    told = fetched(f"{web.place(HONEST)}/led-astray.png", f"{web.place(OTHER)}/canary.png")

    assert {problem for _, problem in told.values()} == {"address on a private network: not visited"}
    assert web.hits[f"{OTHER}/canary.png"] == 0


def test_a_redirect_is_followed_and_each_image_told_under_its_own_address(web: PlantedLinks) -> None:
    content = drawn("PNG")
    web.serve(HONEST, "/new.png", answer(content, "image/png"))
    web.serve(HONEST, "/old.png", moved("/new.png"))
    url = f"{web.place(HONEST)}/old.png"

    assert fetched(url, url) == {url: (content, "")}


def test_no_more_is_fetched_than_the_total_allows(web: PlantedLinks) -> None:
    web.serve(HONEST, "/a.png", answer(drawn("PNG"), "image/png"))
    urls = [f"{web.place(HONEST)}/a.png?{n}" for n in range(20)]

    told = fetched(*urls, total=1)

    assert {problem for _, problem in told.values()} == {"", "there were too many images to look at all of them"}
