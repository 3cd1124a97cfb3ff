"""What visitors wrote under a post, gathered over several answers: pages of comments, and the replies to each. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from auditor.model import Blind, Comment, CommentState, Document, Reason
from spiders import answers
from spiders.platform import Ask, Parsed

MOST_PAGES: Final = 20
"""Answers that are asked for about what stands under one post."""
FAILED: Final = "the answers to it could not be read"
NONE_SHOWN: Final = Blind("answers to it are counted, and none of them is shown", Reason.PARTIAL_LISTING)
"""What is told of a post under which somebody wrote, by the platform's own count, where nobody sees what."""
_SHORT: Final = Blind("not all answers to it were read", Reason.PARTIAL_LISTING, "Look at the rest yourself.")
_ENDING: Final = frozenset({Reason.RATE_LIMITED, Reason.NO_TOKEN})
"""What keeps the answers to one post from us keeps everything else from us, too."""


@dataclass(frozen=True, slots=True)
class Gathering(Ask):
    """A request for more of what stands under the post that it is `about`.

    `waiting` are the addresses to ask after it, `past` those that were asked before it. `gap` is what is known already
    to be missing of the post.
    """

    waiting: tuple[str, ...] = ()
    past: frozenset[str] = frozenset()
    gap: Blind | None = None


def gathered(ask: Ask, whose: Document, said: Iterable[Comment], more: Iterable[str] = ()) -> Parsed:
    """The post `whose` with what one more answer `said` under it: as a document once there is nothing `more` to ask,
    else within the request for that."""
    whole = ask if isinstance(ask, Gathering) else Gathering(ask.what, ask.url)
    waiting, past, gap = whole.waiting, whole.past | {ask.url}, whole.gap
    asked = list(more)
    waiting = tuple(dict.fromkeys(url for url in (*waiting, *asked) if url not in past))
    known = {comment.url for comment in whose.comments if comment.url}
    shown = answers.with_comments(whose, [comment for comment in said if comment.url not in known])
    if waiting and ask.page < MOST_PAGES:
        then = Gathering(ask.what, waiting[0], shown, ask.page + 1, waiting=waiting[1:], past=past, gap=gap)
        return Parsed(asks=(then,))
    if waiting or any(url in past for url in asked):
        gap = gap or _SHORT
    return lacking(shown, gap) if gap else Parsed(documents=(replace(shown, comments_whole=True),))


def lacking(whose: Document, gap: Blind) -> Parsed:
    """The post, of which something cannot be seen."""
    return Parsed(documents=(replace(whose, comments_whole=False),), missed=((whose.url, gap),))


def closed_under(whose: Document) -> Parsed:
    """The post, under which nobody may write and nothing stands."""
    return Parsed(documents=(replace(whose, comment_state=CommentState.CLOSED, comments_whole=True),))


def unread(ask: Ask, blind: Blind) -> Parsed:
    """What it means that a request was refused: the end of the visit, or a post whose comments nobody knows."""
    if ask.about is None:
        return Parsed(blind=(blind,), stop=True)
    ends = blind.reason in _ENDING
    missed = ((ask.about.url, replace(blind, what=FAILED)),)
    return Parsed(documents=(ask.about,), missed=missed, blind=(blind,) if ends else (), stop=ends)
