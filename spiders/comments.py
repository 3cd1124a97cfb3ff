"""What visitors wrote under a page: told apart from what the page itself says, by the marks of common systems.

A passage by itself that is only called a comment ("The principal's comments") is the page's own word: a thread shows
by its parts, such as who wrote each.
"""

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_THREADS: Final = (
    '[class~="comment-list"], [class~="commentlist"], [class~="comments-area"], [class~="comments"], '
    '[class~="comment-thread"], [id="comments"], [id="disqus_thread"], [itemprop="comment"], li[id^="comment-"]'
)
_PARTS: Final = (
    '[class~="comment"], [class~="comment-author"], [class~="comment-body"], [class~="comment-content"], '
    '[class~="comment-meta"], [class~="comment-text"], [itemprop="comment"], [id^="comment-"], [id^="dsq-comment"]'
)
_ONE: Final = ("comment-",)


def take_out(tree: LexborHTMLParser, html: str) -> list[str]:
    """The markup of each thread of comments, in the order of the page; they no longer stand in the tree."""
    if "omment" not in html:
        return []
    threads: list[LexborNode] = []
    taken: set[int] = set()
    for node in tree.css(_THREADS):
        if not _stands_in(node, taken) and _is_thread(node):
            threads.append(node)
            taken.add(node.mem_id)
    markup = [node.html or "" for node in threads]
    for node in threads:
        node.decompose()
    return markup


def _is_thread(node: LexborNode) -> bool:
    if node.attributes.get("itemprop") == "comment" or (node.attributes.get("id") or "").startswith(_ONE):
        return True
    return node.tag not in ("body", "main", "html") and any(part.mem_id != node.mem_id for part in node.css(_PARTS))


def _stands_in(node: LexborNode, taken: set[int]) -> bool:
    above = node.parent if taken else None
    while above is not None:
        if above.mem_id in taken:
            return True
        above = above.parent
    return False
