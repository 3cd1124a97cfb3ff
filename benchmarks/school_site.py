"""A school's website of any size, made up: pages of 19 KB with about ten links each, and a fast server for it.

A page has as many elements for its size as real school pages have (about 11 a KB), and a fifth of it is text: what a
content system puts on every page, a timetable, and school news. One page in 25 names students of the invented roster.
One link in 80 leads nowhere.
"""

import asyncio
import contextlib
import csv
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

HOST: Final = "127.93.0.1"
PAGE_BYTES: Final = 19_000
LINKS: Final = 10
BROKEN: Final = 80
"""One link in so many leads nowhere."""
NAMED: Final = 25
"""One page in so many names students."""
ARTICLES: Final = 7
PICTURES: Final = 40
STUDENTS: Final = 10_000
LOGGED_AFTER: Final = 1
"""Seconds after which an answer stands in the server's log at last."""

_GIVEN: Final = [
    f"{a}{b}"
    for a in ("Al", "Be", "Ca", "De", "El", "Fa", "Ga", "Ha", "Il", "Jo", "Ka", "Lu", "Ma", "No", "Or")
    for b in ("dric", "lina", "mond", "nessa", "ric", "sa", "than", "via", "wen", "yra")
]
_FAMILY: Final = [
    f"{a}{b}"
    for a in ("Ash", "Brook", "Clay", "Dun", "Elm", "Fair", "Glen", "Hart", "Kings", "Lang", "Mill", "North", "Oak")
    for b in ("berg", "born", "dale", "ford", "ham", "ington", "ley", "man", "more", "ridge", "son", "ton", "wick")
]
_SENTENCES: Final = (
    "On {day} the {group} went to the {place} and wrote down what they saw there.",
    "Please send a {thing} and a {thing} with your child before {month} {n}.",
    "The {group} will meet in the {place} every {day} after school until the end of {month}.",
    "We thank all {people} who helped us with the {event}; it was the best in years.",
    "Our {event} begins at {n}:30 on {day}, {month} {n}, and everybody is welcome.",
    "In {subject} we are learning how {nature} grow, and next week we will measure them.",
    "Did you know that {nature} can live for {n} years? The {group} found that out by themselves.",
    "If your child cannot come to the {event}, tell the office before {day}.",
    "The library has {n} new books about {nature}, and the {group} were the first to read them.",
    "Lunch on {day} is {food} with {food}; milk and fruit come with every meal.",
    "There is no school on {day}, {month} {n}, because the {people} meet to plan the {event}.",
    "A {thing} was found in the {place} and waits for its owner at the front desk.",
    "The {group} practiced hard in {month}, and on {day} they played their best game so far.",
    "Homework for {subject}: read chapter {n}, answer the questions on page {n}, and bring a {thing}.",
    "Buses leave the {place} at 3:{n} on {day}s; please be there in time.",
    "When the {event} is over, the {people} will clean the {place} together.",
    "Spring pictures are on {day}. Order forms and a {thing} come home with the {group}.",
    "Mr. Hartwell and Ms. Birchwood lead the {group} this year and look for {people} who can help.",
)
_WORDS: Final = {
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "month": ("January", "February", "March", "April", "May", "September", "October", "November", "December"),
    "group": (
        *("third graders", "chess club", "choir", "Robotics Team", "garden club", "sixth grade band", "soccer team"),
        *(
            "Student Council",
            "drama class",
            "kindergarten",
            "math circle",
            "cross country team",
            "art class",
            "readers",
        ),
    ),
    "place": ("library", "gym", "city museum", "science lab", "cafeteria", "river", "playground", "Town Hall", "park"),
    "thing": ("water bottle", "warm jacket", "pencil case", "signed form", "lunch bag", "blue notebook", "scarf"),
    "people": ("parents", "teachers", "volunteers", "grandparents", "neighbors", "coaches", "families"),
    "event": ("Fall Festival", "science fair", "book fair", "spring concert", "Field Day", "open house", "food drive"),
    "subject": ("Science", "Mathematics", "Social Studies", "English", "Spanish", "Music"),
    "nature": ("salmon", "oak trees", "bees", "bean plants", "owls", "crystals", "sunflowers", "turtles", "clouds"),
    "food": ("pasta", "chicken soup", "rice and beans", "a baked potato", "green salad", "turkey chili", "corn bread"),
}
_TAKEN: Final = ("is on the honor roll", "won the spelling bee", "painted the mural", "scored twice on Friday")


def students() -> list[tuple[str, str]]:
    """The invented students, each with a given and a family name."""
    chance = random.Random(3)  # noqa: S311  names, not secrets
    return [(chance.choice(_GIVEN), chance.choice(_FAMILY)) for _ in range(STUDENTS)]


