"""What visitors wrote under a page, told apart from what the page itself says by the marks of common systems; and
whether they may write there at all.

A passage by itself that is only called a comment ("The principal's comments") is the page's own word: a thread shows
by its parts, such as who wrote each.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from auditor.lazy_pattern import LazyPattern
from auditor.model import Comment, CommentState
from spiders.markup import visible

MOST: Final = 2_000
"""Comments of one page that are told apart."""
_MOST_MARKUP: Final = 4_000_000
"""Characters of markup that are read for it: comments may stand in each other without end."""
_MOST_PLACES: Final = 50
_A_FEW_WORDS: Final = 4
"""Words of an entry of a list from which on somebody said something: "3 comments" is a count."""
_CLIMB: Final = 50
"""Elements around a comment that are looked at."""

_MARKS: Final = ('id="respond"', "disqus_thread", "giscus")
"""A page that has any place for comments says so, or has one of these in its tags."""


def _classes(names: str) -> str:
    """A selector of the elements that have one of these classes."""
    return ", ".join(f'[class~="{name}"]' for name in names.split())


_PLACES: Final = (
    _classes(
        "comments comment-list commentlist comment_list comments-list comments-area comment-area comment-thread"
        " comment-section comments-section comments-container comments-wrapper comments-wrap post-comments"
    )
    + ', [id="comments"], [aria-label="Comments"]'
)
_EMBEDDED: Final = (
    '[id="disqus_thread"], [class~="fb-comments"], [class~="giscus"], [class~="utterances"], [id="remark42"], '
    '[id="hyvor-talk-view"], [id="cusdis_thread"]'
)
"""Threads that a script brings from elsewhere."""
_MARKED: Final = '[itemprop="comment"], [itemtype$="schema.org/Comment"], [class~="u-comment"]'
_THREADS: Final = f'{_PLACES}, [id="disqus_thread"], {_MARKED}, li[id^="comment-"]'
_NAMED: Final = (
    "comment comment-item comment_item comment__item single-comment user-comment comment-entry comment-card comment-row"
    " comment-box comment-block comment-wrapper"
)
_BODIES: Final = _classes(
    "comment-content comment-text comment_content comment-message comment__content comment__text comment-body"
    " comment__body comment_body"
)
_PARTS: Final = (
    f"{_classes(_NAMED)}, {_BODIES}, {_classes('comment-author comment__author comment-meta')}, {_MARKED}, "
    '[id^="comment-"], [id^="dsq-comment"]'
)
_ONE: Final = ("comment-",)
_LISTED: Final = (
    '[class~="comments"] > li, [class~="commentlist"] > li, [class~="comment-list"] > li, '
    '[id="comments"] > li, [id="comments"] > ol > li, [id="comments"] > ul > li'
)
"""Comments that nothing marks but their list."""
_SINGLE: Final = (
    f'{_classes(_NAMED)}, {_MARKED}, li[id^="comment-"], div[id^="comment-"], article[id^="comment-"], {_LISTED}'
)
_NUMBERED: Final = LazyPattern(r"(?:li-|div-|dsq-)?comment[-_]?(\w*\d\w*)")
_ITEMS: Final = frozenset(_NAMED.split())
_NO_COMMENT: Final = frozenset({"pingback", "trackback"})
"""What other sites' programs leave among comments."""
_WHOLE_PAGE: Final = frozenset({"html", "body", "main"})
_REPLIES: Final = frozenset({"ol", "ul"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "legend"})
_WORDS: Final = (
    '[itemprop="text"], [itemprop="commentText"], '
    + _classes("comment-content comment-text comment_content comment-message comment__content comment__text"),
    _classes("comment-body comment__body comment_body"),
)
"""What holds the words alone; the first that is there."""
_AUTHOR: Final = (
    '[class~="fn"], [itemprop="author"], [rel="author"], [class~="comment-author-name"], cite',
    '[class~="comment-author"], [class~="comment__author"]',
)
"""What names who wrote it; the first that is there."""
_BESIDE: Final = (
    'form, time, footer, cite, button, [itemprop="author"], [itemprop="datePublished"], '
    + _classes("comment-meta comment-metadata comment-author comment__author comment-date says reply fn")
    + ", "
    + _classes("comment-reply-link comment-awaiting-moderation")
)
"""What stands in a comment beside its words."""
_AGO: Final = LazyPattern(r"^\W*(?:\d+|an?) (?:second|minute|hour|day|week|month|year)s? ago\W*$", re.IGNORECASE)

