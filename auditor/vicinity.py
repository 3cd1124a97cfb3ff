"""What stands around a place in a text: its line, its table row, its sentence, its pictures, and of whom it speaks."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from auditor.model import Image, Place, Reading, Sighting, Sort


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text, from `start` to `end`."""

    start: int
    end: int

    def holds(self, start: int, end: int) -> bool:
        """Whether another stretch lies in it."""
        return self.start <= start and end <= self.end

    def of(self, text: str) -> str:
        """Its characters."""
        return text[self.start : self.end]


class Named:
    """The people named in a document with at least some confidence, to be asked for by place.

    `sorts` says who counts: the roster's students, or also people of whom no roster knows.
    """

    def __init__(self, reading: Reading, least: float, sorts: Collection[Sort] = (Sort.STUDENT,)) -> None:
        self._by_passage: defaultdict[int, list[Sighting]] = defaultdict(list)
        for s in reading.sightings:
            if s.sort in sorts and s.confidence >= least:
                self._by_passage[s.passage].append(s)
        for named in self._by_passage.values():
            named.sort(key=lambda s: s.start)

    def within(self, passage: int, stretch: Stretch) -> list[Sighting]:
        """Those that stand in a stretch of that passage, in the order of the text."""
        named = self._by_passage.get(passage, [])
        first = bisect_left(named, stretch.start, key=lambda s: s.start)
        last = bisect_left(named, stretch.end, key=lambda s: s.start)
        return [s for s in named[first:last] if s.end <= stretch.end]


FAR: Final = 1000
"""Characters before and behind a place that are looked at: a line without end is no line."""


def line(text: str, start: int, end: int) -> Stretch:
    """The block that a place stands in, as far as `FAR`: blocks end in newlines."""
    first, last = max(0, start - FAR), min(len(text), end + FAR)
    begin = text.rfind("\n", first, start)
    close = text.find("\n", end, last)
    return Stretch(first if begin < 0 else begin + 1, last if close < 0 else close)


def row(text: str, start: int, end: int) -> Stretch | None:
    """The table row that a place stands in, or None where it stands in no table: cells end in tabs."""
    whole = line(text, start, end)
    return whole if "\t" in whole.of(text) else None


def sentence(text: str, start: int, end: int) -> Stretch:
    """The sentence that a place stands in; a line without full stops is one sentence."""
    whole = line(text, start, end)
    begin, close = whole.start, whole.end
    for stop in _STOP.finditer(text, whole.start, whole.end):
        if _ABBREVIATION.search(text[max(whole.start, stop.start() - 8) : stop.start() + 1]):
            continue
        if stop.end() <= start:
            begin = stop.end()
        elif stop.start() >= end:
            close = stop.start() + 1
            break
    return Stretch(begin, close)


def above(text: str, start: int, lines: int = 2, most: int = 160) -> str:
    """The lines above a place that are not empty, as far as they are short: a name, a title, then the number."""
    kept: list[str] = []
    end = text.rfind("\n", 0, start)
    while end > 0 and len(kept) < lines:
        begin = text.rfind("\n", 0, end) + 1
        if begin < end and text[begin:end].strip():
            kept.append(text[begin:end])
        end = begin - 1
    found = "\n".join(reversed(kept))
    return found if len(found) <= most else ""


def said_by_the_page(reading: Reading, sorts: Container[Sort]) -> Iterator[Sighting]:
    """What of these sorts stands in the page's own words: what visitors say in comments is not its doing."""
    passages = reading.document.passages
    return (s for s in reading.sightings if s.sort in sorts and passages[s.passage].place is not Place.COMMENT)


def titled(text: str) -> bool:
    """Whether an adult is named with a title: "Ms. Lee", "Coach Roe", "la maestra Roe"."""
    return _TITLED.search(text) is not None


def adults(text: str, around: Stretch) -> Iterator[Stretch]:
    """Where in a stretch adults are named with a title."""
    for match in _TITLED.finditer(text, around.start, around.end):
        yield Stretch(match.start(), match.end())


def in_a_row(reading: Reading, sighting: Sighting) -> bool:
    """Whether it stands in a table, of a page or of a file."""
    passage = reading.document.passages[sighting.passage]
    return passage.place is Place.TABLE or row(passage.text, sighting.start, sighting.end) is not None


def signs(reading: Reading, sighting: Sighting) -> bool:
    """Whether the text is written by who is named: "By Jane Doe", or the name alone on a line at its end."""
    text = reading.document.passages[sighting.passage].text
    value = text[sighting.start : sighting.end].casefold()
    if reading.document.author and value in reading.document.author.casefold():
        return True
    around = line(text, sighting.start, sighting.end)
    before = text[around.start : sighting.start].casefold().rstrip(" :\t-–—")
    if _BYLINE.search(before):
        return True
    if before.strip(" -–—*•~") or around.start == 0 or len(text) - sighting.end > _LONGEST_AFTER_SIGNATURE:
        return False
    last_words = len(text[sighting.end :].split()) <= _MOST_AFTER_SIGNATURE
    return last_words and not in_a_row(reading, sighting) and not _stands_in_a_list(reading, sighting)


