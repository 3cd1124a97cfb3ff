"""Which redirects only lead to another spelling of the same page, so that following them asks nobody else. Pure."""

from urllib.parse import SplitResult, quote, unquote, urlsplit

from auditor.footprint.handles import walls
from auditor.footprint.handles.sign import REDIRECTS
from auditor.footprint.handles.site import Answer, Marks

HOPS = 2


def onward(marks: Marks, url: str, answer: Answer, handle: str) -> str:
    """The address of the same page that a redirect names; "" where it leads elsewhere, or is an answer by itself."""
    if answer.status not in REDIRECTS or not answer.location or answer.location == url or answer.to_login:
        return ""
    if marks.yes_codes is not None and answer.status in marks.yes_codes:
        return ""
    here, there = _split(url), _split(answer.location)
    if here is None or there is None or not _same_site(here, there) or walls.stands_first(answer.location):
        return ""
    if _page(here) == _page(there):
        return answer.location
    named = {quote(handle, safe="").lower(), handle.lower()}
    parts = there.path.lower().split("/")
    keeps = any(name in (part, part.lstrip("@~")) for name in named for part in parts)
    return answer.location if marks.follows and keeps and answer.status not in marks.no_codes else ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _same_site(here: SplitResult, there: SplitResult) -> bool:
    """Whether both are on one host, "www." apart; encryption may be gained on the way, and never lost."""
    hosts = {(parts.hostname or "").lower().removeprefix("www.") for parts in (here, there)}
    if len(hosts) != 1:
        return False
    return (here.scheme, here.port) == (there.scheme, there.port) or (here.scheme, there.scheme) == ("http", "https")


def _page(parts: SplitResult) -> tuple[str, str]:
    return unquote(parts.path).lower().rstrip("/"), parts.query