_FORMS: Final = (
    'form[id="commentform"], form[class~="comment-form"], form[id^="comment-form"], form[id="comment_form"], '
    'form[action*="wp-comments-post"], form[action*="/comment/reply"], form[action$="/comments"], '
    '[id="comment-editor-src"], [id="respond"] form, [id="comments"] form, '
    '[class~="comments"] form, [class~="comments-area"] form'
)
"""Where a visitor writes. A form for questions and comments to the office is none."""
_INVITES: Final = LazyPattern(
    r"\b(?:leave|post|add|write|submit|make)(?: (?:a|your|an?other|new))? (?:public )?(?:comment|reply)\b"
    r"|\bjoin the discussion\b"
    r"|\b(?:deja|escribe|a[nñ]ade|publica)r?(?: (?:un|tu))? comentario\b",
    re.IGNORECASE,
)
"""What a form for comments says of itself, whatever it is called."""
_MEMBERS: Final = '[class~="must-log-in"]'
_SHUT: Final = '[class~="no-comments"], [class~="nocomments"], [class~="comments-closed"]'
_CLOSED: Final = LazyPattern(
    r"\bcomment(?:s|ing)? (?:are|is|have been|has been)(?: now)? (?:closed|off|disabled|turned off|switched off)\b"
    r"|\blos comentarios (?:est[aá]n|han sido) (?:cerrados|desactivados)\b",
    re.IGNORECASE,
)
_MODERATED: Final = LazyPattern(
    r"\b(?:comments?|replies) (?:are|is|will be) (?:all )?(?:pre-?)?(?:moderated|reviewed|approved)\b"
    r"|\b(?:held|wait(?:s|ing)?) for (?:moderation|review|approval)\b"
    r"|\bawait(?:s|ing)? (?:moderation|approval|review)\b"
    r"|\b(?:appear|show up|published|posted|shown|visible)(?: here)?(?: only)? (?:after|once|when|until)\b[^.!?]{0,60}"
    r"\b(?:approv|review|moderat)|\b(?:must be|needs to be|to be) approved\b|\bsubject to (?:moderation|approval)\b"
    r"|\bmoderaci[oó]n\b|\bcomentarios? ser[aá]n? (?:revisad|aprobad|moderad)",
    re.IGNORECASE,
)
_PAGED: Final = (
    '[class~="comment-navigation"], [class~="comments-pagination"], a[href*="comment-page-"], a[href*="cpage="]'
)
_MORE: Final = LazyPattern(
    r"\b(?:load|show|view|see|read)(?: \d+)? (?:more|all|older|newer|previous)(?: \d+)? (?:comments|replies)\b"
    r"|\b(?:older|newer) comments\b",
    re.IGNORECASE,
)


_COUNTED: Final = LazyPattern(
    r"(?<![\d.,])(\d{1,6}) (?:comments|responses|replies|thoughts on|comentarios)\b", re.IGNORECASE
)
"""How many comments a page says that it has."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What visitors wrote under a page: the markup of each thread, in the order of the page, and each comment.

    `state` is who may write there. `whole` is True where every comment that visitors see is among `comments`; both are
    None where nobody can tell.
    """

    threads: Sequence[str] = ()
    comments: tuple[Comment, ...] = ()
    state: CommentState | None = None
    whole: bool | None = None


NONE: Final = Talk()


def take_out(tree: LexborHTMLParser, html: str, tags: str, page: str) -> Talk:
    """What visitors wrote; their threads no longer stand in the tree (`html`, of which `tags` are the tags)."""
    if "omment" not in html and not any(mark in tags for mark in _MARKS):
        return NONE
    threads: list[LexborNode] = []
    taken: set[int] = set()
    bare: set[int] = set()
    for node in tree.css(_THREADS)[:MOST]:
        if node.mem_id in taken or _stands_in(node, taken | bare):
            continue  # what stands in something without any part of a thread is none either
        if _is_thread(node):
            threads.append(node)
            taken.add(node.mem_id)
        elif node.tag not in _WHOLE_PAGE:
            bare.add(node.mem_id)
    places = _places(tree, threads)
    told, all_of_it = _told(threads, page)
    talk = Talk(
        threads=[node.html or "" for node in threads],
        comments=told,
        state=_state(tree, places),
        whole=all_of_it and _is_whole(tree, places, len(told)) if places else None,
    )
    for node in threads:
        node.decompose()
    return talk


