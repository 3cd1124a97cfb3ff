"""A picture says which student is in it, or shows students where the policy wants no picture.

## Why it matters
A face with a name is all that a stranger needs to know a child on the street.

## How to fix
Take the name out of the caption, the picture's description and its file name. Or take the picture down.

## What it cannot see
Who is in a picture that no words describe. We read what stands in, under and around it, and no face.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from auditor.check import CERTAIN, NO_ROSTER, WORTH_ASKING, Answer, Breach, Seen, Unknown, check
from auditor.lazy_pattern import LazyPattern
from auditor.masking import WIDTH, Quotes, masked, shown
from auditor.model import (
    AccountFacts,
    Document,
    Image,
    Kind,
    Passage,
    Place,
    Reading,
    Severity,
    Sighting,
    Sort,
    Student,
)
from auditor.vicinity import Pictures, Signed, may_show_people, sentence, signs

MOST = 300
"""So many names, and so many pictures that name nobody, are noted of one page."""

_IN_A_PICTURE = frozenset({Place.ALT, Place.CAPTION, Place.FILE_NAME})
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|heic|tiff?|bmp)$", re.IGNORECASE)
_WORK = LazyPattern(
    r"(?<![^\W_])(?:drawing|painting|artwork|self[- ]portrait|poem|essay|story|letter|project|poster|flyer|sculpture"
    r"|collage|sketch|certificate|screenshot|quilt|dibujo|pintura|poema|ensayo|cuento|carta|proyecto|cartel|obra)s?"
    r"(?![^\W_])",
    re.IGNORECASE,
)
"""What a student made, and is perhaps not in."""
_CREDIT = re.compile(
    r"(?:(?:photo(?:graph)?|picture|image|foto|fotograf[ií]a)s?(?: (?:taken|shot|tomada))? (?:by|por)"
    r"|courtesy(?: of)?|credits?(?: to)?|©|cortes[ií]a de|cr[eé]ditos?)\s*:?\s*$",
    re.IGNORECASE,
)
"""Who took the picture is not in it."""
_MADE_BY = re.compile(r"(?:^|\W)(?:by|por|photo|foto)\s*:?\s*$", re.IGNORECASE)
_REACH = 40
_POINTING = re.compile(
    r"\b(?:pictured|(?:shown|seen) (?:here|above|below|left|right)|in (?:the|this) (?:photo|picture)|photographed"
    r"|from (?:the )?left|left to right|l-r|(?:top|bottom|front|back|middle) row|(?:above|below|left|right|center):"
    r"|en la foto|de izquierda a derecha)(?!\w)|\((?:left|right|center|middle|front|back|izquierda|derecha)\)",
    re.IGNORECASE,
)
"""Words of a text that point at a picture."""
_GROUP = LazyPattern(
    r"\b(?:students?|pupils?|children|kids|class(?:es|mates?)?|friends|team ?mates?|kindergart(?:e)?ners|preschoolers"
    r"|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:st|nd|rd|th))[- ]graders?"
    r"|freshm[ae]n|sophomores|juniors|seniors|graduates|cheerleaders|choir|band|orchestra|our team|alumn[oa]s"
    r"|estudiantes|ni[nñ][oa]s|compa[nñ]er[oa]s|clase|equipo)\b",
    re.IGNORECASE,
)
_TEAM = LazyPattern(
    r"\b(?:(?:varsity|jv|girls['’]?|boys['’]?|football|basketball|volleyball|soccer|baseball|softball|lacrosse|hockey|tennis"
    r"|golf|wrestling|swim|track|cheer|dance|debate|robotics)(?: \w+)? (?:team|squad)"
    r"|(?:chess|robotics|coding|drama|art|science|math|debate|garden(?:ing)?|yearbook|newspaper|spanish|french|german"
    r"|anime|key|ecology) club|club de (?:ajedrez|rob[oó]tica|teatro|arte|ciencias))\b",
    re.IGNORECASE,
)
"""Teams and clubs of a school: perhaps their students are shown, perhaps a cup or a board."""
_NOBODYS = LazyPattern(
    r"\b(?:for (?:students|parents|families|children|kids)|of the (?:month|year)|handbook|supplies|services|menu"
    r"|parking|entrance|para (?:estudiantes|padres|familias))\b",
    re.IGNORECASE,
)
_WORDS_OF_A_CAPTION = 3
"""From so many words on, a picture's own words tell what it shows."""
_PEOPLE = (
    r"(?:students|pupils|children|kids|classmates|kindergart(?:e)?ners|preschoolers|cheerleaders"
    r"|(?:(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:st|nd|rd|th))[- ])?graders"
    r"|freshmen|sophomores|alumn[oa]s|estudiantes|ni[nñ][oa]s)"
)
_SHORT = LazyPattern(
    rf"{_PEOPLE} \w+(?:ing|[aiy]e?ndo)|(?:our|my|these|some|two|three|four|five|six|happy|smiling|busy|proud"
    rf"|nuestr[oa]s|mis) {_PEOPLE}|kindergart(?:e)?ners|preschoolers|cheerleaders|\w+[- ]graders"
    r"|(?:the |our )?(?:chess|robotics|coding|drama|debate) club",
    re.IGNORECASE,
)
"""Fewer words that tell it as well: "Pupils reading", "Our students", "Kindergarteners". "Students" alone is the name
of a part of a website, and "Choir concert" that of an event."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """What the policy may ask of a student whom a name fits; nobody is named."""

    grade: int | None = None
    schools: tuple[str, ...] = ()
    consent: bool | None = None

    @classmethod
    def of(cls, student: Student) -> "Bearer":
        """What is kept of a student."""
        return cls(student.grade, tuple(sorted(student.schools)), student.photo_consent)

    def student(self) -> Student:
        """The student, as far as it matters here."""
        return Student("", schools=frozenset(self.schools), grade=self.grade, photo_consent=self.consent)


@dataclass(frozen=True, slots=True)
class Tie:
    """A name, or words about students, tied to a picture: what a note keeps, masked.

    `form` is "full", "first", "stranger" (not on the roster) or "" where the words name nobody. `tied`: the words say
    who is in it; else they only stand beside it. `signed`: a student wrote the page.
    """

    picture: str
    form: str
    tied: bool
    confidence: float
    who: str = ""
    excerpt: str = ""
    bearers: tuple[Bearer, ...] = ()
    signed: bool = False


@dataclass(slots=True)
class Told:
    """All that is said of one picture, over the pages that show it; `certain` where one tie is."""

    tie: Tie
    certain: bool
    first: str
    pages: set[str] = field(default_factory=set)


@check(reads=AccountFacts, severity=Severity.SERIOUS)
def student_photo_named(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    if "roster" not in seen.known:
        yield Unknown(NO_ROSTER)
    told: dict[str, Told] = {}
    for note in seen.subject.notes:
        for tie in map(_tie, _entries(note.facts)):
            certain = _forbids(seen, tie)
            if certain is None:
                continue
            before = told.setdefault(tie.picture, Told(tie, certain, note.url))
            before.pages.add(note.url)
            if (certain, tie.form != "") > (before.certain, before.tie.form != ""):
                before.tie, before.certain = tie, certain
    yield from (_breach(seen, one) for one in told.values())


def _entries(facts: Mapping[str, object]) -> Iterable[Mapping[str, Any]]:
    entries = facts.get("ties", ())
    return entries if isinstance(entries, (list, tuple)) else ()


def _tie(entry: Mapping[str, Any]) -> Tie:
    bearers = tuple(Bearer(b["grade"], tuple(b["schools"]), b["consent"]) for b in entry["bearers"])
    return Tie(**{**entry, "bearers": bearers})


# ------------------------------------------------------------------------------------------------ judging


def _forbids(seen: Seen[AccountFacts], tie: Tie) -> bool | None:
    """Whether the clause forbids it: True for sure, False perhaps, None where it is fine."""
    allow = seen.word("allow", "first-name")
    if seen.word("author") == "student" and not tie.signed:
        return None
    if not tie.form:
        return _forbids_unnamed(seen, tie) if allow == "no-picture" else None
    if tie.form == "first" and (allow == "first-name" or not tie.tied):
        return None
    if tie.form == "stranger":
        return False
    opt_in = seen.word("consent") == "opt-in"
    answers = [False if opt_in and b.consent else seen.concerns(b.student()) for b in tie.bearers]
    if answers and all(answer is False for answer in answers):
        return None
    sure = tie.tied and tie.form == "full" and tie.confidence >= CERTAIN
    return sure and all(answers)


def _forbids_unnamed(seen: Seen[AccountFacts], tie: Tie) -> bool:
    """Where families must say yes first, and some of the school have, nobody can tell whether these have."""
    return tie.tied and not (seen.word("consent") == "opt-in" and _some_agreed(seen))


def _some_agreed(seen: Seen[AccountFacts]) -> bool:
    """Whether a family may have agreed to pictures: one of the account's school, where the records tell schools."""
    school = f"photo consents at {seen.account.school}"
    by_school = seen.account.school and any(word.startswith("photo consents at ") for word in seen.known)
    return school in seen.known if by_school else "photo consents" in seen.known


