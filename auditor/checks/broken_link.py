"""A link leads nowhere.

## Why it matters
Families who look for a form or a date end at an error page. A dead address may also be bought by a stranger.

## How to fix
Put in the right address, or take the link off the page.

## What it cannot see
Pages that turn away programs. They are listed apart, and never counted as broken. Links that only a script puts in.
A page that worked last week and only now says "not found": it is read whole once in four weeks.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check
from auditor.model import LinkUse, LinkVerdict, Severity
from auditor.outlets.links import leads_somewhere

ASKED: Final = {
    "soft-404": "Open the link. If the page is gone, put in the right address or take the link off.",
    "fragment": "Open the link. If it does not jump to its place, put in the right one or take off all from # on.",
    "parked": "Open the link. If the site is gone, take the link off.",
    "error": "Open the link. If it shows an error, tell whoever runs that page, or take the link off.",
    "empty": "Open the link. If the page is empty, take the link off.",
    "home": "Open the link. If it shows only a front page, put in the page that was meant.",
}
"""What a page is for that came, but may not be what was asked for; and what a person does about it."""
_ONLY_IF_SURE: Final = frozenset({"home"})
_NEVER_CERTAIN: Final = frozenset({"parked", "error", "empty", "home"})
_FIXES: Final = {
    "tls": "Ask whoever runs that site to renew its certificate. Until then take the link off.",
    "file": "Upload the file to the website and link to it there.",
    "private": "Put in an address that families can open from home, or take the link off.",
    "malformed": "Write the address again: it has a typing error.",
}


@check(reads=LinkUse, severity=Severity.MODERATE, kinds=PUBLISHING)
def broken_link(seen: Seen[LinkUse]) -> Iterator[Answer]:
    link, state = seen.subject.link, seen.subject.state
    if not leads_somewhere(link):
        return
    if state.kind == "offline":
        yield Unknown("the machine that audits had no internet, so nobody visited the links that leave the district")
    advice = _FIXES.get(state.kind, "")
    if state.verdict is LinkVerdict.BROKEN and state.sure:
        yield seen.fail(link.url, excerpt=state.why, advice=advice, confidence=0.98)
    elif state.verdict is LinkVerdict.BROKEN:
        yield seen.review(link.url, excerpt=state.why, advice=advice, confidence=0.7)
    elif state.verdict is LinkVerdict.SUSPICIOUS and state.kind in ASKED:
        page, mark, _ = link.url.partition("#")
        if mark and page == seen.subject.page and not (state.kind == "fragment" and state.sure):
            return  # the reader is already there; and a place is most likely a tab, a menu, a slide of a script
        if state.sure and state.kind not in _NEVER_CERTAIN:
            yield seen.fail(link.url, excerpt=state.why, advice=ASKED[state.kind], confidence=0.9)
        elif state.sure or state.kind not in _ONLY_IF_SURE:
            yield seen.review(link.url, excerpt=state.why, advice=ASKED[state.kind], confidence=0.6)


@broken_link.silence
def _on_any_site(_: Seen[str]) -> bool:
    """A link to a page that is there is not broken."""
    return True
