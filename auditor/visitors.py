"""What visitors wrote under a document: each comment with what was recognised in it, and what marks it as spam."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from auditor.lazy_pattern import LazyPattern
from auditor.masking import excerpt, mask_name
from auditor.model import Comment, Place, Reading, Sighting, Sort
from auditor.vicinity import adults, line


@dataclass(frozen=True, slots=True)
class Said:
    """One comment, or the text of a thread that nobody could tell apart, with all that was recognised in it.

    `passage` is the document's passage that it stands in.
    """

    text: str
    passage: int
    sightings: tuple[Sighting, ...]


def comments(reading: Reading) -> Iterator[Said]:
    """What visitors wrote, comment by comment. No name of who wrote it is part of it."""
    threads = [n for n, passage in enumerate(reading.document.passages) if passage.place is Place.COMMENT]
    told: set[int] = set()
    for comment in reading.document.comments:
        place = _place(reading, threads, comment)
        if place is not None:
            told.add(place)
            yield Said(comment.text, place, tuple(_within(reading, place, comment)))
    for n in threads:
        if n not in told:
            beside = tuple(s for s in reading.sightings if s.passage == n)
            yield Said(reading.document.passages[n].text, n, beside)


UNREAD: Final = "what visitors write there cannot be read by a program; look at the comments yourself"


def out_of_sight(reading: Reading) -> bool:
    """Whether visitors may read comments there that we cannot: nothing is known of them, and nothing of them is clean.
    A page that could not be read whole itself says so on its own."""
    document = reading.document
    return document.comments_whole is False and not document.comments and not document.problem


def quoted(reading: Reading, said: Said, focus: Sighting, day: date) -> str:
    """An excerpt around a place of the passage that a comment stands in, which shows nobody's name: neither of who is
    spoken of, nor of who wrote it."""
    text = reading.document.passages[said.passage].text
    around = line(text, focus.start, focus.end)
    beside = [s for s in reading.sightings if s.passage == said.passage]
    writers = {comment.author for comment in reading.document.comments if comment.author}
    beside += [
        _masked(text, said.passage, around.start + match.start(), around.start + match.end())
        for name in writers
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", around.of(text))
    ]
    beside += [_masked(text, said.passage, named.start, named.end) for named in adults(text, around)]
    return f"In a comment: {excerpt(text, beside, focus, day=day)}"


def _masked(text: str, passage: int, start: int, end: int) -> Sighting:
    return Sighting(Sort.PERSON, passage, start, end, mask_name(text[start:end]), "")


def placed(reading: Reading, said: Said, start: int, end: int, sort: Sort) -> Sighting:
    """A stretch of a comment's own text, as a sighting in the passage that it stands in."""
    begin = said.text.rfind("\n", 0, start) + 1
    whole = line(said.text, start, end).of(said.text).strip()
    at = max(0, reading.document.passages[said.passage].text.find(whole)) + start - begin
    return Sighting(sort, said.passage, at, at + end - start, said.text[start:end], "")


def _place(reading: Reading, threads: list[int], comment: Comment) -> int | None:
    """The passage in which a comment stands: its own, or its thread's."""
    lines = _lines(comment.text)
    passages = reading.document.passages
    return next((n for n in threads if lines and all(part in passages[n].text for part in lines)), None)


def _within(reading: Reading, passage: int, comment: Comment) -> Iterator[Sighting]:
    """What was recognised in the lines of a comment. Two comments that share a line share it."""
    text = reading.document.passages[passage].text
    lines = _lines(comment.text)
    for s in reading.sightings:
        if s.passage == passage:
            around = line(text, s.start, s.end).of(text).strip()
            if any(around in part or part in around for part in lines):
                yield s


def _lines(text: str) -> list[str]:
    return [part for part in map(str.strip, text.split("\n")) if part]


# ------------------------------------------------------------------------------------------------ spam

_LINK: Final = LazyPattern(
    r"https?://|\bwww\.\S|\b(?:bit\.ly|t\.me|wa\.me|tinyurl\.com)/|\b[a-z0-9-]{3,60}\.(?:shop|xyz|top|club|online|store|biz)\b",
    re.IGNORECASE,
)
_BAIT: Final = "bait"
"""What only asks to be followed: honest often enough."""


@dataclass(frozen=True, slots=True)
class Spam:
    """What marks a text as spam: what sort it is, and where its first sign stands. `sure`: a second sign beside it."""

    kind: str
    start: int
    end: int
    sure: bool


def spam(text: str) -> Spam | None:
    """What marks a comment as spam; None for what may be anybody's honest word. A link alone is no sign."""
    signs = [(kind, match) for kind, pattern in _signs().items() if (match := pattern.search(text)) is not None]
    if not signs:
        return None
    kind, first = signs[0]
    return Spam(kind, first.start(), first.end(), kind != _BAIT and (len(signs) > 1 or _LINK.search(text) is not None))


@cache
def _signs() -> Mapping[str, re.Pattern[str]]:
    """The signs of each sort; bait comes last."""
    words = tomllib.loads(files("auditor").joinpath("visitors.toml").read_text("utf-8"))
    return {kind: re.compile(rf"\b(?:{'|'.join(signs)})", re.IGNORECASE) for kind, signs in words.items()}
