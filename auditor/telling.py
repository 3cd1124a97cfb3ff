"""Tells people what the store remembers: gathers it, has it put into words, and writes the reports."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from auditor import renewals
from auditor.check import built
from auditor.config import Config
from auditor.errors import Mistake
from auditor.model import School
from auditor.store import Store
from reports import files
from reports.district import district_report
from reports.school import school_report
from reports.story import Memory, Story, shares, tell, weeks

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def write_reports(
    config: Config, store: Store, out: Path | None = None, only: Collection[str] | None = None
) -> tuple[Path, ...]:
    """Writes `index.html` and a report for every school into the folder `out` ("reports" in the data folder).

    `only` names schools: then just their reports are written. Gives the files written, the district's first. The same
    store and configuration give the same bytes, whatever the time: reports tell of the last audit's day. Raises
    `Mistake` where a file cannot be written; the one from before is intact then.
    """
    folder = out or config.data / "reports"
    return tuple(save(folder / name, page.encode()) for name, page in _pages(config, store, only))


def save(file: Path, content: bytes) -> Path:
    """Writes a report's file; a `Mistake` where that cannot be done."""
    try:
        files.write(file, content)
    except OSError as error:
        raise Mistake(f"{file}: cannot be written ({error.strerror}); the file from before is as it was") from None
    return file


def remember(config: Config, store: Store) -> Memory:
    """What the store remembers, as of the end of its last audit."""
    last = store.last_audit()
    audits = store.audits(limit=last.id) if last else ()
    ended = {audit.id: audit.finished_at or audit.started_at for audit in audits}
    now = max(ended.values(), default=LONG_AGO)
    return Memory(
        findings=store.findings(now=now.astimezone(ZoneInfo(config.district.timezone)) if ended else now),
        verdicts=store.verdicts(),
        coverages=store.coverages(),
        history=store.history(),
        last_audits=store.concluded_in(),
        ended=ended,
        renewals=renewals.coming(store, config.district.accounts),
    )


def _pages(config: Config, store: Store, only: Collection[str] | None) -> Iterator[tuple[str, str]]:
    memory = remember(config, store)
    helps = {rule: check.help for rule, check in built().items()}

    parts = shares(memory, config.district)

    def story(school: School | None) -> Story:
        part = parts[school.id if school else ""]
        return tell(part.memory, config.district, config.policy, helps, school, part.accounts)

    schools = {school.id: story(school) for school in config.district.schools}
    if only is None:
        district = story(None)
        told_at = max((s.told_at for s in (district, *schools.values()) if s.told_at), default=None)
        yield files.INDEX, district_report(district, tuple(schools.values()), weeks(memory.history, told_at))
    for school_id, told in schools.items():
        if only is None or school_id in only:
            yield f"{school_id}.html", school_report(told)