def write_roster(folder: Path) -> None:
    """The students as OneRoster CSV; one in twenty opted out."""
    folder.mkdir(parents=True)
    columns = ("sourcedId", "orgSourcedIds", "role", "givenName", "familyName", "email", "grades", "metadata.optOut")
    with (folder / "users.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(columns)
        for n, (given, family) in enumerate(students()):
            opted_out = "A" if n % 20 == 0 else ""
            table.writerow(
                (f"s{n}", "school", "student", given, family, f"s{n}@students.example", f"{n % 6 + 6:02}", opted_out)
            )
    (folder / "orgs.csv").write_text("sourcedId,name,type\nschool,Riverbend School,school\n", encoding="utf-8")


def write_site(folder: Path, pages: int, seed: int = 0) -> int:
    """Writes that many pages and their pictures; returns how many distinct links among them lead nowhere. Another seed
    tells other news."""
    chance = random.Random(pages + 1_000_003 * seed)  # noqa: S311
    named = students()
    lost: set[str] = set()
    for n in range(pages):
        links = [address(m, pages) for m in _leads(n, pages, chance)]
        for place in range(len(links)):
            if chance.randrange(BROKEN) == 0:
                links[place] = f"/gone/{chance.randrange(pages)}.html"
                lost.add(links[place])
        people = chance.sample(named, 3) if n % NAMED == 0 else []
        file = folder / address(n, pages).strip("/")
        file = file / "index.html" if n == 0 else file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_page(n, links, people, chance), encoding="utf-8")
    (folder / "site.css").write_text("body { margin: 0 }\n", encoding="utf-8")
    (folder / "pictures").mkdir()
    for n in range(PICTURES):
        (folder / f"pictures/{n}.png").write_bytes(picture(n))
    return len(lost)


