"""Addresses of which somebody else said whose they are, as a public downloader tests itself with them."""

import ast
from collections.abc import Iterator
from typing import Final

from auditor.outlets.identify import identify
from auditor.outlets.platforms import named
from tests.recordings import recorded

OF_ANOTHER_NAME: Final = {"twitter": "x"}
"""What the downloader calls a platform."""


def labelled() -> Iterator[tuple[str, str]]:
    """Addresses with the platform that each is said to be of, where it is one that is known here."""
    for file in recorded("mikf/gallery-dl", "test/results/*.py"):
        family = file.stem.partition("_")[0].rstrip("0123456789")
        platform = named(OF_ANOTHER_NAME.get(family, family))
        if platform in (None, "website", "feed"):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                told = {
                    key.value: value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant)
                }
                url = told.get("#url")
                if isinstance(url, ast.Constant) and isinstance(url.value, str):
                    yield url.value, platform


def test_addresses_that_others_labelled_are_identified() -> None:
    addresses = list(labelled())

    right = [url for url, platform in addresses if identify(url).platform == platform]

    assert len(addresses) > 250
    assert len(right) / len(addresses) >= 0.97, sorted({url for url, _ in addresses} - set(right))
