"""What stands before a page and says nothing of any account; the list is `walls.toml`. Pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

from auditor.footprint.handles.look import source_text, title_of
from auditor.outlets.phrases import phrases

CHECK: Final = "it showed a bot check"
RATE: Final = "it asked us to come back later"
FAILED: Final = "its server failed"
LOGIN: Final = "it asks visitors to log in"
CONSENT: Final = "it asks visitors for consent first"
EMPTY: Final = "it sent an empty page"

SHORT: Final = 150
"""Words beyond which a page is no wall, whatever it says."""
_LARGE: Final = 256 * 1024
"""Bytes beyond which nobody looks whether a page is short."""
_CLOSED: Final = frozenset({401, 407})
_PASSWORD: Final = re.compile(rb"""<input\b[^>]{0,300}type\s{0,9}=\s{0,9}["']?password""", re.IGNORECASE)
_SAID: Final = (("check", CHECK), ("rate", RATE), ("failure", FAILED), ("login", LOGIN), ("consent", CONSENT))


@dataclass(frozen=True, slots=True)
class _Walls:
    headers: Mapping[str, str]
    source: tuple[bytes, ...]
    text: tuple[tuple[str, re.Pattern[str]], ...]
    places: re.Pattern[str]
    nobody: re.Pattern[str]
    mirrors: frozenset[str]


@cache
def _walls() -> _Walls:
    data = tomllib.loads(resources.files("auditor.footprint.handles").joinpath("walls.toml").read_text("utf-8"))
    return _Walls(
        headers=data["headers"],
        source=tuple(part.encode() for part in data["source"]["check"]),
        text=tuple((why, _any(data["text"][kind])) for kind, why in _SAID),
        nobody=re.compile("|".join(data["nobody"]["says"])),
        mirrors=frozenset(data["mirrors"]["hosts"]),
        places=re.compile(rf"(?:^|[/._-])(?:{'|'.join(map(re.escape, data['places']['first']))})(?:[/._-]|$)"),
    )


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)))


def in_headers(headers: Mapping[str, str]) -> str:
    """Why an answer with these headers is a wall; "" where they do not say so."""
    for name, value in _walls().headers.items():
        if name in headers and value in headers[name].lower():
            return CHECK
    return ""


def status_problem(status: int) -> str:
    """Why an answer with that status tells nothing by itself; "" where it may."""
    if status == 429:
        return f"{RATE} (error 429)"
    if status in _CLOSED:
        return f"{LOGIN} (error {status})"
    if status in (403, 451, 999):
        return f"it does not let programs in (error {status})"
    if status >= 500:
        return f"{FAILED} (error {status})"
    return ""


def on_page(body: bytes) -> str:
    """What a page shows in place of itself: a bot check, a login and so on; "" where it is no such page."""
    if len(body) > _LARGE:
        return ""
    text = source_text(body)
    title = title_of(body)
    if len(text.split(None, SHORT)) >= SHORT:
        return ""
    if title and phrases().challenge.found_in(title.lower()):
        return CHECK
    walls, source = _walls(), body.lower()
    if any(part in source for part in walls.source):
        return CHECK
    read = f"{title} {text}".lower()
    for why, pattern in walls.text:
        if pattern.search(read):
            return why
    return LOGIN if _PASSWORD.search(body) else ""


def says_nobody(title: str, text: str) -> bool:
    """Whether a page that was served as found says that there is no such page or person, plainly."""
    read = [title.lower(), *([text.lower()] if len(text.split(None, SHORT)) < SHORT else [])]
    return any(_walls().nobody.search(said) or phrases().missing.found_in(said) for said in read if said)


def stands_first(location: str) -> bool:
    """Whether a redirect leads to a page that asks for something before it shows anything: a login, consent."""
    try:
        return bool(_walls().places.search(urlsplit(location).path.lower()))
    except ValueError:
        return False


def is_mirror(host: str) -> bool:
    """Whether that host shows other sites' accounts, so that somebody else would learn the handle."""
    bare = host.lower().removeprefix("www.")
    return bare in _walls().mirrors or bare.startswith("nitter.")
