"""The platforms, one or a family a file; `plan` asks the one on which an account lies."""

from auditor.model import Account, Blind, Kind, Reason
from auditor.outlets import platforms as outlets
from spiders.platform import Platform, Refusal, Route, Settings
from spiders.platforms.closed import closed
from spiders.platforms.website import website

PLATFORMS: dict[str, Platform] = {name: platform for platform in (website, closed) for name in platform.ids}
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
    platform = PLATFORMS.get(account.platform)
    # Somebody may have entered a profile on a closed platform as a website.
    host = PLATFORMS.get(outlets.of(account.url) or "")
    if platform is None or (host is closed and platform is not closed):
        platform = host or platform
    if platform is None:
        what = f"Accounts on “{account.platform}” cannot be read here."
        return Refusal(Blind(what, Reason.NOT_IN_ROUTE, "Look at the account yourself."))
    return platform.plan(account, settings)
