"""What one answer says of one handle, by the marks of its site. Pure, and never more than the answer says."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final
from urllib.parse import quote

from auditor.footprint.handles import walls
from auditor.footprint.handles.look import LOOKED_AT, names, source_text, title_of
from auditor.footprint.handles.site import HANDLE, Answer, Marks, Site

START: Final = 64 * 1024
"""Bytes that show whether a page is a wall."""
WHOLE: Final = 3 * 1024 * 1024
"""Bytes of a page in which marks are looked for."""
GONE: Final = frozenset({404, 410})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BARE: Final = frozenset({204, 304})
"""Answers without any text."""
_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527})


class Sign(Enum):
    """What an answer says, taken alone.

    YES: as for an account; so a site may answer everybody. NO: plainly none. HINT: as for none, and as a wall might
    look. NEITHER: an answer, without any mark. NOTHING: a wall, a failure, or no answer.
    """

    YES = auto()
    NO = auto()
    HINT = auto()
    NEITHER = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, what it says of the handle that was asked for, and why. `again`: another try may fare better."""

    handle: str
    answer: Answer
    sign: Sign
    why: str = ""
    again: bool = False
    has_yes_text: bool = False


def wanted(marks: Marks, status: int, *, is_redirect: bool) -> int:
    """How many bytes of an answer with that status are worth reading."""
    if status in GONE and not _is_yes_code(marks, status):
        return 0
    if is_redirect and not (marks.yes_text and _is_yes_code(marks, status)):
        return START if marks.no_texts else 0
    return WHOLE if marks.yes_text or marks.no_texts else START


def telling(marks: Marks, status: int) -> tuple[bytes, ...]:
    """Texts of which one settles what an answer with that status says, so that nothing after it need be read."""
    if marks.yes_text:
        return (marks.yes_text.encode(),) if _is_yes_code(marks, status) and not marks.no_texts else ()
    return ()


def read(site: Site, handle: str, answer: Answer) -> Reading:
    """What the answer says of that handle, `handle` as it was asked for."""
    marks, status, body = site.marks, answer.status, answer.body
    if answer.problem:
        return Reading(handle, answer, Sign.NOTHING, answer.problem, again=answer.broke)
    wall = walls.in_headers(answer.headers)
    if wall:
        return Reading(handle, answer, Sign.NOTHING, wall)
    yes_code, no_code = _is_yes_code(marks, status), status in marks.no_codes
    yes_text = bool(marks.yes_text) and _holds(body, marks.yes_text, answer)
    no_text = any(_holds(body, text, answer) for text in marks.no_texts)

    def says(sign: Sign, why: str = "", *, again: bool = False) -> Reading:
        return Reading(handle, answer, sign, why, again, yes_text)

    if yes_code and not no_code and (yes_text or not marks.yes_text):
        if no_text:
            return says(Sign.NEITHER, _BOTH) if yes_text or _tells_of(answer, handle) else says(Sign.NO, _ABSENT)
        return says(Sign.YES) if yes_text else _unmarked(says(Sign.YES))
    if status in GONE:
        return says(Sign.NO, f"there is no page for it (error {status})")
    if status in REDIRECTS:
        if no_code or _leads_to(marks.no_place, handle, answer.location):
            return says(Sign.HINT, _sent(answer))
        return says(Sign.NOTHING if stands_first(answer) else Sign.NEITHER, _sent(answer))
    problem = walls.status_problem(status)
    if problem:
        return _refused(says(Sign.NOTHING), problem, no_code=no_code, no_text=no_text, texts=bool(marks.no_texts))
    if no_text and not yes_text:
        doubtful = _is_success(status) and not no_code and _tells_of(answer, handle)
        return says(Sign.NEITHER, _BOTH) if doubtful else says(Sign.NO, _ABSENT)
    if no_code and (not marks.no_texts or status in _BARE):
        return says(Sign.HINT, f"it answers as for a handle that nobody has (status {status})")
    return says(Sign.NEITHER) if yes_text else _unmarked(says(Sign.NEITHER))


_ABSENT: Final = "it says that nobody has this handle"
_BOTH: Final = "its page says yes and no at once"


def is_as_described(site: Site, reading: Reading) -> bool:
    """Whether an answer for nobody that says so by no mark is what the manifest tells of, as it knows no such mark."""
    return not site.marks.no_texts and (reading.answer.status in site.marks.no_codes or not site.marks.no_codes)


