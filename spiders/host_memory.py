"""What a browser gained on a host's pages, remembered from audit to audit, so that none is opened in vain. Pure.

A host whose pages are mostly empty without a browser is opened in it at once, whatever a page of it looks like. One on
which a browser gained nothing is not opened any more, but for one page in fifty: so a new content system is noticed.
The other way round needs no samples, for a page that is opened shows by itself whether that was worth the while.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final, Protocol, Self
from zlib import crc32

SAMPLE: Final = 50
"""One page in so many is opened although a browser gained nothing before; other pages in every audit."""
ENOUGH: Final = 5
"""Pages that must have been opened before a host is taken to need a browser."""
IN_VAIN: Final = 3
"""Pages in a row on which a browser gained nothing, after which it is taken to gain nothing at all."""
WINDOW: Final = 200
"""Pages after which older ones begin to be forgotten."""


class HostMemory(Protocol):
    """Where facts of hosts are kept between crawls; a host is a name, with its port where it has one."""

    def recall(self, host: str) -> Mapping[str, object]:
        """What was remembered of that host; empty where nothing was."""

    def remember(self, host: str, facts: Mapping[str, object]) -> None:
        """Keeps plain numbers of that host, instead of what was remembered of it."""


@dataclass
class HostFacts:
    """Pages that were read, those that were empty as served, those opened in a browser, those on which it gained.

    `in_vain` counts pages in a row on which it gained nothing, `turn` the crawls.
    """

    read: int = 0
    empty: int = 0
    opened: int = 0
    gained: int = 0
    in_vain: int = 0
    turn: int = 0

    @classmethod
    def of(cls, remembered: Mapping[str, object]) -> Self:
        """The facts as they were remembered; what is no number is not known."""
        known = {field.name: remembered.get(field.name) for field in fields(cls)}
        return cls(**{name: max(0, value) for name, value in known.items() if isinstance(value, int)})

    @property
    def needs_browser(self) -> bool:
        """Whether most pages are empty without one, and it shows most of them."""
        return self.opened >= ENOUGH and 2 * self.empty >= self.read and 4 * self.gained >= 3 * self.opened

    @property
    def gains_nothing(self) -> bool:
        """Whether opening pages in a browser is a waste."""
        return self.in_vain >= IN_VAIN

    def samples(self, url: str) -> bool:
        """Whether that page is one of those that are opened all the same. The same for one crawl, in any order."""
        return crc32(url.encode("utf-8", "replace")) % SAMPLE == self.turn % SAMPLE

    def saw(self, *, empty: bool) -> None:
        """A page was read as it was served."""
        if self.read >= WINDOW:
            self.read, self.empty, self.opened, self.gained = (
                self.read // 2,
                self.empty // 2,
                self.opened // 2,
                self.gained // 2,
            )
        self.read += 1
        self.empty += empty

    def showed(self, *, more: bool) -> None:
        """A browser opened a page, and showed more than was served, or not."""
        self.opened += 1
        self.gained += more
        self.in_vain = 0 if more else self.in_vain + 1

    def told(self) -> dict[str, object]:
        """The facts as they are to be remembered when a crawl is over."""
        return {**asdict(self), "turn": self.turn + 1}
