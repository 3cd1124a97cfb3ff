"""The images of pages are fetched once each, and what is no image says so."""

import asyncio
import hashlib
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from auditor.model import Picture
from benchmarks.planted_links import HONEST, OTHER, PlantedLinks, moved, page
from benchmarks.planted_server import Asked
from spiders import images
from spiders.reactor import run
from spiders.settings import Manners

MANNERS = Manners(delay=0, deadline=3.0, pause=0.02, allow_networks=(f"{HONEST}/32",))


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
    told: list[images.Fetched] = []
    run(images.fetch(urls, MANNERS, told.append, total=total))
    assert len(told) == len(set(urls))
    return {one.url: (one.content, one.problem) for one in told}


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


class Versions:
    """Serves a picture with its ETag, and says that it is as it was to whoever knows that one; counts what it sent."""

    def __init__(self, content: bytes, etag: str) -> None:
        self.content, self.etag, self.sent = content, etag, 0

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if f"If-None-Match: {self.etag}" in asked.head:
            writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
            return
        self.sent += 1
        head = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nETag: {self.etag}\r\n"
        writer.write(f"{head}Content-Length: {len(self.content)}\r\n\r\n".encode() + self.content)


def told_of(*urls: str, before: dict[str, Picture] | None = None) -> dict[str, images.Fetched]:
    told: list[images.Fetched] = []
    run(images.fetch(urls, MANNERS, told.append, before=before or {}))
    return {one.url: one for one in told}


def test_an_image_is_told_with_what_it_may_be_asked_for_again_by(web: PlantedLinks) -> None:
    web.serve(HONEST, "/tagged.png", Versions(drawn("PNG"), '"v1"'))
    url = f"{web.place(HONEST)}/tagged.png"

    assert told_of(url) == {url: images.Fetched(url, drawn("PNG"), etag='"v1"')}


def test_images_that_did_not_change_are_not_sent_again_but_for_the_two_that_prove_it(web: PlantedLinks) -> None:
    served = {f"/same-{n}.png": Versions(drawn("PNG"), f'"{n}"') for n in range(5)}
    for path, version in served.items():
        web.serve(HONEST, path, version)
    name = hashlib.sha256(drawn("PNG")).hexdigest()
    before = {
        url: Picture(url, name, etag=version.etag)
        for path, version in served.items()
        for url in [f"{web.place(HONEST)}{path}"]
    }

    told = told_of(*before, before=before)

    assert sum(version.sent for version in served.values()) == 2
    assert sorted(one.unchanged for one in told.values()) == [False, False, True, True, True]
    assert {url: (one.etag, one.problem) for url, one in told.items()} == {
        url: (seen.etag, "") for url, seen in before.items()
    }


def test_an_image_that_changed_comes_anew(web: PlantedLinks) -> None:
    web.serve(HONEST, "/changed.png", Versions(drawn("GIF"), '"v2"'))
    url = f"{web.place(HONEST)}/changed.png"

    told = told_of(url, before={url: Picture(url, "0" * 64, etag='"v1"')})

    assert told == {url: images.Fetched(url, drawn("GIF"), etag='"v2"')}


def test_a_server_that_calls_changed_images_unchanged_is_believed_in_none(web: PlantedLinks) -> None:
    urls = [f"{web.place(HONEST)}/lie-{n}.png" for n in range(6)]
    for n in range(6):
        web.serve(HONEST, f"/lie-{n}.png", Versions(drawn("PNG"), '"forever"'))

    told = told_of(*urls, before={url: Picture(url, "0" * 64, etag='"forever"') for url in urls})

    assert {url: one.content for url, one in told.items()} == dict.fromkeys(urls, drawn("PNG"))


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
