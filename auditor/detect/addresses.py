"""Postal addresses of the United States: a house number and a street, a post-office box, a Spanish street.

A grammar with capitals finds them, and `usaddress` confirms what the grammar alone is not sure of.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import usaddress  # type: ignore[import-untyped]

from auditor.detect.found import Found
from auditor.detect.glance import Glance
from auditor.model import Sort

# Words that end nothing but a street, and words that also end other things: a Food Drive, a Fun Run.
_SURE: Final = (
    "Street|St|Avenue|Aven|Ave|Av|Road|Rd|Lane|Ln|Boulevard|Blvd|Circle|Cir|Parkway|Pkwy|Pky|Terrace|Ter|Terr|Highway"
    "|Hwy|Turnpike|Tpke|Freeway|Fwy|Expressway|Expy|Crescent|Cres|Causeway|Cswy|Xing|Trl|Plz|Ct|Dr|Pl|Sq|Byp|Bypass"
)
_UNSURE: Final = (
    "Drive|Way|Court|Place|Trail|Run|Square|Loop|Pass|Path|Point|Pt|Pike|Plaza|Row|Ridge|Crossing|Hollow|Cove|Cv|Alley"
    "|Aly|Bend|Glen|Grove|Hill|Hills|Hts|Heights|Landing|Lndg|Mall|Manor|Park|Spur|View|Vista|Walk|Mews|Center|Ctr"
    "|Broadway|Cut|Extension|Ext|Estates|Bluff|Creek|Gardens|Gate|Green|Harbor|Island|Isle|Lake|Lakes|Meadow|Meadows"
    "|Mill|Oval|Shore|Spring|Springs|Summit|Trace|Valley|Village|Divide|Fork|Ferry|Knoll|Overlook|Passage|Promenade"
    "|Rise|Speedway|Station|Camino|Wharf"
)
_STATES: Final = (
    "AL|AK|AS|AZ|AR|CA|CO|CT|DC|DE|FL|GA|GU|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MI|MN|MO|MS|MT|NC|ND|NE|NH|NJ|NM|NV|NY|OH"
    "|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VA|VI|VT|WA|WI|WV|WY"
    "|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    "|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi"
    "|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio"
    "|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia"
    "|Washington|West Virginia|Wisconsin|Wyoming"
)
# What stands between a number and such a word where no street is meant: "24 Students Lane", "12 Mrs. Lane".
_NO_STREET: Final = (
    "Mrs?|Ms|Miss|Mx|Coach|Principal|Grades?|Graders?|Room|Period|Lunch|Students?|Days?|Minutes?|Hours?|Weeks?|Months?"
    "|Years?|Points?|Books?|People|Kids|Families|Volunteers|Teachers"
)
_EVENTS: Final = (
    "food|coat|blood|book|toy|fund|clothing|clothes|supply|supplies|sock|shoe|membership|pledge|can|canned|hard|test"
    "|flash|fun|color|turkey|glow|bike|nature|oregon|free|per|percent|great|first|second|third|high|match|game|power"
    "|extra|bonus|grade|home|easy|best|better|new|right|tennis|basketball|holiday|school|student|donation|hygiene|mitten"
)


def _either(words: str, *, any_case: bool = False) -> str:
    """A pattern for one of the words, by their first letters: `re` tries one after the other, and these are many."""
    by_letter: dict[str, list[str]] = {}
    for word in words.split("|"):
        by_letter.setdefault(word[0], []).append(word[1:])
    return "|".join(
        f"[{first.upper()}{first.lower()}](?i:{'|'.join(rest)})" if any_case else f"{first}(?:{'|'.join(rest)})"
        for first, rest in by_letter.items()
    )


_STATE: Final = f"(?:{_either(_STATES)})"
_DIRECTION: Final = r"(?:[NSEW]|[NS][EW]|North|South|East|West|(?:North|South) ?(?:east|west))\b\.?"
_ORDINAL: Final = r"\d{1,4}(?:st|nd|rd|th|ST|ND|RD|TH)\b"
_NO_STREET_HERE: Final = rf"(?!(?:{_either(_NO_STREET)})\b)"
_SMALL: Final = "of|the|and|de|la|las|los|del|el|y|du"
_WORD: Final = rf"(?:{_NO_STREET_HERE}[A-Z][\w'’&.]*(?:-[\w'’.]+)*|{_ORDINAL}|{_SMALL})"
_WORD_AND_SPACE: Final = rf"(?:{_NO_STREET_HERE}[A-Z][\w'’&.]*+(?:-[\w'’.]+)*+|{_ORDINAL}|{_SMALL})(?=[ ,])"
"""The same where a space or a comma stands behind it: nothing of it is given back."""
_NUMBER: Final = (
    r"(?:(?:[NSEW] ?\d{1,3} ?[NSEW] ?)?\d{1,6}(?:[\-–/]\d{1,5})?(?:[A-Za-z](?=[ ,])|-[A-Z]\b)?(?: ?½| 1/2)?"
    r"|[NSEW]\d{3,5})"
)
_TYPE: Final = (
    rf"(?:(?:(?:{_either(f'{_UNSURE}|{_UNSURE.upper()}')})\b ){{0,2}}"
    rf"(?P<type>{_either(_SURE, any_case=True)}|{_either(f'{_UNSURE}|{_UNSURE.upper()}')})\b\.?)"
)
_UNIT_WORD: Final = r"apt|apartment|unit|suite|ste|lot|room|rm|bldg|building|floor|fl|spc|space|trlr"
_UNIT: Final = rf"(?:,? ?(?:(?i:{_UNIT_WORD})\.? ?#? ?[\w\-]{{1,6}}|# ?(?:\d[\w\-]{{0,5}}|[A-Z]))\b)"
_ZIP: Final = r"\d{5}(?:-\d{4})?\b"
_PROPER: Final = r"[A-Z][\w'’.\-]*"
_TOWN: Final = rf"(?:,? (?:{_PROPER},? ){{0,4}}(?:{_STATE}\b\.?(?:,? {_ZIP})?|{_ZIP}))"
_TOWN_AND_ZIP: Final = rf"(?:,(?: {_PROPER},?)?| {_PROPER},?)(?: {_PROPER},?){{1,4}} {_ZIP}"
_ON_GRID: Final = rf"(?<=[NSEWht.] )\d{{1,5}} {_DIRECTION}"
"""Where streets are numbered on a grid: 4140 West 5415 South."""
_ROUTE: Final = (
    rf"(?:(?:(?:(?i:US|U\.S\.|State|County|Co|Old|Farm to Market|Ranch|Forest Service)\.?|{_STATE}) ){{0,2}}"
    r"(?!us [A-Za-z])(?i:highway|hwy|route|rte|rt|road|rd|interstate|fm|cr|sr|us|u\.s\.|county line road)\.?[ \-]"
    r"(?:[A-Z]{1,2}-?)?(?:\d{1,4}[A-Z]?|[A-Z]{1,2})\b"
    rf"|{_ON_GRID})"
)
_FIRST_IN_STREET: Final = "Calle|Avenida|Avda|Camino|Paseo|Vía|Via|Carrera|Rue|Avenue|Ave"
_SPANISH: Final = f"(?:{_FIRST_IN_STREET})"
_NEVER: Final = "(?!)"
_NEVER_NAMED: Final = rf"(?P<name>{_NEVER})(?P<kind>(?P<type>{_NEVER}))"


def _grammar(route: str = _NEVER, spanish: str = _NEVER, named: str = _NEVER_NAMED) -> re.Pattern[str]:
    """Number and street. One without a word that streets have is told by its state alone, or by its town and ZIP; the
    groups of the others are there all the same.
    """
    return re.compile(
        rf"(?<![\w$#./:\-])(?P<number>{_NUMBER}),? (?:(?P<dir>{_DIRECTION}) )?"
        rf"(?:(?P<route>{route})"
        rf"|(?P<numbered>{_STATE}[ \-]\d{{1,3}}\b)(?={_TOWN})"
        rf"|(?P<spanish>{spanish})"
        rf"|{named}"
        rf"|(?P<bare>{_WORD_AND_SPACE}(?: {_WORD_AND_SPACE}){{0,3}}?)(?={_TOWN_AND_ZIP}))"
        rf"(?: {_DIRECTION}(?=$|[\s,.;]))?{_UNIT}?{_TOWN}?"
    )


_STREET: Final = _grammar(
    _ROUTE,
    rf"{_SPANISH}\.?(?: {_WORD}){{1,4}}?(?=$|[,.;:)\n\t]| {_STATE}\b)",
    rf"(?P<name>(?:{_WORD_AND_SPACE} ){{0,4}}?(?:{_WORD_AND_SPACE}))(?: |, ?)(?P<kind>{_TYPE})",
)
_STREET_ON_GRID: Final = _grammar(_ON_GRID)
_STREET_BY_TOWN: Final = _grammar()
_PLAIN_STREET: Final = re.compile(rf"\d{{1,6}} (?:{_DIRECTION} )?(?:[A-Z][a-z]+ ){{1,2}}(?i:{_SURE})\b")
"""Of 13,327 streets of this form, drawn from words of posts, `usaddress` took all for streets: it need not be asked."""
_PLAINEST_STREET: Final = re.compile(
    rf"(?<![\w$#./:\-])[0-9]{{1,6}} (?:[NSEW] )?([A-Z][a-z]*) (?:{_either(_SURE)}|{_either(_SURE.lower())})"
    r"(?![\w.,#]| ?#| [^\W\d_]| \d{5}|(?<=[dy])[ \-]\d)"
)
"""A number, one word and one that only streets end with, behind which stands nothing that may be of the address: a
unit, a town, the number of a highway. Most streets are such, and the grammar says no more of them.

