"""Websites, and the platforms whose accounts are open websites: read page by page, as visitors see them."""

from typing import Final

from auditor.model import Account
from spiders.platform import Platform, Route, Settings

IDS: Final = (
    "website",
    "weebly",
    "wix",
    "googlesites",
)


def plan(_account: Account, _settings: Settings) -> Route:
    """Its address and what can be reached from there."""
    return Route("website")


PLATFORM: Final = Platform(ids=IDS, plan=plan, reads_sites=True)
