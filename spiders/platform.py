"""What a platform is: a place where accounts live, how an account there is read, or why it is not.

A platform that is read by an interface of its own has a module in `spiders/platforms` with a `PLATFORM`. It says what
to ask for and what an answer means, both as pure functions over plain values; one visit (`spiders/route_visit.py`) does
the asking for all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auditor.model import Account, Blind, Document
from auditor.model import Profile as Profile  # what a platform's module makes of an answer
from auditor.outlets.identify import Identity, identify
from auditor.secret import Secret
from spiders.credential import Credential
from spiders.scope import Scope, split


class Setting(Protocol):
    """What the table `[platforms.<id>]` of `config.toml` says."""

    @property
    def base(self) -> str:
        """The address at which the platform's interface is asked; "" for the platform's own."""

    @property
    def names_token(self) -> bool:
        """Whether it names a place for a token, whatever stands there."""

    def token(self, account: str = "") -> Secret | Blind:
        """The district's own token, read at this moment, for the account of that id; where there is none, why."""


Settings = Mapping[str, Setting]
"""The tables `[platforms.<id>]` of `config.toml` by the platform's id."""


def no_header(_name: str) -> str:
    """What the headers of no answer say."""
    return ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a route: for what (a word of the platform's own module), at which address.

    `about` is what the answer is needed for, such as a document whose comments it holds; `page` counts the pages of a
    listing from 1.

    `signed` adds the district's own token when the request is dialled; `url` never holds it. What an answer leads to on
    the same server is signed alike where it does not say otherwise, so no module has to hand a token on. `body` is sent
    by POST, in `media_type`, where an interface is asked in that way.

    When the answer is parsed, `header` gives what a header of it says, by its name; "" where it has none such.
    """

    what: str
    url: str
    about: Document | None = None
    page: int = 1
    signed: Credential | None = field(default=None, repr=False)
    body: bytes = field(default=b"", repr=False)
    media_type: str = "application/json"
    header: Callable[[str], str] = field(default=no_header, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one answer says: documents that are whole, what to ask next, and what cannot be seen.

    `blind` is about the account as a whole, `missed` about single addresses. With `stop` nothing more is asked for.
    `pages` are addresses on the account's website that are to be read there, where the route stands beside its pages.
    """

    profile: Profile | None = None
    documents: tuple[Document, ...] = ()
    asks: tuple[Ask, ...] = ()
    blind: tuple[Blind, ...] = ()
    missed: tuple[tuple[str, Blind], ...] = ()
    stop: bool = False
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What one look at an account's own address tells: the page, where strangers see the account there (None where they
    do not), and what of the account is not seen. `hidden` tells that what stood there before is shown no longer."""

    document: Document | None
    blind: Blind
    hidden: bool = False


Glance = Callable[[Account, "Document | None", "Blind | None"], Glimpse]
"""What to make of the one page that was looked at, None where none came, and of what of it could not be seen. Pure."""

Parse = Callable[[Account, Ask, int, bytes], Parsed]
"""What an answer means: the account, what was asked, the HTTP status, the body. Pure; never raises, whatever came.

It is asked about answers of status 2xx, 400, 404 and 410, and where the request was signed about all others from 400 to
499 but 408 and 429: there the body often tells what is wrong with the token. Where it has nothing to say to an error
(an empty `Parsed`), the error is told in general words.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """How an account is read. `name` goes into its coverage.

    Without `parse` it is a website: page by page. With it, `asks` come first, and each answer says what comes next.
    `lists_all` tells that what no longer stands in its lists is gone. `counts_all` tells that the platform's own count
    of posts is of just what its lists show, so that a shorter list is one with gaps; `drift` is the share of them that
    it may count too many. Of a website, `beside` tells by its front page how else it is read: by an interface of the
    system that runs it. What that tells of a page is joined to it (`spiders/paired_visit.py`), and where it is `alone`,
    it stands in for all of them. With `glance`, only the page at the account's own address is looked at, and `glance`
    says what that shows (`spiders/single_visit.py`).
    """

    name: str
    asks: tuple[Ask, ...] = ()
    parse: Parse | None = None
    lists_all: bool = True
    counts_all: bool = False
    drift: float = 0.0
    beside: "Beside | None" = None
    glance: Glance | None = None
    alone: bool = False

    @property
    def is_website(self) -> bool:
        """Whether the account is what lies below its address."""
        return self.parse is None


@dataclass(frozen=True, slots=True)
class Front:
    """The front page of a website: where it stands, and the signs by which it tells which platform makes the site, as
    `spiders/signs.py` finds them."""

    url: str
    signs: Mapping[str, str]

    def is_of(self, account: Account, home: str) -> bool:
        """Whether that account is the whole site that has its home at that address: what its system tells is about all
        of it, and is not asked for a part."""
        return any(Scope(url).holds(home) for url in (account.url, self.url) if split(url) is not None)


Beside = Callable[[Front], "Route | None"]
"""By what interface a website with that front page is read beside its pages; None for none."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an account is not read at all. It is never fetched, and never clean."""

    blind: Blind


Plan = Callable[[Account, Settings], Route | Refusal]


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform, or several that are read alike, by their ids in `config.toml`.

    `plan` tells how an account is read; `requests` what is asked for first and `parse` what an answer means, where it
    is not read as a website. `reads_sites` tells that it reads every website page by page: then an address that lies on
    a platform is read as that does.
    """

    ids: tuple[str, ...]
    plan: Plan
    requests: Callable[[Account, str], tuple[Ask, ...]] | None = None
    parse: Parse | None = None
    reads_sites: bool = False

    def identify(self, url: str) -> Identity | None:
        """What an address is there; None where it is not its own."""
        found = identify(url)
        return found if found.platform in self.ids else None
