"""Contact data and records in public sets that nobody of this project wrote: how much is found, how much is wrong, how
fast; beside Presidio's default recognisers where `presidio_analyzer` can be imported.

    AUDITOR_BENCH_DATA=folder python -m benchmarks.patterns [--show 20] [--posts 4000] [--rounds 3]

`--show` prints that many hits in tweets, drawn at random, for somebody to read. Presidio runs on a blank spaCy pipeline
and without the network.
"""

import argparse
import ast
import json
import os
import random
import re
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from auditor.detect import records
from auditor.detect.addresses import addresses as streets
from auditor.detect.contacts import Contacts, OwnContacts
from auditor.detect.emails import emails
from auditor.detect.persons import full_names
from auditor.detect.phones import phones
from auditor.detect.words import words
from auditor.model import Place, Sort
from benchmarks.hostile_texts import drawn, mixed, repeated

TOLD = 0.5
"""What is surer than this is told by `auditor detect`."""

POST = 322
_SYNTHETIC = "presidio-research/data/synth_dataset_v2.json"
_OLDER = "presidio-research/tests/data/generated_large.json"
_CORPUS = "datafog-python/tests/corpus"
_MATCHER = "python-phonenumbers/python/tests/phonenumbermatchertest.py"
_ADDRESSES = "usaddress/measure_performance/test_data"
_TWEETS = "tweeteval/datasets"
RULES: dict[str, Callable[[str], Iterable[object]]] = {
    "e-mail addresses": emails,
    "telephone numbers": phones,
    "addresses": streets,
    "records": records.find,
    "names": full_names,
    "language": words,
}
_PEER = ("spacy", "tldextract", "presidio_analyzer", "presidio_analyzer.nlp_engine")
_PEERS_WORDS = {Sort.EMAIL: "EMAIL_ADDRESS", Sort.SSN: "US_SSN", Sort.PHONE: "PHONE_NUMBER"}


class Span(NamedTuple):
    """Something in a text."""

    sort: Sort
    start: int
    end: int


class Example(NamedTuple):
    """A text, and what is in it."""

    text: str
    holds: tuple[Span, ...]


Finder = Callable[[str], Iterable[Span]]


def ours() -> Finder:
    """The product's own finders, as `auditor detect` tells their answers."""
    contacts = Contacts(OwnContacts(), str)

    def find(text: str) -> Iterator[Span]:
        for seen in contacts.sightings(0, text, Place.BODY):
            if seen.confidence >= TOLD:
                yield Span(seen.sort, seen.start, seen.end)
        for found in records.find(text):
            if found.confidence >= TOLD:
                yield Span(found.sort, found.start, found.end)

    return find


def _module(name: str) -> Any:
    return import_module(name)


def peer() -> Finder | None:
    """Presidio's analyser with its default recognisers, or None where it is not installed."""
    try:
        spacy, tldextract, presidio, engines = map(_module, _PEER)
    except ImportError:
        return None
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())  # else it asks the network at the first address
    nlp: Any = engines.SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    nlp.nlp = {"en": spacy.blank("en")}
    analyzer: Any = presidio.AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    sorts = {word: sort for sort, word in _PEERS_WORDS.items()}

    def find(text: str) -> Iterator[Span]:
        for result in analyzer.analyze(text=text, language="en"):
            if result.entity_type in sorts and result.score >= TOLD - 0.1:
                yield Span(sorts[result.entity_type], result.start, result.end)

    return find


# ------------------------------------------------------------------------------------------------ the sets


def labelled(file: Path) -> Iterator[Example]:
    """Presidio's own sentences."""
    words = {word: sort for sort, word in _PEERS_WORDS.items()}
    for row in json.loads(file.read_text("utf-8")):
        spans = (
            Span(words[s["entity_type"]], s["start_position"], s["end_position"])
            for s in row["spans"]
            if s["entity_type"] in words
        )
        yield Example(row["full_text"], tuple(spans))


def corpus(folder: Path) -> Iterator[Example]:
    """DataFog's cases; without its file of over-long texts, which are no texts."""
    for file in sorted(folder.glob("*.json")):
        for row in json.loads(file.read_text("utf-8")):
            spans = (
                Span(Sort(e["type"]), e["start"], e["end"])
                for e in row["expected_entities"]
                if e["type"] in ("EMAIL", "SSN", "PHONE")
            )
            yield Example(row["input"], tuple(spans))


