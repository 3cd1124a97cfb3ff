"""Websites, and the platforms whose accounts are open websites: read page by page, as visitors see them."""

from typing import Final

from auditor.model import Account
from auditor.outlets.identify import Identity, identify
from spiders.platform import Platform, Route, Settings

IDS: Final = (
    "website",
    "weebly",
    "wix",
    "googlesites",
    "medium",
    "linktree",
)


def plan(_account: Account, _settings: Settings) -> Route:
    """Its address and what can be reached from there."""
    return Route("website")


def identify_here(url: str) -> Identity | None:
    """What an address is on one of these; None where it is on none."""
    found = identify(url)
    return found if found.platform in IDS else None


PLATFORM: Final = Platform(ids=IDS, plan=plan, identify=identify_here, reads_sites=True)
