"""What the store gives back: plain frozen values, in the words of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple, Protocol

from auditor.model import Blind, Finding, LinkState, Reason, Status


class AuditState(StrEnum):
    """How far an audit came. A stopped one can be gone on with; so can a running one whose process is dead."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class PageState(StrEnum):
    """How far an audit came with one address. `gone`: it answered that nothing is there any more (404, 410). `shell`:
    it was missed, but what stands around it was looked at."""

    READ = "read"
    GONE = "gone"
    SHELL = "shell"
    MISSED = "missed"


SEEN: Final = (PageState.READ, PageState.SHELL)
"""The states of pages of which something was looked at."""


class Counted(IntEnum):
    """What a page is counted for in the uses of its account's links and images: for nothing, for what it says, or for
    what it said before (`page.was_links`)."""

    NOT = 0
    AS_IT_STANDS = 1
    AS_IT_WAS = 2


class Reach(StrEnum):
    """What a rule has to be shown before its silence means that a finding is fixed.

    A document rule: the page. A link or picture rule: the link or image itself, or every page that carried it. An
    account rule: its own word that it judged.
    """

    DOCUMENT = "document"
    LINK = "link"
    PICTURE = "picture"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Audit:
    """One run over a set of accounts. `basis` is whatever text the caller calls its ground for judging (a digest)."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    state: AuditState
    policy: str
    basis: str
    accounts: tuple[str, ...]
    trigger: str


@dataclass(frozen=True, slots=True)
class Frontier:
    """Where the crawl of one account stands in one audit.

    `done` are the addresses not to be asked for again: read, gone and missed. Where to go on is told by what the pages
    link to. `missed` are the pages that could not be read, and why. `depths` says of each page of which something was
    seen how many links away it lies.
    """

    done: frozenset[str] = frozenset()
    missed: tuple[tuple[str, Blind], ...] = ()
    depths: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sights:
    """What an audit saw of an account: how many documents, and the dates of the oldest and newest of the dated ones."""

    documents: int
    oldest: datetime | None
    newest: datetime | None


class Traced(Protocol):
    """By what a page is known again; `spiders.reading.Trace` says what each means."""

    @property
    def etag(self) -> str:
        """What its server calls this version of it."""

    @property
    def last_modified(self) -> str:
        """Since when its server has had this version of it."""

    @property
    def body(self) -> bytes:
        """The keyed digest of what was served."""

    @property
    def content(self) -> bytes:
        """The keyed digest of all that was read in it."""

    @property
    def rendered(self) -> bool:
        """Whether a browser read it."""

    @property
    def echo(self) -> str:
        """The rougher digest of its document."""

    @property
    def kept(self) -> int:
        """The number of the page where the store gave all this itself, with its depth, so that it knows it already;
        else 0."""


class PageBefore(NamedTuple):
    """What is remembered of a page: by what it is known again, on what its judging depended (`ground`), and where it
    leads (`links`, as `auditor.store.texts` packs them). `audit` is the last one that settled it."""

    id: int
    url: str
    audit: int
    state: str
    depth: int
    problem: str
    rendered: bool
    etag: str
    last_modified: str
    echo: str
    body: bytes
    content: bytes
    ground: bytes
    links: bytes


@dataclass(frozen=True, slots=True)
class PageMet:
    """What an audit found at an address, for the links that lead there: `problem` is the status that said that nothing
    is there (404, 410) where one did, `anchors` are the places of a page, packed and keyed, and `doubtful` marks one
    that may only say that it is not there."""

    url: str
    state: str
    problem: str
    checked_at: datetime
    rendered: bool
    doubtful: bool
    anchors: bytes


@dataclass(frozen=True, slots=True)
class Untraced:
    """A page that nobody could know again."""

    etag: str = ""
    last_modified: str = ""
    body: bytes = b""
    content: bytes = b""
    rendered: bool = False
    echo: str = ""
    kept: int = 0


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding and its story. Audits are named by id, so that "new" is `first_audit == the account's last audit`.

    `until` is the last day of a dismissal and `reason` its ground; `who` decided last. All three stay after a fix, so
    that a false alarm that flickers stays dismissed.
    """

    finding: Finding
    status: Status
    first_seen: datetime
    last_seen: datetime
    first_audit: int
    last_audit: int
    fixed_at: datetime | None = None
    fixed_audit: int | None = None
    came_back_at: datetime | None = None
    came_back_audit: int | None = None
    until: date | None = None
    reason: str = ""
    who: str = ""

    @property
    def id(self) -> str:
        """The finding's name for people and programs."""
        return self.finding.id


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a finding: fixed, came back, withdrawn, lapsed, dismissed, acknowledged, reopened."""

    at: datetime
    who: str
    what: str
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings of one school, policy and severity needed somebody at the end of one audit."""

    audit: int
    at: datetime
    school: str
    policy: str
    severity: str
    open: int


@dataclass(frozen=True, slots=True)
class VisitedLink:
    """What came of the last visit to an address, and for how many visits in a row it has been broken."""

    state: LinkState
    visited_at: datetime
    fail_streak: int = 0
    first_failed_at: datetime | None = None


class SlotState(StrEnum):
    """How far a due run came."""

    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Slot:
    """One due run of one job. `attempt` counts the claims; `why` says how the last one failed."""

    job: str
    slot_utc: datetime
    state: SlotState
    attempt: int = 0
    pid: int | None = None
    claimed_at: datetime | None = None
    finished_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed, by the name of the table; `clean` is False where another program kept old copies alive."""

    removed: Mapping[str, int]
    clean: bool = True


def blind_of(told: Mapping[str, str]) -> Blind:
    """A stored blind spot."""
    return Blind(told["what"], Reason(told["reason"]), told["remedy"])


def told_of(blind: Blind) -> dict[str, str]:
    """A blind spot as it is stored."""
    return {"what": blind.what, "reason": str(blind.reason), "remedy": blind.remedy}
