"""What reading an account takes and gives: the words between the crawl and whoever asked for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from auditor.model import Account, Blind, Document, Link, Reason
from spiders.platform import Route
from spiders.settings import Manners


class Trace(NamedTuple):
    """By what a page is known again: what its server said of it, and keyed digests of its bytes and of its content.

    `etag` and `last_modified` are the validators that may be sent back ("" where there are none that can be trusted).
    `body` is the digest of what was served, `content` of everything that was read in it: equal only where every
    passage, link and image is. Both are b"" where they are not known. `rendered` tells that a browser read it.
    `echo` is what else a page under another query may say (a keyed `Document.digest`; "" for files, and where it is not
    known), and `depth` how deep it lay (-1 where that is not known). `kept` is the number by which the memory
    knows the page that gave it: it holds just that; else 0.
    """

    etag: str = ""
    last_modified: str = ""
    body: bytes = b""
    content: bytes = b""
    rendered: bool = False
    echo: str = ""
    depth: int = -1
    kept: int = 0


class Memory(Protocol):
    """What is remembered of one account's pages."""

    def expect(self, urls: Sequence[str]) -> None:
        """These addresses are asked for next: they may be looked up together."""

    def before(self, url: str) -> Trace | None:
        """How the page was when an earlier audit judged it; None where it is unknown, was not read whole, or must be
        judged anew whatever it says now."""

    def leads(self, url: str) -> Sequence[Link]:
        """The links of a page that is remembered, by this audit or an earlier one, but for those that it gave before:
        they lead to nothing new. None where the page is unknown."""

    def digest(self, content: bytes) -> bytes:
        """The keyed digest of some bytes: 16 bytes, the same in every audit of this store."""


@dataclass(frozen=True)
class Assignment:
    """One account to read.

    `seeds` are addresses to visit beside the account's own, and `depths` says of each how many links away it lies
    (1 where left out); `elsewhere` are addresses of other accounts: what lies below one of them is not this account's,
    if it lies deeper than its own.

    With a `memory`, what did not change since an earlier audit is told as `unchanged` and not read again. `done` are
    the addresses that this audit visited before it was stopped, each with the depth of its page, or -1 where none
    stands (it was gone, or moved): they are not asked for again, but what their pages lead to by the memory is.

    `route` is how the account is read; without one it is a website.
    """

    account: Account
    seeds: tuple[str, ...] = ()
    done: Mapping[str, int] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()
    depths: Mapping[str, int] = field(default_factory=dict)
    memory: Memory | None = None
    route: Route | None = None


@dataclass(frozen=True)
class CrawlOptions:
    """How to read. The first six are the keys of `[crawl]`; deadlines are in seconds.

    `render` is "auto", "never" or "always". `account_deadline` ends the visit of one account, whatever is left.
    """

    contact: str = ""
    max_pages: int = 500
    delay: float = 0.5
    allow_networks: tuple[str, ...] = ()
    render: str = "auto"
    version: str = "0"
    page_deadline: float = 15.0
    account_deadline: float = 7200.0
    pause: float = 2.0
    max_depth: int = 100

    @property
    def manners(self) -> Manners:
        """How we behave on other people's servers."""
        return Manners(
            contact=self.contact,
            version=self.version,
            delay=self.delay,
            allow_networks=self.allow_networks,
            deadline=self.page_deadline,
            pause=self.pause,
        )


class Witness(Protocol):
    """Is told what a crawl sees, as it sees it; `account` is an account's id. Nothing is kept for the end."""

    def saw(self, account: str, document: Document, trace: Trace) -> None:
        """A page or file was read, in whole or in part (`document.problem`). One of which only the shell was seen is
        told as `missed` next."""

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        """A page is as it was when it was last judged. `trace` is how it is known again from now on."""

    def gone(self, account: str, url: str, status: int) -> None:
        """A linked page is not there: it is no longer published, and was never part of the site's content."""

    def missed(self, account: str, url: str, blind: Blind) -> None:
        """Something of the account could not be seen. `blind.what` completes "<the page> ...: " where `url` names a
        page, and stands for itself where `url` is "", which means the account as a whole."""

    def moved(self, account: str, url: str, to: str) -> None:
        """An address sends its visitors on; what stands there is read under its own address, if it is the account's."""


def may_pass(blind: Blind) -> bool:
    """Whether it was the network that failed: an audit that goes on asks for such a page once more."""
    return blind.reason in (Reason.UNREACHABLE, Reason.RATE_LIMITED, Reason.PLATFORM_OUTAGE)


class Rendered(Protocol):
    """A page as a browser shows it; `problem` says why it could not be read ("" when it was)."""

    @property
    def html(self) -> str:
        """The markup after all scripts ran."""

    @property
    def final_url(self) -> str:
        """Where the browser ended up."""

    @property
    def status(self) -> int:
        """The HTTP status of the last answer, 0 without one."""

    @property
    def problem(self) -> str:
        """Why nothing was read."""

    @property
    def missing(self) -> str:
        """What of a page that was read may be missing."""


class Renderer(Protocol):
    """Opens pages in a browser."""

    async def render(self, url: str) -> Rendered:
        """The page after its scripts ran; never raises for what a page does."""
