"""The one place where values are made unreadable.

Masks have a fixed length, whatever they hide: a mask as long as the name would give the name away to anyone with a
class list. Every sink (store, report, log, terminal) shows only what comes out of here.
"""

import base64
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote

from auditor.common_words import COMMON, OFFICES, OWNERS
from auditor.model import Passage, Place, Reading, Sighting, Sort
from auditor.outlets.calls import is_call
from auditor.unrecognised import without_unrecognised

MASK: Final = "***"
WIDTH: Final = 160
"""How many characters of a text an excerpt shows, about."""

_WORD = re.compile(r"[^\W\d_]+")
_NAME_PART = re.compile(r"[^\s,;\-‐‑‒–—_./|&+#@]+")
_NAME_GLUE = re.compile(r"\s*,\s*|[-‐‑–_]")
_SHOWN_TLDS = frozenset({"com", "org", "net", "edu", "gov", "us"})
_STREET_TYPE = re.compile(
    r"\b(St|Street|Ave|Avenue|Rd|Road|Dr|Drive|Ln|Lane|Blvd|Boulevard|Ct|Court|Cir|Circle|Pl|Place|Way|Hwy|Highway"
    r"|Pkwy|Parkway|Ter|Terrace|Trl|Trail|Loop|Sq|Square)\b",
    re.IGNORECASE,
)
_BOX = re.compile(r"\bbox\b|\bapartado\b|\bP\.?\s?O\.?\s?B", re.IGNORECASE)
_WRITTEN = re.compile(r"\S")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_DIGITS = re.compile(r"\d[\d\s().\-‐‑–—/]{2,}\d")
_CODED = re.compile(
    r"(?<![\w+/=])(?=[A-Za-z0-9+/]{7})(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}={0,2}|[A-Za-z0-9+/]{3}=?)?(?![\w+/=])"
)
_PEOPLE: Final = frozenset({Sort.STUDENT, Sort.PERSON})
_LAST_NAME: Final = "last"
_OBSCENE: Final = frozenset({Sort.PROFANITY, Sort.SLUR})
# Phrases of a fixed grammar, which hold nobody's name: whoever is to judge them has to read them.
_SAID: Final = frozenset({Sort.THREAT, Sort.INSULT, Sort.SUBSTANCE, Sort.POLITICAL, Sort.SELLING})
_FIXED: Final = {
    Sort.PHONE: "***-***-****",
    Sort.SSN: "***-**-****",
    Sort.BIRTH_DATE: "**/**/****",
}


def mask_name(name: str) -> str:
    """A person's name as initials in the order of the text: "Jane Doe" -> "J*** D***", "Doe, Jane" -> "D***, J***".

    Also for handles and slugs, whose words cannot be told apart: "@janedoe" -> "@J***".
    """
    text = _cleaned(name)
    parts = list(_NAME_PART.finditer(text))
    if not parts:
        return MASK
    masked = "@" if text.startswith("@") else ""
    for n, part in enumerate(parts):
        if n:
            masked += _glue(text[parts[n - 1].end() : part.start()])
        masked += _initial(part.group()) + MASK
    return masked


def mask_email(address: str) -> str:
    """An e-mail address as its initial and a common ending: "anna@mail.example" -> "a***@***"."""
    local, _, host = _cleaned(address).rpartition("@")
    ending = host.rpartition(".")[2].casefold()
    return f"{_initial(local).casefold()}{MASK}@{MASK}" + (f".{ending}" if ending in _SHOWN_TLDS else "")


def mask_phone(_number: str = "") -> str:
    """Every telephone number alike."""
    return _FIXED[Sort.PHONE]


def mask_address(address: str) -> str:
    """A postal address without number, name or town; only what kind of place it is: "*** *** St", "PO Box ***"."""
    if _BOX.search(address):
        return f"PO Box {MASK}"
    kinds = _STREET_TYPE.findall(_cleaned(address))
    return f"{MASK} {MASK} {kinds[-1].capitalize()}" if kinds else f"{MASK} {MASK}"


