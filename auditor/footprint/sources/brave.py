"""Brave Search: which pages a search for a proved address or handle finds. Asked only with a key, which costs money.

Of a page its address alone is kept: title and text may be about somebody else.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from auditor.footprint.exports.values import loaded, rows, table, text
from auditor.footprint.exposure import Exposure, Reach, Topic
from auditor.footprint.person import Person
from auditor.footprint.shown import Name
from auditor.footprint.sources.source import NotUnderstood, Question, Source, Told
from auditor.masking import mask_email
from auditor.outlets import platforms
from auditor.outlets.addresses import web_problem

_ID: Final = "brave"
_COUNT: Final = 20
"""Pages that one search tells of, the most that it can."""


def _questions(person: Person) -> Iterator[Question]:
    for value in (*person.proved("email"), *person.proved("handle")):
        query = urlencode({"q": f'"{value}"', "count": _COUNT}, quote_via=quote)
        called = mask_email(value) if "@" in value else value
        yield Question(f"/res/v1/web/search?{query}", f"A search for {called}", value)


def _read(question: Question, body: bytes, name: Name) -> Told:
    answer = table(loaded(body))
    if answer.get("type") != "search":
        raise NotUnderstood
    found = [text(row.get("url")) for row in rows(table(answer.get("web")).get("results"))]
    urls = tuple(dict.fromkeys(url for url in found if url and not web_problem(url)))[:_COUNT]
    if not urls:
        return Told(why="No page was found by it.")
    what = "email address" if "@" in question.value else "handle"
    told = f"A search for your {what} finds this page."
    exposures = (
        Exposure(
            name(_ID, question.value, url),
            _ID,
            platforms.of(url) or (urlsplit(url).hostname or ""),
            Topic.PROFILE,
            told,
            Reach.SEARCH,
            url=url,
            proved=False,
        )
        for url in urls
    )
    return Told(tuple(exposures), "Pages were found by it.")


SOURCE: Final = Source(
    _ID,
    "https://api.search.brave.com",
    _questions,
    _read,
    nothing=(),
    key="AUDITOR_BRAVE_KEY",
    header="X-Subscription-Token",
)
