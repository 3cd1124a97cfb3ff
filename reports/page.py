"""Turns what is told into one self-contained HTML file: offline, without JavaScript, with a hash for its style sheet.

Whatever was found on the web is text here and never markup: everything is escaped, set apart from its surroundings
(`<bdi>`), and an address can be clicked only where it is a plain web address.
"""

import base64
import contextlib
import hashlib
import re
import sys
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from reports.words import by_when, day, moment, month_day, plural, sentence, short

_T = TypeVar("_T")

LIMIT: Final = 1_572_864
"""A report's most bytes, 1.5 MiB: anything larger is slow to open on a telephone and to mail to oneself."""

STYLE: Final = (Path(__file__).parent / "templates" / "style.css").read_text("utf-8")

POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
"""The page's Content-Security-Policy: nothing is loaded from anywhere, only our own style sheet is applied."""

_ORIGIN = re.compile(r"https?://(?:\w[\w-]*(?:\.[\w-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{0,5})?(?=[/?#]|$)", re.IGNORECASE)
_NO_PART_OF_AN_ADDRESS = re.compile(r"[^\w.~:/?@!$&'()*+,;=%-]|%(?![0-9a-f]{2})", re.IGNORECASE)

# Control characters but tab and line feed, lone surrogates and noncharacters: no HTML file may hold them.
_FORBIDDEN = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)


class Caps(NamedTuple):
    """How many items a list tells in full, and how many more with a line each."""

    full: int
    lines: int


CAPS: Final = (Caps(25, 200), Caps(25, 50), Caps(10, 25), Caps(3, 10), Caps(1, 0))


def clickable(url: str) -> bool:
    """Whether a click on the address leads where it seems to lead: http or https, no user name, nothing hidden."""
    if not _ORIGIN.match(url) or re.search(r"[\s\\]", url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if re.search(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$", host):
            ip_address(host)  # a browser takes any name that ends in a number for one
        return parts.port != 0
    except ValueError:
        return False


def href(url: str) -> str:
    """A clickable address as HTML wants it: what may not stand in one is percent-encoded, as a browser would do it."""
    origin = _ORIGIN.match(url)
    place, mark, fragment = url[origin.end() if origin else 0 :].partition("#")
    return f"{origin.group() if origin else ''}{_encoded(place)}{mark}{_encoded(fragment)}"


def _encoded(text: str) -> str:
    return _NO_PART_OF_AN_ADDRESS.sub(lambda found: quote(found.group(), safe="", errors="replace"), text)


def runs(items: Iterable[_T], *attributes: str) -> list[list[_T]]:
    """The items in their order, those together that follow each other and are alike in these attributes."""
    return [list(alike) for _, alike in groupby(items, key=attrgetter(*attributes))]


def fitted(draw: Callable[[Caps], str]) -> str:
    """The page with the longest lists that keep it within `LIMIT`; at the worst, the shortest one."""
    page = ""
    for caps in CAPS:
        page = draw(caps)
        if len(page.encode()) <= LIMIT:
            break
    return page


def render(template: str, **told: object) -> str:
    """The page of that template, with our style sheet inside."""
    page = _FORBIDDEN.sub("\ufffd", environment.get_template(template).render(**told))
    # The style sheet's hash stands in the header: it must arrive byte by byte, so it is put in last.
    head, mark, body = page.partition("/*style*/")
    return f"{head}{STYLE if mark else ''}{body}"


class Compiled(FileSystemBytecodeCache):
    """Templates as they were compiled, kept beside what Python compiles: all of them take a tenth of a second. Where
    nothing may be written there, they are compiled each time."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Finds one that is kept."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps one, unless Python itself is to keep nothing of the kind."""
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                Path(self.directory).mkdir(exist_ok=True)
                super().dump_bytecode(bucket)


# Everything is escaped, whatever a template's file is called: crawled text must never become markup.
environment = Environment(
    loader=PackageLoader("reports"),
    bytecode_cache=Compiled(str(Path(__file__).with_name("templates") / "__pycache__")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.filters.update(
    by_when=by_when,
    day=day,
    href=href,
    moment=moment,
    month_day=month_day,
    plural=plural,
    runs=runs,
    sentence=sentence,
    short=short,
)
environment.tests.update(clickable=clickable)
environment.globals.update(policy_header=POLICY)


def compile_templates() -> None:
    """Compiles what was not compiled yet, and keeps it where Python keeps what it compiles itself."""
    for name in environment.list_templates(["html"]):
        environment.get_template(name)
