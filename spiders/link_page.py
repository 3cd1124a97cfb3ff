"""All links of one page: those that were served, and those that its scripts put in."""

from dataclasses import replace

from auditor.model import Document, Link
from spiders import html, walls
from spiders.reading import Renderer


async def as_shown(served: Document, renderer: Renderer) -> tuple[Document, str]:
    """The document with what a browser shows of it beside what was served, for scripts take links away, too.

    Beside it stands why that could not be seen, "" where it could: then the document is as it was served.
    """
    if served.rendered or served.media_type != "text/html":
        return served, ""
    shown = await renderer.render(served.url)
    markup = shown.html.encode("utf-8", "replace")
    if shown.problem:
        return served, f"a browser could not show it: {shown.problem}"
    if not html.is_tame(markup):
        return served, "what its scripts make of it is too large to be read"
    late = html.read(markup, shown.final_url or served.url, charset="utf-8")
    wall = walls.stands_before(late, markup)
    if wall is not None:
        return served, wall.what
    links: dict[tuple[str, str], Link] = {(link.url, link.tag): link for link in (*late.links, *served.links)}
    order = dict.fromkeys((link.url, link.tag) for link in (*served.links, *late.links))
    together = tuple(links[key] for key in order)
    return replace(served, links=together, anchors=served.anchors | late.anchors, rendered=True), ""
