"""The words of visiting a link: one answer, the whole way, and how it ended."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from auditor.model import LinkState
from auditor.outlets.landing import Landing

MAX_HOPS: Final = 10
"""Redirects that are followed."""


class Look(IntEnum):
    """How much of an address is read. Who has seen more need not look again for less."""

    HEADERS = 0
    PAGE = 1
    PLACES = 2
    """The page, and what on it a fragment may name."""


class Fault(StrEnum):
    """Why an address gave no answer."""

    NONE = ""
    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    BROKE_OFF = "broke-off"
    PRIVATE = "private"
    ROBOTS = "robots"
    GARBLED = "garbled"
    MALFORMED = "malformed"


WEATHER: Final = frozenset({Fault.DNS, Fault.REFUSED, Fault.TIMEOUT, Fault.BROKE_OFF})
"""Faults that tell nothing of the page: a server that cannot be reached today may be there again in a minute."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one address answered to one request. `status` is 0 and `fault` set where there was no answer.

    `location` is None where the answer names none. `why` says in words what is wrong with a certificate. `partial`
    tells that the body broke off before its end; `challenged` that the server wants to see a human first; `presumed`
    that nobody asked, as other addresses of the server had told enough.
    """

    url: str
    status: int = 0
    location: str | None = None
    fault: Fault = Fault.NONE
    why: str = ""
    landing: Landing | None = None
    partial: bool = False
    challenged: bool = False
    presumed: bool = False
    cookies: str = field(default="", repr=False)

    @property
    def ok(self) -> bool:
        """Whether the page came as asked for."""
        return 200 <= self.status < 300


class End(StrEnum):
    """How a walk ended."""

    ANSWERED = "answered"
    LOOP = "loop"
    TOO_MANY = "too many"
    NOWHERE = "nowhere"
    BAD_TARGET = "bad target"


@dataclass(frozen=True, slots=True)
class Trail:
    """The whole way of one address: every address on it, the last answer, and how it ended.

    `target` is what came of looking at the address that a redirect named, where that address ended the walk.
    """

    hops: tuple[str, ...]
    step: Step
    end: End = End.ANSWERED
    target: LinkState | None = None

    @property
    def final(self) -> str:
        """The address at the end."""
        return self.hops[-1]