def slim(reading: Reading) -> Reading:
    """The reading without its page, where nobody will lay that beside another one: many are kept at a time."""
    compared = reading.sign is Sign.NEITHER or (reading.sign is Sign.YES and not reading.has_yes_text)
    body = reading.answer.body[:LOOKED_AT] if compared else b""
    return replace(reading, answer=replace(reading.answer, body=body))


def is_hopeful(reading: Reading) -> bool:
    """Whether the answer looks like an account, though it may turn out to be none."""
    return reading.sign is Sign.YES or (
        reading.sign is Sign.NEITHER and (reading.has_yes_text or _names(reading.answer, reading.handle))
    )


def _refused(reading: Reading, problem: str, *, no_code: bool, no_text: bool, texts: bool) -> Reading:
    """What a refusal or failure says: nothing, unless the manifest knows it as the answer for nobody."""
    status = reading.answer.status
    if no_text and status != 429:
        return replace(reading, sign=Sign.HINT, why=_ABSENT)
    if walls.on_page(reading.answer.body) == walls.CHECK:
        return replace(reading, why=walls.CHECK)
    if no_code and not texts:
        return replace(reading, sign=Sign.NEITHER, why=problem)
    return replace(reading, why=problem, again=status in _TRANSIENT)


def _is_yes_code(marks: Marks, status: int) -> bool:
    return _is_success(status) if marks.yes_codes is None else status in marks.yes_codes


def _is_success(status: int) -> bool:
    return 200 <= status < 300


def _holds(body: bytes, text: str, answer: Answer) -> bool:
    if text.encode("utf-8", "replace") in body:
        return True
    charset = answer.headers.get("content-type", "").partition("charset=")[2].split(";")[0].strip(" \"'")
    if not charset or text.isascii() or charset.lower() in ("utf-8", "utf8"):
        return False
    try:
        return text.encode(charset) in body
    except (LookupError, UnicodeError):
        return False


def _names(answer: Answer, handle: str) -> bool:
    """Whether the page names the handle in its title, as profiles do."""
    return names(title_of(answer.body), handle)


def _tells_of(answer: Answer, handle: str) -> bool:
    """Whether the page names the handle as only those do that tell of somebody: in its title, or at some length."""
    if _names(answer, handle):
        return True
    text = source_text(answer.body)
    return names(text, handle) and len(text.split(None, walls.SHORT)) >= walls.SHORT


def _unmarked(reading: Reading) -> Reading:
    """An answer without any mark of the manifest: that nobody has the handle it may still say in words of its own."""
    body = reading.answer.body
    if not _is_success(reading.answer.status):
        return reading
    if not body.strip():
        return replace(reading, sign=Sign.NOTHING, why=walls.EMPTY)
    title = title_of(body)
    nobody = walls.says_nobody(title, "")
    if names(title, reading.handle):
        return replace(reading, sign=Sign.NEITHER, why=_BOTH) if nobody else reading
    if nobody:
        return replace(reading, sign=Sign.NO, why=_ABSENT)
    wall = walls.on_page(body)
    if wall:
        return replace(reading, sign=Sign.NOTHING, why=wall)
    return replace(reading, sign=Sign.NO, why=_ABSENT) if walls.says_nobody("", source_text(body)) else reading


def stands_first(answer: Answer) -> bool:
    """Whether a redirect asks for something before it shows anything: a login, consent."""
    return answer.to_login or walls.stands_first(answer.location)


def _leads_to(place: str, handle: str, location: str) -> bool:
    """Whether a redirect leads where the manifest says that those are sent who ask for nobody."""
    if not place or not location:
        return False
    goal, wanted_goal = _bare(location), _bare(place.replace(HANDLE, quote(handle, safe="")))
    return goal == wanted_goal or ("/" in wanted_goal and goal.startswith(wanted_goal))


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").rstrip("/").lower() if "://" in url else url.rstrip("/").lower()


def _sent(answer: Answer) -> str:
    """Where a redirect sends its visitor, in words."""
    if answer.to_login:
        return walls.LOGIN
    if walls.stands_first(answer.location):
        return walls.CONSENT
    return "it sends visitors to another page" if answer.location else "it sends visitors on without saying where"
