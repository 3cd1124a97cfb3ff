"""How we behave on other people's servers, and how much of them is read at most."""

from dataclasses import dataclass
from typing import Final

from spiders.guard import Guard, networks

MAX_BODY: Final = 8 * 1024 * 1024
"""Bytes of a page or file that are read at most, after decompression."""
MAX_REDIRECTS: Final = 8
MAX_AT_ONCE: Final = 100
"""Requests under way at one time, over all hosts."""
ROBOT: Final = "auditor"
"""The name that robots.txt knows us by. It must never contain "link": stock firewall rules turn such visitors away."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave on other people's servers.

    `contact` is where a site's owner can reach the district; `delay` the seconds between two requests to one host;
    `allow_networks` the private networks that may be visited (CIDR); `deadline` the seconds for one request.
    """

    contact: str = ""
    version: str = "0"
    delay: float = 0.5
    allow_networks: tuple[str, ...] = ()
    deadline: float = 15.0
    pause: float = 2.0
    """Seconds before a request that failed is tried again, doubled each time."""

    @property
    def user_agent(self) -> str:
        """What we call ourselves: our name, and whom to ask about us."""
        contact = "".join(c for c in self.contact if c.isprintable() and c.isascii()).strip()
        return f"{ROBOT}/{self.version} (+{contact})" if contact else f"{ROBOT}/{self.version}"

    @property
    def per_host(self) -> int:
        """Requests to one host at a time."""
        return 2 if self.delay > 0 else 8

    def guard(self) -> Guard:
        """The guard that lets us out to these networks only."""
        return Guard(networks(self.allow_networks))