_LONGEST_AFTER_SIGNATURE: Final = 300
_BYLINE: Final = re.compile(r"(?:^|\W)(?:by|author|por|autora?)$")
_MOST_AFTER_SIGNATURE: Final = 8


def _stands_in_a_list(reading: Reading, sighting: Sighting) -> bool:
    """Whether another student's name begins a line of the same passage: a roster, not a signature."""
    text = reading.document.passages[sighting.passage].text
    beside = (s for s in reading.sightings if s.sort is Sort.STUDENT and s.passage == sighting.passage)
    others = (s for s in beside if s.students != sighting.students)
    return any(not text[line(text, s.start, s.end).start : s.start].strip(" \t-–—*•~") for s in others)


def names_an_organisation(text: str) -> bool:
    """Whether a business, an agency or a place for the public is named."""
    return _ORGANISATION.search(text) is not None


def may_show_people(image: Image) -> bool:
    """Whether a picture may show people, as far as its name and size tell: a logo, an icon, a drawn shape does not."""
    if 0 < image.width <= _TINY or 0 < image.height <= _TINY or not image.url.startswith(("http://", "https://")):
        return False
    name = unquote(urlsplit(image.url).path.rpartition("/")[2]).casefold()
    return not name.endswith((".svg", ".svgz", ".ico")) and _NO_PHOTOGRAPH.search(name) is None


class Pictures:
    """The pictures of a document that may show people, and which of them a name stands beside."""

    def __init__(self, reading: Reading) -> None:
        self.images = tuple(image for image in reading.document.images if may_show_people(image))
        self._near = [(image, _squeezed(image.near)) for image in self.images if image.near]

    def beside(self, value: str) -> Iterator[Image]:
        """The pictures in whose surrounding text a name stands, however markup splits it."""
        wanted = _squeezed(value)
        if wanted:
            yield from (image for image, near in self._near if wanted in near)


def _squeezed(text: str) -> str:
    return "".join(text.split())


_TINY: Final = 64
"""Pixels of a side below which nobody in a picture can be told from another."""
_NO_PHOTOGRAPH: Final = re.compile(
    r"(?:^|[^a-z])(?:logos?|icons?|favicon|banners?|badges?|sprites?|spacer|pixel|btn|buttons?|arrows?|emojis?|seals?"
    r"|crests?|mascots?|clip-?art|placeholder|blank|divider|bg|background|map|charts?|graphs?|diagrams?|qr|qrcode"
    r"|avatars?|default|social|facebook|twitter|instagram|youtube)(?:[^a-z]|$)"
)
_STOP: Final = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(¿¡\[]?[^\W_a-zà-öø-ÿ])")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Mx|Dr|St|Ave|Rd|Jr|Sr|Sra|Srta|Prof|No|Gr|Apt|Ste|ext|tel|ph|vs|etc|Dept|Gen|Sgt|Lt|Rev|Hon)"
    r"|\b[A-Z]|\b[ap]\.m|\bP\.O|\bU\.S)\.$",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Coach|Principal|Teacher|Officer|Director|Counselor|Nurse|Librarian|Secretary"
    r"|Superintendent|Señora?|Señorita|Sra|Srta|[Mm]aestr[oa]|[Pp]rofesora?|[Ee]ntrenadora?|[Dd]irectora?|Don|Doña)"
    r"\.? [A-Z][\w'’-]+|\b[A-Z][\w'’-]+, (?:Principal|Teacher|Coach|Director|Secretary|Counselor|Advisor)\b"
)
_ORGANISATION: Final = re.compile(
    r"\b(?:museum|gallery|library|theat(?:er|re)|zoo|aquarium|hospital|clinic|pharmacy|police|sheriff|fire department"
    r"|department|county|city of|university|college|church|parish|chamber of commerce|rotary|ymca|ywca|foundation"
    r"|institute|association|inc|llc|ltd|corp|company|co\.|bank|credit union|store|shop|studio|photography|restaurant"
    r"|cafe|caf[eé]|pizza|hotel|inn|motel|travel|bus(?:es)? service|camp|hotline|helpline|lifeline|poison control"
    r"|service center|box office|community center|civic center|arena|stadium|auditorium|fairgrounds?|rink|park|pool"
    r"|museo|biblioteca|iglesia|hospital|cl[ií]nica|polic[ií]a|tienda|universidad)\b",
    re.IGNORECASE,
)
