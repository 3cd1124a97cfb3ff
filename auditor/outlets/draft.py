"""What the registry would say of an address, as far as the address itself tells."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote, urlsplit

from auditor.errors import Mistake
from auditor.model import Account, District, Kind, School
from auditor.outlets.addresses import same_place, web_problem
from auditor.outlets.identify import OTHER, WEBSITE, Identity, identify
from auditor.outlets.own import is_own
from auditor.outlets.platforms import MEMBERS, PLATFORMS, POST, SITE, makes_websites, of

OF_TEACHERS: Final = frozenset(
    {"blogger", "edublogs", "googlesites", "weebly", "wix", "wordpress", "classdojo", "seesaw", "remind"}
)
"""Platforms on which districts keep class pages rather than their own."""

_CLASS: Final = re.compile(
    r"class|grade|room|teacher|homework|kinder|(?<![a-z])(?:mrs?|ms|miss)(?![a-z])|\d(?:st|nd|rd|th)(?![a-z])"
)
_COMMON: Final = re.compile(
    "school|elementary|middle|high|junior|senior|academy|center|primary|intermediate|charter|district"
)
"""Words of school names that tell no school from another."""


def draft(
    url: str, district: District, kind: Kind | None = None, school: School | None = None, platform: str = ""
) -> Account:
    """An account for that address, with id, school, kind and platform as good guesses; a person looks them over.

    Kind and school are guessed where they are not given, and so is the platform of an address on no platform's own
    host. Raises `Mistake` where no account can be there, or where it is registered already.
    """
    problem = web_problem(url)
    if problem:
        raise Mistake(f"the address {problem}")
    found = _placed(url, district, platform)
    platform, address = found.platform, found.canonical
    if found.what == POST or (found.what == OTHER and PLATFORMS[platform].closed != MEMBERS):
        raise Mistake(f"{url}: {_no_account(found)}")
    for account in district.accounts:
        if same_place(account.url) == same_place(address):
            raise Mistake(f'{address}: already registered as "{account.id}"; nothing to add')
    school = school or _school(address, district)
    kind = kind or _kind(address, platform)
    return Account(
        id=_id(address, platform, school, kind, {account.id.casefold() for account in district.accounts}),
        kind=kind,
        platform=platform,
        url=address,
        school=school.id if school else "",
    )


def _placed(url: str, district: District, platform: str) -> Identity:
    """What the address is, on that platform where one is given."""
    found, lies_on, is_ours = identify(url), of(url), is_own(url, district)
    if lies_on is not None:
        if platform and platform != lies_on:
            raise Mistake(f"{url}: this is on {PLATFORMS[lies_on].name}, not on {PLATFORMS[platform].name}")
        return found
    if platform in ("", WEBSITE):
        return Identity(WEBSITE, SITE, canonical=url) if is_ours or platform else found
    said = identify(f"{platform}:{url}")
    if makes_websites(platform) and said.what != POST:
        # A site need not begin where its host does; and the district's own is one, whatever runs it.
        spelled = found.canonical if found.platform == WEBSITE and not is_ours else url
        return Identity(WEBSITE if is_ours else platform, SITE, canonical=spelled)
    return said if said.platform else Identity(platform, canonical=url)


def _no_account(found: Identity) -> str:
    name = PLATFORMS[found.platform].name
    if found.what == POST:
        return f"this is a single post on {name}; give the address of the account that published it"
    return f"this is on {name}, but no account there; give the address of the account's profile"


def _kind(address: str, platform: str) -> Kind:
    if platform == "linkedin" and "/in/" in address:
        return Kind.PERSONAL
    if (platform in OF_TEACHERS and of(address)) or _CLASS.search(unquote(urlsplit(address).path).casefold()):
        return Kind.CLASSROOM
    return Kind.OFFICIAL


def _school(address: str, district: District) -> School | None:
    """The school whose website it is part of; else the only one whose id or name the address holds."""
    place = same_place(address)
    for school in district.schools:
        site = same_place(school.website) if school.website else ""
        if site and (place == site or place.startswith(f"{site}/")):
            return school
    letters = re.sub(r"[\W_]", "", place.casefold())
    named = [school for school in district.schools if any(word in letters for word in _words(school))]
    return named[0] if len(named) == 1 else None


def _words(school: School) -> set[str]:
    words = re.findall(r"[^\W_]{4,}", f"{school.id} {school.name}".casefold())
    return {word for word in words if not _COMMON.fullmatch(word)}


def _id(address: str, platform: str, school: School | None, kind: Kind, taken: Collection[str]) -> str:
    """`lincoln-facebook`, `lincoln-grade3`; a number behind it where that is taken."""
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    tail = platform if platform != "website" else ("site" if kind is Kind.OFFICIAL or not last else last)
    if platform != "website" and kind is not Kind.OFFICIAL:
        tail = last or (parts.hostname or "").partition(".")[0]
    words = re.sub(r"[^a-z0-9]+", "-", f"{school.id if school else 'district'} {tail}".casefold()).strip("-")[:56]
    number, found = 1, words
    while found in taken:
        number += 1
        found = f"{words}-{number}"
    return found
