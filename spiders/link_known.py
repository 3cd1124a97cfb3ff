"""What a crawl tells of the addresses that it read, for the links that lead there."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from auditor.model import Document
from auditor.outlets.landing import SHORT_PAGE, reads_as_missing

DOUBTFUL_WORDS: Final = SHORT_PAGE + 1
"""So many words of a page are looked at to see whether it only says that it is not there."""
_CHARACTERS: Final = 4000
"""Characters that hold as many words, if they are words."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a crawl already saw of an address, so that it need not be visited again.

    `anchors` are what a fragment may name; `scripted` tells whether scripts may add more of them. Where that is None,
    nobody looked, and a page that lacks a place is visited to see. `doubtful` marks a page that was served as found
    but may only say that it is not there, or forwards its reader: that one is visited all the same.
    """

    status: int = 200
    anchors: Container[str] = frozenset()
    scripted: bool | None = None
    doubtful: bool = False

    @classmethod
    def of(cls, document: Document) -> "Known":
        """What a document that was read tells of its own address. A rendered page has all its places."""
        return cls(
            anchors=document.anchors,
            scripted=False if document.rendered else None,
            doubtful=document.media_type == "text/html"
            and (
                reads_as_missing(document.title, _notice(document))
                or any(link.tag == "meta" for link in document.links)
            ),
        )


def _notice(document: Document) -> str:
    """The words of a page, if they are as few as such a notice has; else ""."""
    words: list[str] = []
    room = _CHARACTERS
    for passage in document.passages:
        missing = DOUBTFUL_WORDS - len(words)
        if room <= 0 or not missing:
            break
        words += passage.text[:room].split(None, missing)[:missing]
        room -= len(passage.text)
    start = " ".join(words)
    return "" if len(words) == DOUBTFUL_WORDS and len(start) <= _CHARACTERS else start
