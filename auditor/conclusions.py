"""What only the whole account shows: its coverage, its findings on links, pictures and duties, and all its verdicts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Final

from auditor.backlinks import linked_from, linking_pages, sites_for
from auditor.check import PUBLISHING
from auditor.config import Config
from auditor.judge import DISTRICT, Judge, Said
from auditor.model import (
    Account,
    AccountFacts,
    Blind,
    Coverage,
    DistrictFacts,
    LinkUse,
    PictureUse,
    Reading,
    Reason,
)
from auditor.outlets.media import EXPIRED
from auditor.recall import HostBook
from auditor.roster.book import Roster
from auditor.store import Store
from auditor.store.rows import Reach
from spiders.coverage import Tally, refused
from spiders.platform import Refusal, Route
from spiders.platforms import as_shown, plan

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
        self._links = lru_cache(_SITES_AT_ONCE)(lambda site: linking_pages(store.link_uses(site)))
        self._coverage_of = lru_cache(_SITES_AT_ONCE)(self._coverage)

    def conclude(self, account: Account) -> None:
        """Judges what only the whole account shows, and settles its findings."""
        store, judge = self._store, self._judge
        account = as_shown(account, HostBook(store))
        tally, coverage = self._seen(account)
        uses = tuple(store.link_uses(account.id)) if account.kind in PUBLISHING else ()
        said = Said(dict(store.outcomes(self._audit, account.id)), store.remarks(self._audit, account.id))
        found = [finding for use in uses for finding in said.add(judge.link(account, use))]
        for picture in store.picture_uses(account.id):
            found += said.add(judge.picture(account, picture))
        facts = AccountFacts(
            account=account,
            coverage=coverage,
            failure=tally.failure if coverage.route != "none" else coverage.blind[0].what,
            newest=tally.newest,
            linked_from=self._linked_from(account),
            links=uses,
        )
        found += said.add(judge.account(facts, store.notes(self._audit, account.id)))
        store.conclude(
            self._audit,
            account,
            verdicts=judge.verdicts(coverage, account, said),
            coverage=coverage,
            judged=self._judged(account, said),
            now=self._now,
            findings=found,
        )

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

    def _judged(self, account: Account, said: Said) -> dict[str, Reach]:
        return {rule: REACHES[reads] for rule, reads in self._judge.judged(account, said).items()}

    # -------------------------------------------------------------------------------------------- what was seen

    def _seen(self, account: Account) -> tuple[Tally, Coverage]:
        """What all runs of this audit saw and missed of the account."""
        frontier = self._store.frontier(self._audit, account.id)
        planned = plan(account, self._config.platforms)
        tally = Tally(account, planned.name if isinstance(planned, Route) else "none")
        tally.documents, tally.oldest, tally.newest = frontier.documents, frontier.oldest, frontier.newest
        for blind in frontier.blind:
            tally.missed("", blind)
        for url, blind in (*frontier.missed, *frontier.problems):
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
        """The pages of the schools' own sites that link to the account; None where nobody can tell. The links of a site
        are read once for its school."""
        near: Sequence[Account] = self._sites[account.school] if account.school else []
        sites = sites_for(account, [*near, *self._sites[""]])
        read = {site.id: coverage for site in sites if (coverage := self._coverage_of(site)) is not None}
        return linked_from(account, sites, {site.id: self._links(site.id) for site in sites}, read)