def _breach(seen: Seen[AccountFacts], told: Told) -> Breach:
    answer = seen.fail if told.certain else seen.review
    return answer(
        told.tie.picture,
        excerpt=told.tie.excerpt,
        url=told.first,
        advice=_advice(seen, told),
        confidence=max(told.tie.confidence, CERTAIN) if told.certain else min(told.tie.confidence, WORTH_ASKING),
        places=len(told.pages),
        everywhere=True,
    )


def _advice(seen: Seen[AccountFacts], told: Told) -> str:
    if not told.certain:
        if told.tie.form:
            return "Look whether this picture shows the student named beside it. If so, take the name or picture away."
        return "Look whether students can be known in it, and whether all their families have agreed."
    if seen.word("allow") == "no-picture":
        whose = "Ask the owner to take" if seen.account.kind is Kind.PERSONAL else "Take"
        return f"{whose} the picture down: the policy wants no picture of students here without consent."
    if seen.word("consent") == "opt-in":
        return "Take the name or the picture away until the family's written consent is on file."
    return "Take the name out of the caption, the picture's description and its file name."


# ------------------------------------------------------------------------------------------------ noting


@student_photo_named.notes
def what_pictures_tell(seen: Seen[Reading]) -> Mapping[str, object] | None:
    """The names tied to the pictures of a page, and the pictures that are said to show students."""
    reading = seen.subject
    pictures = Pictures(reading)
    named = [s for s in reading.sightings if _form(s)]
    if not pictures.images and not any(p.place is Place.FILE_NAME for p in reading.document.passages):
        return None
    signed = any(s.form != "first" and signs(reading, s) is Signed.SURELY for s in named if s.sort is Sort.STUDENT)
    quotes = Quotes(reading, seen.today)
    ties: dict[tuple[str, str], Tie] = {}
    for sighting in named:
        for picture, tied in _pictures_of(reading, sighting, pictures):
            key = picture, sighting.token
            if (key not in ties and len(ties) < MOST) or (key in ties and tied > ties[key].tied):
                ties[key] = Tie(
                    picture,
                    _form(sighting),
                    tied,
                    sighting.confidence,
                    shown(sighting, seen.today),
                    quotes.of(sighting),
                    tuple(Bearer.of(s) for s in sighting.students if not s.left),
                    signed,
                )
    told = [
        *ties.values(),
        *_unnamed(reading, pictures, {tie.picture for tie in ties.values()}, seen.today, signed=signed),
    ]
    return {"ties": [asdict(tie) for tie in _once_a_file(told, pictures)]} if told else None


