"""A visitor's comment under a page or post is spam or advertising.

## Why it matters
Spam leads families to frauds and shops. Where much of it stands, nobody seems to look after the page.

## How to fix
Hide or delete the comment. Let comments wait for your approval, or turn on the spam filter.

## What it cannot see
Comments that load only after a click. Advertising inside pictures. Praise for a business in plain words.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import PUBLISHING, Answer, Breach, Seen, Unknown, check
from auditor.model import Reading, Severity, Sort
from auditor.visitors import UNREAD, Said, Spam, comments, out_of_sight, placed, quoted, spam

_ADVICE: Final = "Read the comment. If it is spam or an advertisement, hide or delete it."


@check(reads=Reading, severity=Severity.MODERATE, kinds=PUBLISHING)
def spam_comment(seen: Seen[Reading]) -> Iterator[Answer]:
    if out_of_sight(seen.subject):
        yield Unknown(UNREAD)
    for comment in comments(seen.subject):
        found = spam(comment.text)
        if found is not None:
            yield _spam(seen, comment, found)
            continue
        for selling in comment.sightings:
            if selling.sort is Sort.SELLING:
                yield seen.review(
                    f"advertising: {selling.masked}",
                    identity=selling.token,
                    excerpt=quoted(seen.subject, comment, selling, seen.today),
                    advice=_ADVICE,
                    confidence=selling.confidence,
                )


def _spam(seen: Seen[Reading], comment: Said, found: Spam) -> Breach:
    focus = placed(seen.subject, comment, found.start, found.end, Sort.SELLING)
    answer = seen.fail if found.sure else seen.review
    return answer(
        f"spam: {found.kind}",
        identity=f"spam:{seen.keyed(comment.text)}",
        excerpt=quoted(seen.subject, comment, focus, seen.today),
        advice="Delete the comment." if found.sure else _ADVICE,
        confidence=0.95 if found.sure else 0.6,
    )
