"""By what one audit judges: its own day, however long it takes; its judge; and the ground on which it stands."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from auditor.check import Check
from auditor.config import Config
from auditor.ground import Ground
from auditor.judge import Judge
from auditor.outlets.media import lasting
from auditor.roster.book import Roster
from auditor.store import Store
from spiders.browser_search import find


class Terms:
    """The same in every process that takes part in an audit that began at that moment; `basis` tells whether it is."""

    def __init__(
        self, config: Config, store: Store, roster: Roster | None, checks: Mapping[str, Check], began: datetime
    ) -> None:
        self.began = began
        self.district = config.district
        self.browser = find(config.crawl.browser) if config.crawl.render != "never" else None
        # The district's own clock: a dismissal lapses on the district's day.
        today = began.astimezone(config.zone).date()
        available = {"roster", *roster.on_record()} if roster is not None else set()
        if config.district.logos:
            available.add("logos")

        def name(account: str, rule: str, where: str, identity: str) -> str:
            # A picture whose address is signed anew each week is the same picture.
            return store.fingerprint(account, rule, where, lasting(identity))

        self.judge = Judge(config.district, config.policy, today, name, available, checks)
        sight = f"{config.crawl.render} {'with' if self.browser else 'without'} a browser"
        self.ground = Ground(config, roster, checks, today, sight)

    @cached_property
    def basis(self) -> str:
        """A digest of all that judging depends on, with all accounts."""
        return self.ground.basis(self.district.accounts)
