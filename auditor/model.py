"""The words of the product as plain frozen values. Everything speaks in these; this module imports nothing of ours.

The order is the order of the story: the registry (who), documents (what was seen), findings and verdicts
(how it was judged), coverage (what could not be seen).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

# ------------------------------------------------------------------------------------------------ the registry


class Kind(StrEnum):
    """For whom an account speaks."""

    OFFICIAL = "official"
    CLASSROOM = "classroom"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Grades:
    """A span of grades, both ends included, as numbers: PK and younger -1, K 0, 1 to 12, post-secondary 13."""

    lowest: int
    highest: int

    def overlaps(self, other: "Grades") -> bool:
        """Whether any grade lies in both spans."""
        return self.lowest <= other.highest and other.lowest <= self.highest

    def __contains__(self, grade: object) -> bool:
        return isinstance(grade, int) and self.lowest <= grade <= self.highest

    def __str__(self) -> str:
        names = {-1: "PK", 0: "K", 13: "PS"}
        low, high = (names.get(g, str(g)) for g in (self.lowest, self.highest))
        return low if low == high else f"{low}-{high}"


@dataclass(frozen=True, slots=True)
class School:
    """A school, or an office of the district that has a website and somebody who reads its report."""

    id: str
    name: str
    grades: Grades | None = None
    website: str = ""
    principal: str = ""
    principal_email: str = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """A mark that the district owns, with its approved renditions as image files."""

    id: str
    images: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """An employee or board member: named so that they are not taken for a student."""

    name: str
    title: str = ""
    email: str = ""
    school: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One registered place on the web. Fields are the keys of `[[accounts]]` in `config.toml`."""

    id: str
    kind: Kind
    platform: str
    url: str
    school: str = ""
    owner: str = ""
    owner_email: str = ""
    admins: tuple[str, ...] = ()
    grades: Grades | None = None
    approved_by: str = ""
    approved_on: date | None = None
    disclosed_on: date | None = None
    notice_on: date | None = None
    comments: str = ""
    logos: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    reviewed_on: date | None = None
    consent_on: date | None = None
    share_with: str = "principal"
    purpose: str = ""
    opened_on: date | None = None
    open_reason: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """A school district: who and what it registered, and the words by which its own addresses are known."""

    name: str
    policy: str
    timezone: str = "UTC"
    email_domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    designees: tuple[str, ...] = ()
    policy_reviewed_on: date | None = None
    blocked_hosts: frozenset[str] = frozenset()
    schools: tuple[School, ...] = ()
    logos: tuple[Logo, ...] = ()
    staff: tuple[Staff, ...] = ()
    accounts: tuple[Account, ...] = ()

    def school(self, school_id: str) -> School | None:
        """The school of that id, or None where the account is the district's own."""
        return next((s for s in self.schools if s.id == school_id), None)


# ------------------------------------------------------------------------------------------------ what was seen