def mask_value(sort: Sort, text: str) -> str:
    """The mask that fits what was recognised."""
    if sort in _PEOPLE:
        return mask_name(text)
    if sort is Sort.EMAIL:
        return mask_email(text)
    if sort is Sort.ADDRESS:
        return mask_address(text)
    if sort in _OBSCENE:
        return (_initial(text) + MASK).lower()
    if sort in _SAID:
        return _cleaned(text)
    return _FIXED.get(sort, MASK)


def shown(sighting: Sighting, day: date | None = None) -> str:
    """What may be shown in place of a sighting: its mask, or on a day given, the pseudonym of whoever opted out."""
    if day is None or sighting.sort not in _PEOPLE:
        return sighting.masked
    names = sorted(s.pseudonym for s in sighting.students if s.opted_out(day))
    return f"student {' or '.join(names)}" if names else sighting.masked


class Quotes:
    """Excerpts from one document, which know of everybody recognised anywhere in it.

    Costs nothing until the first one is asked for, and little for the next ones.
    """

    def __init__(self, reading: Reading, day: date | None = None) -> None:
        self._reading, self._day = reading, day
        self._known: Known | None = None
        self._spans: dict[int, list[_Span]] = {}
        self._beside_pictures: tuple[str, ...] | None = None

    def of(self, focus: Sighting, width: int = WIDTH) -> str:
        """The excerpt around a sighting of this document."""
        passages = self._reading.document.passages
        if self._known is None:
            seen = self._reading.sightings
            self._known = Known.of((s, passages[s.passage].text[s.start : s.end]) for s in seen)
        if focus.passage not in self._spans:
            beside = [s for s in self._reading.sightings if s.passage == focus.passage]
            self._spans[focus.passage] = _spans(beside, self._day)
        passage = passages[focus.passage]
        if self._beside_pictures is None:
            said = {words for image in self._reading.document.images for words in (image.near, image.caption)}
            self._beside_pictures = tuple(filter(None, map(_squeezed, said)))
        found = _excerpt(passage.text, self._spans[focus.passage], focus, self._known, width, self._beside_pictures)
        where = _unseen_place(passage)
        return f"{where}: {found}" if where else found


def _unseen_place(passage: Passage) -> str:
    """Where to look for words that do not stand on the page itself; "" for those that do."""
    if passage.place is Place.ADDRESS and is_call(passage.about):
        return "Behind a link"
    if passage.place is Place.ALT and not passage.about:
        return "In a label, a field or a hidden description"
    return _UNSEEN_PLACES.get(passage.place, "")


_UNSEEN_PLACES: Final = {
    Place.FILE_NAME: "In the name of a file",
    Place.ADDRESS: "In the address of the page",
    Place.ALT: "In the hidden description of a picture",
    Place.DESCRIPTION: "In the summary for search engines",
}


def quote(reading: Reading, focus: Sighting, day: date | None = None, width: int = WIDTH) -> str:
    """A single excerpt from a document; for several of one document use `Quotes`."""
    return Quotes(reading, day).of(focus, width)


def masked(text: str, sightings: Iterable[Sighting], day: date | None = None) -> str:
    """The whole text on one line, with every sighting in it masked, and whatever echoes one."""
    own = list(sightings)
    if not own:
        return _tame(text, _NOBODY).strip()
    known = Known.of((s, text[s.start : s.end]) for s in own)
    return _masked(text, _spans(own, day), known, 0, 0, len(text)).strip()


SAYS_LITTLE: Final = 4
"""Characters around a name below which its line does not tell what it is about."""


def excerpt(
    text: str, sightings: Iterable[Sighting], focus: Sighting, width: int = WIDTH, *, day: date | None = None
) -> str:
    """One line of `text` around `focus`, with every sighting in it masked.

    `sightings` are those of this same text. Whatever else in the line repeats a word of a recognised name or a number
    of a recognised value is masked too: a lone first name, a handle, a file name. `day` shows opted-out students as
    pseudonyms. Whitespace is one space; control, zero-width and direction-changing characters are gone.
    """
    own = [*sightings, focus]
    known = Known.of((s, text[s.start : s.end]) for s in own)
    return _excerpt(text, _spans(own, day), focus, known, width)