def _form(sighting: Sighting) -> str:
    """How somebody is named: "full", "first", "stranger"; "" where the sighting says too little."""
    if sighting.sort is Sort.PERSON:
        return "stranger" if sighting.confidence >= WORTH_ASKING else ""
    if sighting.sort is not Sort.STUDENT or (sighting.students and all(s.left for s in sighting.students)):
        return ""
    if sighting.form == "first":
        return "first" if len(sighting.students) == 1 else ""
    return "full" if sighting.confidence >= WORTH_ASKING else ""


def _pictures_of(reading: Reading, sighting: Sighting, pictures: Pictures) -> Iterator[tuple[str, bool]]:
    """The pictures that a name is tied to, and whether the words say that they show whoever bears it."""
    passage = reading.document.passages[sighting.passage]
    text = passage.text
    if _CREDIT.search(text[max(0, sighting.start - _REACH) : sighting.start]):
        return
    if passage.place in _IN_A_PICTURE and passage.about:
        nobody_in_particular = sighting.form == "first" and _GROUP.search(text) and not _POINTING.search(text)
        if not nobody_in_particular and _may_be_shown(passage.about, reading.document, pictures):
            yield passage.about, _says_who(passage, sighting)
    elif passage.place is Place.ALT and len(pictures.images) == 1:
        yield pictures.images[0].url, False
    elif passage.place is Place.BODY:
        value = text[sighting.start : sighting.end]
        points = _POINTING.search(sentence(text, sighting.start, sighting.end).of(text)) is not None
        for image in pictures.beside(value):
            if value not in image.caption:
                yield image.url, points


