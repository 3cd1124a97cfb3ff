"""The platforms, one or a family a file; `plan` asks the one on which an account lies.

Every module here that has a `PLATFORM` is found by itself, and so is every platform of `auditor/outlets/places`: one
without a module is never read.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from auditor.model import Account, Blind, Kind, Reason
from auditor.outlets import platforms as outlets
from auditor.outlets.identify import WEBSITE
from spiders import closed
from spiders.host_memory import HostMemory, known_signs
from spiders.platform import Front, Platform, Refusal, Route, Settings


def found_in(package: str, folder: str) -> Mapping[str, Platform]:
    """The platforms of all modules of a package, by their ids; `folder` is where its files lie."""
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    modules = [importlib.import_module(f"{package}.{name}") for name in names]
    built = [module.PLATFORM for module in modules if hasattr(module, "PLATFORM")]
    return {name: platform for platform in built for name in platform.ids}


PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        **{name: Platform((name,), closed.plan_for(name)) for name in outlets.PLATFORMS},
        **found_in(__name__, __path__[0]),
    }
)
"""Every platform that is known here, by its id."""


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """How that account is read, or why it is not. A personal account that its owner did not offer is never read."""
    if account.kind is Kind.PERSONAL and account.consent_on is None:
        return Refusal(
            Blind(
                "Its owner has not offered this personal account for the audit.",
                Reason.NO_CONSENT,
                "Enter consent_on in the registry on the day its owner offers it.",
            )
        )
    platform = _platform_of(account)
    if platform is None:
        what = f"Accounts on “{account.platform}” cannot be read here."
        return Refusal(Blind(what, Reason.NOT_IN_ROUTE, "Look at the account yourself."))
    name = platform.ids[0]
    if account.kind is Kind.PERSONAL and name in outlets.PLATFORMS and outlets.PLATFORMS[name].closed == outlets.TOKEN:
        return closed.refuse(name, account, settings)  # whatever its address looks like
    planned = platform.plan(account, settings)
    if isinstance(planned, Route) and planned.is_website and planned.beside is None and planned.glance is None:
        return replace(planned, beside=partial(recognised, account, settings))
    return planned


def recognised(account: Account, settings: Settings, front: Front) -> Route | None:
    """How a website is read beside its pages, or alone, by the platform that its front page shows to make it; None for
    page by page and no more."""
    shown = outlets.shown_by(front.signs)
    platform = PLATFORMS.get(shown or "")
    planned = platform.plan(replace(account, platform=shown or ""), settings) if platform is not None else None
    if not isinstance(planned, Route):
        return None
    if planned.beside is not None:
        return planned.beside(front)
    return None if planned.is_website else replace(planned, alone=True)


def as_shown(account: Account, memory: HostMemory) -> Account:
    """The account on the platform that its front page showed to make it, where somebody entered it as a website and it
    is more than one."""
    if account.platform != WEBSITE or outlets.of(account.url) is not None:
        return account
    shown = outlets.shown_by(known_signs(account.url, memory)) or WEBSITE
    return account if outlets.makes_websites(shown) else replace(account, platform=shown)


def _platform_of(account: Account) -> Platform | None:
    """The platform that says how the account is read: the one that was entered, but for a profile that somebody
    entered as a website. What nobody may read is not read under another name."""
    entered = PLATFORMS.get(account.platform)
    lies_on = outlets.of(account.url) or ""
    host = PLATFORMS.get(lies_on)
    if host is None or (entered is not None and closed.is_closed(entered.plan)):
        return entered or host
    reads_all = entered is None or entered.reads_sites
    return host if reads_all or closed.is_closed(host.plan) or outlets.PLATFORMS[lies_on].closed else entered