Of 63,960 that are named by a letter ("1 N St") `usaddress` took all but 340 for streets, as "12 B Highway".
"""
_BOX: Final = re.compile(
    rf"\b(?:P\.?[ \-]?O\.?[ \-]?|Post Office |Postal )Box (?:# ?)?[A-Z]?\d{{1,6}}\b{_TOWN}?"
    r"|\bP\.?O\.?B\.? (?:# ?)?\d{1,6}\b"
    # Out in the country the mail has routes and boxes: RR 2 Box 15.
    r"|\b(?:R\. ?R\.|RR|Rural (?:Route|Rt|Delivery)|R\.?F\.?D\.?|H\.?C\.?R?\.?|Highway Contract(?: Route)?"
    rf"|Star (?:Route|Rte|Rt)|Route|Rte|Rt|RD)\.? ?#?\d{{0,4}},? ?Box (?:# ?)?[A-Z]?\d{{1,6}}[A-Z]?\b{_TOWN}?"
    r"|\bApartado(?: Postal)? (?:# ?)?\d{1,6}\b",
    re.IGNORECASE,
)
_CALLE: Final = re.compile(
    rf"\b(?:[Cc]alle|[Aa]venida|[Aa]vda\.?|Av\.|Camino|Paseo|Carrera)(?: {_WORD}){{1,4}},? "
    rf"(?:# ?|[Nn][oº°]?\.? ?|n[uú]m(?:ero)?\.? )?\d{{1,5}}\b{_UNIT}?{_TOWN}?"
)
_CUE: Final = re.compile(
    r"\b(?:address(?:es)?|liv(?:es?|ing) (?:at|on)|located|location|resid(?:es?|ing|ence)|home|house|mail|send|visit"
    r"|direcci[oó]n|domicilio|vive en|ubicad[oa])\b[^\n]{0,25}$",
)
HEADING: Final = re.compile(r"\b(?:address|home|street|residence|direcci[oó]n|domicilio)(?:es)?\b", re.IGNORECASE)
"""What a table's column, or the line above an address, calls addresses."""
HEADING_STEMS: Final[tuple[str, ...]] = ("address", "home", "street", "residence", "direcci", "domicilio")
"""One of them is in each of these words: looking for them takes a tenth of the time."""
_ROUTES: Final = "us|state|county|co|old|farm|ranch|forest|highway|hwy|route|rte|rt|road|rd|interstate|fm|cr|sr"
_NUMBER_AND_WORD: Final = re.compile(
    rf"\d[\w/.\-\x80-\xff]{{0,14}},? (?:[A-Z\d\x80-\xff]|(?:de|la|las|los|del|el|du) |u\.s|(?:{_ROUTES})\b)".encode(
        "latin-1"
    )
)
"""What every street below begins with."""
_FIGURE: Final = re.compile(r"\d+")
_CAPITAL: Final = re.compile(" [A-Z]")
_REACH_OF_CUE: Final = 50
_MANY_FIGURES: Final = 16
_LONGEST_STREET: Final = 240
_WORD_OR_ZIP: Final = re.compile(rf"[^\W\d_]+|{_ON_GRID}|(?<=[^\d\s] ){_ZIP}")
_STATE_WORDS: Final = frozenset(word for state in _STATES.split("|") for word in state.split())
_STREET_OR_ROUTE: Final = frozenset(
    f"{_SURE}|{_UNSURE}|us|u|state|county|co|old|farm|ranch|forest|highway|hwy|route|rte|rt|road|rd|interstate|fm|cr|sr"
    f"|{_FIRST_IN_STREET}".casefold().split("|")
)
_LONGEST_NUMBER: Final = 20
_HALVES: Final[tuple[str, ...]] = (" ½", " 1/2")
_BEFORE_NUMBERED: Final = "NSEWht."
_COMPASS: Final = "NSEW"
_NTH: Final = re.compile(_ORDINAL)
_GRID: Final = re.compile(rb"\d (?:[NSEW]\b|North|South|East|West)")
_DIRECTIONS: Final = frozenset(b"n s e w ne nw se sw north south east west".split())
_ZIP_SHAPE: Final = b"9" * 5
_STREET_WORDS: Final = frozenset(f"{_SURE}|{_UNSURE}|{_ROUTES}|rue|via".casefold().encode().split(b"|"))
_STATE_CODES: Final = frozenset(s.lower().encode() for s in _STATES.split("|")) - _DIRECTIONS
_STATE_ROUTE: Final = re.compile(rf"{_ORDINAL}|\d{{1,3}}\b")
_BEFORE_NUMBER: Final = _DIRECTIONS | frozenset(f"u.s|{_ROUTES}".encode().split(b"|"))
SURE_WORDS: Final = frozenset(b"box pob apartado calle avenida avda av camino paseo carrera".split())
"""Words that with any figure may make an address."""
_BOX_WITH_DOTS: Final = frozenset([b"p", b"o", b"b"])
_WRITTEN_WITH_DOTS: Final = b"p.o.b"
WORDS: Final = SURE_WORDS | _STREET_WORDS | _DIRECTIONS
"""Words of addresses."""
CAPITAL_ONLY: Final = frozenset(_UNSURE.casefold().encode().split(b"|")) - frozenset(
    [*f"{_SURE}|{_ROUTES}".casefold().encode().split(b"|"), *SURE_WORDS, *_DIRECTIONS]
)
"""Those of them that end a street only where they begin with a capital: a food drive is none."""
_CALLE_STEMS: Final = re.compile(r"[Cc]alle|[Aa]ven|[Aa]vda|Av\.|Camino|Paseo|Carrera")
_EVENT: Final = re.compile(rf"\b(?:{_EVENTS})\b", re.IGNORECASE)
_MONTH_STEMS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS: Final = frozenset(_MONTH_STEMS.split("|"))
_CALENDAR: Final = re.compile(rf"\b(?:{_MONTH_STEMS})[a-z]{{0,6}}\.?,? ?$")
_LAST_DAY: Final = 31
_NUMBERED_WORDS: Final = (
    "bus|route|chapter|lesson|exit|stop|page|level|version|volume|vol|grade|team|office|act|episode"
)
"""What has a number of its own: "Bus Route 14 Mullan Road", "Chapter 5 The Long Road"."""
_NUMBERED: Final = frozenset(_NUMBERED_WORDS.split("|"))
_LABELLED: Final = re.compile(rf"\b(?:{_NUMBERED_WORDS})\s?#?\s?$")
_UNIT_BEFORE: Final = re.compile(rf"\b(?:{_UNIT_WORD}|{_ROUTES})\.? ?#? ?$")
_LONGEST_LABEL: Final = 20
_WITH_KIND: Final = 0.92
"""The confidence of a street that says what kind of street it is."""
_HOUSE: Final = 100
"""Below it the numbers of houses are written like those of days, teams and rooms."""
_AT: Final = (" at ", "\tat ", "@ ")
_LAST_HOUR: Final = 12
_RUN: Final = frozenset({"run", "walk", "trail", "loop", "way", "course", "pass"})
_DISTANCE: Final = re.compile(
    r"(?:meters?|metres?|yards?|yd|m|k|km|kilomet(?:er|re)s?|miles?|person|point)\b", re.IGNORECASE
)
"""What is run on a track: the 1600 Meter Run."""
_STATE_OR_STREET: Final = frozenset({"CT", "PL"})
"""They end a street written in capitals all over; "Type CT" is none."""
_RURAL_BOX: Final = re.compile(r"[RHS].{0,30}?box (?:# ?)?[a-z]?\d+[a-z]?", re.IGNORECASE)
_PLACED: Final = re.compile(rf"(?:\b{_STATE}\b|{_ZIP})")
_WITH_ZIP: Final = re.compile(rf"[A-Za-z]{{2,}}\.?,? {_ZIP}")
_TOWN_LINE: Final = re.compile(rf"\s{{0,9}}(?:[A-Z][\w'’.\-]{{0,30}},? ){{1,4}}{_STATE}\b\.?,?[ \u00a0]{{1,2}}{_ZIP}")
_NO_NAME: Final = ("the ", "and ", "of ", "y ")
_SURE_WORDS: Final = frozenset(_SURE.casefold().split("|"))
_NO_PLAIN_NAMES: Final = frozenset(
    [*_NO_STREET.replace("?", "").split("|"), *_NO_STREET.replace("s?", "").split("|")]
) | frozenset(_FIRST_IN_STREET.split("|"))
"""Of these the grammar tells more than that they are a street's name."""
_TITLES: Final = frozenset({"dr", "st"})  # Dr. Seuss, St. Mary
_PUNCTUATION: Final = re.compile(r"[^\w\s\-/]")
_SHORT: Final = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "boulevard": "blvd",
    "court": "ct", "circle": "cir", "place": "pl", "parkway": "pkwy", "terrace": "ter", "terr": "ter", "highway": "hwy",
    "trail": "trl", "square": "sq", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne",
    "northwest": "nw", "southeast": "se", "southwest": "sw", "avenida": "ave", "avda": "ave",
}  # fmt: skip