def _excerpt(
    text: str,
    spans: "list[_Span]",
    focus: Sighting,
    known: "Known",
    width: int,
    beside_pictures: Collection[str] = (),
) -> str:
    reach = 3 * width + 40
    number = bisect_right(spans, focus.start, key=lambda span: span.start) - 1
    here = spans[number]
    begin, close = _block(text, spans, here, beside_pictures)
    left = _masked(text, spans, known, number, max(begin, here.start - reach), here.start)
    right = _masked(text, spans, known, number, here.end, min(close, here.end + reach))
    room = max(0, width - len(here.shown))
    keep_left = min(len(left), max(room // 2, room - len(right)))
    return (
        _tail(left, keep_left, whole=here.start - begin <= reach)
        + here.shown
        + _head(right, room - keep_left, whole=close - here.end <= reach)
    ).strip()


def _block(text: str, spans: "list[_Span]", here: "_Span", beside_pictures: Collection[str]) -> tuple[int, int]:
    """Where the block around a place begins and ends, as a reader sees it.

    One that says nothing more takes the line above along: a menu has nothing to do with the news below it, a heading
    has. Rather than that, the line below is taken where it says what somebody is; beside a picture, the one that stands
    there too, be it above or below. None is that names somebody or belongs to another picture: it speaks of others.
    `beside_pictures`: what stands beside each, without its spaces.
    """
    begin, close = _line(text, here.start, here.end)
    if len(text[begin : here.start].strip()) + len(text[here.end : close].strip()) >= SAYS_LITTLE:
        return begin, close
    name = _squeezed(text[begin:close])
    own = [words for words in beside_pictures if name in words]
    others = [words for words in beside_pictures if name not in words]
    above, below = _line_above(text, begin), _line_below(text, close)
    if above:
        words = _squeezed(text[slice(*above)])
        if _names_somebody(spans, *above) or any(words in beside for beside in others):
            above = None
        elif any(words + name in beside for beside in own):
            return above[0], close
    if own and below and not _names_somebody(spans, *below):
        words = _squeezed(text[slice(*below)])
        if any(name + words in beside for beside in own) and not any(b.startswith(words) for b in others):
            return begin, below[1]
    told_above = above is not None and _says_who(text[slice(*above)])
    if below and not told_above and _says_who(text[slice(*below)]) and not _names_somebody(spans, *below):
        return begin, below[1]
    return (above[0] if above else begin), close


def _says_who(line: str) -> bool:
    """Whether a line beside a name is short and tells that a student bears it: "Class of 2027"."""
    return len(line) <= _SHORT_LINE and _WHO.search(line) is not None


_SHORT_LINE: Final = 60
_WHO: Final = re.compile(
    r"\b(?:grade(?:rs?)?|class of|kindergart\w+|freshman|sophomore|junior|senior|student|captain|president|treasurer"
    r"|secretary|representative|estudiante|alumn[oa]|grado)\b",
    re.IGNORECASE,
)
_FAR: Final = 1000
"""Blank characters above a line beyond which nothing belongs to it."""


def _line_above(text: str, begin: int) -> tuple[int, int] | None:
    before = text[max(0, begin - _FAR) : begin]
    end = begin - len(before) + len(before.rstrip())
    return _line(text, end, end) if before.strip() else None


def _line_below(text: str, close: int) -> tuple[int, int] | None:
    behind = _WRITTEN.search(text, close)
    return _line(text, behind.start(), behind.start()) if behind else None


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    close = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if close < 0 else close


def _names_somebody(spans: "list[_Span]", start: int, end: int) -> bool:
    return any(span.somebody and span.start < end and span.end > start for span in spans)


def _squeezed(text: str) -> str:
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class Known:
    """The words and numbers of recognised values, folded, so that their echoes can be masked as well."""

    words: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, recognised: Iterable[tuple[Sighting, str]]) -> "Known":
        """What recognised values are made of: the words of names, the digits of numbers."""
        words: set[str] = set()
        joined: set[str] = set()
        numbers: set[str] = set()
        for sighting, value in recognised:
            parts = list(_names_in(sighting, _cleaned(value)))
            words.update(parts)
            joined.update(a + b for a in parts for b in parts if a != b)
            if sighting.sort in _NUMBERED:
                digits = re.sub(r"\D", "", value)
                runs = (digits, digits[-10:], digits[-7:], *re.findall(r"\d+", value))
                numbers.update(run for run in runs if len(run) > 3)
        return cls(frozenset(words), frozenset(joined), frozenset(numbers))

    def hidden(self, text: str) -> str:
        """The text with every echo masked, and every number or mailbox that somebody could be called or known by."""
        if self.words or self.joined:
            text = _WORD.sub(self._word, text)
        if self.numbers:
            text = _DIGITS.sub(lambda m: self._number(m.group()), text)
        return without_unrecognised(_CODED.sub(_without_readable, text))

    def _word(self, found: re.Match[str]) -> str:
        word = found.group()
        folded = _folded(word)
        if folded in self.words:
            return word if folded in COMMON and _stands_in_a_sentence(found) else _initial(word) + MASK
        return _initial(word) + MASK if folded in self.joined or self._holds_joined(folded) else word

    def _holds_joined(self, folded: str) -> bool:
        """Whether first and last name written as one stand inside a longer word: "teamjanedoe"."""
        last = min(len(folded), _LONGEST_WORD)
        return any(
            folded[start:end] in self.joined
            for start in range(last - _JOINED_INSIDE + 1)
            for end in range(start + _JOINED_INSIDE, min(last, start + _LONGEST_JOINED) + 1)
        )

    def _number(self, run: str) -> str:
        if re.sub(r"\D", "", run) in self.numbers:
            return "****"
        return re.sub(r"\d{4,}", lambda m: "****" if m.group() in self.numbers else m.group(), run)


_NOBODY: Final = Known()


def _without_readable(found: re.Match[str]) -> str:
    """A mask for what is a text in base64, which anybody could read; anything else as it stands."""
    coded = found.group()
    if coded.isalpha() and (coded.islower() or coded[1:].islower() or coded.isupper()):
        return coded
    try:
        text = base64.b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except ValueError:
        return coded
    return MASK if text.isprintable() else coded


def _names_in(sighting: Sighting, value: str) -> Iterator[str]:
    """The folded words of a recognised value by which its owner could be known elsewhere in the text.

    Of a person's name, all of them; of a user name none, whose pieces are words of every day. Of an e-mail address its
    mailbox: the host says where the mail goes, and only where the mailbox stands for its owner ("me@") can the host be
    a name ("@dunmore.example").
    """
    if sighting.form == _LAST_NAME:
        return  # wherever it stands as a name, it is recognised itself
    if sighting.sort in _PEOPLE:
        yield from _words_of(value)
    elif sighting.students and sighting.sort is Sort.EMAIL:
        mailbox, _, host = value.partition("@")
        named = host.rpartition(".")[0] if OWNERS.issuperset(_words_of(mailbox)) else mailbox
        yield from (word for word in _words_of(named) if word not in OFFICES)
    elif sighting.students and sighting.sort is not Sort.STUDENT_ID:
        yield from _words_of(value)


def _words_of(value: str) -> Iterator[str]:
    return (word for word in map(_folded, _WORD.findall(value)) if len(word) > 1)


def _stands_in_a_sentence(found: re.Match[str]) -> bool:
    """Whether a word is in lower case, and no piece of something longer: a handle, an address, the name of a file."""
    text, word = found.string, found.group()
    around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 2].rstrip(".")[:1]
    return word == word.lower() and not any(c in _GLUE or c.isdigit() for c in around)


