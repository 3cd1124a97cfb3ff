"""Staff ask students to write to them in private: by text message, chat or a personal account.

## Why it matters
What is said in private nobody else can see. Open talk protects students, and staff too.

## How to fix
Take the invitation off. Give a district address, or a class tool that parents can read along.

## What it cannot see
What is written in private. Invitations inside pictures. Whether parents were told.
"""

import re
from collections.abc import Iterator
from typing import Final

from auditor.check import PUBLISHING, Breach, Seen, check
from auditor.lazy_pattern import LazyPattern
from auditor.masking import excerpt
from auditor.model import Kind, Passage, Place, Reading, Severity, Sighting, Sort
from auditor.vicinity import Stretch, sentence

_APP: Final = (
    r"(?:snap ?chat|snap|instagram|insta|ig|whats ?app|telegram|discord|facebook|fb|messenger|tik ?tok|signal|kik"
    r"|group ?me|twitter|x)"
)
_MY: Final = r"my (?:own |personal |private )?"
ASKS: Final = re.compile(
    rf"\b(?:dm|pm|d\.m\.|inbox|private(?:ly)? message|direct(?:ly)? message|text|snap) me\b"
    rf"|\b(?:message|write(?: to)?|reach|contact|hit|call|chat with|talk to) (?:me|us)(?: up)?(?: privately| directly)?"
    rf" (?:on|at|in|over|by|via|through) (?:{_MY})?{_APP}\b"
    rf"|\b(?:send|shoot|drop) (?:me|us) (?:an? )?(?:text|dm|pm|snap|private message|direct message|whats ?app)\b"
    rf"|\b(?:slide into|open) my dms?\b|\bmy dms? (?:are|is) (?:always )?open\b"
    rf"|\b(?:text|call|whats ?app) {_MY}(?:cell|phone|mobile|number)\b"
    rf"|\badd (?:me (?:on|at) (?:{_MY})?{_APP}|{_MY}(?:{_APP}|account|profile))\b|\b{_MY}snap(?:chat)? is\b"
    rf"|\bjoin (?:our|my|the) (?:class )?(?:whats ?app|discord|group ?me|telegram|snap ?chat|group chat)\b"
    rf"|\b(?:m[aá]ndame|escr[ií]beme|env[ií]ame) (?:un (?:mensaje|dm)|por (?:{_APP}|privado|mensaje))\b"
    rf"|(?P<personal>\b(?:follow|find|friend) me (?:on|at|over on) (?:{_MY})?{_APP}\b"
    rf"|\b(?:follow|friend) {_MY}(?:{_APP}|account|profile)\b)",
    re.IGNORECASE,
)
"""Invitations to talk in private; `personal`: to an account of one's own, where everybody may read along."""
_SIGNS: Final = frozenset(
    b"dm dms pm inbox message text snap snapchat chat whats whatsapp telegram discord instagram insta ig facebook fb "
    b"messenger tiktok tik signal kik groupme group twitter x cell phone mobile number account profile mensaje privado "
    b"d".split()
)
"""Words of which an invitation has one; the last as in "d.m."."""
_LETTERS: Final = bytes(code if chr(code).isalnum() else ord(" ") for code in range(256))
_ALIKE: Final = _LETTERS.translate(bytes.maketrans("usyabií".encode("latin-1"), b"meeeddd"))
"""Some letters are the same in it, so that several of these words are, and all are found in a few looks."""
_WHOM: Final = frozenset(
    whom.encode("latin-1").translate(_ALIKE)
    for whom in (" me ", " us ", " my ", " join ", "dame ", "iame ", "íame ", "beme ")
)
"""And one of these beside it, in the same line; the last four as in "mándame", "envíame" and "escríbeme"."""
_US: Final = re.compile(r"\b(?:us|our)\b", re.IGNORECASE)
_NOT: Final = LazyPattern(
    r"\b(?:do not|don['’]t|never|please no|not to|instead of|rather than|no)\b[^.!?]{0,25}$", re.IGNORECASE
)
_SANCTIONED: Final = LazyPattern(
    r"\b(?:remind|@\w{3,12} to 8\d{4}|8\d{4}|parent ?square|class ?dojo|seesaw|google classroom|schoology|canvas)\b",
    re.IGNORECASE,
)
"""Class tools that parents and the school can read along."""
_STUDENTS: Final = LazyPattern(
    r"\b(?:students?|kids|children|class|period \d|homework|assignments?|questions? about|(?:\d{1,2}th|first|second"
    r"|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)[- ]graders?|freshmen|sophomores|juniors"
    r"|seniors|players|athletes|team|rehearsal|practice|guys|y['’]all|everyone|estudiantes|alumnos|clase|tarea)\b",
    re.IGNORECASE,
)
_ADULTS: Final = LazyPattern(
    r"\b(?:parents?|famil(?:y|ies)|guardians?|mom|dad|moms|dads|volunteers?|donors?|boosters?|chaperones?|coaches|alumni|vendors"
    r"|to order|to buy|for a quote|padres|familias)\b",
    re.IGNORECASE,
)
_OWN_WORDS: Final = frozenset({Place.BODY, Place.TITLE, Place.DESCRIPTION, Place.CAPTION, Place.TABLE, Place.ALT})


