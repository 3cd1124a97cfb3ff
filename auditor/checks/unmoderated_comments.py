"""Comments here are not as the policy wants them.

## Why it matters
What strangers write stands beside the school's own words, and children read it. Somebody has to look at it.
Some policies also want families to be heard. Then there has to be a place for comments.

## How to fix
Turn comments off, or let each wait for approval. Does somebody look at them already? Then say so in the registry.
Where the policy wants comments, open them, and let somebody look at each.

## What it cannot see
Whether somebody looks at comments before they show. Most platforms do not tell. It goes by the registry then.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check
from auditor.model import AccountFacts, CommentState, Place, Reading, Severity
from auditor.outlets.platforms import name_of, setting

OFF, MODERATED, OPEN = "off", "moderated", "open"
_FINE: Final = (OFF, MODERATED)
_WEBSITE: Final = "website"
_NOT_SAID: Final = "The registry does not say whether somebody looks at them."


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=PUBLISHING)
def unmoderated_comments(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    fine = seen.words("comments") or _FINE
    if OFF not in fine:
        yield from _no_talk(seen)
    elif OPEN not in fine:
        yield from _unwatched(seen)


@unmoderated_comments.notes
def _read(seen: Seen[Reading]) -> Mapping[str, object] | None:
    """Who may comment on the page, and whether somebody did."""
    document = seen.subject.document
    commented = bool(document.comments) or any(p.place is Place.COMMENT for p in document.passages)
    profile = document.profile.comment_state if document.profile else None
    state = document.comment_state or (profile if document.depth == 0 else None)
    if state is None and not commented:
        return None
    return {"state": state.value if state else "", "commented": commented}


def _pages(seen: Seen[AccountFacts], *states: str, commented: bool = False) -> list[str]:
    """The pages in one of these states; `commented`: those of which only the comments themselves are known."""
    return [
        note.url
        for note in seen.subject.notes
        if note.facts["state"] in states and (not commented or note.facts["commented"])
    ]


# ------------------------------------------------------------------------------------------------ off or moderated


def _unwatched(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    declared = seen.account.comments
    if declared == MODERATED:
        return
    public, perhaps = _pages(seen, CommentState.OPEN.value), _pages(seen, "", commented=True)
    if public or perhaps:
        # Comments that stand there without a way to write more may be of another time.
        yield _open(seen, [*public, *perhaps], certain=declared == OPEN or (declared == OFF and bool(public)))
    elif not _pages(seen, CommentState.CLOSED.value, CommentState.MODERATED.value):
        yield from _unseen(seen)


def _open(seen: Seen[AccountFacts], public: list[str], *, certain: bool) -> Answer:
    declared = seen.account.comments
    where = "1 page or post" if len(public) == 1 else f"{len(public):,} pages or posts"
    said = {
        OFF: "The registry says that comments are off.",
        OPEN: "The registry says that nobody looks at them.",
    }.get(declared, _NOT_SAID)
    on_a_page = seen.subject.coverage.route == _WEBSITE
    answer = seen.fail if certain else seen.review
    return answer(
        "comments",
        excerpt=f"Visitors can comment on {where}. {said}",
        url=public[0] if on_a_page else "",
        advice=_advice(seen),
        confidence=0.9 if certain else 0.6,
        places=len(public),
        everywhere=True,
    )


def _unseen(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    """Nothing that was read tells who may comment. A website without a form takes none; others do not tell."""
    if seen.account.comments == OPEN:
        yield seen.fail(
            "comments",
            excerpt="The registry says that everybody may comment and nobody looks at it.",
            advice=_advice(seen),
            everywhere=True,
        )
    elif seen.subject.coverage.route != _WEBSITE and seen.subject.coverage.documents:
        platform = name_of(seen.account.platform)
        yield Unknown(
            f"{platform} does not tell strangers who may comment; where somebody looks at comments, write"
            ' comments = "moderated" into the registry'
        )


def _advice(seen: Seen[AccountFacts]) -> str:
    how = setting(seen.account.platform, "comments")
    return " ".join(
        filter(
            None,
            (
                how or "Turn comments off, or let each wait for approval.",
                'If somebody looks at them already, write comments = "moderated" into the registry.',
            ),
        )
    )


# ------------------------------------------------------------------------------------------------ open to talk


def _no_talk(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    """Where the policy wants the public to be heard: whether nobody can comment at all."""
    heard = _pages(seen, CommentState.OPEN.value, CommentState.MODERATED.value, "")
    if heard:
        return
    # Of an account that was read in part, what was not read may be open.
    closed = seen.subject.coverage.complete and _pages(seen, CommentState.CLOSED.value)
    if seen.account.comments == OFF or closed:
        yield seen.review(
            "comments off",
            identity="comments",
            excerpt="Nobody can comment here. The policy wants the community to be heard.",
            advice="Ask whether comments may be open here, with somebody who looks at them.",
            everywhere=True,
        )
