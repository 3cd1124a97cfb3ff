"""Hosts that look like another one: what only looks like the school's own site, or like a known shop, is neither."""

from urllib.parse import urlsplit

import pytest

from auditor.outlets.links import LinkClass, classify, hosts_of, registrable
from spiders.link_address import page_of
from spiders.scope import Scope

OWN = "https://riverbend.example/"
LOOKALIKES = [
    "https://rivеrbend.example/",  # a Cyrillic e
    "https://riverbеnd.example/news",
    "https://rıverbend.example/",  # an i without its dot
    "https://riverbend.exаmple/",
    "https://xn--rivrbend-qug.example/",
    "https://riverbend.example.xn--80ak6aa92e.example/",
    "https://riverbend.example@evil.example/",
]


@pytest.mark.parametrize("url", LOOKALIKES)
def test_what_only_looks_like_the_own_site_is_another_one(url: str) -> None:
    assert not Scope(OWN).holds(page_of(url))
    assert "riverbend.example" not in hosts_of([page_of(url)])
    assert registrable(urlsplit(page_of(url)).hostname or "") != "riverbend.example"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.аmazon.com/",  # a Cyrillic a
        "https://www.amazоn.com/",
        "https://www.xn--mazon-3ve.com/",
        "https://sесure.aсtblue.com/donate/x",
    ],
)
def test_what_only_looks_like_a_known_shop_or_campaign_is_not_taken_for_it(url: str) -> None:
    assert classify(url).link_class is LinkClass.NEITHER


@pytest.mark.parametrize(
    ("url", "link_class"),
    [
        ("https://www.ａｍａｚｏｎ.com/", LinkClass.COMMERCIAL),
        ("https://www。amazon。com/", LinkClass.COMMERCIAL),
        ("https://WWW.AMAZON.COM./", LinkClass.COMMERCIAL),
    ],
)
def test_a_known_shop_in_wide_letters_is_the_shop_all_the_same(url: str, link_class: LinkClass) -> None:
    """That is where a browser goes."""
    assert classify(url).link_class is link_class