_GLUE: Final = frozenset("-_./@#+=&%~\\")
_JOINED_INSIDE: Final = 7
_LONGEST_JOINED: Final = 30
_LONGEST_WORD: Final = 80
_NUMBERED: Final = frozenset({Sort.PHONE, Sort.SSN, Sort.STUDENT_ID, Sort.BIRTH_DATE, Sort.ADDRESS})


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    shown: str
    somebody: bool
    """Whether it is a person's name."""


def _spans(sightings: Iterable[Sighting], day: date | None) -> list[_Span]:
    """The sightings in the order of the text, overlapping ones as one: a pseudonym wins, then the longest."""
    groups: list[list[Sighting]] = []
    reach = -1
    for s in sorted(set(sightings), key=lambda s: (s.start, -s.end)):
        if s.start < reach:
            groups[-1].append(s)
        else:
            groups.append([s])
        reach = max(reach, s.end)
    return [_span(group, day) for group in groups]


def _span(group: list[Sighting], day: date | None) -> _Span:
    best = max(group, key=lambda s: (shown(s, day) != s.masked, s.end - s.start))
    somebody = any(s.sort in _PEOPLE for s in group)
    return _Span(group[0].start, max(s.end for s in group), shown(best, day), somebody)


def _masked(text: str, spans: "list[_Span]", known: "Known", near: int, start: int, end: int) -> str:
    """A stretch of the text before or behind the span `near`, cleaned, with what was recognised in it replaced.

    Echoes are hidden in the text alone: what stands in place of a recognised value, a pseudonym too, stays whole.
    """
    first = last = near
    while first > 0 and spans[first - 1].end > start:
        first -= 1
    while last + 1 < len(spans) and spans[last + 1].start < end:
        last += 1
    pieces = []
    at = start
    for span in spans[first : last + 1]:
        if span.end <= start or span.start >= end:
            continue
        pieces += [_tame(text[at : max(at, span.start)], known), span.shown]
        at = span.end
    pieces.append(_tame(text[at : max(at, end)], known))
    return re.sub(r" +", " ", "".join(pieces))