def _is_thread(node: LexborNode) -> bool:
    if _is_marked(node) or (node.attributes.get("id") or "").startswith(_ONE):
        return True
    if node.tag in _WHOLE_PAGE:
        return False
    if any(part.mem_id != node.mem_id for part in node.css(_PARTS)):
        return True
    return any(len(item.text().split()) >= _A_FEW_WORDS for item in node.css(_LISTED))


def _is_marked(node: LexborNode) -> bool:
    """Whether the page says by itself that this is a comment."""
    attributes = node.attributes
    if attributes.get("itemprop") == "comment" or (attributes.get("itemtype") or "").endswith("schema.org/Comment"):
        return True
    return "u-comment" in (attributes.get("class") or "").split()


def _stands_in(node: LexborNode, taken: Container[int]) -> bool:
    above = node.parent
    while above is not None:
        if above.mem_id in taken:
            return True
        above = above.parent
    return False


# ------------------------------------------------------------------------------------------------ who may write


def _places(tree: LexborHTMLParser, threads: Sequence[LexborNode]) -> list[LexborNode]:
    """Where visitors write or wrote, and what is said there of it."""
    found: dict[int, LexborNode] = {}
    for node in (*threads, *tree.css(f"{_PLACES}, [id='respond'], {_EMBEDDED}, {_FORMS}, {_MEMBERS}, {_SHUT}")[:MOST]):
        if len(found) < _MOST_PLACES and not _stands_in(node, {*found}):
            found.setdefault(node.mem_id, node)
    for form in tree.css("form")[:_MOST_PLACES]:
        if form.css_first("textarea") is not None and not _stands_in(form, {*found}) and _invites(form):
            found.setdefault(form.mem_id, form)
    return list(found.values())


def _invites(form: LexborNode) -> bool:
    """Whether a form, or the heading over it, asks for comments."""
    over = form.prev
    while over is not None and over.tag in ("-text", "_comment"):
        over = over.prev
    heading = visible(over.html or "") if over is not None and over.tag in _HEADINGS else ""
    labels = " ".join(input_.attributes.get("value") or "" for input_ in form.css('input[type="submit"]'))
    return _INVITES.search(f"{heading}\n{visible(form.html or '')}\n{labels}") is not None


def _state(tree: LexborHTMLParser, places: Sequence[LexborNode]) -> CommentState | None:
    if not places:
        return None
    said = "\n".join(_around(place) for place in places)
    if any(place.tag == "form" or place.css_first(_FORMS) for place in places) or tree.css_first(_EMBEDDED) is not None:
        return CommentState.MODERATED if _MODERATED.search(said) else CommentState.OPEN
    if tree.css_first(_MEMBERS) is not None:
        return CommentState.MODERATED
    return CommentState.CLOSED if tree.css_first(_SHUT) is not None or _CLOSED.search(said) else None


def _around(place: LexborNode) -> str:
    """The words of the page's own at a place for comments: what visitors write does not say how it is kept."""
    copy = LexborHTMLParser(place.html or "")
    for one in copy.css(f"{_SINGLE}, {_BODIES}"):
        if one.tag != "form" and "comment-respond" not in (one.attributes.get("class") or ""):
            one.decompose()
    return visible(copy.html or "")


def _is_whole(tree: LexborHTMLParser, places: Sequence[LexborNode], told: int) -> bool:
    """Whether the page itself shows all that was written: a script may bring comments, and long threads have pages."""
    if tree.css_first(_EMBEDDED) is not None or tree.css_first(_PAGED) is not None:
        return False
    said = [_around(place) for place in places]
    fewer = told and any(int(count) > told for words in said for count in _COUNTED.findall(words))
    return not fewer and not any(map(_MORE.search, said))


# ------------------------------------------------------------------------------------------------ each comment


