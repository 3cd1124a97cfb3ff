"""What a browser gained on a host's pages, remembered from audit to audit, so that none is opened in vain; and what its
front pages show of the system that runs them. Pure.

A host whose pages are mostly empty without a browser is opened in it at once, whatever a page of it looks like. One on
which a browser gained nothing is not opened any more, but for one page in fifty: so a new content system is noticed.
The other way round needs no samples, for a page that is opened shows by itself whether that was worth the while.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Final, Protocol, Self
from zlib import crc32

from spiders.scope import split, visitable

SAMPLE: Final = 50
"""One page in so many is opened although a browser gained nothing before; other pages in every audit."""
ENOUGH: Final = 5
"""Pages that must have been opened before a host is taken to need a browser."""
IN_VAIN: Final = 3
"""Pages in a row on which a browser gained nothing, after which it is taken to gain nothing at all."""
MOST_FRONTS: Final = 50
"""Front pages of one host whose signs are remembered."""
WINDOW: Final = 200
"""Pages after which older ones begin to be forgotten."""


class HostMemory(Protocol):
    """Where facts of hosts are kept between crawls; a host is a name, with its port where it has one."""

    def recall(self, host: str) -> Mapping[str, object]:
        """What was remembered of that host; empty where nothing was."""

    def remember(self, host: str, facts: Mapping[str, object]) -> None:
        """Keeps plain values of that host, instead of what was remembered of it."""


@dataclass
class HostFacts:
    """Pages that were read, those that were empty as served, those opened in a browser, those on which it gained.

    `in_vain` counts pages in a row on which it gained nothing, `turn` the crawls. `signs` are those of front pages, by
    their paths, that tell which system runs the site: several may lie on one host.
    """

    read: int = 0
    empty: int = 0
    opened: int = 0
    gained: int = 0
    in_vain: int = 0
    turn: int = 0
    signs: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, remembered: Mapping[str, object]) -> Self:
        """The facts as they were remembered; what is no number is not known."""
        known = {one.name: remembered.get(one.name) for one in fields(cls)}
        counted = {name: max(0, value) for name, value in known.items() if isinstance(value, int)}
        return cls(**counted, signs=dict(_signs(remembered.get("signs"))))

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

    def shows(self, path: str, signs: Mapping[str, str]) -> None:
        """A front page was read, and shows these signs."""
        if path in self.signs or len(self.signs) < MOST_FRONTS:
            self.signs[path] = signs

    def told(self) -> dict[str, object]:
        """The facts as they are to be remembered when a crawl is over."""
        told = {**asdict(self), "turn": self.turn + 1}
        return told if self.signs else {name: value for name, value in told.items() if name != "signs"}


def known_signs(url: str, memory: HostMemory) -> Mapping[str, str]:
    """What is remembered of the signs of the front page at that address; none where it was never read."""
    home = split(visitable(url))
    return HostFacts.of(memory.recall(home.netloc.lower())).signs.get(home.path, {}) if home is not None else {}


def _signs(remembered: object) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The signs of front pages as they were remembered; what is none is not known."""
    for path, signs in remembered.items() if isinstance(remembered, Mapping) else ():
        if isinstance(path, str) and isinstance(signs, Mapping):
            yield path, {str(key): str(value) for key, value in signs.items()}
