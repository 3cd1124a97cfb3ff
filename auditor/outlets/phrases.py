"""The phrases by which a linked page tells what it is; the list is `landing.toml`."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Phrases:
    """`landing.toml`, compiled."""

    missing: re.Pattern[str]
    challenge: re.Pattern[str]
    parked: re.Pattern[str]
    parking_scripts: re.Pattern[str]
    error: re.Pattern[str]
    buy: re.Pattern[str]
    price: re.Pattern[str]
    promotion: re.Pattern[str]
    affiliate: re.Pattern[str]
    business: re.Pattern[str]
    fundraising: re.Pattern[str]
    youth: re.Pattern[str]
    youth_goods: re.Pattern[str]
    campaign_notice: re.Pattern[str]
    vote: re.Pattern[str]
    campaign_gift: re.Pattern[str]
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

    def any_of(name: str, form: str = "{}") -> re.Pattern[str]:
        entries: Iterable[str] = data[name]
        alternatives = "|".join(entry.replace("{office}", office) for entry in entries)
        return re.compile(form.replace("{}", f"(?:{alternatives})"), re.IGNORECASE)

    schema = data["schema"]
    return Phrases(
        missing=any_of("missing"),
        challenge=any_of("challenge", r"^\W*{}"),
        parked=any_of("parked"),
        parking_scripts=any_of("parking_scripts"),
        error=any_of("error", r"^\W*{}"),
        buy=any_of("buy", r"^\W*{}\W*$"),
        price=any_of("price"),
        promotion=any_of("promotion"),
        affiliate=any_of("affiliate"),
        business=any_of("business"),
        fundraising=any_of("fundraising"),
        youth=any_of("youth"),
        youth_goods=any_of("youth_goods"),
        campaign_notice=any_of("campaign_notice"),
        vote=any_of("vote"),
        campaign_gift=any_of("campaign_gift"),
        products=frozenset(schema["product"]),
        offers=frozenset(schema["offer"]),
        shops=frozenset(schema["shop"]),
        businesses=frozenset(schema["business"]),
        software=tuple(schema["software"]),
    )
