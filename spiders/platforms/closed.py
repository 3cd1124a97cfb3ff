"""Platforms that no visit reads: their terms or a login stand before it, or the route to them is not built.

A profile there is never fetched, and its coverage says why: "not checked" is not "clean".
"""

from typing import Final

from auditor.model import Account, Blind, Kind, Reason
from auditor.outlets import platforms as outlets
from spiders.platform import Platform, Refusal, Settings

_TOKEN: Final = (
    "facebook",
    "instagram",
    "threads",
    "x",
    "linkedin",
    "youtube",
    "tiktok",
    "pinterest",
    "vimeo",
    "reddit",
)
"""Read through the platform's own interface with the district's token only; their terms forbid everything else."""
_MEMBERS: Final = (
    "snapchat",
    "discord",
    "classdojo",
    "seesaw",
    "remind",
    "parentsquare",
    "schoology",
    "googleclassroom",
    "twitch",
    "whatsapp",
    "telegram",
)
"""Shown to members only, or not to programs at all."""
_UNBUILT: Final = ("bluesky", "mastodon", "tumblr", "flickr")

_YOURSELF: Final = "Look at the profile yourself, logged out, and note what you see."


def plan(account: Account, _settings: Settings) -> Refusal:
    """Why the account is not read, for its kind."""
    found = account.platform if account.platform in closed.ids else outlets.of(account.url) or account.platform
    name = outlets.PLATFORMS[found].name if found in outlets.PLATFORMS else found
    if found in _TOKEN and account.kind is Kind.PERSONAL:
        what = f"The terms of {name} do not allow programs to look at people's profiles."
        return Refusal(Blind(what, Reason.TERMS, "Ask its owner to look at the settings; the account is theirs."))
    if found in _TOKEN:
        what = f"{name} can be read with the district's own access token only, and none is set up."
        return Refusal(Blind(what, Reason.NO_TOKEN, _YOURSELF))
    if found in _MEMBERS:
        return Refusal(Blind(f"{name} shows its content to members only.", Reason.NOT_IN_ROUTE, _YOURSELF))
    return Refusal(Blind(f"{name} cannot be read by this version.", Reason.NOT_IN_ROUTE, _YOURSELF))


closed = Platform(ids=(*_TOKEN, *_MEMBERS, *_UNBUILT), plan=plan)