def matcher_cases(file: Path) -> dict[str, list[str]]:
    """The US cases of libphonenumber's matcher tests, by the name of their list."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and isinstance(node.targets[0], ast.Name):
            cases = [case.args for case in node.value.elts if isinstance(case, ast.Call)]
            texts = [(_string(text), _string(region)) for text, region in cases]
            found[node.targets[0].id] = [text for text, region in texts if region == "US"]
    return found


def _string(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def addresses(file: Path) -> Iterator[str]:
    """The addresses of a tagged set that have a house number and a street."""
    for row in ElementTree.parse(file).getroot():  # noqa: S314  a file that somebody fetched for this
        if {"AddressNumber", "StreetName"} <= {part.tag for part in row}:
            yield " ".join("".join(row.itertext()).split())


def tweets(folder: Path) -> list[str]:
    """All tweets, each once."""
    found: dict[str, None] = {}
    for file in sorted(folder.glob("*/*_text.txt")):
        found |= dict.fromkeys(file.read_text("utf-8").split("\n"))
    return [tweet for tweet in found if tweet]


def posts(said: Sequence[str], sentences: Sequence[str], count: int) -> list[str]:
    """Tweets joined to posts of 322 characters, a sentence with personal data in every tenth."""
    chance = random.Random(7)  # noqa: S311  a draw, no secret
    found = []
    for n in range(count):
        text = chance.choice(sentences) + " " if n % 10 == 0 else ""
        while len(text) < POST:
            text += chance.choice(said) + " "
        found.append(text[:POST])
    return found


# ------------------------------------------------------------------------------------------------ the figures


def precision_and_recall(find: Finder, examples: Sequence[Example], sort: Sort) -> str:
    """By overlap: what share of what was found is right, and what share of what there is was found."""
    right = told = found = there = 0
    for text, holds in examples:
        wanted = [s for s in holds if s.sort is sort]
        seen = [s for s in find(text) if s.sort is sort]
        told, there = told + len(seen), there + len(wanted)
        right += sum(any(_meet(s, w) for w in wanted) for s in seen)
        found += sum(any(_meet(s, w) for s in seen) for w in wanted)
    return f"{right / max(1, told):.3f} / {found / max(1, there):.3f} ({there})"


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def share_found(find: Finder, texts: Sequence[str], sort: Sort) -> str:
    """In what share of the texts something of that sort is found."""
    found = sum(any(s.sort is sort for s in find(text)) for text in texts)
    return f"{found / max(1, len(texts)):.4f} ({found} of {len(texts)})"


def slowest(rule: Callable[[str], Iterable[object]], size: int) -> str:
    """Milliseconds for the hostile text that takes longest, and how much is found there."""
    worst, which, finds = 0.0, "", 0
    for name, text in [*repeated(size), *mixed(size, count=100, seed=2), *drawn(size, count=500, seed=2)]:
        spent, found = _spent(rule, text)
        if spent > worst:
            spent = min(spent, *(_spent(rule, text)[0] for _ in range(2)))  # another may have been busy
        if spent > worst:
            worst, which, finds = spent, name, found
    return f"{worst * 1000:.0f} ({which!r}, {finds:,} finds)"


def _spent(rule: Callable[[str], Iterable[object]], text: str) -> tuple[float, int]:
    """Seconds of processor time, and how much is found."""
    begin = time.process_time()
    found = sum(1 for _ in rule(text))
    return time.process_time() - begin, found


def row(what: str, wanted: str, own: str, other: str = "") -> None:
    print(f"{what:<46} {wanted:>14}  {own:>22}  {other:>22}")


def measure(folder: Path, show: int, count: int, rounds: int) -> None:
    find, other = ours(), peer()
    row("", "wanted", "auditor", "Presidio" if other else "(no Presidio)")
    sets = {
        "synthetic set D": (_SYNTHETIC, labelled, (Sort.EMAIL, Sort.SSN, Sort.PHONE)),
        "older set E": (_OLDER, labelled, (Sort.EMAIL, Sort.SSN, Sort.PHONE)),
        "DataFog's corpus": (_CORPUS, corpus, (Sort.EMAIL, Sort.SSN, Sort.PHONE)),
    }
    wanted = {Sort.EMAIL: ".97 / .97", Sort.SSN: ".90 / .90"}
    for name, (path, read, sorts) in sets.items():
        if not _is_there(folder / path):
            continue
        examples = list(read(folder / path))
        for sort in sorts:
            theirs = precision_and_recall(other, examples, sort) if other else ""
            row(f"{name}: {sort} P / R", wanted.get(sort, ""), precision_and_recall(find, examples, sort), theirs)
    if _is_there(folder / _MATCHER):
        cases = matcher_cases(folder / _MATCHER)
        for name, want in (
            ("STRICT_GROUPING_CASES", "all"),
            ("EXACT_GROUPING_CASES", "all"),
            ("VALID_CASES", ""),
            ("IMPOSSIBLE_CASES", "none"),
        ):
            theirs = share_found(other, cases[name], Sort.PHONE) if other else ""
            row(f"libphonenumber's {name}, US", want, share_found(find, cases[name], Sort.PHONE), theirs)
    for name, want in (("us50_test_tagged", ".91"), ("synthetic_osm_data", ".99"), ("labeled", "")):
        if _is_there(folder / _ADDRESSES / f"{name}.xml"):
            texts = list(addresses(folder / _ADDRESSES / f"{name}.xml"))
            row(f"usaddress {name}: recall", want, share_found(find, texts, Sort.ADDRESS), "has none" if other else "")
    for name, rule in RULES.items():
        row(f"milliseconds for the worst 100 KB: {name}", "100", slowest(rule, 100_000))
    if _is_there(folder / _TWEETS):
        said = tweets(folder / _TWEETS)
        _in_tweets(find, said, show)
        sentences = [e.text for e in labelled(folder / _SYNTHETIC)] if _is_there(folder / _SYNTHETIC) else [""]
        _speed(find, other, posts(said, sentences, count), rounds)


def _in_tweets(find: Finder, said: Sequence[str], show: int) -> None:
    hits: dict[Sort, list[str]] = {}
    for tweet in said:
        for span in find(tweet):
            context = tweet[max(0, span.start - 40) : span.start], tweet[span.end : span.end + 30]
            hits.setdefault(span.sort, []).append(f"{context[0]}[{tweet[span.start : span.end]}]{context[1]}")
    for sort, found in sorted(hits.items()):
        limit = "0.9, false" if sort is Sort.ADDRESS else ""
        row(f"{len(said):,} tweets: {sort} a thousand", limit, f"{1000 * len(found) / len(said):.2f} ({len(found)})")
    chance = random.Random(3)  # noqa: S311
    for sort, found in sorted(hits.items()):
        for hit in chance.sample(found, min(show, len(found))):
            print(f"    {sort}: {hit}")


def _speed(find: Finder, other: Finder | None, texts: Sequence[str], rounds: int) -> None:
    def records_alone(text: str) -> Iterable[Span]:
        return (Span(f.sort, f.start, f.end) for f in records.find(text))

    contacts = Contacts(OwnContacts(), str)

    def contacts_alone(text: str) -> Iterable[Span]:
        return (Span(s.sort, s.start, s.end) for s in contacts.sightings(0, text, Place.BODY))

    finders = {"contacts alone": contacts_alone, "records alone": records_alone, "contacts and records": find}
    spent: dict[str, float] = {}
    for turn in range(rounds):
        for name, finder in finders.items():
            # No finder sees a text twice: they remember what they have read.
            spent[name] = min(spent.get(name, 1e9), _seconds(finder, [f"{text}{turn}" for text in texts]))
    for name, seconds in spent.items():
        limit = "25" if name == "contacts and records" else ""
        row(f"microseconds a post of {POST}: {name}", limit, f"{seconds / len(texts) * 1e6:.1f}")
    if other:
        some = texts[: len(texts) // 4]
        micros = _seconds(other, some) / len(some) * 1e6
        row(f"microseconds a post of {POST}: all recognisers", "", "", f"{micros:.0f}")


def _seconds(finder: Finder, texts: Sequence[str]) -> float:
    begin = time.process_time()
    for text in texts:
        for _ in finder(text):
            pass
    return time.process_time() - begin


def _is_there(path: Path) -> bool:
    if not path.exists():
        print(f"(left out: {path} is not there)")
    return path.exists()


def main() -> None:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--show", type=int, default=0, help="how many hits in tweets to print, to be read")
    parser.add_argument("--posts", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    measure(Path(os.environ.get("AUDITOR_BENCH_DATA", ".")), asked.show, asked.posts, asked.rounds)


if __name__ == "__main__":
    main()
