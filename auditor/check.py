"""What a check is: a pure function over what was seen, with a label saying what it judges. No network, disk or clock.

A rule is a module of `auditor.checks`; its file's name is its id and its docstring its help text. `@check` marks the
function that judges, and `@<function>.notes` an optional one that writes down what of each document it will need.
"""

import calendar
import importlib
import pkgutil
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, Generic, NamedTuple, TypeVar

import auditor.checks
from auditor.model import (
    Account,
    District,
    Grades,
    Kind,
    Options,
    Outcome,
    Reading,
    School,
    Severity,
    Sort,
    Student,
)

T = TypeVar("T")

ALL: frozenset[Kind] = frozenset(Kind)
KNOWN: frozenset[str] = frozenset({"roster", "logos", "agreements", "photo consents"})
"""What a district may have on record; "agreements" and "photo consents": of any student at all.

Beside them, "photo consents at " each school where a family agreed."""

NO_ROSTER = "no roster is loaded, so nobody can tell who is a student"
"""Why a check about students was not made, or found only what no roster is needed for."""

PUBLISHING: frozenset[Kind] = frozenset({Kind.OFFICIAL, Kind.CLASSROOM})

CERTAIN: Final = 0.9
"""From this confidence on, what was recognised is taken for what it looks like."""
WORTH_ASKING: Final = 0.6
"""Below this confidence, not even a question is made of it."""
A_WHOLE_LIST: Final = 20
"""More students on a page than this are one finding."""
A_WHOLE_TABLE: Final = 4
"""So many rows of a table are one finding."""


@dataclass(frozen=True, slots=True)
class Breach:
    """What a check says of its subject; the runner adds who, which clause and how grave.

    `subject` may be shown (masked where it is a value or a person). `identity` tells apart what looks alike when
    masked: a keyed token, or "" for the subject itself. `url` is "" where the document's or account's own address is
    meant. `severity` is None where the clause decides alone. `everywhere` makes one finding of it however many pages
    carry it: `url` is the first of them, and no part of what the finding is known by.
    """

    outcome: Outcome
    subject: str
    identity: str = ""
    excerpt: str = ""
    url: str = ""
    advice: str = ""
    confidence: float = 1.0
    places: int = 1
    severity: Severity | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A check's word that it could not tell, and why: the rule is "not-checked" for this account, never a pass."""

    reason: str


@dataclass(frozen=True, slots=True)
class Excused:
    """A check's word that an exception of the policy itself lets something pass, and on what evidence; no name."""

    reason: str


Answer = Breach | Unknown | Excused


def _unkeyed(*_: str) -> str:
    raise AssertionError("whoever asks a check that names things has to give it the store's key")


class Seen(NamedTuple, Generic[T]):
    """What a check is shown: its subject, whose it is, and what the clause asks.

    `options` are the clause's own, with `grades` as a `Grades` where the clause speaks of some grades only: in a
    document the check decides whom that concerns; for a whole account the runner already did. `severity` is what a
    failure weighs under this clause. `known` are the words of `KNOWN` for what the district has on record at all.
    `keyed` gives texts a name by which they are known again, and which tells nobody anything.
    """

    subject: T
    account: Account
    school: School | None
    district: District
    options: Options
    today: date
    severity: Severity
    known: frozenset[str] = KNOWN
    keyed: Callable[..., str] = _unkeyed

    def concerns(self, student: Student) -> bool | None:
        """Whether the clause speaks of this student's grade; None where the records do not say.

        Without a grade on record, the grades of the student's schools settle it only where none of them is meant.
        """
        band = self.options.get("grades")
        if not isinstance(band, Grades):
            return True
        if student.grade is not None:
            return student.grade in band
        taught = [s.grades for s in self.district.schools if s.id in student.schools and s.grades]
        audience = taught or [grades for grades in (self.audience,) if grades]
        return None if not audience or any(band.overlaps(grades) for grades in audience) else False

    @property
    def audience(self) -> Grades | None:
        """The grades that the account is for."""
        return self.account.grades or (self.school.grades if self.school else None)

    def number(self, option: str, default: int = 0) -> int:
        """A whole number that the clause sets, or the default."""
        value = self.options.get(option, default)
        return value if isinstance(value, int) else default

    def word(self, option: str, default: str = "") -> str:
        """A text that the clause sets, or the default."""
        value = self.options.get(option, default)
        return value if isinstance(value, str) else default

    def words(self, option: str) -> tuple[str, ...]:
        """A list of texts that the clause sets; empty where it sets none."""
        value = self.options.get(option, ())
        return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()

    def asks(self, option: str) -> bool:
        """Whether the clause switches this on."""
        return self.options.get(option) is True

    def fail(
        self,
        subject: str,
        *,
        identity: str = "",
        excerpt: str = "",
        url: str = "",
        advice: str = "",
        confidence: float = 1.0,
        places: int = 1,
        severity: Severity | None = None,
        everywhere: bool = False,
    ) -> Breach:
        """A breach that is certain."""
        return Breach(Outcome.FAIL, subject, identity, excerpt, url, advice, confidence, places, severity, everywhere)

    def review(
        self,
        subject: str,
        *,
        identity: str = "",
        excerpt: str = "",
        url: str = "",
        advice: str = "",
        confidence: float = 0.5,
        places: int = 1,
        severity: Severity | None = None,
        everywhere: bool = False,
    ) -> Breach:
        """A question that only a person can answer."""
        return Breach(Outcome.REVIEW, subject, identity, excerpt, url, advice, confidence, places, severity, everywhere)


