"""Platforms that no visit reads: their terms or a login stand before it, or the route to them is not built.

A profile there is never fetched, and its coverage says why: "not checked" is not "clean". What a person can do instead
comes with it, step by step.
"""

from typing import Final

from auditor.model import Account, Blind, Kind, Reason
from auditor.outlets.platforms import MEMBERS, PLATFORMS, TOKEN
from spiders.platform import Refusal, Settings

_LOOK: Final = ("Look at the profile yourself, logged out, and note what you see.",)
_OWNERS: Final = "The account is its owner's: ask them to go through these steps."


def refuse(platform: str, account: Account) -> Refusal:
    """Why the account is not read, for its kind. `platform` is the id of the one on which it lies."""
    known = PLATFORMS[platform]
    personal = account.kind is Kind.PERSONAL
    if known.closed == TOKEN and personal:
        what = f"The terms of {known.name} do not allow programs to look at people's profiles."
        return _refusal(what, Reason.TERMS, (_OWNERS, *known.self_check))
    if known.closed == TOKEN:
        what = f"{known.name} can be read with the district's own access token only, and none is set up."
        return _refusal(what, Reason.NO_TOKEN, _LOOK)
    if known.closed == MEMBERS:
        what = f"{known.name} shows its content to members only."
        return _refusal(what, Reason.NOT_IN_ROUTE, known.self_check or _LOOK)
    steps = (_OWNERS, *known.self_check) if personal and known.self_check else _LOOK
    return _refusal(f"{known.name} cannot be read by this version.", Reason.NOT_IN_ROUTE, steps)


def plan_for(platform: str) -> "_Plan":
    """The plan of a platform that has no module of its own."""
    return _Plan(platform)


class _Plan:
    """Refuses, whatever the settings."""

    def __init__(self, platform: str) -> None:
        self._platform = platform

    def __call__(self, account: Account, _settings: Settings) -> Refusal:
        return refuse(self._platform, account)


def is_closed(plan: object) -> bool:
    """Whether that plan does nothing but refuse."""
    return isinstance(plan, _Plan)


def _refusal(what: str, reason: Reason, steps: tuple[str, ...]) -> Refusal:
    return Refusal(Blind(what, reason, " ".join(steps)))
