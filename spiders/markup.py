"""From markup to what a reader sees: no word glued to its neighbour, none split.

Works on HTML as the parser writes it out again, where every bracket that is text is escaped; so a few replacements
at full speed do what a walk through the tree would do node by node.
"""

import re
from typing import Final

UNSEEN: Final = ["script", "style", "template", "iframe", "noembed", "noframes"]
"""Elements whose content is no text of the page. What style sheets hide is published all the same, and stays."""

_TAG: Final = re.compile(r"<([^>]*+)>")
_INLINE: Final = (
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr output q rb rp rt "
    "ruby s samp small span strike strong sub sup time tt u var wbr"
)
_INLINE_TAG: Final = re.compile(rf"</?(?:{_INLINE.replace(' ', '|')}|[a-z0-9]+:[a-z0-9]+)(?: [^>]*)?>")
_WRAPPED_CELL: Final = re.compile(
    r"(<t[dh](?: [^>]*)?>) ?(?:<(?:p|div|center)(?: [^>]*)?> ?)+([^<]*)(?:</(?:p|div|center)> ?)+(?=</t[dh]>)"
)
_BLOCK_IN_CELL: Final = re.compile(r"<t[dh](?: [^>]*)?>\s*<(?!/?t[dhr]\b)")
"""What nearly every table of figures has not: an element in a cell."""
COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ODD_SPACES: Final = tuple(c for c in map(chr, range(0x3001)) if c.isspace() and c not in "\n\t ")
_PREFORMATTED: Final = re.compile(r"<(pre|textarea)(?=[ >]).*?</\1>", re.DOTALL)


_GLUE: Final = (
    {f"{slash}{name}": "" for name in _INLINE.split() for slash in ("", "/")}
    | {"td": "\t", "th": "\t", "/td": "", "/th": ""}
    | dict.fromkeys(("img", "input", "button", "/button", "svg", "/svg"), " ")
)


class _Glue(dict[str, str]):
    """What stands in a text where a tag stood, by all that stands between its brackets: most end a line."""

    def __missing__(self, tag: str) -> str:
        name = tag.split(None, 1)[0] if tag and not tag[0].isspace() else ""
        # An element of another vocabulary is part of the text around it.
        glue = _GLUE.get(name, "" if ":" in name else "\n")
        if len(tag) <= _LONG_TAG:
            if len(self) >= _TAGS:
                self.clear()
            self[tag] = glue
        return glue


_TAGS: Final = 5000
_LONG_TAG: Final = 200
_GLUED: Final = _Glue()


def visible(html: str, *, commented: bool = True) -> str:
    """The text of HTML that a parser serialised and from which `UNSEEN` elements were taken.

    Inline elements join with nothing, blocks and line breaks end a line, table cells are set apart by tabs, and every
    other run of white space is one space. `commented` is False where no comment is left in it.
    """
    if commented and "<!--" in html:
        html = COMMENT.sub("", html)
    if "<pre" in html or "<textarea" in html:
        html = _PREFORMATTED.sub(lambda match: match[0].replace("\n", "<br>"), html)
    # Two links that touch are two entries of a menu or list, never one word.
    html = _on_one_line(html).replace("</a><a ", "</a> <a ")
    if _BLOCK_IN_CELL.search(html) is not None:
        # A row is one line: the end of a cell ends nothing, nor does a paragraph that is all of a cell.
        html = _WRAPPED_CELL.sub(r"\1\2", _INLINE_TAG.sub("", " ".join(html.split())))
    pieces = _pieces(html)
    pieces[1::2] = map(_GLUED.__getitem__, pieces[1::2])
    text = unescape("".join(pieces))
    if not text.isascii():
        for space in _ODD_SPACES:
            if space in text:
                text = text.replace(space, " ")
    text = "\n".join([line for line in map(str.strip, text.split("\n")) if line])
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _pieces(html: str) -> list[str]:
    """Texts and, between each two of them, what stands between the brackets of a tag."""
    pieces = html.replace("<", ">").split(">")
    # The names of elements and attributes may hold brackets that open; nothing else does.
    return pieces if len(pieces) == 2 * html.count("<") + 1 else _TAG.split(html)


def _on_one_line(html: str) -> str:
    """HTML in which no white space means more than a space. Its indentation stays, to go with the lines it is on."""
    return html.replace("\n", " ").replace("\t", " ").replace("\r", " ")


def unescape(text: str) -> str:
    """Text without the only four escapes that a serialiser writes."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")