def _told(threads: Sequence[LexborNode], page: str) -> tuple[tuple[Comment, ...], bool]:
    """Each comment of the threads, and whether these are all."""
    told: list[Comment] = []
    room = _MOST_MARKUP
    for node in (one for thread in threads for one in _singles(thread)):
        markup = node.html or ""
        room -= len(markup)
        if len(told) >= MOST or room < 0:
            return tuple(told), False
        comment = _comment(markup, _number(node) or _inner_number(node), page)
        if comment.text:
            told.append(comment)
    return tuple(told), True


def _singles(thread: LexborNode) -> Iterator[LexborNode]:
    """The elements of a thread that are a comment each."""
    known: dict[int, LexborNode] = {}
    for node in (thread, *thread.css(_SINGLE)):
        if node.mem_id not in known and _is_single(node) and not _repeats(node, known):
            known[node.mem_id] = node
            yield node
    if not known:
        for node in thread.css(_BODIES):
            if node.mem_id not in known and not _stands_in(node, known):
                known[node.mem_id] = node
                yield node


def _inner_number(node: LexborNode) -> str:
    """The number that only the inner side of a comment has."""
    child = node.child
    while child is not None and child.tag == "-text":
        child = child.next
    return _number(child) if child is not None else ""


def _is_single(node: LexborNode) -> bool:
    classes = (node.attributes.get("class") or "").split()
    if not _NO_COMMENT.isdisjoint(classes):
        return False
    if node.tag == "li" or _is_marked(node):
        return True
    if not _ITEMS.isdisjoint(classes):
        return node.tag not in ("form", "a", "span", "i", "svg", "button", "textarea", "label")
    return bool(_number(node))


def _number(node: LexborNode) -> str:
    """What a comment is called by its system: "7" of "comment-7" and "li-comment-7"; "" where it has no such name."""
    match = _NUMBERED.fullmatch(node.attributes.get("id") or "")
    return match[1] if match else ""


def _repeats(node: LexborNode, known: Mapping[int, LexborNode]) -> bool:
    """Whether it is only the inner side of a comment: an answer to one stands in a list of its own, or has a number."""
    if node.tag == "li" or _is_marked(node):
        return False
    above = node.parent
    for _ in range(_CLIMB):
        if above is None:
            break
        if above.mem_id in known:
            return not (_number(node) and _number(above) and _number(node) != _number(above))
        if above.tag in _REPLIES or _holds_replies(above):
            return False
        above = above.parent
    return False


def _holds_replies(node: LexborNode) -> bool:
    return not {"children", "replies", "comment-replies"}.isdisjoint((node.attributes.get("class") or "").split())


def _comment(markup: str, number: str, page: str) -> Comment:
    own = LexborHTMLParser(markup)
    outer = own.body.child if own.body is not None else None
    for inner in own.css(_SINGLE):
        if outer is not None and inner.mem_id != outer.mem_id and _is_answer(inner, number):
            inner.decompose()
    author = next((found for names in _AUTHOR if (found := own.css_first(names)) is not None), None)
    when = own.css_first("time[datetime]")
    return Comment(
        author=_line(author) if author is not None else "",
        url=f"{page}#comment-{number}" if number else "",
        published_on=_moment(when.attributes.get("datetime") or "") if when is not None else None,
        text=_words(own),
    )


def _is_answer(node: LexborNode, number: str) -> bool:
    """Whether a comment within another is an answer to it, and not its inner side."""
    if node.tag == "li" or _is_marked(node) or (_number(node) and number and _number(node) != number):
        return True
    above = node.parent
    for _ in range(_CLIMB):
        if above is None:
            break
        if above.tag in _REPLIES or _holds_replies(above):
            return True
        above = above.parent
    return False


def _words(own: LexborHTMLParser) -> str:
    for beside in own.css(_BESIDE):
        beside.decompose()
    body = next((found for names in _WORDS if (found := own.css_first(names)) is not None), None)
    if body is None:
        text = "\n".join(visible(p.html or "") for p in own.css("p")) or visible(own.html or "")
    else:
        text = visible(body.html or "")
    return "\n".join(line for line in text.split("\n") if line and not _AGO.match(line))


def _line(node: LexborNode) -> str:
    return " ".join(visible(node.html or "").split())


def _moment(told: str) -> datetime | None:
    try:
        then = datetime.fromisoformat(told)
        return then.astimezone(UTC) if then.tzinfo else then.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
