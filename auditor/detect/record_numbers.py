"""Numbers of a person in a text: social security and student numbers, birth dates; in English and in Spanish.

Patterns are for small letters: to compare without regard to case takes several times as long.
"""

import re
from collections.abc import Iterator
from typing import Final

from auditor.detect.found import Found, Parts
from auditor.model import Sort

SSN_GATE: Final = frozenset(["ssn", "ss", "soc", "social", "seguro", "itin", "nss"])
_IDS: Final = """
id pin sid ssid stuid studentid student matr matricula mero numero number account identification
"""
ID_GATE: Final = frozenset(_IDS.split())
_BIRTHS: Final = """
born dob birth birthdate birthdates birthday birthdays bday day o turns turned turning nacido nacida naci nac nacimiento
cumplea cumpleanos cumple
"""
BIRTH_GATE: Final = frozenset(_BIRTHS.split())
"""Plain words without which there is nothing to find; of words with accents their longest part without."""

DAY_SHAPE: Final = re.compile(rb"9[/-]99?[/-]99")
"""What a date in figures looks like at a glance, and much else."""
BEHIND_A_NAME: Final = "behind a name"
"""The form of a date right behind a name: whether it is a birth date, the year tells."""
_PERHAPS: Final = 0.4
_LONGEST_NAME: Final = 60

_CONTEXT: Final = 60

_SSN: Final = re.compile(
    r"(?<![\dA-Z#$@/])(?<!\d[.\- ])(?<!\d/)(?!000|666)(?P<area>\d{3})(?P<by>[\- .])(?!00)\d{2}(?P=by)(?!0000)\d{4}"
    r"(?!\w|[.\-/@]\d| \d)"
)
_SSN_CALLED: Final = re.compile(
    r"\b(?:ssn?(?: ?#)?|soc(?:ial)?\.? ?sec(?:urity)?\.?|seguro social|itin|nss)\b[^\d\n]{0,30}?"
    r"(?P<ssn>(?!000|666)\d{3}(?:[^\w\n]{0,3}|_)(?!00)\d{2}(?:[^\w\n]{0,3}|_)(?!0000)\d{4})(?!\w|[.\-]\d)"
)
_CALLED_OTHERWISE: Final = re.compile(
    r"\b(?:part|phone|tel|telephone|fax|cell|call|text|room|item|model|serial|order|invoice|sku|po)\b"
    r"(?: ?(?:no|number))?\.?\s?[:#]?\s?#?$"
)


