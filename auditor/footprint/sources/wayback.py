"""The Internet Archive: which copies it has of a person's own profile pages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

from auditor.footprint.exports.values import loaded
from auditor.footprint.exposure import Exposure, Reach, Topic
from auditor.footprint.guide import guides
from auditor.footprint.person import Person
from auditor.footprint.shown import Name
from auditor.footprint.sources.source import MOST, NotUnderstood, Question, Source, Told

_ID: Final = "wayback"
_LIMIT: Final = 200
_FIELDS: Final = ["timestamp", "original", "statuscode"]


def _questions(person: Person) -> Iterator[Question]:
    profiles = (
        (guide.name, handle, guide.profile_of(handle))
        for handle in person.proved("handle")
        for guide in guides().values()
        if guide.profile
    )
    for _, (site, handle, url) in zip(range(MOST), profiles, strict=False):
        query = urlencode(
            {
                "url": url,
                "output": "json",
                "fl": ",".join(_FIELDS),
                "filter": "statuscode:200",
                "collapse": "timestamp:6",
                "limit": str(_LIMIT),
            },
            quote_via=quote,
        )
        yield Question(f"/cdx/search/cdx?{query}", f"Archived copies of {handle} at {site}", url)


def _read(question: Question, body: bytes, name: Name) -> Told:
    listed = loaded(body)
    if not isinstance(listed, list) or (listed and listed[0] != _FIELDS):
        raise NotUnderstood
    days = [day for row in listed[1:] if isinstance(row, list) and row and (day := _day(row[0]))]
    if not days:
        return Told(why="The archive has no copy of this page.")
    copies = "a copy" if len(days) == 1 else f"{'over ' if len(days) >= _LIMIT else ''}{len(days)} copies"
    told = f"The Internet Archive has {copies} of a profile with your handle."
    found = Exposure(
        name(_ID, question.value),
        _ID,
        _ID,
        Topic.COPIES,
        told,
        Reach.EVERYBODY,
        f"from {min(days).year} to {max(days).year}",
        f"https://web.archive.org/web/*/{question.value}",
        max(days).date(),
        len(days),
        proved=False,
    )
    return Told((found,), f"There {'is' if len(days) == 1 else 'are'} {copies}.")


def _day(stamp: object) -> datetime | None:
    try:
        return datetime.strptime(str(stamp)[:8], "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None


SOURCE: Final = Source(_ID, "https://web.archive.org", _questions, _read, none="The archive has no copy of this page.")
