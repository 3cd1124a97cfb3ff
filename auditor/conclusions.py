"""What only the whole account shows: its coverage, its findings on links, pictures and duties, and all its verdicts."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Final

from auditor.backlinks import linked, linked_from, may_hold, sites_for
from auditor.check import PUBLISHING
from auditor.config import Config
from auditor.judge import DISTRICT, Judge, Judged, Said
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    Coverage,
    DistrictFacts,
    Finding,
    LinkUse,
    PictureUse,
    Reading,
    Reason,
)
from auditor.outlets import platforms
from auditor.outlets.media import EXPIRED
from auditor.outlets.platforms import account_address
from auditor.recall import HostBook
from auditor.roster.book import Roster
from auditor.store import Store
from auditor.store.rows import Reach
from spiders.coverage import Tally, refused
from spiders.platform import Refusal, Route
from spiders.platforms import as_shown, plan
from spiders.scope import sites_of

REACHES: Final = {
    Reading: Reach.DOCUMENT,
    LinkUse: Reach.LINK,
    PictureUse: Reach.PICTURE,
    AccountFacts: Reach.ACCOUNT,
    DistrictFacts: Reach.ACCOUNT,
}

_EXPIRED_PICTURE: Final = Blind(
    f"a picture in it could not be looked at: {EXPIRED}", Reason.EXPIRED_MEDIA, "The next audit asks for it anew."
)
_SITES_AT_ONCE: Final = 64
_TOGETHER: Final = 500
"""Findings that are written down together."""


class Conclusions:
    """What one audit concludes from what it has stored; `now` is the moment by which it does. It keeps nothing but
    what several accounts need, so any process may conclude any account."""

    def __init__(self, config: Config, store: Store, judge: Judge, audit: int, audited: Collection[str], now: datetime):
        self._store, self._judge, self._audit, self._now = store, judge, audit, now
        self._config = config
        self._audited = frozenset(audited)
        self._sites: dict[str, list[Account]] = defaultdict(list)
        for account in config.district.accounts:
            self._sites[account.school].append(account)
        self._linked = lru_cache(_SITES_AT_ONCE)(self._linked_by)
        self._coverage_of = lru_cache(_SITES_AT_ONCE)(self._coverage)

    def conclude(self, account: Account) -> None:
        """Judges what only the whole account shows, and settles its findings."""
        store, judge = self._store, self._judge
        account = as_shown(account, HostBook(store))
        tally, coverage = self._seen(account)
        said = Said(dict(store.outcomes(self._audit, account.id)), store.remarks(self._audit, account.id))
        profiles: list[LinkUse] = []
        found: list[Finding] = []
        for judged in itertools.chain(self._of_links(account, profiles), self._of_pictures(account)):
            found += said.add(judged)
            if len(found) >= _TOGETHER:
                store.found(self._audit, found, self._now)
                found.clear()
        facts = AccountFacts(
            account=account,
            coverage=coverage,
            failure=tally.failure if coverage.route != "none" else coverage.blind[0].what,
            newest=tally.newest,
            linked_from=self._linked_from(account),
            links=tuple(profiles),
        )
        found += said.add(judge.account(facts, store.notes(self._audit, account.id)))
        store.conclude(
            self._audit,
            account,
            verdicts=judge.verdicts(coverage, account, said),
            coverage=coverage,
            judged=self._judged(account, said, read=bool(coverage.documents)),
            now=self._now,
            findings=found,
        )

    def _of_links(self, account: Account, profiles: list[LinkUse]) -> Iterator[Judged]:
        """What is said of each of the account's links; adds those that lead to accounts to the list.

        Most lead to pages of its own that are there: where no check speaks of such, and no account lies there, they are
        not looked at.
        """
        if account.kind not in PUBLISHING:
            return
        silent = [
            s for s in sites_of(account.url) if platforms.of(f"{s}/") is None and self._judge.is_silent(account, s)
        ]
        for use in self._store.link_uses(account.id, silent):
            yield self._judge.link(account, use)
            if any(map(account_address, (use.link.url, *use.state.hops))):
                profiles.append(use)

    def _of_pictures(self, account: Account) -> Iterator[Judged]:
        return (self._judge.picture(account, use) for use in self._store.picture_uses(account.id))

    def leave_out(self, account: Account, blind: Blind) -> None:
        """The account cannot be concluded, and why: nothing is said of it, and its findings stay as they are."""
        coverage = refused(account, blind, self._now)
        self._store.conclude(
            self._audit,
            account,
            verdicts=self._judge.verdicts(coverage, account, Said()),
            coverage=coverage,
            judged={},
            now=self._now,
        )

    def conclude_district(self, roster: Roster | None) -> None:
        """Judges what is asked of the district itself."""
        about = roster.about if roster else None
        facts = DistrictFacts(
            roster_loaded_on=about.loaded_on if about else None,
            flags_loaded_on=about.flags_loaded_on if about else None,
            students=len(roster) if roster else 0,
            policy_reviewed_on=self._config.district.policy_reviewed_on,
            policy_revised_on=self._config.policy.revised_on,
        )
        said = Said()
        found = said.add(self._judge.of_district(facts))
        self._store.conclude(
            self._audit,
            DISTRICT,
            verdicts=self._judge.district_verdicts(said),
            coverage=None,
            judged=self._judged(DISTRICT, said),
            now=self._now,
            findings=found,
        )

    def _judged(self, account: Account, said: Said, *, read: bool = True) -> dict[str, Reach]:
        return {rule: REACHES[reads] for rule, reads in self._judge.judged(account, said, read=read).items()}

    # -------------------------------------------------------------------------------------------- what was seen

    def _seen(self, account: Account) -> tuple[Tally, Coverage]:
        """What all runs of this audit saw and missed of the account."""
        sights = self._store.sights(self._audit, account.id)
        planned = plan(account, self._config.platforms)
        tally = Tally(account, planned.name if isinstance(planned, Route) else "none")
        tally.documents, tally.oldest, tally.newest = sights.documents, sights.oldest, sights.newest
        for url, blind in self._store.gaps(self._audit, account.id):
            tally.missed(url, blind)
        if isinstance(planned, Refusal):
            return tally, refused(account, planned.blind, self._now)
        if not planned.is_website:
            for use in self._store.picture_uses(account.id):
                if use.picture.problem == EXPIRED:
                    tally.missed(use.page, _EXPIRED_PICTURE)
        return tally, tally.coverage(self._now)

    def _coverage(self, account: Account) -> Coverage | None:
        """How far an account was read: by this audit, where it is one of its own, else by its last; None for never."""
        if account.id in self._audited:
            return self._seen(as_shown(account, HostBook(self._store)))[1]
        return self._before.get(account.id)

    @cached_property
    def _before(self) -> Mapping[str, Coverage]:
        return {coverage.account: coverage for coverage in self._store.coverages()}

    def _linked_from(self, account: Account) -> tuple[str, ...] | None:
        """The pages of the schools' own sites that link to the account; None where nobody can tell."""
        near: Sequence[Account] = self._sites[account.school] if account.school else []
        sites = sites_for(account, [*near, *self._sites[""]])
        read = {site.id: coverage for site in sites if (coverage := self._coverage_of(site)) is not None}
        return linked_from(account, sites, {site.id: self._linked(site) for site in sites}, read)

    def _linked_by(self, site: Account) -> Mapping[str, str]:
        """The accounts that a site links to, of those that should be linked there. Its links are read once, but for
        those that lead to its own pages, where none of these accounts lies there."""
        accounts = self._sites[site.school] if site.school else self._config.district.accounts
        others = [account for account in accounts if account.id != site.id]
        silent = [own for own in sites_of(site.url) if not may_hold(own, others)]
        return linked(self._store.link_uses(site.id, silent), others)