class Place(StrEnum):
    """Where in a document a passage stands. A name in a file name is as public as one in a heading."""

    BODY = "body"
    TITLE = "title"
    DESCRIPTION = "description"
    ALT = "alt"
    CAPTION = "caption"
    TABLE = "table"
    ADDRESS = "address"
    FILE_NAME = "file name"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text as a reader sees it: blocks end in newlines, table cells in tabs, words are never glued or split.

    `about` is the absolute URL of the image or file that the passage describes, where it describes one.
    """

    text: str = field(repr=False)  # may name a child: never in a log
    place: Place = Place.BODY
    about: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A reference from a document. `tag` is the element it came from; `rel` its rel tokens; `words` its link text."""

    url: str
    words: str = field(default="", repr=False)
    tag: str = "a"
    rel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that a document shows. Width and height in CSS pixels where the page says so, else 0."""

    url: str
    alt: str = field(default="", repr=False)
    caption: str = field(default="", repr=False)
    near: str = field(default="", repr=False)
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Comment:
    """What a visitor wrote under a document."""

    text: str = field(repr=False)
    author: str = field(default="", repr=False)
    url: str = ""
    published_on: datetime | None = None


class CommentState(StrEnum):
    """Who may comment, as a platform or a page lets strangers know it. Where it lets nobody know, it is None.

    OPEN: whoever likes (whether somebody looks before it shows, nobody can tell from outside). MODERATED: what visitors
    write waits until somebody lets it through, or only people that the account chose may write. CLOSED: nobody may.
    """

    OPEN = "open"
    MODERATED = "moderated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who an account says it is, and what its platform lets strangers know of it. None means that nobody can tell.

    `id` is what never changes, `handle` what people write. `is_private` and `hides_from_search` are the owner's
    settings; `posts` is how many there are by the platform's own count, of which a visitor need not see all.
    `messages_from` says who may write to it in private ("all", "following", "none"; "" unknown). `comment_state` is who
    may comment wherever a post says nothing else. `hides_network` tells that its lists of friends and followers are
    hidden, `approves_followers` that only who was let in may follow. `location` is a place in a field of its own.
    `made_for_kids` is the owner's word that it is for children; `minimum_age` what its server asks of members.
    """

    id: str
    handle: str
    url: str
    name: str = field(default="", repr=False)
    bio: str = field(default="", repr=False)
    created_on: datetime | None = None
    posts: int | None = None
    is_private: bool | None = None
    hides_from_search: bool | None = None
    asks_no_strangers: bool = False
    messages_from: str = ""
    comment_state: CommentState | None = None
    hides_network: bool | None = None
    approves_followers: bool | None = None
    location: str = field(default="", repr=False)
    made_for_kids: bool | None = None
    minimum_age: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One web page, file, post or comment thread as a visitor who is not logged in sees it.

    `url` is its own address without fragment. `digest` is a hex digest of the normalised content, equal when nothing
    that matters changed. `anchors` are the ids that a fragment may name. `depth` counts the links from the account's
    own address. `problem` says what of it could not be read ("" when it was read whole). `rendered` tells that a
    browser read it. A shell (`is_shell`) is what stands around a page whose own content could not be seen: it is looked
    at, and does not count as read.

    `comment_state` says who may comment under it. `comments_whole` is True only where every comment that visitors see
    there is in `comments`, and False where some are known to be missing, or none can be read. `made_for_kids` is its
    author's word that it is for children. `profile` is set on the document that is the profile itself. Each is None
    where nobody can tell.
    """

    url: str
    passages: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    comments: tuple[Comment, ...] = ()
    title: str = field(default="", repr=False)
    language: str = ""
    media_type: str = "text/html"
    author: str = field(default="", repr=False)
    published_on: datetime | None = None
    anchors: frozenset[str] = field(default=frozenset(), repr=False)
    digest: str = ""
    depth: int = 0
    rendered: bool = False
    problem: str = ""
    is_shell: bool = False
    comment_state: CommentState | None = None
    comments_whole: bool | None = None
    made_for_kids: bool | None = None
    profile: Profile | None = field(default=None, repr=False)


class Reason(StrEnum):
    """Why something could not be seen."""

    LOGIN_WALL = "login_wall"
    ROBOTS = "robots"
    TERMS = "terms"
    NO_TOKEN = "no_token"
    TOKEN_SCOPE = "token_scope"
    NO_CONSENT = "no_consent"
    RATE_LIMITED = "rate_limited"
    PARTIAL_LISTING = "partial_listing"
    LABEL_OPT_OUT = "label_opt_out"
    PLATFORM_OUTAGE = "platform_outage"
    UNREACHABLE = "unreachable"
    LIMIT = "limit"
    EXPIRED_MEDIA = "expired_media"
    NOT_IN_ROUTE = "not_in_route"


@dataclass(frozen=True, slots=True)
class Blind:
    """Something that could not be seen: what, why, and what a person can do about it. Never evidence of anything."""

    what: str
    reason: Reason
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an audit could and could not see of one account.

    `route` names how it was read ("website", "none", ...). `complete` is True only when nothing in scope was missed.
    `documents` counts what was read; `oldest` is the date of the oldest dated one.
    """

    account: str
    school: str
    route: str
    complete: bool
    documents: int
    fetched_at: datetime
    oldest: datetime | None = None
    blind: tuple[Blind, ...] = ()


