"""What stands around a place in a text: its line, its table row, its sentence, its pictures, and of whom it speaks."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from auditor.lazy_pattern import LazyPattern
from auditor.model import Image, Place, Reading, Sighting, Sort

T = TypeVar("T")

PAGE: Final = "text/html"
"""The media type of pages and posts; everything else is a file."""


class Stretch(NamedTuple):
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


def in_a_table(reading: Reading, named: Iterable[tuple[T, Sighting]], least: int) -> tuple[list[T], list[T]]:
    """What stands in a table with at least so many rows, and what does not. Tables of one document count as one, and
    so do the lines of a file that say hardly more than a name.
    """
    rows: set[tuple[int, int]] = set()
    inside: list[T] = []
    outside: list[T] = []
    for what, sighting in named:
        passage = reading.document.passages[sighting.passage]
        around = line(passage.text, sighting.start, sighting.end)
        if in_a_row(reading, sighting) or (reading.document.media_type != PAGE and _is_an_entry(around, sighting)):
            rows.add((sighting.passage, around.start))
            inside.append(what)
        else:
            outside.append(what)
    return (inside, outside) if len(rows) >= least else ([], [*inside, *outside])


def _is_an_entry(around: Stretch, named: Sighting) -> bool:
    return (named.end - named.start) * 2 >= around.end - around.start


class Signed(StrEnum):
    """How sure it is that whoever is named wrote the text."""

    SURELY = "surely"
    PERHAPS = "perhaps"
    NOT = "not"


def signs(reading: Reading, sighting: Sighting) -> Signed:
    """Whether the text is written by who is named.

    Surely so where the page says that this is its author, or where a line begins with "By" or "Poem by" and tells no
    more than who that is. The name alone on a line that ends the text is a signature below somebody's own words, and
    perhaps one below any others: news that ends in the name of who won looks the same.
    """
    text = reading.document.passages[sighting.passage].text
    value = text[sighting.start : sighting.end]
    author = reading.document.author
    if author and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", author, re.IGNORECASE):
        return Signed.SURELY
    around = line(text, sighting.start, sighting.end)
    before, after = text[around.start : sighting.start], text[sighting.end : around.end]
    over = text[max(0, around.start - FAR) : around.start].strip()
    if _BYLINE.fullmatch(before) and not (before.lstrip().startswith("by") and _DEED.search(over)):
        first_part = re.split(r"[|:•·–—]|(?<!\d)\.", after, maxsplit=1)[0]
        return Signed.SURELY if _tells_who(_ALSO.sub("", first_part)) else Signed.NOT
    farewell = _FAREWELL.search(before.rstrip(" ,"))
    if (before.strip(" -–—*•~") and not farewell) or not _tells_who(after) or not _closes(reading, sighting, over):
        return Signed.NOT
    own, praise = _OWN_WORDS.search(over) is not None, _PRAISE.search(over) is not None
    if own == praise:
        return Signed.PERHAPS
    return Signed.SURELY if own else Signed.NOT


def _closes(reading: Reading, sighting: Sighting, over: str) -> bool:
    """Whether a text ends in the name: sentences stand over it, next to nothing below, and no other name beside."""
    passage = reading.document.passages[sighting.passage]
    below = passage.text[line(passage.text, sighting.start, sighting.end).end :]
    if len(below) > _LONGEST_BELOW_SIGNATURE or len(below.split()) > _MOST_BELOW_SIGNATURE:
        return False
    if not _ends_a_text(over) or in_a_row(reading, sighting) or _stands_in_a_list(reading, sighting):
        return False
    around = line(passage.text, sighting.start, sighting.end).of(passage.text).strip()
    return not any(around in (image.caption, image.alt) for image in reading.document.images)


def _ends_a_text(over: str) -> bool:
    """Whether the last line over a name is a sentence or a farewell, and no heading."""
    last = over.rpartition("\n")[2]
    said = " " in last and last.rstrip("\"'”’)]").endswith((".", "!", "?", "…"))
    return said or _FAREWELL.search(last) is not None


def _tells_who(words: str) -> bool:
    """Whether words beside a name tell no more than grade, school, age, office or day."""
    return not re.search(r"\w", _WHO.sub(" ", words))


_LONGEST_BELOW_SIGNATURE: Final = 300
_MOST_BELOW_SIGNATURE: Final = 8
_WRITING: Final = (
    r"(?:story|stories|poem|poetry|haiku|essay|article|blog|post|text|words|report|review|letter|speech|column|op-ed|opinion"
    r"|commentary|feature|interview|cuento|poema|ensayo|art[ií]culo|texto|carta|rese[nñ]a|columna|relato|reportaje)"
)
_WRITER: Final = (
    r"(?:reporter|writer|editor(?:-in-chief| in chief)?|author|journalist|contributor|columnist|correspondent|poet"
    r"|blogger|escritora?|reporter[oa]|autora?|columnista|poeta)"
)
_BYLINE: Final = re.compile(
    rf"[\s\-–—*•~\"“]*(?:(?:an? |my |our |un |una |mi )?(?:\w+ )?{_WRITING} (?:and (?:photo|picture|art|drawing)s? )?"
    r"|(?:(?:written|authored|composed|submitted|posted|reported|escrit[oa]|publicad[oa]|redactad[oa]|enviad[oa]) ))?"
    r"(?:by|por)[\s:]+"
    r"(?:(?:an? |the |our |my |el |la |un |una |nuestr[oa] |mi )?"
    rf"(?:(?:student|guest|staff|contributing|school|young) )?(?:{_WRITER}|student|pupil|\w{{1,8}}[- ]grader"
    r"|freshman|sophomore|junior|senior|alumn[oa]|estudiante)[,:]? )?"
    rf"|[\s\-–—*•~]*(?:(?:(?:student |guest )?{_WRITER}|written by)\s*[:–—-]|student {_WRITER}|{_WRITING} de"
    r"(?:l alumno| la alumna| nuestr[oa] alumn[oa])?)\s*",
    re.IGNORECASE,
)
_DEED: Final = LazyPattern(
    r"\b(?!written|posted|children|kindergarten)(?:\w+(?:ed|en|wn)|won|shot|sung|led|made|built|run|held)$"
)
"""What somebody did, on the line over one that begins with "by"."""
_ALSO: Final = LazyPattern(r"(?:,|\band\b|&|\by\b|\be\b)\s+(?:[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s+(?=[A-ZÀ-ÖØ-Þ])|\b)){2,4}")
"""Another name."""
_FAREWELL: Final = re.compile(
    r"\b(?:love|sincerely|regards|truly|your friend|atentamente|abrazos|tu amig[oa]),?$", re.IGNORECASE
)
_OWN_WORDS: Final = LazyPattern(r"\b(?:I|I['’]\w+|[Mm]y|[Mm]e|[Mm]yself|[Yy]o|[Mm]is?)\b")
_PRAISE: Final = LazyPattern(
    r"\b(?:congrat\w*|proud|winners?|won|champions?|awards?|of the (?:week|month|year)|honou?r\w*|felici\w+|orgullos\w+"
    r"|gan[oó]|ganador\w*|del mes)\b",
    re.IGNORECASE,
)
_ORDINAL: Final = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\d{1,2}(?:st|nd|rd|th)?)"
)
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WHO: Final = re.compile(
    rf"\b(?:gr(?:ade)?s?\.? ?(?:k|\d{{1,2}})|{_ORDINAL}[- ]grade(?:rs?)?|grado \d{{1,2}}"
    rf"|{_ORDINAL}?[.º°]*(?:er|o)? ?(?:de )?grado"
    r"|kindergart(?:en|ner)s?|freshm[ae]n|sophomores?|juniors?|seniors?|pre-?k|aged? \d{1,2}|\d{1,2} years old"
    r"|\d{1,2} a[nñ]os|room \d{1,3}|class of (?:20)?['’]?\d\d|period \d|student|pupil|alumn[oa]|estudiante"
    rf"|(?:student |staff |guest |contributing )?{_WRITER}"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d\d-\d\d)\b"
    r"|\b(?-i:(?:[A-ZÀ-ÖØ-Þ][\w.'’-]+ ){1,4}(?:Elementary|Middle|High|Junior High|Primary|Charter|Magnet|Academy"
    r"|School)(?: School)?)\b|\b(?-i:(?:Escuela|Primaria|Secundaria|Colegio)(?: [A-ZÀ-ÖØ-Þ][\w.'’-]+| de| la){1,5})"
    r"|\b(?:an?|our|from|of|at|in|on|de|en|la)\b",
    re.IGNORECASE,
)


def _stands_in_a_list(reading: Reading, sighting: Sighting) -> bool:
    """Whether another student's name begins a line of the same passage: a roster, not a signature."""
    text = reading.document.passages[sighting.passage].text
    beside = (s for s in reading.sightings if s.sort is Sort.STUDENT and s.passage == sighting.passage)
    others = (s for s in beside if s.students != sighting.students)
    return any(not text[line(text, s.start, s.end).start : s.start].strip(" \t-–—*•~") for s in others)


