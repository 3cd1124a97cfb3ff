"""Addresses without end: calendars, filters, paths that grow. What is a page stays in, and what is left out is told."""

import re
from collections import Counter
from typing import Final
from urllib.parse import urlsplit

from auditor.lazy_pattern import LazyPattern
from spiders.scope import split

LONGEST: Final = 2000
DEEPEST: Final = 20
_SHORT: Final = 6
"""Pieces of a path that may repeat each other as they like."""
CALENDAR_PAGES: Final = 60
"""Pages of one calendar that are visited: five years of months, or two months of days."""
QUERY_PAGES: Final = 300
"""Pages that differ in their query only, where the query names no page."""
SAME_PAGES: Final = 8
"""Pages of one path that said the same before its queries are taken for noise."""

_NO_PAGES: Final = re.compile(
    r"/wp-admin\b|/wp-login\.php|/wp-json\b|/xmlrpc\.php|/cdn-cgi/|/(?:log|sign)-?(?:in|out|up)(?=[/.]|$)|/user/(?:login|register)"
    r"|/account/login|/password/reset|/cgi-sys/|/trackback/?$|/oembed\b",
    re.IGNORECASE,
)
"""Doors and machinery of content systems: no content, and nobody's to open."""
_CALENDAR: Final = re.compile(r"calend[ae]r|/events?\b|agenda|ical|tribe-bar-date")
"""In small letters, as it is asked of every address: so it takes a quarter of the time."""
_DATE: Final = LazyPattern(
    r"\d{4}[-/]\d{1,2}|(?:^|[?&])(?:\w*date|month|year|day|week|start|end|time|cal\w*|m|y|d)=", re.IGNORECASE
)
_NAMES_A_PAGE: Final = LazyPattern(
    r"(?:^|&)(?:\w*id|p|page|paged|pg|d|n|a|sec|doc|name|type|cat\w*|tag|q|s)=", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"\d+")
_MONTHS: Final = LazyPattern(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)


class Traps:
    """What one account's addresses have in common; remembers how many of each shape were let in."""

    def __init__(self) -> None:
        self._calendars: Counter[str] = Counter()
        self._queries: Counter[str] = Counter()
        self._echoes: Counter[int] = Counter()  # by a hash of 64 bits: there is one for each page with a query
        self._noisy: set[str] = set()
        self.left_out: Counter[str] = Counter()
        """Addresses that were not let in, by what they are pages of."""

    def admits(self, url: str) -> bool:
        """Whether the address should be visited; counts it where it is."""
        parts = split(url) or urlsplit(url)
        if _NO_PAGES.search(parts.path):
            return False
        if len(url) > LONGEST or _grows(parts.path):
            return self._leave_out("addresses that grow without end")
        if _CALENDAR.search(url.lower()) and _DATE.search(f"{parts.path}?{parts.query}"):
            shape = _MONTHS.sub("#", _DIGITS.sub("#", url))
            self._calendars[shape] += 1
            return self._calendars[shape] <= CALENDAR_PAGES or self._leave_out("calendar pages")
        if parts.query:
            return self._admits_query(parts.netloc + parts.path, parts.query)
        return True

    def saw(self, url: str, digest: str) -> None:
        """Notes what a page said, so that a path that says the same under every query is found out."""
        path, asked, _ = url.partition("?")
        if asked:
            echo = hash((path, digest))
            self._echoes[echo] += 1
            if self._echoes[echo] >= SAME_PAGES:
                self._noisy.add(path.partition("://")[2])

    def _admits_query(self, path: str, query: str) -> bool:
        if path in self._noisy:
            return False
        if _NAMES_A_PAGE.search(query):
            return True
        self._queries[path] += 1
        return self._queries[path] <= QUERY_PAGES or self._leave_out("lists filtered and sorted in other ways")

    def _leave_out(self, what: str) -> bool:
        self.left_out[what] += 1
        return False


def _grows(path: str) -> bool:
    """Whether a path is of the kind that a faulty link makes longer with each step."""
    if path.count("/") < _SHORT:
        return False
    pieces = [piece for piece in path.split("/") if piece]
    return len(pieces) > DEEPEST or (len(pieces) > _SHORT and max(Counter(pieces).values()) > 3)