def _tame(text: str, known: "Known") -> str:
    """Text beside what was recognised, unescaped and cleaned, in which every echo is hidden."""
    if "%" in text:
        text = _ESCAPED.sub(lambda m: unquote(m.group()), text)
    return known.hidden(_cleaned(text))


def _cleaned(text: str) -> str:
    """Whitespace as one space; no control, zero-width, direction-changing or unassigned characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return re.sub(r"\s+", " ", text)


def _tail(text: str, room: int, *, whole: bool) -> str:
    """The last characters of a text, at most `room`, from the beginning of a word."""
    if whole and len(text) <= room:
        return text
    kept = text[len(text) - room :] if room else ""
    if len(text) <= room or not text[len(text) - room - 1].isspace():
        space = kept.find(" ")
        kept = kept[space + 1 :] if space >= 0 else (kept if _has_whole_words(kept) else "")
    return "… " + kept.lstrip()


def _head(text: str, room: int, *, whole: bool) -> str:
    """The first characters of a text, at most `room`, up to the end of a word."""
    if whole and len(text) <= room:
        return text
    kept = text[:room]
    if len(text) <= room or not text[room].isspace():
        space = kept.rfind(" ")
        kept = kept[:space] if space >= 0 else (kept if _has_whole_words(kept) else "")
    return kept.rstrip() + " …"


def _glue(between: str) -> str:
    """What stands between two parts of a masked name: a comma or a hyphen where the text has one, else a space."""
    mark = _NAME_GLUE.search(between)
    if mark is None:
        return " "
    return ", " if "," in mark.group() else "-"


def _initial(word: str) -> str:
    """The first letter, as a capital; nothing where a letter says more than an initial, or where there is none."""
    letter = word[0] if word[:1].isalpha() else next((c for c in word if c.isalpha()), "")
    if not letter or _has_whole_words(letter):
        return ""
    return letter.upper()[:1]


def _has_whole_words(text: str) -> bool:
    """Whether a letter in it is a whole syllable or word: an "initial" would be the family name itself.

    Scripts of East Asia. As a pattern, so many letters took longer to get ready than all others of this module.
    """
    return not text.isascii() and any(
        "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\ufaff" or "\U00020000" <= letter <= "\U0003ffff"
        for letter in text
    )


def _folded(word: str) -> str:
    """Lower case without accents, so that an echo is known in whatever way it is written."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
