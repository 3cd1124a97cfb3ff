"""A pattern that is compiled when it is first used does what one does that is compiled at once."""

import importlib
import re
from dataclasses import fields
from pathlib import Path

import pytest

from auditor.lazy_pattern import LazyPattern
from auditor.outlets.phrases import Phrase, phrases

ROOT = Path(__file__).parent.parent
HOLDERS = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for package in ("auditor", "spiders", "reports")
    for file in (ROOT / package).rglob("*.py")
    if "= LazyPattern(" in file.read_text("utf-8")
)


def test_it_finds_what_the_pattern_finds() -> None:
    lazy, plain, text = LazyPattern(r"r(o)e", re.IGNORECASE), re.compile(r"r(o)e", re.IGNORECASE), "Roe, Monroe"

    assert [str(found) for found in lazy.finditer(text)] == [str(found) for found in plain.finditer(text)]
    assert str(lazy.search(text, 3)) == str(plain.search(text, 3))
    assert str(lazy.match(text)) == str(plain.match(text))
    assert str(lazy.fullmatch(text, 0, 3)) == str(plain.fullmatch(text, 0, 3))
    assert lazy.findall(text) == plain.findall(text)
    assert lazy.sub("", text, 1) == plain.sub("", text, 1)
    assert lazy.split(text) == plain.split(text)


def test_it_is_compiled_when_it_is_first_used() -> None:
    broken = LazyPattern("(")

    with pytest.raises(re.error):
        broken.search("")


@pytest.mark.parametrize("module", HOLDERS)
def test_every_one_can_be_compiled(module: str) -> None:
    told = vars(importlib.import_module(module)).values()
    values = [one for value in told for one in (value.values() if isinstance(value, dict) else [value])]

    for pattern in (value for value in values if isinstance(value, LazyPattern)):
        pattern.search("")


def test_every_phrase_can_be_compiled() -> None:
    said = phrases()

    for one in fields(said):
        value = getattr(said, one.name)
        if isinstance(value, Phrase | LazyPattern):
            (value.pattern if isinstance(value, Phrase) else value).search("")