class LinkVerdict(StrEnum):
    """Where a link leads. Only BROKEN counts against a page; BLOCKED means that the far side would not talk to us."""

    ALIVE = "alive"
    BROKEN = "broken"
    BLOCKED = "blocked"
    SUSPICIOUS = "suspicious"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class LinkState:
    """What came of visiting one address.

    `why` is one plain sentence; `status` the last HTTP status, 0 without an answer; `hops` every address on the way,
    the final one last; `link_class` "commercial", "political" or "". `kind` tells cases of one verdict apart ("404",
    "dns", "soft-404", "fragment", "parked", "home", "login", ...), and `sure` is False where only a person can tell.
    `outlet`, `outlet_why` and `outlet_sure` say what sort of place it leads to, as `auditor.outlets.links` tells it.
    """

    url: str
    verdict: LinkVerdict
    why: str = ""
    status: int = 0
    final_url: str = ""
    hops: tuple[str, ...] = ()
    link_class: str = ""
    kind: str = ""
    sure: bool = True
    outlet: str = ""
    outlet_why: str = ""
    outlet_sure: bool = True


@dataclass(frozen=True, slots=True)
class LogoSighting:
    """A registered logo seen in an image; `rendition` is "approved" or "altered"; `score` 0 to 1."""

    logo: str
    rendition: str
    score: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What was seen in one image file. `problem` says why it could not be looked at ("" when it was).

    `etag` and `last_modified` are what its server may be asked by whether it changed; "" where it did not say.
    """

    url: str
    sha256: str = ""
    width: int = 0
    height: int = 0
    logos: tuple[LogoSighting, ...] = ()
    problem: str = ""
    etag: str = ""
    last_modified: str = ""


# ------------------------------------------------------------------------------------------------ what was recognised


@dataclass(frozen=True, slots=True)
class OptOut:
    """What a family asked not to be published: levels out of A, B, C, in force between two dates (None: no bound)."""

    levels: frozenset[str]
    start: date | None = None
    end: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Student:
    """What is known of a student without knowing who it is.

    `pseudonym` ("S-7F3A...") is a keyed name for reports. Consents are None where nothing is on record. `left` marks
    a former student, kept because an opt-out outlives the time at school.
    """

    pseudonym: str
    schools: frozenset[str] = frozenset()
    grade: int | None = None
    opt_outs: tuple[OptOut, ...] = ()
    photo_consent: bool | None = None
    name_consent: bool | None = None
    aup_signed: bool | None = None
    left: bool = False

    def opted_out(self, day: date) -> frozenset[str]:
        """The levels in force on that day."""
        return frozenset(
            level
            for o in self.opt_outs
            if (o.start is None or o.start <= day) and (o.end is None or day <= o.end)
            for level in o.levels
        )


class Sort(StrEnum):
    """What was recognised in a text; the words of `auditor detect`."""

    STUDENT = "STUDENT"
    PERSON = "PERSON"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    SSN = "SSN"
    BIRTH_DATE = "BIRTH_DATE"
    STUDENT_ID = "STUDENT_ID"
    GRADE = "GRADE"
    DISCIPLINE = "DISCIPLINE"
    HEALTH = "HEALTH"
    PROFANITY = "PROFANITY"
    SLUR = "SLUR"
    THREAT = "THREAT"
    INSULT = "INSULT"
    SUBSTANCE = "SUBSTANCE"
    POLITICAL = "POLITICAL"
    SELLING = "SELLING"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something recognised in one passage of a document: where, never what.

    `passage` is an index into the document's passages; `start` and `end` count characters in its text. `masked` may be
    shown; `token` is a keyed digest of the normalised value, equal for equal values. `students` are the roster entries
    that a name fits (several where two share it). `form` tells how: "full", "first", "handle", "address", "email", ...
    `ours` marks a value that belongs to the district, a school or staff, or that the principal approved.
    """

    sort: Sort
    passage: int
    start: int
    end: int
    masked: str
    token: str
    confidence: float = 1.0
    form: str = ""
    students: tuple[Student, ...] = ()
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with everything recognised in it.

    `past` is what the check that is asked wrote down of this same document at an earlier audit: empty where nothing,
    None where no earlier audit of the account has come to an end.
    """

    document: Document
    sightings: tuple[Sighting, ...] = ()
    past: Mapping[str, object] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LinkUse:
    """One distinct link of an account and what came of it. `page` is the first page that carries it."""

    link: Link
    page: str
    places: int
    state: LinkState


@dataclass(frozen=True, slots=True)
class PictureUse:
    """One distinct image of an account and what was seen in it. `page` is the first page that shows it."""

    image: Image
    page: str
    places: int
    picture: Picture


@dataclass(frozen=True, slots=True)
class Note:
    """What a check that judges a whole account wrote down about one page, as plain JSON values, masked."""

    url: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What an audit learned of one account as a whole.

    `failure` says in one plain sentence why nothing of it could be read ("" when something was). `linked_from` are the
    pages of its school's (else the district's) registered sites that link to it; None when those were not read, so
    nobody can tell. `newest` is when it last published something dated. `links` are those that lead to accounts on
    platforms, of whomever. `notes` are those of the check that asks.
    """

    account: Account
    coverage: Coverage
    failure: str = ""
    newest: datetime | None = None
    linked_from: tuple[str, ...] | None = None
    links: tuple[LinkUse, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class DistrictFacts:
    """What an audit knows of the district itself. Dates are None where nothing is on record."""

    roster_loaded_on: date | None = None
    flags_loaded_on: date | None = None
    students: int = 0
    policy_reviewed_on: date | None = None
    policy_revised_on: date | None = None


# ------------------------------------------------------------------------------------------------ how it was judged


class Severity(StrEnum):
    """How soon to act. The words a report uses: act today, act today, act this week, tidy up."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    MODERATE = "moderate"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        """0 for the gravest, so that sorting puts it first."""
        return _RANKS[self]

    def milder(self) -> "Severity":
        """One step less grave: what a "should" is worth where a "must" has this severity."""
        return list(Severity)[min(self.rank + 1, len(Severity) - 1)]


_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Outcome(StrEnum):
    """How a check ended for an account; exactly one."""

    PASS = "pass"
    FAIL = "fail"
    REVIEW = "review"
    NOT_APPLICABLE = "not-applicable"
    NOT_CHECKED = "not-checked"


class Status(StrEnum):
    """A finding's state over time."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    FIXED = "fixed"


SITE: Final = "site"
"""The `policy` of site-quality findings: asked for by the product, by no district's policy."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach or question, already masked: nothing in it names a child.

    `fingerprint` is a keyed digest of account, rule, url and the unmasked subject; the stored id is made from it.
    `places` counts the pages that carry it (link and image rules give one finding for many pages).
    """

    rule: str
    outcome: Outcome
    severity: Severity
    policy: str
    clause: str
    account: str
    school: str
    url: str
    subject: str
    excerpt: str
    advice: str
    confidence: float
    fingerprint: str
    places: int = 1

    @property
    def id(self) -> str:
        """The finding's name for people and programs, stable from audit to audit."""
        return f"f-{self.fingerprint}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one rule ended for one account, and why where that is not plain."""

    account: str
    rule: str
    outcome: Outcome
    reason: str = ""


class Aside(StrEnum):
    """What a check may say of something beside a finding."""

    BROKEN = "broken"
    UNKNOWN = "unknown"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Remark:
    """A check's word beside its findings: that it broke down, that it could not tell, or that an exception of the
    policy lets something pass; with the reason, which names nobody."""

    rule: str
    aside: Aside
    reason: str = ""


Options = Mapping[str, object]
"""What a clause asks of a rule, as written in the policy's TOML."""
