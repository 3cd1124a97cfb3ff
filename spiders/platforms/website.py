"""Websites, and the platforms whose accounts are open websites: read page by page, as visitors see them."""

from auditor.model import Account
from spiders.platform import Platform, Route, Settings


def plan(_account: Account, _settings: Settings) -> Route:
    """Its address and what can be reached from there."""
    return Route("website")


website = Platform(
    ids=(
        "website",
        "wordpress",
        "edublogs",
        "blogger",
        "weebly",
        "wix",
        "googlesites",
        "medium",
        "substack",
        "linktree",
        "feed",
    ),
    plan=plan,
)