def addresses(text: str, *, announced: bool = False) -> Iterator[Found]:
    """Every postal address of a line of text; its value is number and street in the post office's short forms.

    `announced` tells that the line above, or the table's heading, says that addresses follow.
    """
    starts: list[int] = []
    ends: list[int] = []
    for match in _streets(text):
        confidence = _confidence(text, match, announced)
        if confidence:
            start, end = match.span()
            starts.append(start)
            ends.append(end)
            yield Found(Sort.ADDRESS, start, end, _street(match), confidence, "street")
    if _may_hold_box(text):
        for match in _BOX.finditer(text):
            yield Found(Sort.ADDRESS, match.start(), match.end(), _box(match.group()), 0.95, "box")
    if _CALLE_STEMS.search(text) is not None:
        for match in _CALLE.finditer(text):
            next_one = bisect_right(ends, match.start())
            if next_one == len(ends) or starts[next_one] >= match.end():  # 12 Calle Nueva is told already
                yield Found(Sort.ADDRESS, match.start(), match.end(), shortened(match.group()), 0.9, "street")


def _streets(text: str) -> Iterator[re.Match[str]]:
    """What the grammar takes for number and street. Each begins with a figure, or with a letter of the compass."""
    reach = figures = 0
    grammar = _STREET
    words: tuple[list[int], list[int], list[int]] | None = None
    for figure in _FIGURE.finditer(text):
        first = figure.start()
        if first < reach or not _goes_on(text, figure.end()):
            continue
        if (plain := _plain_street(text, first, reach)) is not None:
            reach = plain.end()
            yield plain
            continue
        figures += 1
        if figures > _MANY_FIGURES:
            words = _street_words(text) if words is None else words
            if not (words[0] or words[1] or words[2]):
                return
            if _is_near(words[0], first):
                grammar = _STREET
            elif _is_near(words[1], first):
                grammar = _STREET_ON_GRID
            elif _is_near(words[2], first):
                grammar = _STREET_BY_TOWN
            else:
                continue
        for start in (first - 2, first - 1, first):
            if start >= reach and (start == first or text[start] in _COMPASS):
                match = grammar.match(text, start)
                if match:
                    reach = match.end()
                    yield match
                    break


