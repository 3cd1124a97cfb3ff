"""From markup to what a reader sees: no word glued to its neighbour, none split.

Works on HTML as the parser writes it out again, where every bracket that is text is escaped; so a few replacements
at full speed do what a walk through the tree would do node by node.
"""

import re
from typing import Final

from auditor.lazy_pattern import LazyPattern

UNSEEN: Final = ["script", "style", "template", "iframe", "noembed", "noframes"]
"""Elements whose content is no text of the page. What style sheets hide is published all the same, and stays."""

_TAG: Final = re.compile(r"<([^>]*+)>")
_INLINE: Final = (
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr output q rb rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr"
)
_INLINE_TAG: Final = LazyPattern(rf"</?(?:{_INLINE.replace(' ', '|')}|[a-z0-9]+:[a-z0-9]+)(?: [^>]*)?>")
_WRAPPED_CELL: Final = LazyPattern(
    r"(<t[dh](?: [^>]*)?>) ?(?:<(?:p|div|center)(?: [^>]*)?> ?)+([^<]*)(?:</(?:p|div|center)> ?)+(?=</t[dh]>)"
)
_BLOCK_IN_CELL: Final = re.compile(r"<t[dh](?: [^>]*)?>\s*<(?!/?t[dhr]\b)")
"""What nearly every table of figures has not: an element in a cell."""
_WITHIN: Final = r"(?:</?(?:a|b|strong|em|i|span|font|small|u)(?: [^>]*)?>|\s)*+"
_PART: Final = rf"{_WITHIN}[^<,\s][^<,]{{0,40}}{_WITHIN}"
_NAME_IN_CELL: Final = LazyPattern(rf"(<t[dh](?: [^>]*)?>{_PART},{_WITHIN})<br ?/?>(?={_PART}</t[dh]>)")
"""A cell with nothing but a name turned round, over two lines."""
COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SPACES: Final = re.compile("  +")
_ODD_SPACES: Final = tuple(c for c in map(chr, range(0x3001)) if c.isspace() and c not in "\n\t ")
_PREFORMATTED: Final = re.compile(r"<(pre|textarea)(?=[ >]).*?</\1>", re.DOTALL)


_LINE: Final = "\v"
_CELL: Final = "\f"
"""What ends a line and what sets a cell apart, as long as the markup's own white space is in the text: markup that is
clean holds neither."""

_GLUE: Final = (
    {f"{slash}{name}": "" for name in _INLINE.split() for slash in ("", "/")}
    | {"td": _CELL, "th": _CELL, "/td": "", "/th": ""}
    | dict.fromkeys(("img", "input", "button", "/button", "svg", "/svg"), " ")
)


class _Glue(dict[str, str]):
    """What stands in a text where a tag stood, by all that stands between its brackets: most end a line."""

    def __missing__(self, tag: str) -> str:
        name = tag.split(None, 1)[0] if tag and not tag[0].isspace() else ""
        # An element of another vocabulary is part of the text around it.
        glue = _GLUE.get(name, "" if ":" in name else _LINE)
        if len(tag) <= _LONG_TAG:
            if len(self) >= _TAGS:
                self.clear()
            self[tag] = glue
        return glue


_TAGS: Final = 5000
_LONG_TAG: Final = 200
_GLUED: Final = _Glue()


class Markup:
    """HTML that a parser serialised, without comments and `UNSEEN` elements, cut at its brackets."""

    def __init__(self, html: str) -> None:
        # Two links that touch are two entries of a menu or list, never one word.
        self._html = html.replace("</a><a ", "</a> <a ")
        self._pieces = _pieces(self._html)
        self.tags = "<" + "<".join(dict.fromkeys(self._pieces[1::2]))
        """All tags, each that is written alike once, without the brackets at their ends: a page repeats itself."""

    def text(self) -> str:
        """What a reader sees.

        Inline elements join with nothing, blocks and line breaks end a line, table cells are set apart by tabs, and
        every other run of white space is one space.
        """
        html, pieces = self._html, self._pieces.copy()
        if "<pre" in self.tags or "<textarea" in self.tags:
            html = _PREFORMATTED.sub(lambda match: match[0].replace("\n", "<br>"), html)
            pieces = _pieces(html)
        tabled = "<td" in self.tags or "<th" in self.tags
        if tabled and "<br" in self.tags and "," in html:
            html = _NAME_IN_CELL.sub(r"\1 ", html)
            pieces = _pieces(html)
        if tabled and _BLOCK_IN_CELL.search(html) is not None:
            # A row is one line: the end of a cell ends nothing, nor does a paragraph that is all of a cell.
            pieces = _pieces(_WRAPPED_CELL.sub(r"\1\2", _INLINE_TAG.sub("", " ".join(html.split()))))
        pieces[1::2] = map(_GLUED.__getitem__, pieces[1::2])
        text = _on_one_line("".join(pieces)).replace(_LINE, "\n").replace(_CELL, "\t")
        text = unescape(text)
        if not text.isascii():
            for space in _ODD_SPACES:
                if space in text:
                    text = text.replace(space, " ")
        return _SPACES.sub(" ", "\n".join(filter(None, map(str.strip, text.split("\n")))))


def visible(html: str) -> str:
    """The text of HTML that a parser serialised and from which `UNSEEN` elements were taken."""
    return Markup(COMMENT.sub("", html) if "<!--" in html else html).text()


def _pieces(html: str) -> list[str]:
    """Texts and, between each two of them, what stands between the brackets of a tag."""
    pieces = html.replace("<", ">").split(">")
    # The names of elements and attributes may hold brackets that open; nothing else does.
    return pieces if len(pieces) == 2 * html.count("<") + 1 else _TAG.split(html)


def _on_one_line(text: str) -> str:
    """Text in which no white space of the markup means more than a space. Its indentation stays, to go with the lines
    it is on."""
    return text.replace("\n", " ").replace("\t", " ").replace("\r", " ")


def unescape(text: str) -> str:
    """Text without the only four escapes that a serialiser writes."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")
