"""Small samples of the interfaces that are read with the district's own token, and a server that speaks them.

A platform's sample is one more module here with a `SAMPLE`; `tests/test_token_routes.py` asks of all of them the same:
every page read, patience, outages, a wrong and a narrow token, a list with gaps, and that the token goes nowhere else.
"""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from auditor.model import Account, Kind
from spiders.platform import Parse
from tests.servers import Reply, Site, serve

TOKEN = "EXAMPLE-TOKEN-of-the-district-0123456789"

Page = object | Reply | Callable[[BaseHTTPRequestHandler], "str | Reply"]


@dataclass(frozen=True)
class Sample:
    """One platform: an account, what its interface answers, and what must be read of that.

    `pages` are by the path that is asked for, with those parts of the query (or of a JSON body) that tell them apart:
    "/v1/posts?after=2"; the one that fits most closely answers. What is no `Reply` is sent as JSON. `listing` is the
    key of the first page of its posts, `empty` that page where it shows none though the platform counts some
    (`counts_posts`). `documents` are the addresses of what is read where all is well, the profile's own first.

    The token travels in the query's `parameter`, or in `header` after `scheme`. `free` are paths that take none.
    `wrong` and `narrow` are how the interface refuses a token, `lacks` what is told of the latter.
    `words` stand in documents, in places of all kinds; `comments` are all that visitors see. `parse`, `asks` and `keys`
    are for answers that say anything: which sorts of requests there are, with an address of each, and words that stand
    in answers.
    """

    platform: str
    url: str
    pages: Mapping[str, Page]
    listing: str
    empty: object
    documents: tuple[str, ...]
    parse: Parse
    asks: Mapping[str, str]
    wrong: Reply
    narrow: Reply
    lacks: str
    parameter: str = ""
    header: str = ""
    scheme: str = ""
    token: str = TOKEN
    free: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    counts_posts: bool = True
    keys: tuple[str, ...] = ()

    @property
    def account(self) -> Account:
        """The account, as the registry has it."""
        return Account(f"lincoln-{self.platform}", Kind.OFFICIAL, self.platform, self.url, school="lincoln")


def said(value: object, status: int = 200, **headers: str) -> Reply:
    """A JSON answer."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(json.dumps(value), status=status, type="application/json", headers=named)


def next_page(url: str, after: str) -> dict[str, object]:
    """How a list of Meta's interfaces goes on at that address: its next one holds the token."""
    return {"cursors": {"before": "A", "after": after}, "next": f"{url}?access_token={TOKEN}&limit=25&after={after}"}


class Interface:
    """A server that speaks a sample's interface. `pages` may be changed while it runs."""

    def __init__(self, sample: Sample, pages: Mapping[str, Page] = MappingProxyType({}), token: str = "") -> None:
        self.sample = sample
        self.pages: dict[str, Page] = {**sample.pages, **pages}
        self.token = token or sample.token
        self.asked: list[str] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> Any:
        path = urlsplit(handler.path).path
        self.asked.append(path)
        if path not in self.sample.free and self._shown(handler) != self.token:
            return self.sample.wrong
        key = self._best(path, {**_query(handler), **_body(handler)})
        page = self.pages.get(key) if key is not None else Reply('{"error": "no such thing"}', status=404)
        if callable(page):
            return page(handler)
        return page if isinstance(page, Reply) else said(page)

    def _shown(self, handler: BaseHTTPRequestHandler) -> str:
        """The token that a request shows."""
        if self.sample.parameter:
            return _query(handler).get(self.sample.parameter, "")
        return (handler.headers.get(self.sample.header) or "").removeprefix(self.sample.scheme).strip()

    def _best(self, path: str, asked: Mapping[str, str]) -> str | None:
        """The page that fits a request most closely."""
        fitting = []
        for key in self.pages:
            where, _, query = key.partition("?")
            wanted = dict(parse_qsl(query))
            if where == path and all(asked.get(name) == value for name, value in wanted.items()):
                fitting.append((len(wanted), key))
        return max(fitting)[1] if fitting else None


def _query(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(handler.path).query))


def _body(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    raw = getattr(handler, "body", b"")
    try:
        value = json.loads(raw) if raw else {}
    except ValueError:
        return dict(parse_qsl(raw.decode()))
    return {key: str(one) for key, one in value.items()} if isinstance(value, dict) else {}


@contextmanager
def speaking(
    sample: Sample, pages: Mapping[str, Page] = MappingProxyType({}), token: str = ""
) -> Iterator[tuple[Interface, Site]]:
    """A running server that speaks the sample's interface, and tells all crawlers to stay away."""
    interface = Interface(sample, pages, token)
    rules = Reply("User-agent: *\nDisallow: /", type="text/plain")
    with serve({"*": interface, "/robots.txt": rules}) as site:
        yield interface, site


def samples() -> list[Sample]:
    """The samples of all platforms here."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}").SAMPLE for name in names]
