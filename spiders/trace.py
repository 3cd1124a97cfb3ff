"""By what a page is known again: everything that was read in it, as bytes that are equal only where all of it is."""

import json
from dataclasses import asdict, replace
from typing import Final

from auditor.model import Document, Profile


def content(document: Document) -> bytes:
    """Everything read in a document, in one way of writing that no two contents share. Hash it before it is kept.

    Only the depth is left out: it tells how the page is found, and not what it says. `Document.digest` is no
    substitute: what only counts up (dates, numbers of visitors) does not change that one, and a telephone number may.
    """
    parts = (document.passages, document.links, document.images, document.comments)
    plain = (
        document.published_on,
        document.rendered,
        document.is_shell,
        document.comment_state,
        document.comments_whole,
        document.made_for_kids,
        *map(len, parts),
    )
    told = [
        document.url,
        document.title,
        document.language,
        document.media_type,
        document.author,
        document.digest,
        document.problem,
        _settings(document.profile),
        *map(str, plain),
    ]
    for passage in document.passages:
        told += passage.text, passage.place, passage.about
    for link in document.links:
        told += link.url, link.words, link.tag, str(len(link.rel)), *link.rel
    for image in document.images:
        told += image.url, image.alt, image.caption, image.near, f"{image.width} {image.height}"
    for comment in document.comments:
        told += comment.text, comment.author, comment.url, str(comment.published_on)
    told += sorted(document.anchors)
    written = _END.join(told)
    if written.count(_END) != len(told) - 1:
        written = json.dumps(told, ensure_ascii=False)
    return written.encode("utf-8", "surrogatepass")


_END: Final = "\0"
"""No text of a page holds it. Where one does, another way of writing, slower, keeps texts apart."""


def _settings(profile: Profile | None) -> str:
    """All that a profile says but its count of posts, which grows with each of them."""
    if profile is None:
        return ""
    return json.dumps(asdict(replace(profile, posts=None)), ensure_ascii=False, default=str)