def in_words(day: date) -> str:
    """A date as people here write it: "March 9, 2026"."""
    return f"{calendar.month_name[day.month]} {day.day}, {day.year}"


Judge = Callable[[Seen[Any]], Iterator[Answer]]
Silence = Callable[[Seen[str]], bool]
"""Whether a check says nothing of any link to a page of that site ("https://www.x.example") that is there and of which
its visit told nothing else, whatever the link's words, element and places are."""
NoteTaker = Callable[[Seen[Reading]], Mapping[str, object] | None]
"""What it writes down of a document: for its own judging of the whole account, where it judges that; else for its
judging of the same document at the next audit (`Reading.past`)."""


@dataclass(frozen=True, slots=True)
class Help:
    """A rule in words, from its module's docstring."""

    title: str
    why: str
    fix: str
    blind: str


@dataclass(slots=True)
class Check:
    """One rule: the function that judges, and what it may be shown.

    `reads` is the type of its subject: `Reading` (each document), `LinkUse` (each distinct link), `PictureUse` (each
    distinct image), `AccountFacts` (once an account) or `DistrictFacts` (once). `needs` names what it cannot judge
    without ("roster", "logos"): where that is missing the rule is "not-checked". `looks_for` are the sorts of sightings
    without which it has nothing to say of a document: one that has none of them is not shown to it; empty: it sees all.
    `by_registry`: the registry decides, and what documents tell only adds to it; it passes an account that nobody read.
    `of_record`: what stands in the district's records decides alone, so that a bare address tells nothing of it.
    `is_silent` tells on which sites it says nothing of links to pages that are just there; left out, it sees all links.
    """

    id: str
    reads: type
    severity: Severity
    kinds: frozenset[Kind]
    judge: Judge
    help: Help
    needs: frozenset[str] = frozenset()
    note_taker: NoteTaker | None = field(default=None)
    looks_for: frozenset[Sort] = frozenset()
    by_registry: bool = False
    of_record: bool = False
    is_silent: Silence | None = field(default=None)

    def notes(self, function: NoteTaker) -> NoteTaker:
        """Marks the function that writes down, document by document, what the check will need at the end."""
        self.note_taker = function
        return function

    def silence(self, function: Silence) -> Silence:
        """Marks the function that tells, site by site, of which links the check never speaks: most links of a school
        lead to its own pages, and nobody need look at each of them."""
        self.is_silent = function
        return function


def check(
    *,
    reads: type,
    severity: Severity,
    kinds: frozenset[Kind] = ALL,
    needs: frozenset[str] = frozenset(),
    looks_for: Iterable[Sort] = (),
    by_registry: bool = False,
    of_record: bool = False,
) -> Callable[[Judge], Check]:
    """Makes a check of the function below it. Id and help text come from the function's module."""

    def mark(function: Judge) -> Check:
        module = importlib.import_module(function.__module__)
        rule = function.__module__.rpartition(".")[2].replace("_", "-")
        words = read_help(module.__doc__ or "", rule)
        return Check(
            rule,
            reads,
            severity,
            kinds,
            function,
            words,
            needs,
            looks_for=frozenset(looks_for),
            by_registry=by_registry,
            of_record=of_record,
        )

    return mark


def read_help(docstring: str, rule: str) -> Help:
    """The four parts of a rule's docstring; a missing one is our own mistake and says so."""
    title, *parts = textwrap.dedent(docstring).strip().split("\n## ")
    texts = {}
    for part in parts:
        heading, _, text = part.partition("\n")
        texts[heading.strip()] = " ".join(text.split())
    try:
        return Help(
            title=" ".join(title.split()),
            why=texts["Why it matters"],
            fix=texts["How to fix"],
            blind=texts["What it cannot see"],
        )
    except KeyError as missing:
        raise AssertionError(f"{rule}: its docstring has no heading {missing}") from None


@cache
def built() -> Mapping[str, Check]:
    """Every check there is, by rule id: the modules of `auditor.checks`, found by looking."""
    found = {}
    for module in pkgutil.iter_modules(auditor.checks.__path__):
        loaded = importlib.import_module(f"auditor.checks.{module.name}")
        rule = module.name.replace("_", "-")
        found[rule] = next(v for v in vars(loaded).values() if isinstance(v, Check) and v.id == rule)
    return found
