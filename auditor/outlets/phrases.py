"""The phrases by which a linked page tells what it is; the list is `landing.toml`."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from auditor.lazy_pattern import LazyPattern

BOT_CHECK: Final = "the site showed a bot check instead of the page"
"""What is said of a page that asks its visitor to prove that he is human: it may be open to everybody else."""
NOBODY_LIVES: Final = "nobody seems to live there: the address is for sale, suspended or empty"
"""What is said of an address that shows the page of a firm which sells or serves addresses."""
TURNED_AWAY: Final = "it does not let visitors in"
"""What is said of a server that refuses a page and asks for no login: programs alone may be meant."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Alternatives of which one must be found. `needs` are words of which one stands in every text that has one."""

    pattern: LazyPattern
    needs: tuple[str, ...] = ()

    def found_in(self, text: str) -> bool:
        """Whether the text, in lower case, holds any of the alternatives."""
        if self.needs and not any(map(text.__contains__, self.needs)):
            return False
        return self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Phrases:
    """`landing.toml`. All but `vote` are searched in lower case."""

    missing: Phrase
    challenge: Phrase
    parked: Phrase
    error: Phrase
    buy: Phrase
    price: Phrase
    promotion: Phrase
    affiliate: Phrase
    business: Phrase
    fundraising: Phrase
    youth: Phrase
    youth_goods: Phrase
    campaign_notice: Phrase
    campaign_gift: Phrase
    vote: LazyPattern
    parking_scripts: tuple[str, ...]
    products: frozenset[str]
    offers: frozenset[str]
    shops: frozenset[str]
    businesses: frozenset[str]
    software: tuple[str, ...]


@cache
def phrases() -> Phrases:
    """The phrases, read once."""
    data = tomllib.loads(resources.files("auditor.outlets").joinpath("landing.toml").read_text("utf-8"))
    office = f"(?:{'|'.join(data['offices'])})"
    needs, schema = data["needs"], data["schema"]

    def any_of(name: str) -> str:
        entries: Iterable[str] = data[name]
        return f"(?:{'|'.join(entry.replace('{office}', office) for entry in entries)})"

    def phrase(name: str, before: str = "", after: str = "") -> Phrase:
        return Phrase(LazyPattern(f"{before}{any_of(name)}{after}"), tuple(needs.get(name, ())))

    return Phrases(
        missing=phrase("missing"),
        challenge=phrase("challenge", r"^\W*"),
        parked=phrase("parked"),
        error=phrase("error", r"^\W*"),
        buy=phrase("buy", r"^\W*", r"\W*$"),
        price=phrase("price"),
        promotion=phrase("promotion"),
        affiliate=phrase("affiliate"),
        business=phrase("business"),
        fundraising=phrase("fundraising"),
        youth=phrase("youth"),
        youth_goods=phrase("youth_goods"),
        campaign_notice=phrase("campaign_notice"),
        campaign_gift=phrase("campaign_gift"),
        vote=LazyPattern(any_of("vote"), re.IGNORECASE),
        parking_scripts=tuple(data["parking_scripts"]),
        products=frozenset(schema["product"]),
        offers=frozenset(schema["offer"]),
        shops=frozenset(schema["shop"]),
        businesses=frozenset(schema["business"]),
        software=tuple(schema["software"]),
    )
