"""Platforms that no visit reads: their terms or a login stand before it, or the route to them is not built.

A profile there is never fetched, and its coverage says why: "not checked" is not "clean". What a person can do instead
comes with it, step by step.
"""

from typing import Final

from auditor.model import Account, Blind, Kind, Reason
from auditor.outlets.platforms import MEMBERS, PLATFORMS, PROFILE, TOKEN, Match, matched, name_of
from auditor.secret import Secret
from spiders.platform import Refusal, Settings

_LOOK: Final = ("Look at the profile yourself, logged out, and note what you see.",)
_SET_UP: Final = "Your technology director can set one up; docs/platforms.md tells how. Until then:"
_OWNERS: Final = "The account is its owner's: ask them to go through these steps."


def profile(platform: str, account: Account, unnamed: Blind) -> Match | Refusal:
    """The profile on that platform that the account's address names; `unnamed` is why not, where it names none."""
    match = matched(platform, account.url)
    return Refusal(unnamed) if match is None or match.form.what != PROFILE else match


def with_token(platform: str, account: Account, settings: Settings, unnamed: Blind) -> tuple[Match, Secret] | Refusal:
    """The profile that the account's address names, and the district's own token to read it with; else why not."""
    match = profile(platform, account, unnamed)
    if isinstance(match, Refusal):
        return match
    secret = token(platform, account, settings)
    return secret if isinstance(secret, Refusal) else (match, secret)


def named_key(platform: str, account: Account, settings: Settings) -> Secret | Refusal | None:
    """The district's own key for a platform that shows some of its accounts without one, where the configuration names
    a place for it; None where it names none, and for somebody's own account. A key that is named and not there is told:
    nobody may think that all was read."""
    setting = settings.get(platform)
    if setting is None or not setting.names_token or account.kind is Kind.PERSONAL:
        return None
    found = setting.token(account.id)
    if isinstance(found, Secret):
        return found
    what = f"{name_of(platform)} is to be read with the district's own key, and {found.what}."
    return _refusal(what, found.reason, (found.remedy, *_LOOK))


def token(platform: str, account: Account, settings: Settings) -> Secret | Refusal:
    """The district's own token for that platform, of which the account is; where it may not be used, or there is none,
    why. It is read anew at each call, and stays in the process that asked.

    Somebody's own profile is read with no token: what its platform's terms keep from programs, the district's token
    does not open.
    """
    known = PLATFORMS[platform]
    if account.kind is Kind.PERSONAL:
        what = f"The terms of {known.name} do not allow programs to look at people's profiles."
        return _refusal(what, Reason.TERMS, (_OWNERS, *known.self_check))
    only = f"{known.name} can be read with the district's own access token only, and"
    if platform not in settings:
        return _refusal(f"{only} none is set up.", Reason.NO_TOKEN, (_SET_UP, *_LOOK))
    found = settings[platform].token(account.id)
    if isinstance(found, Secret):
        return found
    return _refusal(f"{only} {found.what}.", found.reason, (found.remedy, *_LOOK))


def refuse(platform: str, account: Account, settings: Settings) -> Refusal:
    """Why the account is not read, for its kind. `platform` is the id of the one on which it lies."""
    known = PLATFORMS[platform]
    personal = account.kind is Kind.PERSONAL
    found = token(platform, account, settings) if known.closed == TOKEN else None
    if isinstance(found, Refusal):
        return found
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

    def __call__(self, account: Account, settings: Settings) -> Refusal:
        return refuse(self._platform, account, settings)


def is_closed(plan: object) -> bool:
    """Whether that plan does nothing but refuse."""
    return isinstance(plan, _Plan)


def _refusal(what: str, reason: Reason, steps: tuple[str, ...]) -> Refusal:
    return Refusal(Blind(what, reason, " ".join(steps)))
