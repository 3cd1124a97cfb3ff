"""Scrapy's settings, made safe and fast. Its defaults suit a programmer at a keyboard, not a daemon on strange pages.

Left as they come they open two listening ports (one runs Python), believe any certificate, read bodies of 1 GiB for
three minutes, and open `file:` and `ftp:` links of a page.
"""

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


def settings(manners: Manners) -> dict[str, object]:
    """Settings for every spider of the product. All requests leave through `spiders.download`, which holds the guard.

    Redirects, retries, robots.txt and decompression are not left to Scrapy's middlewares: a redirect must stay in an
    account's scope, and a failure must become a plain sentence. Nor is each host's pace, which `spiders.pace` keeps
    for all that leaves, by whatever way.
    """
    return {
        "BOT_NAME": ROBOT,
        "USER_AGENT": manners.user_agent,
        "MANNERS": manners,
        "TWISTED_REACTOR_ENABLED": False,
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("http", "https"), "spiders.download.GuardedHandler"),
            **dict.fromkeys(("file", "data", "ftp", "s3")),
        },
        # Emptied at the base, so that what a later Scrapy switches on by itself stays off here.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_TIMEOUT": manners.deadline,
        "DOWNLOAD_MAXSIZE": MAX_BODY,
        "CONCURRENT_REQUESTS": MAX_AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": MAX_AT_ONCE,
        # 100 tasks a response is the default, and half of Scrapy's time.
        "CONCURRENT_ITEMS": 1,
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "STATS_DUMP": False,
        "LOG_FORMATTER": "spiders.download.SilentFormatter",
        "LOG_LEVEL": "WARNING",
    }
