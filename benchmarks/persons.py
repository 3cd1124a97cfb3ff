"""How many full names of persons are found in public texts that somebody has labelled, and what a post costs.

    AUDITOR_BENCH_DATA=FOLDER python -m benchmarks.persons [--model grammar] [--texts 5000]

In the folder lie clones named as their repositories: broad_twitter_corpus (parts a, b, e, f, g, h), and
emerging_entities_17 (WNUT-17); for time, tweeteval. A name counts where its first and last character are right; only
names of two or more words count, in the labels and among what is found. A part that is not there is said and left out.
`--model` takes whatever the configuration takes.
"""

import argparse
import gc
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditor.detect.models import load
from auditor.detect.persons import Persons
from benchmarks.roster import resident

WANTED: Final = {"broad_twitter_corpus/f.conll": (0.90, 0.58)}
SETS: Final = (
    *((f"broad_twitter_corpus/{part}.conll", "PER") for part in "abefgh"),
    ("emerging_entities_17/emerging.test.annotated", "person"),
)
POST: Final = 322
"""Characters of a post in the comparison of speeds."""

Labelled = tuple[str, frozenset[tuple[int, int]]]
"""A text, and where its full names begin and end."""


@dataclass(slots=True)
class Score:
    """Names found and right, found and wrong, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is a name."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the names that was found."""
        return self.right / max(1, self.right + self.missed)


def labelled(file: Path, person: str) -> Iterator[Labelled]:
    """The texts of a file with a word and its label a line, and an empty line behind each text."""
    words: list[tuple[str, str]] = []
    for line in [*file.read_text("utf-8").splitlines(), ""]:
        fields = line.split()
        if fields:
            words.append((fields[0], fields[-1]))
        elif words:
            yield _joined(words, person)
            words = []


def _joined(words: list[tuple[str, str]], person: str) -> Labelled:
    text, inside = "", False
    names: list[tuple[int, int]] = []
    for word, label in words:
        begin = len(text) + bool(text)
        text += f" {word}" if text else word
        if label == f"I-{person}" and inside:
            names[-1] = (names[-1][0], len(text))
        elif label in (f"B-{person}", f"I-{person}"):
            names.append((begin, len(text)))
        inside = label.endswith(f"-{person}")
    return text, frozenset(span for span in names if " " in text[slice(*span)])


def score(persons: Persons, texts: Iterator[Labelled]) -> Score:
    """How well these names are found, span for span."""
    total = Score()
    for text, names in texts:
        found = {(f.start, f.end) for f in persons(text) if " " in text[f.start : f.end]}
        total.right += len(found & names)
        total.wrong += len(found - names)
        total.missed += len(names - found)
    return total


def posts(folder: Path, count: int) -> list[str]:
    """Public tweets, joined and cut to the length of a post."""
    tweets = [line for file in sorted(folder.glob("datasets/*/*_text.txt")) for line in file.open(encoding="utf-8")]
    text = " ".join(tweet.strip() for tweet in tweets[:: max(1, len(tweets) * 85 // (2 * count * POST))])
    return [text[at : at + POST] for at in range(0, min(len(text) - POST, count * POST), POST)]


def cost(persons: Persons, texts: list[str]) -> tuple[float, float]:
    """Microseconds of processor time a text: when first read, and when the process knows the words."""
    first = _timed(persons, texts)
    return first, min(_timed(persons, texts) for _ in range(3))


def _timed(persons: Persons, texts: list[str]) -> float:
    begin = time.process_time()
    for text in texts:
        for _ in persons(text):
            pass
    return (time.process_time() - begin) / len(texts) * 1e6


def growth(model: str) -> float:
    """The memory in MB by which a process of its own grows when it looks for the first name."""
    command = [sys.executable, "-m", "benchmarks.persons", "--memory", "--model", model]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 2**20


def _grown(model: str) -> int:
    gc.collect()
    before = resident()
    list(load(model)("Our own Jada Dunmore won."))
    gc.collect()
    return resident() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="grammar")
    parser.add_argument("--texts", type=int, default=5_000)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.memory:
        print(_grown(args.model))
        return
    data = Path(os.environ.get("AUDITOR_BENCH_DATA", "."))
    persons = load(args.model)
    print(f"{'full names, exact span':<46}{'names':>6}{'found':>7}{'P':>7}{'R':>7}   wanted")
    for name, person in SETS:
        file = data / name
        if not file.is_file():
            print(f"{name:<46} not there")
            continue
        result = score(persons, labelled(file, person))
        wanted = "P >= {:.2f}, R >= {:.2f}".format(*WANTED[name]) if name in WANTED else ""
        print(
            f"{name:<46}{result.right + result.missed:>6}{result.right + result.wrong:>7}"
            f"{result.precision:>7.3f}{result.recall:>7.3f}   {wanted}"
        )
    print(f"\nmemory: {growth(args.model):.1f} MB (wanted: under 25)")
    texts = posts(data / "tweeteval", args.texts)
    if texts:
        first, again = cost(persons, texts)
        print(f"a post of {POST} characters: {first:.1f} us when new, {again:.1f} us with known words (wanted: 15)")
    else:
        print("tweeteval: not there, nothing timed")


if __name__ == "__main__":
    main()