@check(reads=Reading, severity=Severity.MODERATE, kinds=PUBLISHING)
def private_channel(seen: Seen[Reading]) -> Iterator[Breach]:
    told: set[str] = set()
    for number, passage in enumerate(seen.subject.document.passages):
        if passage.place not in _OWN_WORDS:
            continue
        for match in invitations(passage.text):
            around = sentence(passage.text, match.start(), match.end())
            sure = _asks_students(seen, passage, around, match)
            what = _words(match)
            if sure is not None and what not in told:
                told.add(what)
                yield _invitation(seen, number, match, sure=sure)


def invitations(text: str) -> Iterator[re.Match[str]]:
    """What may be an invitation: looked for only in lines that hold a word without which there is none."""
    plain = text.lower()
    if len(plain) != len(text):
        yield from ASKS.finditer(text)
        return
    raw = plain.encode("latin-1", "replace")
    alike = b" %b " % raw.translate(_ALIKE)
    done = 0
    for at in sorted(at for whom in _WHOM for at in _places(alike, whom)):
        if at >= done:
            begin, done = text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text) + 1
            if not _SIGNS.isdisjoint(raw[begin:done].translate(_LETTERS).split()):
                yield from ASKS.finditer(text, begin, done)


def _places(words: bytes, word: bytes) -> Iterator[int]:
    """Where one of the words between spaces stands: in the text itself, a place in the same line."""
    at = words.find(word)
    while at >= 0:
        yield at
        at = words.find(word, at + 1)


def _asks_students(seen: Seen[Reading], passage: Passage, around: Stretch, match: re.Match[str]) -> bool | None:
    """Whether students are asked: surely, perhaps (False), or not at all (None)."""
    said = around.of(passage.text)
    if _NOT.search(passage.text[around.start : match.start()]) or _SANCTIONED.search(said):
        return None
    students = _STUDENTS.search(said) is not None
    if _ADULTS.search(said) and not students:
        return None
    if _US.search(match.group()) and seen.account.kind is Kind.OFFICIAL and not students:
        return None  # a school that hears from anybody through its own public account
    return (students or seen.account.kind is Kind.CLASSROOM) and match["personal"] is None


def _invitation(seen: Seen[Reading], passage: int, match: re.Match[str], *, sure: bool) -> Breach:
    text = seen.subject.document.passages[passage].text
    beside = [s for s in seen.subject.sightings if s.passage == passage]
    focus = Sighting(Sort.SELLING, passage, match.start(), match.end(), match.group(), "")
    answer = seen.fail if sure else seen.review
    return answer(
        _words(match),
        excerpt=excerpt(text, beside, focus, day=seen.today),
        advice="Ask for the invitation to be taken off. Give a district address or a class tool instead.",
        confidence=0.9 if sure else 0.5,
    )


def _words(match: re.Match[str]) -> str:
    return f"invitation: {' '.join(match.group().casefold().split())}"