def ssns(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """Numbers that the text calls so; and whatever has the shape, in an area where any were given."""
    for begin, end in parts:
        reach = begin
        for match in _SSN_CALLED.finditer(lowered, begin, end):
            yield from _shaped_ssns(text, reach, match.start("ssn"))
            yield _number(Sort.SSN, match.start("ssn"), match["ssn"], 0.98, "ssn")
            reach = match.end()
        yield from _shaped_ssns(text, reach, end)


def _shaped_ssns(text: str, begin: int, end: int) -> Iterator[Found]:
    for match in _SSN.finditer(text, begin, end):
        # Areas from 900 on are no social security numbers, though people call their taxpayer number so.
        before = text[max(0, match.start() - _LONGEST_LABEL) : match.start()].lower()
        if match["area"] < "900" and _CALLED_OTHERWISE.search(before) is None:
            yield _number(Sort.SSN, match.start(), match.group(), 0.9 if match["by"] == "-" else 0.6, "ssn")


_LONGEST_LABEL: Final = 30


def _number(sort: Sort, start: int, written: str, confidence: float, form: str) -> Found:
    value = re.sub(r"[\W_]", "", written).casefold()
    return Found(sort, start, start + len(written), value, confidence, form)


_ID_CALLED: Final = re.compile(
    r"(?P<veto>\b(?:meeting|zoom|webinar|conference|event|class|course|vendor|tax|federal|employer|product|item|order"
    r"|transaction|game|apple|google|district|school|nces|org|team|group|voter|staff|employee|teacher|parent|patron|site"
    r"|client|customer|bill|channel|video|post|license|permit|bid|project|access|conference call|dial-?in|phone|case"
    r"|tracking|confirmation|model|serial|account|part|room|bus|route|check|invoice|duns|ein|fein|fed|usatf|uscf|fide|aau|usta"
    r"|organi[sz]ation|facebook|fb|instagram|twitter|youtube|tiktok|ticket|photo|asset|page|book|member(?:ship)?|player"
    r"|user|bib|business|company|caller|wi-?fi|network) )?"
    r"\b(?P<cue>(?:student|stu|pupil|lunch|cafeteria|meal|perm(?:anent)?|state|scholar)(?:['’]s)?"
    r"(?:[ _]|(?=id\b))(?:id(?:entification)?(?:[ _](?:number|no\.?|card))?|i\.d\.?(?: (?:number|no\.?))?"
    r"|number|no\.?|pin(?: number)?|account(?: number)?|code)"
    r"|student ?(?=# ?\d{5,12}(?!\w))|ssid"
    r"|(?:n[uú]mero de )?matr[ií]cula|(?:n[uú]mero|id|pin) de(?:l)? (?:estudiante|alumn[oa]|identificaci[oó]n)"
    r"|(?P<plain>id ?(?:number|no\.?|card number)|id(?= ?[#:])|pin(?= ?[#:])"
    r"|(?P<capitals>id(?= \d)|pin(?: number)?|sid(?=[ :#=])))"
    r")(?!\w)[\s:=#(\"']{0,4}(?:(?:number|no\.?|is|was|es|are|n[uú]mero)[\s:#\"']{1,3})?"
    r"(?P<id>(?=[a-z\-]{0,6}\d)[a-z0-9][a-z0-9\-]{2,14})(?![\w@]|[./:]\d)"
)
"""Of a text's small letters; `capitals` are words that count only in capitals."""
_DATE_SHAPE: Final = re.compile(r"\d{1,4}-\d{1,2}-\d{1,4}|(?:19|20)\d\d-(?:19|20)?\d\d|\d{3}-\d{4}|\d{3}-\d{3}-\d{4}")
_FEWEST_DIGITS: Final = 3
_PIN: Final = re.compile(r"[a-z]{0,2}\d+")
_IN_IDAHO: Final = re.compile(r"83[2-8]\d\d(?:-\d{4})?")
"""ZIP codes behind the short form of a state: "Boise, ID 83702"."""


def student_ids(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """Numbers of students, lunch accounts and the like, only where the text calls them so."""
    for match in (match for begin, end in parts for match in _ID_CALLED.finditer(lowered, begin, end)):
        shouted = text[match.start("capitals") : match.end("capitals")].partition(" ")[0] if match["capitals"] else ""
        written = match["id"].strip("-")
        if match["capitals"] and not shouted.isupper():
            continue
        size, digits = len(written.replace("-", "")), sum(map(str.isdigit, written))
        if not 4 <= size <= 12 or digits < _FEWEST_DIGITS or _DATE_SHAPE.fullmatch(written):
            continue
        if match["plain"]:
            if match["plain"].startswith("pin") and not _PIN.fullmatch(written):
                continue
            if match["capitals"] == "id" and _IN_IDAHO.fullmatch(written):
                continue
            far = lowered[max(0, match.start() - _CONTEXT) : match.start()]
            if match["veto"] or any(word in far for word in ("meeting", "webinar", "zoom", "dial", "conference")):
                continue
        yield _number(Sort.STUDENT_ID, match.start("id"), written, 0.75 if match["plain"] else 0.95, "id")


_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre"
    r"|diciembre)"
)
_STEMS: Final = "jan feb mar apr may jun jul aug sep oct nov dec ene abr ago embre"
_MONTH_STEMS: Final[tuple[str, ...]] = tuple(_STEMS.split())
"""One of them is in each of these words, in small letters."""
_YEAR: Final = r"(?P<{0}>(?:1[89]|20)\d\d|['’]?\d\d(?!\d))"
DATE: Final = (
    # Told at once of most words that none begins there.
    r"(?=\d|jan|feb|mar|apr|may|jun|jul|aug|sep|set|oct|nov|dec|ene|abr|ago|dic)"
    rf"(?:(?P<a>\d{{1,2}})[/.\-](?P<b>\d{{1,2}})[/.\-](?:{_YEAR.format('y1')})|(?P<y2>(?:19|20)\d\d)[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:(?:,| of|,? in)? ?{_YEAR.format('y3')})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of| de|[ \-])? ?{_MONTH}\b\.?(?:(?:,|-| del?)? ?{_YEAR.format('y4')})?"
    rf"|{_MONTH}\.?,? (?:of |de(?:l)? )?(?P<y5>20\d\d)\b)(?!\d|[/\-]\d)"
)
_BORN: Final = (
    r"(?:(?P<sure>d\.?o\.?b\.?|(?:date of birth|birth ?date)(?:s)?|fecha de nac(?:imiento|\.)?|f\. ?nac\.?|nacimiento)"
    r"|born|birthdays?|b-?days?|turn(?:s|ed|ing) \d{1,2}|nacid[oa]s?|naci[oó]|cumplea[nñ]os"
    r"|cumple(?: \d{1,2} a[nñ]os)?)"
)
_BORN_ON: Final = re.compile(
    rf"(?<!\w){_BORN}(?!\w)(?P<gap>[^\d\n.!?;]{{0,40}}?|[ \t]*:?[ \t]*\n)(?<!\w)(?P<date>{DATE})"
)
_ON_BORN: Final = re.compile(
    rf"(?<![\d/\-.])(?<!\w)(?P<date>{DATE})(?:\s?[(,:\-–]?\s?(?:is |was |es )?(?:the |my |his |her |our |el )?)"
    rf"{_BORN}(?!\w)(?! (?:on|in|el|en)\b)"
)
_NOT_BORN: Final = re.compile(
    r"party|parties|celebrat|fundrais|sale\b|parade|wishes|book club|dance|fiesta|table|treats|cupcake|snack|assembly"
)
_FAMOUS: Final = re.compile(
    r"\b(?:seuss|king|kings|washington|lincoln|president|presidents?|nation|america|school|district|chavez|franklin"
    r"|constitution|texas|state|marine corps|jesus|christ|army|navy|jefferson|parks|tubman|shakespeare|roosevelt)"
    r"(?:['’]?s?['’]?)? ?$"
)
_APOSTROPHES: Final = "'’"
_LONG_AGO: Final = 1930


def birth_dates(text: str, lowered: str, parts: Parts) -> Iterator[Found]:
    """Dates beside a word of birth; those of parties and of famous people are left out."""
    for begin, end in parts:
        for pattern in (_BORN_ON, _ON_BORN) if _may_hold_date(lowered[begin:end]) else ():
            for match in pattern.finditer(lowered, begin, end):
                if (found := _birth_date(lowered, match, match["gap"] if pattern is _BORN_ON else "")) is not None:
                    yield found
        yield from _listed_birth_dates(text, lowered, begin, end)


def days_behind_names(text: str, _lowered: str, parts: Parts) -> Iterator[Found]:
    """Whole dates right behind a name: "Jane Doe (4/12/16)". Whether they are birth dates, only the year tells."""
    for begin, end in parts:
        for match in _DAY.finditer(text, begin, end):
            before = text[max(0, match.start() - _LONGEST_NAME) : match.start()]
            if _is_day(int(match["a"]), int(match["b"])) and _NAME_ENDS.search(before) is not None:
                yield Found(Sort.BIRTH_DATE, match.start(), match.end(), match.group(), _PERHAPS, BEHIND_A_NAME)


def _may_hold_date(lowered: str) -> bool:
    """Whether there is a month, or a sign that parts day and month between figures; quickly told."""
    if any(stem in lowered for stem in _MONTH_STEMS):
        return True
    return any(lowered[at] in "/.-" and lowered[at - 1].isdecimal() for at in range(1, len(lowered)))


def _listed_birth_dates(text: str, lowered: str, begin: int, end: int) -> Iterator[Found]:
    """Dates in a list of birthdays: beside a name in the heading's line, and in the lines below it that have one."""
    at = begin
    for heading in _BIRTHDAYS.finditer(lowered, begin, end):
        if heading.start() < at or _is_famous(lowered, heading.start()):
            continue
        at = heading.end()
        for n in range(_LONGEST_LIST):
            close = text.find("\n", at)
            close = close if close >= 0 else len(text)
            entries = list(_listed(text, lowered, at, min(close, at + _LONGEST_LINE)))
            if n and not entries and close > at:
                break
            yield from entries
            at = min(close + 1, len(text))


def _listed(text: str, lowered: str, begin: int, end: int) -> Iterator[Found]:
    if not _may_hold_date(lowered[begin:end]) or _NOT_BORN.search(lowered, begin, end):
        return
    dates = list(_LISTED_DATE.finditer(lowered, begin, end))
    edges = [begin, *(edge for date in dates for edge in date.span()), end]
    for n, date in enumerate(dates):
        beside = (text[edges[2 * n] : date.start()], text[date.end() : edges[2 * n + 3]])
        if not any(map(_is_entry, beside)) or (date["month"] and not _is_day(int(date["month"]), int(date["day"]))):
            continue
        value = " ".join(date.group().casefold().split())
        yield Found(Sort.BIRTH_DATE, date.start(), date.end(), value, _LISTED_DAY, "date")


def _is_entry(words: str) -> bool:
    """Whether a date's neighbours are a name and hardly more."""
    return _NAMED.search(words) is not None and len(_SMALL_WORD.findall(words)) <= _MOST_SMALL_WORDS


def _birth_date(lowered: str, match: re.Match[str], gap: str) -> Found | None:
    """The date of a match, if it is one of somebody's birth; `gap` is what stands before it and behind its word."""
    sure = match["sure"] is not None
    year = next(filter(None, match.group("y1", "y2", "y3", "y4", "y5")), "")
    long_ago = len(year) == len("2026") and int(year) < _LONG_AGO
    if not sure and (
        long_ago
        or _NOT_BORN.search(gap)
        or _NOT_BORN.match(lowered, match.end() + 1)
        or _is_famous(lowered, match.start())
    ):
        return None
    if match["a"] and not _is_day(int(match["a"]), int(match["b"])):
        return None
    start, end = match.span("date")
    written = lowered[start:end].rstrip(" ,.-")
    confidence = 0.97 if sure else 0.9 if year else 0.75
    return Found(Sort.BIRTH_DATE, start, start + len(written), " ".join(written.split()), confidence, "date")


def _is_famous(lowered: str, at: int) -> bool:
    """Whether the word in front of a place in a text is of somebody or something that everybody knows."""
    before = lowered[max(0, at - _CONTEXT) : at]
    last = before.rstrip()[-1:]
    return (last.isalpha() or last in _APOSTROPHES) and _FAMOUS.search(before) is not None


def _is_day(a: int, b: int) -> bool:
    return 1 <= min(a, b) <= 12 and 1 <= max(a, b) <= 31


_DAY: Final = re.compile(
    r"(?<![\w/.\-$#])(?P<a>\d{1,2})(?P<by>[/.\-])(?P<b>\d{1,2})(?P=by)(?:(?:19|20)\d\d|\d\d)(?![\w/\-]|\.\d)"
)
_NAME_ENDS: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]+,? [A-ZÀ-ÖØ-Þ][\w'’-]+,?(?: [–-])? \(?(?:b\.? ?)?$")
_BIRTHDAYS: Final = re.compile(
    r"(?<!\w)(?:(?:birth ?days|b-?days|cumplea[nñ]os|cumplea[nñ]er[oa]s)(?!['’]?\w)"
    r"|(?:happy birthday|feliz cumplea[nñ]os),? (?:to|a)\b)"
)
"""The heading of a list of several people's birthdays."""
_LISTED_DATE: Final = re.compile(rf"(?<![\d/\-.])(?<!\w)(?:{DATE}|(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})(?![\d/\-]))")
_NAMED: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][^\W\d_](?:[^\W\d_]|[ -][A-ZÀ-ÖØ-Þ])")
_SMALL_WORD: Final = re.compile(r"(?<!\w)[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_]+")
_MOST_SMALL_WORDS: Final = 2
_LISTED_DAY: Final = 0.75
_LONGEST_LIST: Final = 60
_LONGEST_LINE: Final = 400
