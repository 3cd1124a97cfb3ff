"""Adds up what a crawl saw and missed of one account. Pure; takes what a witness is told, without the account."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from auditor.model import Account, Blind, Coverage, Document, Reason

_REMEDIES: Final = {
    Reason.LOGIN_WALL: "Let visitors see it without a login, or look at it yourself.",
    Reason.ROBOTS: "Allow “auditor” in the site's robots.txt, or look at it yourself.",
    Reason.RATE_LIMITED: "The next audit tries again; a longer delay under [crawl] in config.toml helps.",
    Reason.PLATFORM_OUTAGE: "The next audit tries again. Look at the account yourself until then.",
    Reason.PARTIAL_LISTING: "Look at the rest yourself.",
    Reason.UNREACHABLE: "Open it in your browser; if it fails there too, tell whoever runs the site.",
    Reason.LIMIT: "Look at the rest yourself.",
    Reason.NOT_IN_ROUTE: "Look at it yourself.",
}


@dataclass(slots=True)
class _Gap:
    """Pages missed for one reason, in one way."""

    blind: Blind
    first: str
    pages: int = 0


class Tally:
    """What was seen of one account. Keeps a few lines however many pages there are."""

    def __init__(self, account: Account, route: str = "website") -> None:
        self._account = account
        self._route = route
        self._gaps: dict[tuple[str, str], _Gap] = {}
        self._home_failed = ""
        self.documents = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None

    def saw(self, document: Document) -> None:
        """Counts a document, and the day on which it was published."""
        if document.is_shell:
            return
        self.documents += 1
        day = document.published_on
        if day is not None:
            self.oldest = min(self.oldest or day, day)
            self.newest = max(self.newest or day, day)

    def missed(self, url: str, blind: Blind) -> None:
        """Counts something that could not be seen; `url` is "" where the account as a whole is meant."""
        gap = self._gaps.setdefault((blind.reason, blind.what), _Gap(blind, url))
        gap.pages += 1
        if not self._home_failed and url.partition("#")[0].rstrip("/") == self._account.url.partition("#")[0].rstrip(
            "/"
        ):
            self._home_failed = blind.what

    @property
    def failure(self) -> str:
        """Why nothing of the account could be read, as one sentence; "" where something was."""
        if self.documents:
            return ""
        first = next(iter(self._gaps.values()), None)
        why = self._home_failed or (first.blind.what if first else "nothing was found there")
        return why if why[:1].isupper() else f"The account could not be read: {why.rstrip('.')}."

    def coverage(self, fetched_at: datetime) -> Coverage:
        """The account's coverage; complete only where something was read and nothing was missed."""
        blind = tuple(map(_told, self._gaps.values()))
        return Coverage(
            account=self._account.id,
            school=self._account.school,
            route=self._route,
            complete=bool(self.documents) and not blind,
            documents=self.documents,
            fetched_at=fetched_at,
            oldest=self.oldest,
            blind=blind,
        )


def refused(account: Account, blind: Blind, fetched_at: datetime) -> Coverage:
    """The coverage of an account that no route leads to, or that may not be looked at."""
    return Coverage(account.id, account.school, "none", False, 0, fetched_at, blind=(blind,))


def _told(gap: _Gap) -> Blind:
    what = gap.blind.what
    if gap.first:
        what = f"{gap.first}: {what}" if gap.pages == 1 else f"{gap.pages:,} pages, such as {gap.first}: {what}"
    return replace(gap.blind, what=what, remedy=gap.blind.remedy or _REMEDIES.get(gap.blind.reason, ""))