def _plain_street(text: str, first: int, reach: int) -> re.Match[str] | None:
    """One that begins with the figure there, and is of the plainest form; None for all that the grammar must tell."""
    if first > reach and (text[first - 1] in _COMPASS or text[max(first - 2, 0)] in _COMPASS):
        return None
    match = _PLAINEST_STREET.match(text, first)
    return match if match is not None and match[1] not in _NO_PLAIN_NAMES else None


def _is_near(words: list[int], first: int) -> bool:
    near = bisect_left(words, first)
    return near < len(words) and words[near] - first <= _LONGEST_STREET


def _street_words(text: str) -> tuple[list[int], list[int], list[int]]:
    """Where words stand of which every street has one, the numbers of streets on a grid, and words of towns; asked for
    once where figures are many.
    """
    streets: list[int] = []
    grids: list[int] = []
    towns: list[int] = []
    for word in _WORD_OR_ZIP.finditer(text):
        written = word.group()
        if " " in written:
            grids.append(word.start())
        elif written.lower() in _STREET_OR_ROUTE:
            streets.append(word.start())
        elif written[0].isdecimal() or written in _STATE_WORDS:
            towns.append(word.start())
    return streets, grids, towns


def _goes_on(text: str, at: int) -> bool:
    """Whether what follows the first figures of a number may be a street: a word, and a number only where streets have
    numbers. Nearly all figures stand before nothing of the kind.
    """
    end = min(at + _LONGEST_NUMBER, len(text))
    while at < end and text[at] != " ":
        if text[at] == "\n":
            return False
        at += 1
    if text.startswith(_HALVES, at):
        at = text.find(" ", at + 1, at + _LONGEST_NUMBER)
    if not 0 < at < len(text) - 1 or text[at] != " ":
        return False
    if text[at + 1].isdecimal():
        return text[at - 1] in _BEFORE_NUMBERED or _NTH.match(text, at + 1) is not None
    end = text.find(" ", at + 1, at + _LONGEST_STREET)
    if not text[at + 1].isalpha() or end < 0 or not text[end + 1 : end + 2].isdecimal():
        return text[at + 1].isalpha()
    # A word and a number: a highway's or a numbered street's. A ZIP code stands behind a street and a town.
    word = text[at + 1 : end].rstrip(".,").lower().encode("utf-8", "replace")
    if word in _STATE_CODES:
        return _STATE_ROUTE.match(text, end + 1) is not None
    return word in _BEFORE_NUMBER or _NTH.match(text, end + 1) is not None


