"""What a host's robots.txt allows us, how slowly it wants to be read, and where it lists its pages."""

from dataclasses import dataclass
from typing import Final

from protego import Protego

from auditor.model import Blind, Reason
from spiders.fetch import Answer
from spiders.settings import ROBOT

MAX_BODY: Final = 500 * 1024
"""Bytes of a robots.txt that count; the standard asks for at least that."""
MAX_HOPS: Final = 5
"""How often it may forward to another place, which the standard asks to be followed."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host. `blind` says why the host is left alone altogether."""

    rules: Protego | None = None
    blind: Blind | None = None

    def allows(self, url: str) -> bool:
        """Whether we may ask for that address."""
        return self.rules is None or bool(self.rules.can_fetch(url, ROBOT))

    @property
    def delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 where it does not say."""
        return float(self.rules.crawl_delay(ROBOT) or 0) if self.rules else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of its lists of pages."""
        return tuple(self.rules.sitemaps)[:20] if self.rules else ()


def read(answer: Answer) -> Robots:
    """The rules in the answer to a request for robots.txt.

    No such file allows everything. A server that fails, or that nobody can reach, is left alone (RFC 9309).
    """
    if answer.blind is not None:
        return Robots(blind=answer.blind)
    if answer.status == 429:
        return Robots(blind=Blind("it asked us to come back later (error 429)", Reason.RATE_LIMITED))
    if answer.status >= 500:
        why = f"its server failed when asked for its rules for visitors (robots.txt, error {answer.status})"
        return Robots(blind=Blind(why, Reason.UNREACHABLE))
    if answer.status != 200 or answer.body.lstrip()[:1] == b"<":
        return Robots()
    return Robots(Protego.parse(answer.body[:MAX_BODY].decode("utf-8-sig", "replace")))
