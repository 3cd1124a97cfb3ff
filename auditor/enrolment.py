"""The roster that an audit judges by: the stored one, read anew first where the district's files changed."""

from collections.abc import Callable
from datetime import date, datetime

from auditor.config import Config
from auditor.errors import Mistake
from auditor.roster import key
from auditor.roster.book import Roster
from auditor.roster.intake import is_current, take_in
from auditor.store import Store


def current(config: Config, store: Store, today: date, now: datetime, tell: Callable[[str], None]) -> Roster | None:
    """The district's roster, or None where none was ever loaded. Call it while holding the district's lock.

    Raises `Mistake` where the files or the stored roster cannot be read: nobody may take silence for "no students".
    """
    kept = stored(config, store)
    if config.roster is None:
        return kept
    secret = key.load_or_create(config.data)
    schools = config.district.schools
    if kept is not None and is_current(kept, config.roster, config.roster_flags, schools, secret):
        return kept
    tell("Reading the roster.")
    intake = take_in(config.roster, config.roster_flags, schools, secret, today, kept)
    store.keep_roster(intake.roster.dump(), now)
    for diagnostic in intake.diagnostics:
        tell(str(diagnostic))
    return intake.roster


def stored(config: Config, store: Store) -> Roster | None:
    """The roster that the store keeps, or None."""
    parts = store.roster_parts()
    secret = key.load(config.data)
    if not parts:
        return None
    if secret is None:
        raise Mistake(
            f"{config.data / key.FILE}: the roster's key is missing, so the stored roster cannot be read. "
            'Copy the key back from a backup, or run "auditor roster import" once more.'
        )
    return Roster.load(parts, secret)
