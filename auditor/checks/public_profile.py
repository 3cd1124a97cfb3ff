"""Strangers see more of this profile than the policy wants them to.

## Why it matters
What strangers can read, students and families can read too. Most people share more than they know.

## How to fix
Open the privacy settings of the platform. Let only friends see posts, and show the rest of the world your name, your
title and your school.

## What it cannot see
What friends see. We look as a visitor who is not logged in.
"""

from collections.abc import Iterator, Mapping

from auditor.check import Answer, Seen, Unknown, check
from auditor.model import AccountFacts, Kind, Place, Reading, Reason, Severity
from auditor.outlets.platforms import named
from auditor.vicinity import beyond_who

# Where an account can be closed to strangers. Elsewhere being public is the
# point: only a person can tell, and a policy that no more than advises to know the settings asks nothing there.
CAN_BE_CLOSED = frozenset(
    {"facebook", "instagram", "x", "twitter", "threads", "tiktok", "snapchat", "pinterest", "linkedin", "mastodon"}
    | {"youtube", "tumblr", "flickr", "vimeo", "strava"}
)
_A_PROFILE = 40
"""Up to so many words are a name, a title and a school."""
_A_FULL_SENTENCE = 7
_MORE_THAN_WHO = 4
"""From so many words on that are no name, title or place of work, a sentence tells more."""


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=frozenset({Kind.PERSONAL}))
def public_profile(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    telling = [note.url for note in seen.subject.notes if note.facts["more"]]
    if not seen.subject.notes:
        if not any(blind.reason is Reason.LOGIN_WALL for blind in seen.subject.coverage.blind):
            yield Unknown(seen.subject.failure or "nothing of it could be read")
    elif telling and (_can_be_closed(seen) or seen.word("visible") != "advisory"):
        yield _open(seen, len(telling))


@public_profile.notes
def _read(seen: Seen[Reading]) -> Mapping[str, object]:
    """Whether the page tells more than who somebody is and where they work."""
    document = seen.subject.document
    blocks = [line for p in document.passages if p.place in (Place.BODY, Place.TABLE) for line in p.text.split("\n")]
    names = [seen.account.owner, seen.district.name, *(school.name for school in seen.district.schools)]
    words = sum(len(block.split()) for block in blocks)
    sentences = any(
        len(block.split()) >= _A_FULL_SENTENCE and beyond_who(block, names) >= _MORE_THAN_WHO for block in blocks
    )
    return {"more": words > _A_PROFILE or sentences or document.published_on is not None}


def _can_be_closed(seen: Seen[AccountFacts]) -> bool:
    return (named(seen.account.platform) or seen.account.platform.casefold()) in CAN_BE_CLOSED


def _open(seen: Seen[AccountFacts], pages: int) -> Answer:
    advisory = seen.word("visible") == "advisory"
    certain = _can_be_closed(seen) and not advisory
    how_many = "1 page or post" if pages == 1 else f"{pages} pages or posts"
    answer = seen.fail if certain else seen.review
    return answer(
        "posts",
        excerpt=f"A stranger can read {how_many} of this account without logging in.",
        advice=_advice(seen, can_be_closed=_can_be_closed(seen)),
        confidence=0.9 if certain else 0.5,
        severity=Severity.MINOR if advisory else None,
    )


def _advice(seen: Seen[AccountFacts], *, can_be_closed: bool) -> str:
    if not can_be_closed:
        return "Ask the owner whether all of it is meant for everybody. Students and families can read it too."
    if seen.word("visible") == "friends-only":
        return 'Ask the owner to set the account to "Only friends" or "Private".'
    return "Ask the owner to show strangers no more than name, title and school."
