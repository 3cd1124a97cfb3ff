"""Rosters of invented students, made in a line."""

from collections.abc import Iterable
from datetime import date

from auditor.model import OptOut, Sort
from auditor.roster.book import About, Roster
from auditor.roster.build import Builder
from auditor.roster.names import Naming
from auditor.roster.pupil import Adult, Flags, Pupil

KEY = bytes(range(32))
TODAY = date(2026, 11, 20)
NO_FLAGS = Flags()
NO_END = OptOut(frozenset("A"), date(2026, 8, 24), None, "paper form")


def pupil(
    name: str = "",
    *,
    naming: Naming | None = None,
    source_id: str = "",
    schools: Iterable[str] = ("lincoln",),
    grade: int | None = 3,
    contacts: Iterable[tuple[Sort, str]] = (),
    flags: Flags = NO_FLAGS,
) -> Pupil:
    """A student called "Given Family"; the first word is the first name."""
    given, _, family = name.partition(" ")
    return Pupil(
        source_id=source_id or name,
        naming=naming or Naming(given=given, family=family, nicknames=flags.nicknames, handles=flags.handles),
        grade=grade,
        schools=frozenset(schools),
        contacts=tuple(contacts),
        flags=flags,
    )


def roster_of(*people: str | Naming | Pupil | Adult, key: bytes = KEY) -> Roster:
    """A roster of these; a text or a naming is a student of Lincoln in grade 3."""
    builder = Builder(key)
    for n, person in enumerate(people):
        if isinstance(person, Adult):
            builder.add_adult(person)
        elif isinstance(person, Naming):
            builder.add(pupil(naming=person, source_id=f"s{n}"))
        else:
            builder.add(person if isinstance(person, Pupil) else pupil(person))
    return builder.finish(About(TODAY, TODAY, "files", "place"))


def found(roster: Roster, text: str) -> list[str]:
    """What in a text is certainly a student's name."""
    return [text[m.start : m.end] for m in roster.match(text) if not m.loose]


def asked(roster: Roster, text: str) -> list[str]:
    """What in a text may be a student's name."""
    return [text[m.start : m.end] for m in roster.match(text) if m.loose]
