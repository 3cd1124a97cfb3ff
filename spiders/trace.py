"""By what a page is known again: everything that was read in it, as bytes that are equal only where all of it is."""

import json
from dataclasses import asdict, replace

from auditor.model import Document, Profile


def content(document: Document) -> bytes:
    """Everything read in a document, in one way of writing that no two contents share. Hash it before it is kept.

    Only the depth is left out: it tells how the page is found, and not what it says. `Document.digest` is no
    substitute: what only counts up (dates, numbers of visitors) does not change that one, and a telephone number may.
    """
    told = (
        document.url,
        [(p.text, p.place, p.about) for p in document.passages],
        [(link.url, link.words, link.tag, link.rel) for link in document.links],
        [(i.url, i.alt, i.caption, i.near, i.width, i.height) for i in document.images],
        [(c.text, c.author, c.url, c.published_on) for c in document.comments],
        document.title,
        document.language,
        document.media_type,
        document.author,
        document.published_on,
        sorted(document.anchors),
        document.digest,
        document.rendered,
        document.problem,
        document.is_shell,
        document.comment_state,
        document.comments_whole,
        document.made_for_kids,
        _settings(document.profile),
    )
    return json.dumps(told, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def _settings(profile: Profile | None) -> dict[str, object] | None:
    """All that a profile says but its count of posts, which grows with each of them."""
    return asdict(replace(profile, posts=None)) if profile is not None else None