def beyond_who(block: str, names: Iterable[str]) -> int:
    """How many words of a block tell more than who somebody is and where they work. `names`: of people and places."""
    words = block.casefold()
    for name in sorted({n.casefold() for n in names if n.strip()}, key=len, reverse=True):
        words = words.replace(name, " ")
    return sum(1 for word in re.findall(r"[\w'’-]+", words) if not _WHO_AND_WHERE.fullmatch(word))


_WHO_AND_WHERE: Final = LazyPattern(
    r"i|am|i['’]m|an?|the|at|of|for|in|and|to|with|is|my|name|he|she|they|him|her|them|his|mrs?|ms|mx|dr|ed|msed|phd"
    r"|teach(?:es|ers?|ing)?|works?|working|principal|vice|assistant|coach(?:es)?|counselors?|librarian|nurse|secretary"
    r"|director|superintendent|educator|staff|specialist|aide|para\w*|custodian|instructor|advis[eo]r|head|lead|year"
    r"|schools?|elementary|middle|high|academy|districts?|public|unified|city|county|department|dept|office|room|class"
    r"|grades?|graders?|pre-?k|k(?:-\d{1,2})?|kindergarten|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth|eleventh|twelfth|\d{1,2}(?:st|nd|rd|th)?(?:-\d{1,2}(?:st|nd|rd|th)?)?|math\w*|science|english|reading"
    r"|history|social|studies|art|music|band|choir|physical|education|special|pe|stem|spanish|language|arts|biology"
    r"|chemistry|physics|technology|soy|de|del|la|el|en|y|los|las|maestr[oa]s?|profesora?|escuela|distrito|escolar|grado"
)


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
_ABBREVIATION: Final = LazyPattern(
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
