"""From the way an address led to what is said of it: alive, broken, blocked, suspicious or skipped. Pure."""

import posixpath
import re
from collections.abc import Container
from dataclasses import replace
from typing import Final
from urllib.parse import SplitResult, urlsplit

from auditor.lazy_pattern import LazyPattern
from auditor.model import LinkState, LinkVerdict
from auditor.outlets.landing import CHALLENGE, ERROR, PARKED, Landing, Missing, alike
from auditor.outlets.links import classify, registrable
from spiders.link_address import fragment_of, written_fragment_of
from spiders.link_step import MAX_HOPS, End, Fault, Step, Trail

ALIKE: Final = 0.8
"""How alike two pages must be to be taken for the same notice."""
NOTICE_WORDS: Final = 30
"""A page with fewer words may be alike to any other by chance."""

GONE: Final = {404: "The page is not there (404).", 410: "The page was taken away for good (410)."}
_BLOCKED: Final = {
    401: "It asks for a login before it answers (401).",
    403: "The site does not let programs in (403).",
    406: "The site does not let programs in (406).",
    407: "The site does not let programs in (407).",
    429: "The site had too many visitors and asked us to come another time (429).",
    451: "The site may not show the page where we are, for legal reasons (451).",
    999: "The site does not let programs in (999).",
}
_FAULTS: Final = {
    Fault.DNS: "There is no site of that name on the internet.",
    Fault.REFUSED: "No web server answers at that address.",
    Fault.TIMEOUT: "The site stays silent.",
    Fault.BROKE_OFF: "The site breaks off the connection.",
    Fault.PRIVATE: "It leads into a private network, where visitors cannot go.",
    Fault.MALFORMED: "The address is not written correctly.",
}
_HOME = LazyPattern(r"/(?:(?:index|default|home)(?:\.\w{2,5})?/?)?", re.IGNORECASE)
# Languages of front pages, as in "/es/" and "/en-us"; other two letters are a page: "/hs" is the high school's.
_LANGUAGE = LazyPattern(
    r"/(?:ar|de|en|es|fa|fr|hi|ht|it|ja|km|ko|lo|my|ne|nl|pl|pt|ru|so|sw|th|tl|uk|ur|vi|zh)(?:[-_][a-z]{2})?/?",
    re.IGNORECASE,
)
_LOGIN = LazyPattern(
    r"(?:^|[/._-])(?:login|log-in|signin|sign-in|sign_in|logon|sso|saml2?|oauth2?|authenticate|authorize|cas|adfs|servicelogin)(?:$|[/._-])",
    re.IGNORECASE,
)


def judge(url: str, trail: Trail, probe: Trail | None, *, fragment: bool = False) -> LinkState:
    """What came of `url`. `probe` is the way of an address on the same server that cannot exist, if one was walked."""
    found = (
        _by_end(url, trail)
        or _by_fault(url, trail)
        or _by_status(url, trail)
        or _by_page(url, trail, probe)
        or (_by_fragment(url, trail) if fragment else None)
        or LinkState(url, LinkVerdict.ALIVE)
    )
    landing = trail.step.landing if trail.step.ok else None
    outlet = classify(url, trail.hops[1:], landing)
    return replace(
        found,
        status=trail.step.status,
        final_url=trail.final,
        hops=trail.hops[1:],
        link_class=outlet.link_class,
        outlet=outlet.sort,
        outlet_why=outlet.says,
        outlet_sure=outlet.sure,
    )


def classed(state: LinkState) -> LinkState:
    """The same state with what its address alone tells of where it leads."""
    outlet = classify(state.url)
    return replace(
        state,
        link_class=outlet.link_class,
        outlet=outlet.sort,
        outlet_why=outlet.says,
        outlet_sure=outlet.sure,
    )


def unchanged(before: LinkState, trail: Trail) -> bool:
    """Whether the headers alone show an address that was alive to be so still: same way's end, same status."""
    step = trail.step
    answered = trail.end is End.ANSWERED and step.ok and not step.challenged
    return answered and (step.status, trail.final) == (before.status, before.final_url)


