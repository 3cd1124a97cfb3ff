"""The whole text pipeline beside Presidio's analyzer, on the same posts in the same run.

    AUDITOR_BENCH_DATA=... python -m benchmarks.detect [--presidio PYTHON] [--posts 2000] [--rounds 5]

Ours is what `auditor detect` does: a roster of 10,000 invented students (and one of 1,000,000), full names, contact
data, records, language. It remembers words, so it is measured twice: on posts that it sees for the first time, and
on a pool of 20,000 posts whose words it knows, as those of an account that is read every week: of whole posts it
remembers only what contact data is in one. Presidio is its analyzer with the default recognizers and a blank English
spaCy pipeline, in a process of its own: PYTHON is an interpreter that has `presidio-analyzer` (left out without it).
Posts are public tweets joined to about 322 characters, with a sentence that holds personal data in every tenth and a
student's name in every twentieth; where the tweets are missing, English prose. What tells are processor seconds, and of
them the ratios.
"""

import argparse
import contextlib
import json
import os
import pydoc_data.topics
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from auditor.detect.reading import Recogniser
from auditor.model import Account, District, Document, Kind, Passage
from auditor.roster.book import Roster
from auditor.tidying import seldom_tidied
from benchmarks.roster import KEY, People, _written, build

LENGTH: Final = 322
WANTED: Final = 12.0
POOL: Final = 20_000
AGAIN: Final = "ours, words known"
WANTED_GROWTH: Final = 1.3
_ACCOUNT: Final = Account("posts", Kind.OFFICIAL, "website", "")

PRESIDIO: Final = """
import json, logging, sys, time
logging.disable(logging.CRITICAL)
import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine

class Blank(SpacyNlpEngine):
    def load(self):
        self.nlp = {"en": spacy.blank("en")}

analyzer = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
for line in sys.stdin:
    posts = json.loads(line)
    begin = time.process_time()
    hits = sum(len(analyzer.analyze(post, language="en")) for post in posts)
    print(json.dumps([time.process_time() - begin, hits]), flush=True)
"""
"""Reads posts, a JSON list a line; answers with processor seconds and hits."""


def main(words: Sequence[str]) -> int:
    """Runs all in turns and prints what each took, and the ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detect", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--presidio", metavar="PYTHON", help="an interpreter that has presidio-analyzer")
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(words)
    people = People()
    sizes = (10_000, 1_000_000)
    recognisers = {size: recogniser(Roster.load(build(people, size)[0], KEY)) for size in sizes}
    spent: dict[str, list[float]] = {}
    hits: dict[str, int] = {}
    with contextlib.ExitStack() as stack:
        presidio = stack.enter_context(_presidio(asked.presidio)) if asked.presidio else None
        pool = list(posts(POOL, people, sizes[0], seed=-1))
        known = recogniser(Roster.load(build(people, sizes[0])[0], KEY))
        for turn in range(asked.rounds + 1):
            batches = {size: list(posts(asked.posts, people, size, turn)) for size in sizes}
            for name, (seconds, found) in _turn(batches, recognisers, presidio):
                if turn:  # the first one warms up
                    spent.setdefault(name, []).append(seconds / asked.posts)
                    hits[name] = hits.get(name, 0) + found
            seconds, found = ours(known, pool)
            if turn:
                spent.setdefault(AGAIN, []).append(seconds / POOL)
                hits[AGAIN] = hits.get(AGAIN, 0) + found
    _tell(spent, hits)
    return 0


def recogniser(roster: Roster) -> Recogniser:
    """As `auditor detect` makes it."""
    return Recogniser(District("", ""), lambda _value: "", roster, everybody=True)


def _turn(
    batches: Mapping[int, Sequence[str]],
    recognisers: Mapping[int, Recogniser],
    presidio: "subprocess.Popen[str] | None",
) -> Iterator[tuple[str, tuple[float, int]]]:
    for size, batch in batches.items():
        yield f"ours, {size:,} students", ours(recognisers[size], batch)
    if presidio is not None and presidio.stdin and presidio.stdout:
        print(json.dumps(batches[min(batches)]), file=presidio.stdin, flush=True)
        seconds, found = json.loads(presidio.stdout.readline())
        yield "Presidio", (seconds, found)


def ours(recognise: Recogniser, batch: Sequence[str]) -> tuple[float, int]:
    """Processor seconds, and how much was recognised."""
    with seldom_tidied():
        begin = time.process_time()
        found = sum(len(recognise.read(Document("", (Passage(post),)), _ACCOUNT).sightings) for post in batch)
        return time.process_time() - begin, found


@contextlib.contextmanager
def _presidio(python: str) -> Iterator["subprocess.Popen[str]"]:
    command = [python, "-c", PRESIDIO]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def posts(count: int, people: People, roster: int, seed: int) -> Iterator[str]:
    """Posts that no other turn has: tweets joined, some with personal data, some with a student's name."""
    chance = random.Random(seed)  # noqa: S311
    tweets, sentences = _public("tweeteval/datasets/*/*_text.txt"), _sentences()
    named = [pupil.naming for pupil in islice(people.pupils(roster), 1_000)]
    for n in range(count):
        parts: list[str] = []
        if n % 10 == 0 and sentences:
            parts.append(chance.choice(sentences))
        if n % 20 == 0:
            parts.append(_written(chance.choice(named), chance.randrange(5)))
        while sum(map(len, parts)) < LENGTH:
            parts.append(chance.choice(tweets))
        chance.shuffle(parts)
        yield " ".join(parts)[:LENGTH]


def _public(pattern: str) -> list[str]:
    folder = Path(os.environ.get("AUDITOR_BENCH_DATA", ""))
    files = sorted(folder.glob(pattern)) if str(folder) != "." else []
    if not files:
        return _prose()
    return [line for file in files for line in file.read_text("utf-8").splitlines() if line]


def _prose() -> list[str]:
    """Sentences of the manual that comes with Python."""
    prose = " ".join(" ".join(pydoc_data.topics.topics.values()).split())
    return [f"{sentence}." for sentence in prose.split(". ")]


def _sentences() -> list[str]:
    file = Path(os.environ.get("AUDITOR_BENCH_DATA", "")) / "presidio-research/data/synth_dataset_v2.json"
    if not file.is_file():
        return []
    return [" ".join(row["full_text"].split()) for row in json.loads(file.read_text("utf-8"))]


def _tell(spent: Mapping[str, Sequence[float]], hits: Mapping[str, int]) -> None:
    best = {name: min(seconds) for name, seconds in spent.items()}
    print(f"{'what':<24}{'us a post':>10}{'posts a s':>11}{'recognised':>12}")
    for name, seconds in best.items():
        print(f"{name:<24}{seconds * 1e6:>10.1f}{1 / seconds:>11,.0f}{hits[name]:>12,}")
    small, large = (best[name] for name in best if name.endswith("students"))
    print(f"\n1,000,000 students / 10,000: {large / small:.2f} (wanted: at most {WANTED_GROWTH})")
    if "Presidio" in best:
        first, again = (best["Presidio"] / ours for ours in (small, best[AGAIN]))
        print(
            f"times Presidio: {first:.1f} at first sight, {again:.1f} with words known (wanted: at least {WANTED:.0f})"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
