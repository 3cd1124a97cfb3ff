"""Requests signed with the district's own access token, and what is said where an interface does not take it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from auditor.model import Blind, Reason
from auditor.outlets.platforms import name_of as name_of
from spiders.credential import Credential
from spiders.platform import Ask

_NEW: Final = "Make a new token and put it where config.toml says that it stands."


def signed(asks: Iterable[Ask], credential: Credential) -> tuple[Ask, ...]:
    """The first requests of a route, each with the token. What their answers lead to is signed by the visit itself."""
    return tuple(replace(ask, signed=credential) for ask in asks)


def wrong(platform: str, why: str = "it may have expired, or been withdrawn") -> Blind:
    """The token is not taken at all: nothing can be read with it. `platform` is any of its names."""
    return Blind(f"{name_of(platform)} does not accept the district's access token: {why}.", Reason.NO_TOKEN, _NEW)


def narrow(platform: str, lacks: str = "") -> Blind:
    """The token may not see what was asked for. `lacks` names the permission that it would need."""
    permission = f"the permission {lacks}" if lacks else "the permission to read this account"
    return Blind(
        f"The district's access token for {name_of(platform)} lacks {permission}.",
        Reason.TOKEN_SCOPE,
        f"Make a token with {permission}, and put it where config.toml says that it stands.",
    )


def of_another(platform: str, whose: str = "") -> Blind:
    """The token is for another account than the one that is registered: nothing of this one can be read with it."""
    other = f" ({whose})" if whose else ""
    return Blind(
        f"The district's access token for {name_of(platform)} belongs to another account{other}.",
        Reason.TOKEN_SCOPE,
        "Make a token for this account; in the file that token_file names, write it on a line after the account's id.",
    )


def refused(platform: str, status: int) -> Blind | None:
    """What an error means that the platform's own module has nothing to say to; None where it is not about a token."""
    return wrong(platform) if status == 401 else narrow(platform) if status == 403 else None