def needs_probe(trail: Trail) -> bool:
    """Whether an address that cannot exist must be asked for, to tell a real page from a notice in its place."""
    step = trail.step
    if trail.end is not End.ANSWERED or step.status != 200 or step.landing is None:
        return False
    return not _is_home(trail.final) or not _is_home(trail.hops[0])


def missing_fragment(url: str, anchors: Container[str], *, scripted: bool) -> LinkState | None:
    """A finding where the page has no such place. Scripts may build the place, so that only a browser can tell."""
    wanted = fragment_of(url)
    if not wanted or wanted in anchors or written_fragment_of(url) in anchors:
        return None
    why = f'The page is there, but it has no place called "{wanted[:60]}".'
    return LinkState(url, LinkVerdict.SUSPICIOUS, why, kind="fragment", sure=not scripted)


# ---------------------------------------------------------------------------------------------------- step by step


def _by_end(url: str, trail: Trail) -> LinkState | None:
    match trail.end:
        case End.LOOP:
            return _broken(url, "It forwards in a circle.", "loop")
        case End.TOO_MANY:
            return _broken(url, f"It forwards more than {MAX_HOPS} times.", "loop")
        case End.NOWHERE:
            return _broken(url, f"It forwards without saying where to ({trail.step.status}).", "nowhere")
        case End.BAD_TARGET:
            target = trail.target.kind if trail.target else ""
            if target in ("share", "long"):
                return LinkState(
                    url, LinkVerdict.SKIPPED, "It forwards to an address that we do not visit.", kind=target
                )
            if target == "private":
                return _broken(url, "It forwards into a private network, where visitors cannot go.", "private")
            return _broken(url, "It forwards to something that is no web page.", "nowhere")
    return None


def _by_fault(url: str, trail: Trail) -> LinkState | None:
    fault, forwarded = trail.step.fault, len(trail.hops) > 1
    match fault:
        case Fault.NONE:
            return None
        case Fault.ROBOTS:
            return LinkState(url, LinkVerdict.SKIPPED, "The site asks programs not to visit this page.", kind="robots")
        case Fault.GARBLED:
            return LinkState(
                url, LinkVerdict.SUSPICIOUS, "The site's answer cannot be read.", kind="garbled", sure=False
            )
        case Fault.TLS:
            why = trail.step.why or "no secure connection could be made"
            return _broken(url, f"The site is not safe to visit: {why}.", "tls", sure="issuer" not in why)
    why = _FAULTS[fault]
    if forwarded and fault is not Fault.PRIVATE:
        why = f"It forwards to another address, and there: {why[0].lower()}{why[1:]}"
    return _broken(url, why, fault.value, sure=fault is not Fault.BROKE_OFF)


def _by_status(url: str, trail: Trail) -> LinkState | None:
    step = trail.step
    status = step.status
    challenged = step.challenged or (step.landing is not None and step.landing.notice == CHALLENGE)
    if status in _BLOCKED:
        return LinkState(url, LinkVerdict.BLOCKED, _BLOCKED[status], kind=str(status))
    if challenged:
        return LinkState(url, LinkVerdict.BLOCKED, "The site wants to see a human before it answers.", kind="challenge")
    if status in GONE:
        return _broken(url, GONE[status], str(status))
    if 300 < status < 400:  # what forwards was followed; a browser shows nothing of the others
        return _broken(url, f"It forwards without saying where to ({status}).", "nowhere", sure=False)
    if 400 <= status < 500:
        return _broken(url, f"The site refuses the address ({status}).", str(status))
    if status >= 500:
        return _broken(url, f"The site answers with an error ({status}).", str(status))
    return None