def may_hold_address(seen: Glance) -> bool:
    """Whether there can be any address in a text; quickly told."""
    if not seen.figures:
        return False
    spoken = seen.spoken
    if not SURE_WORDS.isdisjoint(spoken) or is_box_with_dots(seen):
        return True
    if not (
        not _STREET_WORDS.isdisjoint(spoken)
        or (seen.figures >= len(_ZIP_SHAPE) and _ZIP_SHAPE in seen.shapes)
        or ("í" in seen.odd and b"V\xc3\xada" in seen.raw)
        or (not _DIRECTIONS.isdisjoint(spoken) and _GRID.search(seen.raw))
    ):
        return False
    return _NUMBER_AND_WORD.search(seen.raw) is not None


def is_box_with_dots(seen: Glance) -> bool:
    """Whether "P.O.B." stands there, which falls into three words."""
    return seen.spoken >= _BOX_WITH_DOTS and _WRITTEN_WITH_DOTS in seen.raw.lower()


def is_town(line: str) -> bool:
    """Whether a line begins with a town, its state and its ZIP code."""
    return _TOWN_LINE.match(line) is not None


def may_have_street(text: str) -> bool:
    """Whether a plain text has what every number and street begin with; quickly told."""
    return _NUMBER_AND_WORD.search(text.encode("utf-8", "replace")) is not None


