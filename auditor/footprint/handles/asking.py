"""Handles, and how they are put into a site's templates. Pure, but for the chance that makes up handles."""

import random
import re
import string
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urlsplit

from auditor.footprint.handles.pattern import fits
from auditor.footprint.handles.site import HANDLE, Ask, Site

LONGEST: Final = 100
"""Characters of a handle."""
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_STEPS: Final = frozenset({".", ".."})
"""What stands for a step in a path, however it is written."""
_CONSONANTS: Final = "bcdfghjkmnpqrstvwxz"
"""Without vowels no word comes about, and hardly a name that somebody chose."""
_LENGTHS: Final = (12, 14, 10, 16, 9, 8, 20, 7, 6, 24, 30)


def handle_problem(handle: str) -> str:
    """Why that cannot be a handle, and what to write instead; "" when it can be one."""
    if not handle.strip():
        return "is empty; write the name that you have on sites, such as mrivera_room12"
    if len(handle) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if not handle.isprintable() or handle != handle.strip() or any("\ud800" <= c <= "\udfff" for c in handle):
        return "has a character that no handle has, or a space at an end"
    if handle in _STEPS:
        return "is no handle: in an address it leads to another page"
    if handle.startswith("@") or "/" in handle:
        return "is more than the handle; write the name alone, without the address of the site"
    return ""


def bare(written: str) -> str:
    """The handle without the @ that many people write before it, and without spaces around it."""
    return written.strip().removeprefix("@")


def ask(site: Site, handle: str) -> Ask | str:
    """The request for that handle, or why there can be none."""
    sent = spelled(site, handle)
    if not sent or sent in _STEPS:
        return "nothing of this handle is left, as the site leaves out its characters"
    host = _host_part(site.url)
    if HANDLE in host and not _LABEL.fullmatch(sent):
        return "a handle of this form cannot stand in its address"
    return Ask(_filled(site.url, sent), _body(site, sent), site.headers)


def shown(site: Site, handle: str) -> str:
    """The address where a person looks for that handle."""
    return _filled(site.shown, spelled(site, handle) or handle)


def spelled(site: Site, handle: str) -> str:
    """The handle as that site spells it, without the characters that it leaves out."""
    return "".join(c for c in handle if c not in site.dropped) if site.dropped else handle


def allowed(site: Site, handle: str) -> bool:
    """Whether the site has handles of this form."""
    return not site.pattern or fits(site.pattern, spelled(site, handle))


def form(handle: str) -> str:
    """For what sites may treat handles differently: the signs in them, whether there are digits, and letters beyond
    ASCII."""
    return "".join(sorted({_sort(c) for c in handle if not (c.isascii() and c.isalpha())}))


def _sort(character: str) -> str:
    if not character.isalnum():
        return character
    return "0" if character.isascii() else "é"


def made_up(site: Site, handle: str, chance: random.Random) -> str | None:
    """A handle of the same form that nobody has, and that the site allows; None where none can be made."""
    for wanted in (handle, re.sub(r"[^A-Za-z0-9]", "", handle), "", "a"):
        for length in (max(len(wanted), 8), *_LENGTHS):
            for digits in (True, False):
                candidate = _candidate(wanted, length, chance, digits=digits)
                if allowed(site, candidate) and spelled(site, candidate) and isinstance(ask(site, candidate), Ask):
                    return candidate
    return None


def _candidate(like: str, length: int, chance: random.Random, *, digits: bool) -> str:
    """Letters for letters and digits for digits, the signs where they are, and letters up to the length."""

    def one(character: str) -> str:
        if character.isascii() and character.isdigit():
            return chance.choice(string.digits) if digits else chance.choice(_CONSONANTS)
        if character.isascii() and character.isalpha():
            letter = chance.choice(_CONSONANTS)
            return letter.upper() if character.isupper() else letter
        return chance.choice(_near(character)) if character.isalnum() else character

    letters = "".join(map(one, like))[:length]
    more = "".join(chance.choice(_CONSONANTS) for _ in range(length - len(letters)))
    # Put in behind the first letter, so that the handle begins and ends as the other one does.
    return letters[:1] + more + letters[1:] if letters[:1].isalpha() else more + letters


def _near(character: str) -> str:
    """Letters of the same script, or digits: those that stand around it. Sites may treat them as they treat it."""
    first = ord(character) & ~31
    return "".join(one for one in map(chr, range(first, first + 32)) if one.isalnum())


def is_numeric(url: str) -> bool:
    """Whether the address names its host by number."""
    try:
        ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return True


def _host_part(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition("?")[0]


def _filled(template: str, handle: str) -> str:
    host = _host_part(template)
    if HANDLE in host:
        template = template.replace(HANDLE, quote(handle.lower(), safe=""), host.count(HANDLE))
    return template.replace(HANDLE, quote(handle, safe=""))


def _body(site: Site, handle: str) -> bytes:
    """What is posted, with the handle written as the kind of content asks for, so that it stays one value in it."""
    if not site.body:
        return b""
    kind = next((value for name, value in site.headers.items() if name.lower() == "content-type"), "").lower()
    if "json" in kind or site.body.lstrip().startswith(("{", "[")):
        written = _json_text(handle)
    elif "form" in kind or not kind:
        written = quote(handle, safe="")
    else:
        written = handle
    return site.body.replace(HANDLE, written).encode()


def _json_text(handle: str) -> str:
    return handle.replace("\\", "\\\\").replace('"', '\\"')