def picture(number: int) -> bytes:
    """A small PNG, each number another one."""
    chance = random.Random(number)  # noqa: S311
    size = 96
    tiles = [bytes(chance.randrange(256) for _ in range(3)) for _ in range(64)]
    rows = b"".join(b"\0" + b"".join(tiles[(y // 12) * 8 + x // 12] for x in range(size)) for y in range(size))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def address(number: int, pages: int) -> str:
    """Where that page stands on the site."""
    return "/" if number % pages == 0 else f"/{number % pages // 100}/{number % pages}.html"


def _leads(number: int, pages: int, chance: random.Random) -> Iterator[int]:
    """Where the links of a page lead: its own pages below it, as in a tree, and others anywhere."""
    below = [m for m in range(number * 5 + 1, number * 5 + 6) if m < pages]
    yield from below
    yield from (chance.randrange(pages) for _ in range(LINKS - len(below)))


def _text(chance: random.Random) -> str:
    """About five hundred characters of school news."""
    said: list[str] = []
    while sum(map(len, said)) < 500:
        said.append(chance.choice(_SENTENCES).format_map(_Words(chance)))
    return " ".join(said)


class _Words(dict[str, str]):
    """Fills each gap of a sentence with one of its words."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance

    def __missing__(self, gap: str) -> str:
        return str(self._chance.randrange(1, 30)) if gap == "n" else self._chance.choice(_WORDS[gap])


def _page(number: int, links: Sequence[str], people: Sequence[tuple[str, str]], chance: random.Random) -> str:
    head = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>News {number} | Riverbend School</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="description" content="What our classes did this week.">\n'
        '<meta property="og:type" content="website"><link rel="stylesheet" href="/site.css">\n'
    )
    body = (
        f'<body class="page">\n{_menu(links)}<main class="fl-page-content" id="content">\n'
        f"<h1>News of week {number}</h1>\n"
        + "".join(f"<p>{given} {family} {chance.choice(_TAKEN)}.</p>\n" for given, family in people)
        + f'<figure class="wp-block-image"><img src="/pictures/{number % PICTURES}.png" alt="Our garden" width="96" '
        'height="96"></figure>\n'
        + "".join(_article(_text(chance), place) for place in range(ARTICLES))
        + _timetable(chance)
        + f"</main>\n{_FOOTER}"
        "<script>window.menu=function(){document.body.classList.toggle('open')};</script>\n</body></html>\n"
    )
    room = PAGE_BYTES - len(head.encode()) - len(body.encode())
    rules = [f".fl-node-{n:03} > .fl-row-content-wrap {{ margin: 0 auto; padding: 12px }}\n" for n in range(400)]
    return f"{head}<style>{''.join(rules[: max(0, room) // len(rules[0])])}</style></head>{body}"


def _menu(links: Sequence[str]) -> str:
    entries = "".join(
        f'<li class="menu-item menu-item-type-post_type nav-level-1"><a class="menu-link" href="{link}">'
        f'<span class="menu-text">Room {link.strip("/").removesuffix(".html") or "one"}</span>'
        '<i class="icon" aria-hidden="true"></i></a></li>\n'
        for link in links
    )
    return (
        f'<header class="site-header"><div class="inner"><nav><ul class="menu">\n{entries}</ul></nav></div></header>\n'
    )


def _article(text: str, place: int) -> str:
    opening, middle, rest = text[:140], text[140:260], text[260:]
    return (
        f'<div class="fl-row fl-node-{place:03}"><div class="fl-col"><article class="fl-module fl-module-rich-text">'
        f'<h2><span class="title-text">Class {place + 1}</span></h2><div class="fl-rich-text"><p>{opening} '
        f"<strong>{middle}</strong></p>\n<p>{rest}<br><em>Room {place + 100}</em></p></div></article></div></div>\n"
    )


def _timetable(chance: random.Random) -> str:
    rows = "".join(
        f"<tr><th>Period {n}</th>"
        + "".join(f"<td>Room {chance.randrange(100, 400)}</td>" for _ in range(5))
        + "</tr>\n"
        for n in range(1, 9)
    )
    return f'<table class="wp-block-table"><thead><tr><th>Week</th></tr></thead><tbody>{rows}</tbody></table>\n'


_FOOTER: Final = (
    '<footer class="site-footer"><div class="widget"><h3>Our school</h3><ul><li>Riverbend School</li>'
    '<li>12 School Road</li><li>Riverbend, MT 59900</li><li>406-555-0100</li></ul></div><div class="widget"><h3>Hours'
    "</h3><ul>"
    + "".join(f"<li><span>Day {n}</span> <span>8:00 to 3:10</span></li>" for n in range(1, 6))
    + "</ul></div>"
    "</footer>\n"
)


# -------------------------------------------------------------------------------------------------- serving it


@contextlib.contextmanager
def serving(folder: Path, hosts: Sequence[str] = (HOST,), log: Path | None = None) -> Iterator[str]:
    """Serves the folder in a process of its own, nginx where there is one; gives the address of the site on the first
    of the hosts, all of which have it on the same port. A host of which the folder has a folder serves that one.

    nginx writes a line into the log for each answer: the bytes that it took, `LOGGED_AFTER` seconds later at most.
    """
    with socket.socket() as probe:
        probe.bind((hosts[0], 0))
        port = probe.getsockname()[1]
    program = nginx()
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "benchmarks.school_site", str(folder), str(port), *hosts]
        if program:
            (Path(scratch) / "nginx.conf").write_text(_configuration(folder, port, hosts, log), encoding="utf-8")
            command = [program, "-p", scratch, "-c", f"{scratch}/nginx.conf", "-e", "stderr"]
        server = subprocess.Popen(command)
        try:
            _await(f"http://{hosts[0]}:{port}/")
            yield f"http://{hosts[0]}:{port}/"
        finally:
            server.terminate()
            server.wait()


def nginx() -> str | None:
    """The program, where there is one."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def _await(url: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), urllib.request.urlopen(url):  # noqa: S310  ours
            return
        time.sleep(0.1)
    raise RuntimeError("the benchmark's own server does not answer")


def _configuration(folder: Path, port: int, hosts: Sequence[str], log: Path | None) -> str:
    servers = "".join(
        f"server {{ listen {host}:{port}; root {_root(folder, host)}; add_header LinkChecker welcome always; }}\n"
        for host in hosts
    )
    # The header lifts the brake of ten requests a second that linkchecker puts on itself.
    user = "user root;" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    written = f"{log} sent buffer=64k flush={LOGGED_AFTER}s" if log else "off"
    return f"""
daemon off; worker_processes 1; pid nginx.pid; {user}
worker_rlimit_nofile 20000;
events {{ worker_connections 16000; }}
http {{
  types {{ text/html html; image/png png; text/css css; }}
  log_format sent '$bytes_sent'; access_log {written}; error_log stderr crit;
  keepalive_requests 1000000; open_file_cache max=500; open_file_cache_valid 1s; sendfile on;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
  {servers}
}}
"""


def _root(folder: Path, host: str) -> Path:
    own = folder / host
    return own if own.is_dir() else folder


_TYPES: Final = {"png": "image/png", "css": "text/css"}


async def _serve(folder: Path, port: int, hosts: Sequence[str]) -> None:
    """The server where there is no nginx: GET, from memory, for one purpose."""
    kept: dict[tuple[str, str], bytes] = {}

    def answer(host: str, path: str) -> bytes:
        if (host, path) not in kept:
            file = _root(folder, host) / unquote(path).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            found = file.is_file()
            body = file.read_bytes() if found else b"<title>Not found</title><h1>Not found</h1>"
            kind = _TYPES.get(path.rpartition(".")[2], "text/html")
            head = (
                f"HTTP/1.1 {'200 OK' if found else '404 Not Found'}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\nLinkChecker: welcome\r\n\r\n"
            )
            kept[host, path] = head.encode() + body
        return kept[host, path]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                method, target, _ = request.split(b" ", 2)
                whole = answer(host, target.decode("latin-1").partition("?")[0])
                writer.write(whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == b"HEAD" else whole)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, hosts, port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
