"""From markup to what a reader sees: no word glued to its neighbour, none split.

Works on HTML as the parser writes it out again, where every bracket that is text is escaped; so a few replacements
at full speed do what a walk through the tree would do node by node.
"""

import re
from typing import Final

UNSEEN: Final = ["script", "style", "template", "iframe", "noembed", "noframes"]
"""Elements whose content is no text of the page. What style sheets hide is published all the same, and stays."""

_INLINE: Final = re.compile(
    r"</?(?:[abiqsu]|abbr|acronym|bd[io]|big|blink|cite|code|data|del|dfn|em|font|ins|kbd|label|mark|nobr|output"
    r"|r[bpt]|ruby|samp|small|span|strike|strong|su[bp]|time|tt|var|wbr|[a-z0-9]+:[a-z0-9]+)(?: [^>]*)?>"
)
_CELL: Final = re.compile(r"<t[dh](?: [^>]*)?>")
_WRAPPED_CELL: Final = re.compile(
    r"(<t[dh](?: [^>]*)?>) ?(?:<(?:p|div|center)(?: [^>]*)?> ?)+([^<]*)(?:</(?:p|div|center)> ?)+(?=</t[dh]>)"
)
_REPLACED: Final = re.compile(r"<(?:img|input|/?button|/?svg)(?: [^>]*)?>")
_OTHER: Final = re.compile(r"<[^>]*>")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_SPACES: Final = re.compile(r" {2,}")
_PREFORMATTED: Final = re.compile(r"<(pre|textarea)\b.*?</\1>", re.DOTALL)


def visible(html: str) -> str:
    """The text of HTML that a parser serialised and from which `UNSEEN` elements were taken.

    Inline elements join with nothing, blocks and line breaks end a line, table cells are set apart by tabs, and every
    other run of white space is one space.
    """
    if "<!--" in html:
        html = _COMMENT.sub("", html)
    if "<pre" in html or "<textarea" in html:
        html = _PREFORMATTED.sub(lambda match: match[0].replace("\n", "<br>"), html)
    # Two links that touch are two entries of a menu or list, never one word.
    html = " ".join(html.split()).replace("</a><a ", "</a> <a ")
    html = _INLINE.sub("", html)
    if "<td" in html or "<th" in html:
        # A row is one line: the end of a cell ends nothing, nor does a paragraph that is all of a cell.
        html = _WRAPPED_CELL.sub(r"\1\2", html).replace("</td>", "").replace("</th>", "")
    html = _REPLACED.sub(" ", _CELL.sub("\t", html))
    text = unescape(_OTHER.sub("\n", html))
    if "  " in text:
        text = _SPACES.sub(" ", text)
    return "\n".join([line for line in map(str.strip, text.split("\n")) if line])


def unescape(text: str) -> str:
    """Text without the only four escapes that a serialiser writes."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")