def _by_page(url: str, trail: Trail, probe: Trail | None) -> LinkState | None:
    step = trail.step
    if step.partial:
        return _suspicious(url, "The page breaks off before its end.", "truncated")
    if not step.ok or step.landing is None:
        return None
    shown = step.landing
    if shown.notice == PARKED:
        return _suspicious(url, "Nobody lives there: the address is for sale, suspended or empty.", "parked")
    if shown.notice == ERROR:
        return _suspicious(url, "The page shows an error message instead of its content.", "error")
    return (
        _by_soft_404(url, trail, shown, probe)
        or _by_detour(url, trail, shown, probe)
        or _by_emptiness(url, step, shown)
    )


def _by_soft_404(url: str, trail: Trail, shown: Landing, probe: Trail | None) -> LinkState | None:
    why = 'The page says "not found", though the site calls it fine.'
    if shown.missing is Missing.PLAINLY:
        return _suspicious(url, why, "soft-404", sure=True)
    same = _answers_alike(trail, shown, probe)
    if shown.missing is not Missing.NO and same:
        return _suspicious(url, why, "soft-404", sure=True)
    if shown.missing is Missing.TITLE:
        return _suspicious(url, why, "soft-404")
    if same and shown.words >= NOTICE_WORDS and not shown.scripted and not _is_home(trail.final):
        return _suspicious(url, "The site shows the same page for any address, even one that cannot exist.", "soft-404")
    return None


def _by_detour(url: str, trail: Trail, shown: Landing, probe: Trail | None) -> LinkState | None:
    asked, final = urlsplit(trail.hops[0]), urlsplit(trail.final)
    if len(trail.hops) == 1:
        return None
    to_login = _is_login(final.netloc, final.path) or (shown.password and _site(final) != _site(asked))
    if to_login and not _is_login(asked.netloc, asked.path):
        return _suspicious(url, "It forwards to a login.", "login")
    if _site(asked) == _site(final) and _is_home(trail.final) and not _is_home(trail.hops[0]):
        everything = probe is not None and probe.step.ok and _is_home(probe.final)
        return _suspicious(
            url, "It forwards to the site's front page: the page itself is gone.", "home", sure=everything
        )
    return None


def _by_emptiness(url: str, step: Step, shown: Landing) -> LinkState | None:
    if step.status == 200 and shown.bare and not shown.title:
        return _suspicious(url, "The page is empty.", "empty")
    return None


def _by_fragment(url: str, trail: Trail) -> LinkState | None:
    shown = trail.step.landing
    if shown is None or not trail.step.ok or shown.anchors is None or (shown.scripted and not shown.anchors):
        return None
    return missing_fragment(url, shown.anchors, scripted=shown.scripted)


# ---------------------------------------------------------------------------------------------------- looking closer


def _answers_alike(trail: Trail, shown: Landing, probe: Trail | None) -> bool:
    """Whether the server shows this very page for an address that cannot exist, too."""
    if probe is None or not probe.step.ok or probe.step.landing is None:
        return False
    if len(trail.hops) == 1 and len(probe.hops) > 1 and _is_home(probe.final):
        return False
    return alike(shown, probe.step.landing) >= ALIKE


def _is_home(url: str) -> bool:
    split = urlsplit(url)
    return not split.query and bool(_HOME.fullmatch(split.path or "/") or _LANGUAGE.fullmatch(split.path))


def _is_login(netloc: str, path: str) -> bool:
    first = netloc.partition(".")[0].casefold()
    return first in ("login", "signin", "accounts", "sso", "auth", "idp", "adfs") or bool(
        _LOGIN.search(posixpath.normpath(path))
    )


def _site(split: SplitResult) -> str:
    """The site that an address belongs to: the registered part of its name, or host and port where it is a number."""
    return registrable(split.hostname or "") or split.netloc


def _broken(url: str, why: str, kind: str, *, sure: bool = True) -> LinkState:
    return LinkState(url, LinkVerdict.BROKEN, why, kind=kind, sure=sure)


def _suspicious(url: str, why: str, kind: str, *, sure: bool = False) -> LinkState:
    return LinkState(url, LinkVerdict.SUSPICIOUS, why, kind=kind, sure=sure)