def _may_hold_box(text: str) -> bool:
    lowered = text.lower()
    return "box" in lowered or "pob" in lowered or "p.o.b" in lowered or "apartado" in lowered


def _confidence(text: str, match: re.Match[str], announced: bool) -> float:
    """How sure it is that this is where something stands; 0 where it is not."""
    whole = match.group()
    start = match.start()
    before = text[start - _LONGEST_LABEL if start > _LONGEST_LABEL else 0 : start].lower()
    if match.re is _PLAINEST_STREET:
        number = int(whole[: whole.index(" ")])
        return 0.0 if _is_day(before, number) or _is_labelled(before) else _WITH_KIND
    number = _first_number(match["number"])
    if _is_no_street(match, number, before):
        return 0.0
    if match["route"] or match["spanish"]:
        return 0.9
    like_a_year = 1900 <= number <= 2099
    if match["numbered"]:
        return 0.0 if number < _HOUSE or like_a_year else 0.9
    if match["bare"]:
        certain = _WITH_ZIP.search(whole, match.end("bare") - match.start()) and not like_a_year
        # Without a comma it may be "Team 5 Robotics Helena MT 59601", or "Suite 200 Great Falls Montana 59401".
        certain = certain and ("," in whole or (number >= _HOUSE and not _UNIT_BEFORE.search(before)))
        return 0.9 if certain and not _EVENT.search(match["bare"]) and _confirmed(whole) else 0.0
    kind = match["type"].casefold()
    if _PLACED.search(whole, match.end("kind") - match.start()) is not None:
        return 0.97 if _is_confirmed(whole) else 0.0
    a_state = match["type"] in _STATE_OR_STREET and not match["name"].isupper()
    a_title = kind in _TITLES and number < _HOUSE and _CAPITAL.match(text, match.end()) is not None
    told = (kind in _SURE_WORDS and not a_title and not a_state) or announced
    told = told or _CUE.search(text[max(0, start - _REACH_OF_CUE) : start].lower()) is not None
    an_event = not told and _EVENT.search(match["name"]) is not None
    if told or (number > _LAST_HOUR and before.endswith(_AT) and not an_event and not a_state):
        return _WITH_KIND if _is_confirmed(whole) else 0.0
    if number < _HOUSE or like_a_year or an_event or a_state:
        return 0.0
    return 0.85 if _is_confirmed(whole) else 0.0


