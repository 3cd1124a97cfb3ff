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
from auditor.outlets.platforms import name_of, setting
from auditor.vicinity import beyond_who

FRIENDS_ONLY, BASIC, ADVISORY = "friends-only", "basic", "advisory"
_A_PROFILE = 40
"""Up to so many words are a name, a title and a school."""
_A_FULL_SENTENCE = 7
_MORE_THAN_WHO = 4
"""From so many words on that are no name, title or place of work, a sentence tells more."""


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=frozenset({Kind.PERSONAL}))
def public_profile(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    if not seen.subject.notes:
        if not any(blind.reason is Reason.LOGIN_WALL for blind in seen.subject.coverage.blind):
            yield Unknown(seen.subject.failure or "nothing of it could be read")
        return
    telling = sum(1 for note in seen.subject.notes if note.facts["more"])
    if telling and (_can_be_closed(seen) or seen.word("visible") != ADVISORY):
        yield _open(seen, telling)
    elif seen.word("visible") == FRIENDS_ONLY and _can_be_closed(seen) and _any(seen, "open"):
        yield seen.review(
            "posts",
            excerpt="Strangers may read this account, though nothing much is posted yet.",
            advice=_advice(seen),
        )
    yield from _settings(seen)


@public_profile.notes
def _read(seen: Seen[Reading]) -> Mapping[str, object]:
    """Whether the page tells more than who somebody is and where they work; and what the profile lets strangers do."""
    document = seen.subject.document
    blocks = [line for p in document.passages if p.place in (Place.BODY, Place.TABLE) for line in p.text.split("\n")]
    names = [seen.account.owner, seen.district.name, *(school.name for school in seen.district.schools)]
    words = sum(len(block.split()) for block in blocks)
    sentences = any(
        len(block.split()) >= _A_FULL_SENTENCE and beyond_who(block, names) >= _MORE_THAN_WHO for block in blocks
    )
    facts: dict[str, object] = {"more": words > _A_PROFILE or sentences or document.published_on is not None}
    profile = document.profile
    if profile is not None:
        facts["open"] = profile.is_private is False
        facts["found_by_search"] = profile.hides_from_search is False
        facts["written_to"] = profile.messages_from == "all"
    return facts


def _can_be_closed(seen: Seen[AccountFacts]) -> bool:
    """Whether an account there can be closed to strangers. Elsewhere being public is the point: only a person can tell,
    and a policy that no more than advises to know the settings asks nothing there."""
    return bool(setting(seen.account.platform, "posts"))


def _open(seen: Seen[AccountFacts], pages: int) -> Answer:
    advisory = seen.word("visible") == ADVISORY
    certain = _can_be_closed(seen) and not advisory
    how_many = "1 page or post" if pages == 1 else f"{pages} pages or posts"
    answer = seen.fail if certain else seen.review
    return answer(
        "posts",
        excerpt=f"A stranger can read {how_many} of this account without logging in.",
        advice=_advice(seen),
        confidence=0.9 if certain else 0.5,
        severity=Severity.MINOR if advisory else None,
    )


def _advice(seen: Seen[AccountFacts]) -> str:
    if not _can_be_closed(seen):
        said = setting(seen.account.platform, "strangers")
        asked = "Ask the owner whether all of it is meant for everybody. Students and families can read it too."
        return f"{asked} {said}" if said else asked
    where = setting(seen.account.platform, "posts")
    if seen.word("visible") == FRIENDS_ONLY:
        return f"Ask the owner to let only friends see the account. {where}"
    return f"Ask the owner to show strangers no more than name, title and school. {where}"


def _settings(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    """What the platform itself tells of the owner's settings, against what the policy wants to be limited."""
    visible = seen.word("visible", BASIC)
    where = name_of(seen.account.platform)
    if visible == FRIENDS_ONLY and _any(seen, "found_by_search"):
        yield seen.review(
            "search engines",
            excerpt=f"{where} lets search engines show this profile.",
            advice=f"Ask whether strangers should find it. {setting(seen.account.platform, 'search')}".strip(),
        )
    if visible in (FRIENDS_ONLY, BASIC) and _any(seen, "written_to"):
        yield seen.review(
            "messages from strangers",
            excerpt=f"{where} lets everybody write to this account in private.",
            advice=f"Ask the owner to let fewer people write. {setting(seen.account.platform, 'messages')}".strip(),
        )


def _any(seen: Seen[AccountFacts], fact: str) -> bool:
    return any(note.facts.get(fact) is True for note in seen.subject.notes)
