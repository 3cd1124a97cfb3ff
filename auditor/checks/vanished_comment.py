"""A civil comment that stood under a page or post at the last audit is gone.

## Why it matters
People may criticize their school. To take a comment off only because it is negative is censorship, and policies forbid
it.

## How to fix
Ask who took it off, and why. If it broke no rule, put it back. If its writer deleted it, close this with a note.

## What it cannot see
Who took it off. Comments on pages that were not read completely, then or now. What was written between two audits.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check, in_words
from auditor.model import Comment, CommentState, Document, Reading, Severity, Sort
from auditor.visitors import UNREAD, comments, out_of_sight, spam

_RUDE: Final = frozenset({Sort.PROFANITY, Sort.SLUR, Sort.THREAT, Sort.INSULT, Sort.SELLING, Sort.SUBSTANCE})
_PRIVATE: Final = frozenset(
    {Sort.STUDENT, Sort.EMAIL, Sort.PHONE, Sort.ADDRESS, Sort.SSN, Sort.BIRTH_DATE, Sort.STUDENT_ID, Sort.HEALTH}
    | {Sort.DISCIPLINE}
)
"""What a comment may be taken off for without a word: it tells of a child, or shows contact data."""
_MOST: Final = 500
"""Comments of one page that are remembered."""
_EACH: Final = 20
"""More comments than this that are gone from one page are one question."""
_FIRST: Final = "there is no earlier audit to compare the comments with; the next audit compares them"
_PARTLY: Final = "not all comments of a page could be read, so nobody can tell whether one is gone"
_CLOSED: Final = "a page no longer shows its comments, so nobody can tell whether one is gone"


class _Known(NamedTuple):
    """One comment without its words: keyed names of its place and of what it says, its day ("" unknown), and whether it
    was civil. It is there as long as either is: who corrects it deletes nothing, and addresses change."""

    key: str
    words: str
    day: str
    civil: bool


@check(reads=Reading, severity=Severity.MINOR, kinds=PUBLISHING)
def vanished_comment(seen: Seen[Reading]) -> Iterator[Answer]:
    reading = seen.subject
    if reading.past is None:
        if reading.document.comments:
            yield Unknown(_FIRST)
        elif out_of_sight(reading):
            yield Unknown(UNREAD)
        return
    before = _before(reading.past)
    if not _is_whole(reading.document):
        if any(known.civil for known in before) or _gone(reading.past):
            yield Unknown(_CLOSED if reading.document.comment_state is CommentState.CLOSED else _PARTLY)
        return
    missing = _missing(seen)
    if len(missing) > _EACH:
        yield _question(seen, f"{len(missing)} civil comments are gone from this page.", "many comments")
        return
    for known in missing:
        day = f" of {in_words(date.fromisoformat(known.day))}" if known.day else ""
        yield _question(seen, f"A civil comment{day} on this page is gone.", known.key)


@vanished_comment.notes
def _remember(seen: Seen[Reading]) -> Mapping[str, object] | None:
    """What the next audit compares with: the comments of the last complete reading, and which are gone since. What
    could not be read keeps what was known of it."""
    past = seen.subject.past or {}
    if not _is_whole(seen.subject.document):
        return past or None
    told = [list(known) for known in _now(seen)]
    gone = [list(known) for known in _missing(seen)]
    return {"comments": told, "gone": gone} if told or gone else None


def _question(seen: Seen[Reading], what: str, key: str) -> Answer:
    return seen.review(
        "comment",
        identity=key,
        excerpt=what,
        advice="Ask who took it off, and why. A negative opinion alone is no reason.",
        confidence=0.6,
    )


def _is_whole(document: Document) -> bool:
    """Whether every comment that visitors see there was read, on a page that was read whole itself."""
    if document.problem or document.is_shell or document.comments_whole is not True:
        return False
    return bool(document.comments) or document.comment_state is not CommentState.CLOSED


def _missing(seen: Seen[Reading]) -> list[_Known]:
    """The civil comments that stood there at a complete reading before, and do not at this one."""
    past = seen.subject.past or {}
    here = {name for known in _now(seen) for name in (known.key, known.words)}
    before = [known for known in (*_gone(past), *_before(past)) if known.civil and here.isdisjoint(known[:2])]
    return list({known.key: known for known in before}.values())[:_MOST]


def _now(seen: Seen[Reading]) -> list[_Known]:
    rude = _not_civil(seen.subject)
    own = {name.casefold() for name in (seen.account.owner, seen.subject.document.author) if name}
    theirs = [comment for comment in seen.subject.document.comments if comment.author.casefold() not in own]
    return [_known(seen, comment, civil=comment.text not in rude) for comment in theirs[:_MOST]]


def _known(seen: Seen[Reading], comment: Comment, *, civil: bool) -> _Known:
    page, _, place = comment.url.partition("#")
    words = seen.keyed("comment", comment.author, " ".join(comment.text.split()))
    key = seen.keyed("comment", place or page) if comment.url else words
    day = comment.published_on.date().isoformat() if comment.published_on else ""
    return _Known(key, words, day, civil)


def _not_civil(reading: Reading) -> frozenset[str]:
    """The texts of comments that break some rule, or show what is private."""
    return frozenset(
        said.text
        for said in comments(reading)
        if spam(said.text) is not None or any(s.sort in _RUDE or s.sort in _PRIVATE for s in said.sightings)
    )


def _before(past: Mapping[str, object]) -> list[_Known]:
    return _read(past.get("comments"))


def _gone(past: Mapping[str, object]) -> list[_Known]:
    return _read(past.get("gone"))


def _read(rows: Any) -> list[_Known]:
    """What was written down, as far as it is what this check writes."""
    if not isinstance(rows, list):
        return []
    fitting = (row for row in rows if isinstance(row, list) and len(row) == len(_Known._fields))
    return [_Known(str(row[0]), str(row[1]), str(row[2]), row[3] is True) for row in fitting]
