"""The text that a reader sees beside a picture: what stands before and behind it, in the order of the page."""

from collections.abc import Iterable, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

REACH: Final = 200
"""Characters on either side; text no longer than both is taken whole."""

_STEPS: Final = 80
_BLOCKS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "hr", "article", "table"})
"""Behind a picture, something else begins with these; before it, a heading is the last that may be about it."""
_TEXT: Final = "-text"
_UNSEEN: Final = frozenset({"script", "style", "template", "noscript"})


def beside(image: LexborNode, within: LexborNode) -> str:
    """Up to `REACH` characters before and behind a picture, up to the next picture or heading, in the element."""
    before = _gathered(_before(image, within.mem_id), from_end=True)
    behind = _gathered(_behind(image, within.mem_id), from_end=False)
    return " ".join(filter(None, (before, behind)))


def _gathered(texts: Iterable[str], *, from_end: bool) -> str:
    kept: list[str] = []
    size = 0
    for text in texts:
        words = " ".join(text.split())
        if words:
            kept.append(words)
            size += len(words) + 1
            if size > REACH:
                break
    return _last(" ".join(reversed(kept))) if from_end else _first(" ".join(kept))


def _first(text: str) -> str:
    return text if len(text) <= REACH else text[:REACH].rpartition(" ")[0]


def _last(text: str) -> str:
    return text if len(text) <= REACH else text[-REACH:].partition(" ")[2]


def _behind(node: LexborNode, within: int) -> Iterator[str]:
    here: LexborNode | None = node
    for _ in range(_STEPS):
        here = _next(here, within)
        tag = here.tag if here is not None else None
        if here is None or tag == "img" or tag in _BLOCKS:
            return
        if tag == _TEXT:
            words = here.text_content
            if words and not words.isspace() and _above(here) not in _UNSEEN:
                yield words


def _before(node: LexborNode, within: int) -> Iterator[str]:
    here: LexborNode | None = node
    for _ in range(_STEPS):
        here = _previous(here, within)
        tag = here.tag if here is not None else None
        if here is None or tag == "img":
            return
        if tag == _TEXT:
            words = here.text_content
            if words and not words.isspace() and (above := _above(here)) not in _UNSEEN:
                yield words
                if above in _BLOCKS:
                    return


def _above(node: LexborNode) -> str:
    return (node.parent.tag if node.parent is not None else None) or ""


def _next(node: LexborNode | None, within: int) -> LexborNode | None:
    """The node behind, in the order of the page; None at the end of the element."""
    if node is None:
        return None
    below = node.first_child
    if below is not None:
        return below
    while (beside := node.next) is None:
        node = node.parent
        if node is None or node.mem_id == within:
            return None
    return beside


def _previous(node: LexborNode | None, within: int) -> LexborNode | None:
    """The last node without children before, in the order of the page; None at the beginning of the element."""
    if node is None:
        return None
    while (beside := node.prev) is None:
        node = node.parent
        if node is None or node.mem_id == within:
            return None
    while (below := beside.last_child) is not None:
        beside = below
    return beside
