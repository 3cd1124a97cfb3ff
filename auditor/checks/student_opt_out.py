"""A student is shown here whose family asked us to keep this private.

## Why it matters
The family said no in writing, often for a reason that only they know. Some children are hidden for their safety.

## How to fix
Take the name or picture down today. Then tell whoever posted it which students have opted out.

## What it cannot see
Faces without a name. Opt-outs that are not in the roster. Some policies spare public games and concerts. There, one
sentence must name the student and say that they were at the event. It must also say when or where. Practice, classes
and bus rides are no such event.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from auditor.check import CERTAIN, WORTH_ASKING, Answer, Breach, Excused, Seen, check
from auditor.lazy_pattern import LazyPattern
from auditor.masking import Quotes, shown
from auditor.model import Document, Image, Passage, Place, Reading, Severity, Sighting, Sort, Student
from auditor.public_event import hints, told
from auditor.vicinity import Pictures, line, sentence

CONTACT_FIELDS = {Sort.EMAIL: "email", Sort.PHONE: "phone", Sort.ADDRESS: "address"}
PICTURED = frozenset({"photo", "likeness", "name_in_media", "voice"})
"""The fields that speak of pictures and recordings: a name alone, in plain text, is none of them."""
REFUSED = frozenset({"photo", "likeness"})
"""What a family refuses that does not agree to pictures."""
ABOUT_A_PICTURE = frozenset({Place.ALT, Place.CAPTION, Place.FILE_NAME})
RECORDINGS = ("image/", "video/", "audio/")


@dataclass(frozen=True, slots=True)
class Published:
    """What a page shows of a student who opted out; `certain` where nothing about it is in doubt."""

    sighting: Sighting
    certain: bool
    picture: bool = False


@check(reads=Reading, severity=Severity.CRITICAL, needs=frozenset({"roster"}))
def student_opt_out(seen: Seen[Reading]) -> Iterator[Answer]:
    found: dict[tuple[str, Sort], Published] = {}
    excused: dict[str, Excused] = {}
    pictures: Pictures | None = None
    for sighting in seen.subject.sightings:
        if sighting.confidence < WORTH_ASKING and sighting.form != "first":
            continue
        who = [student for student in sighting.students if _covered(seen, student)]
        if not who:
            continue
        pictures = pictures or Pictures(seen.subject)
        published = _published(seen, sighting, who, pictures)
        if published is None:
            continue
        key = (" ".join(sorted(s.pseudonym for s in who)), sighting.sort)
        if isinstance(published, Excused):
            excused[key[0]] = published
        elif key not in found or published.certain > found[key].certain:
            found[key] = published
    yield from excused.values()
    quotes = Quotes(seen.subject, seen.today)
    for (pseudonyms, sort), published in found.items():
        yield _breach(seen, published, quotes, pseudonyms if sort is Sort.STUDENT else published.sighting.token)


def _covered(seen: Seen[Reading], student: Student) -> frozenset[str]:
    """The fields that must stay private for this student under this clause: "*" for everything.

    A family that refuses pictures, and nothing else, has opted out of pictures: by a clause where any opt-out counts,
    and by one that lists likenesses, or pictures only. Another list, in which a photograph is one thing of many, is of
    those who opted out of all of it.
    """
    levels = student.opted_out(seen.today)
    refused = REFUSED if student.photo_consent is False else frozenset[str]()
    if seen.asks("any"):
        return frozenset("*") if levels else refused
    table = seen.options.get("levels")
    fields = {level: frozenset(map(str, names)) for level, names in table.items()} if isinstance(table, dict) else {}
    whole = frozenset().union(*fields.values()) if fields else frozenset[str]()
    covered = (
        frozenset().union(*(fields.get(level, frozenset[str]()) for level in levels)) if levels else frozenset[str]()
    )
    if covered and seen.word("reading") == "union":
        covered = whole
    return covered | (whole & refused) if "likeness" in whole or whole <= PICTURED else covered


def _published(
    seen: Seen[Reading], sighting: Sighting, who: list[Student], pictures: Pictures
) -> Published | Excused | None:
    fields = frozenset().union(*(_covered(seen, student) for student in who))
    certain = sighting.confidence >= CERTAIN and len(who) == len(sighting.students)
    if sighting.sort in CONTACT_FIELDS:
        return Published(sighting, certain) if fields & {"*", CONTACT_FIELDS[sighting.sort]} else None
    if sighting.sort is not Sort.STUDENT:
        return None
    pictured = _pictured(seen.subject, sighting, pictures)
    if sighting.form == "first":
        # Whoever it is, a picture beside the name tells more than the policy lets be told.
        meant = pictured is not None and fields & ({"*", "name"} | PICTURED)
        return Published(sighting, certain=False) if meant else None
    if fields & {"*", "name"}:
        return Published(sighting, certain)
    if pictured is None or not fields & PICTURED:
        return None
    if seen.asks("public_arena") and (event := _public_event(seen.subject, sighting, pictures)) is not None:
        return Excused(event) if event else Published(sighting, certain=False, picture=True)
    return Published(sighting, certain and pictured, picture=True)


def _pictured(reading: Reading, sighting: Sighting, pictures: Pictures) -> bool | None:
    """Whether the name says who is in a picture or recording; None where no picture is near.

    False where a picture or a recording only stands beside it: whom it shows, a person must see.
    """
    passage = reading.document.passages[sighting.passage]
    shown = passage.place in ABOUT_A_PICTURE and _shows_somebody(reading.document, passage)
    if shown or reading.document.media_type.startswith(RECORDINGS):
        return True
    if any(True for _ in pictures.beside(passage.text[sighting.start : sighting.end])):
        return False
    if not _is_beside_a_recording(reading.document, passage.place):
        return None
    around = sentence(passage.text, sighting.start, sighting.end)
    return _TELLS_OF_A_RECORDING.search(passage.text[around.start : sighting.start]) is not None


def _shows_somebody(document: Document, passage: Passage) -> bool:
    """Whether words are about a picture or a recording: a frame with a caption may hold anything."""
    if passage.place is not Place.CAPTION or not passage.about or _RECORDING.search(passage.about):
        return True
    if any(image.url == passage.about for image in document.images):
        return True
    return all(link.tag not in ("iframe", "frame", "embed") for link in document.links if link.url == passage.about)


def _is_beside_a_recording(document: Document, place: Place) -> bool:
    """Whether the page is about a recording, and the words are what is said of it."""
    if not any(link.tag in ("video", "audio") or _RECORDING.search(link.url) for link in document.links):
        return False
    short = sum(len(p.text) for p in document.passages if p.place is Place.BODY) <= _A_SHORT_POST
    return short or place in (Place.TITLE, Place.DESCRIPTION)


_A_SHORT_POST = 600
_TELLS_OF_A_RECORDING = LazyPattern(
    r"^\W*(?:(?:video|audio|recording|film|clip|podcast|grabaci[oó]n|v[ií]deo)(?: (?:of|de))?|watch|listen to"
    r"|mira a|escucha a)\W+$",
    re.IGNORECASE,
)
"""Words before a name that say that it is of who is to be seen or heard."""
_RECORDING = re.compile(
    r"\.(?:mp4|m4v|mov|webm|mp3|m4a|wav)(?:$|\?)|^https?://(?:www\.)?(?:youtube(?:-nocookie)?\.com/embed/"
    r"|player\.vimeo\.com/)",
    re.IGNORECASE,
)


def _public_event(reading: Reading, sighting: Sighting, pictures: Pictures) -> str | None:
    """The evidence that a picture was taken at a public game or performance: which event, and when or where.

    A sentence that names the student has to say that this student was there, and none may tell of something else. ""
    where the words only hint at it, or say both, and a person must look; None where they do not. It repeats no name.
    """
    said = [
        told(around.of(text), text[start:end], f"{line(text, start, end).of(text)} {reading.document.title}")
        for text, start, end in _names(reading, sighting, pictures)
        for around in [sentence(text, start, end)]
    ]
    there = next((one for one in said if one.event and one.when), None)
    everyday = any(one.everyday for one in said)
    if there is not None and not everyday:
        return f'the words beside the picture tell of a public event ("{there.event}" and "{there.when}")'
    if everyday and not any(one.event for one in said):
        return None
    return "" if hints(_around(reading, sighting, pictures)) else None


def _names(reading: Reading, sighting: Sighting, pictures: Pictures) -> Iterator[tuple[str, int, int]]:
    """Where the words of the picture itself name the student; where they do not, the place that does."""
    passage = reading.document.passages[sighting.passage]
    value = passage.text[sighting.start : sighting.end]
    own = passage.place in ABOUT_A_PICTURE and passage.about
    images = [i for i in reading.document.images if i.url == passage.about] if own else list(pictures.beside(value))
    found = False
    for text in dict.fromkeys(words for image in images for words in (image.alt, image.caption) if words):
        for match in islice(re.finditer(re.escape(value), text, re.IGNORECASE), _MOST_MENTIONS):
            found = True
            yield text, match.start(), match.end()
    if own or not found:
        yield passage.text, sighting.start, sighting.end


_MOST_MENTIONS = 5


def _around(reading: Reading, sighting: Sighting, pictures: Pictures) -> str:
    """All that is said near a name: its line, the words of the pictures it is tied to, the page's title."""
    passage = reading.document.passages[sighting.passage]
    value = passage.text[sighting.start : sighting.end]
    words = [line(passage.text, sighting.start, sighting.end).of(passage.text)]
    words += [_about(image) for image in reading.document.images if image.url == passage.about]
    words += [_about(image) for image in pictures.images if value in f"{image.alt} {image.caption}"]
    words += [_about(image) for image in pictures.beside(value)]
    return " ".join([*words, reading.document.title])


def _about(image: Image) -> str:
    return f"{image.alt} {image.caption} {image.near}"


def _breach(seen: Seen[Reading], published: Published, quotes: Quotes, identity: str) -> Breach:
    sighting = published.sighting
    answer = seen.fail if published.certain else seen.review
    what = "picture" if published.picture else "name" if sighting.sort is Sort.STUDENT else "contact data"
    return answer(
        shown(sighting, seen.today),
        identity=identity,
        excerpt=quotes.of(sighting),
        advice=(
            f"Take the {what} down today. This family has opted out."
            if published.certain
            else f"Look whether the {what} is this student's. If so, take it down today: the family has opted out."
        ),
        confidence=sighting.confidence,
    )