def _first_number(written: str) -> int:
    """The number of a house, or the first one of several."""
    if written.isdecimal():
        return int(written)
    first = _FIGURE.match(written.lstrip("NSEW "))
    return int(first.group()) if first is not None else 0


def _is_no_street(match: re.Match[str], number: int, before: str) -> bool:
    """Whether what stands before the number, or the words behind it, say that it is a day, a bus, a race."""
    if _is_day(before, number) or (_is_labelled(before) and not _WITH_ZIP.search(match.group())):
        return True
    if not match["kind"]:
        return False
    name = match["name"]
    return name.startswith(_NO_NAME) or (match["type"].casefold() in _RUN and _DISTANCE.match(name) is not None)


def _is_day(before: str, number: int) -> bool:
    """Whether a month stands before the number."""
    return number <= _LAST_DAY and _last_word(before)[:3] in _MONTHS and _CALENDAR.search(before) is not None


def _is_labelled(before: str) -> bool:
    """Whether a word stands before the number of what has a number of its own."""
    return _last_word(before) in _NUMBERED and _LABELLED.search(before) is not None


def _last_word(before: str) -> str:
    """The last word of a text in small letters, behind which only spaces stand and what parts a word from a number."""
    end = len(before)
    while end and (before[end - 1] in ".,#" or before[end - 1].isspace()):
        end -= 1
    begin = end
    while begin and "a" <= before[begin - 1] <= "z":
        begin -= 1
    return before[begin:end]


def _is_confirmed(address: str) -> bool:
    """Whether it surely is a house number and a street: a plain one, as nearly all are, or by `usaddress`."""
    return _PLAIN_STREET.match(address) is not None or _confirmed(address)


@lru_cache(maxsize=1024)
def _confirmed(address: str) -> bool:
    """Whether `usaddress` too reads it as a house number and a street."""
    labels = {label for _, label in usaddress.parse(address)}
    return bool(labels & {"AddressNumber", "AddressNumberPrefix"}) and "StreetName" in labels


def _street(match: re.Match[str]) -> str:
    """Number and street without unit and town: the same street is often written with and without them."""
    if match.re is _PLAINEST_STREET:
        return shortened(match.group())
    parts = match.group("number", "dir", "route", "numbered", "spanish", "name", "kind", "bare")
    return shortened(" ".join([part for part in parts if part]))


def _box(text: str) -> str:
    rural = _RURAL_BOX.match(text)
    if rural is not None:
        return shortened(rural.group())
    number = re.search(r"\d+", text)
    return f"po box {number.group() if number else ''}"


def shortened(street: str) -> str:
    """A street in lower case and the post office's short forms, without punctuation."""
    plain = street.casefold()
    words = (plain if plain.replace(" ", "").isalnum() else _PUNCTUATION.sub(" ", plain)).split()
    return " ".join(_SHORT.get(word, word) for word in words)
