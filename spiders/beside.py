"""The text that a reader sees beside a picture: what stands before and behind it, in the order of the page."""

from collections.abc import Iterable, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

REACH: Final = 200
"""Characters on either side; text no longer than both is taken whole."""

_STEPS: Final = 80
_BLOCKS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "hr", "article", "table"})
"""Behind a picture, something else begins with these; before it, a heading is the last that may be about it."""
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
        if here is None or here.tag == "img" or here.tag in _BLOCKS:
            return
        if here.is_text_node and _is_seen(here):
            yield here.text_content or ""


def _before(node: LexborNode, within: int) -> Iterator[str]:
    here: LexborNode | None = node
    for _ in range(_STEPS):
        here = _previous(here, within)
        if here is None or here.tag == "img":
            return
        if here.is_text_node and _is_seen(here):
            yield here.text_content or ""
            above = here.parent
            if above is not None and above.tag in _BLOCKS:
                return


def _is_seen(node: LexborNode) -> bool:
    return node.parent is None or node.parent.tag not in _UNSEEN


def _next(node: LexborNode | None, within: int) -> LexborNode | None:
    """The node behind, in the order of the page; None at the end of the element."""
    if node is None:
        return None
    if node.first_child is not None:
        return node.first_child
    while node.next is None:
        node = node.parent
        if node is None or node.mem_id == within:
            return None
    return node.next


def _previous(node: LexborNode | None, within: int) -> LexborNode | None:
    """The last node without children before, in the order of the page; None at the beginning of the element."""
    while node is not None and node.prev is None:
        node = node.parent
        if node is None or node.mem_id == within:
            return None
    if node is None or node.prev is None:
        return None
    node = node.prev
    while node.last_child is not None:
        node = node.last_child
    return node