def _may_be_shown(url: str, document: Document, pictures: Pictures) -> bool:
    if any(image.url == url for image in document.images):
        return any(image.url == url for image in pictures.images)
    return _PICTURE_FILE.search(url.partition("?")[0]) is not None and may_show_people(Image(url))


def _says_who(passage: Passage, sighting: Sighting) -> bool:
    """Whether a caption, a description or a file name says that this is who the picture shows."""
    text = passage.text
    if passage.place is Place.FILE_NAME:
        return _WORK.search(text) is None
    owns = text[sighting.end : sighting.end + 2] in ("'s", "’s")
    before = text[max(0, sighting.start - _REACH) : sighting.start]
    return not owns and not _MADE_BY.search(before) and not _WORK.search(before)


def _unnamed(reading: Reading, pictures: Pictures, named: set[str], day: date, *, signed: bool) -> Iterator[Tie]:
    """The pictures whose own words say that they show students, and name none."""
    known = {image.url for image in pictures.images}
    done = set(named)
    for number, passage in enumerate(reading.document.passages):
        if passage.place not in (Place.ALT, Place.CAPTION) or passage.about not in known or passage.about in done:
            continue
        text = passage.text
        if len(text.split()) < _WORDS_OF_A_CAPTION and not _SHORT.fullmatch(text.strip(" .!…")):
            continue
        people = _GROUP.search(text) is not None
        if not people and not _TEAM.search(text):
            continue
        if _WORK.search(text) or _NOBODYS.search(text):
            continue
        done.add(passage.about)
        beside = [s for s in reading.sightings if s.passage == number]
        yield Tie(passage.about, "", people, CERTAIN, excerpt=masked(text, beside, day)[:WIDTH], signed=signed)
        if len(done) - len(named) >= MOST:
            return


def _once_a_file(told: list[Tie], pictures: Pictures) -> Iterator[Tie]:
    """Without the other sizes of a picture that the page shows, whose file names name the same student."""
    known = {image.url for image in pictures.images}
    covered = {tie.who for tie in told if tie.picture in known}
    for tie in told:
        if tie.picture in known:
            yield tie
        elif tie.who not in covered:
            covered.add(tie.who)
            yield tie
