"""Offensive posts told from others, harmless names and addresses let be, and what reading a post costs.

    AUDITOR_BENCH_DATA=folder python -m benchmarks.words [--rounds 5]

The folder holds public data sets, each named as its repository: `tweeteval` (posts that people judged) and `usaddress`
(postal addresses). One that is missing is left out. Surnames and first names are those that `probablepeople` comes
with. Precision and recall are those of PROFANITY, SLUR, THREAT and INSULT together. Time is processor time for posts
joined to about 322 characters, beside cutting the same posts at spaces.
"""

import argparse
import os
import re
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from probablepeople import ratios  # type: ignore[import-untyped]

from auditor.detect.words import words
from auditor.model import Sort

OFFENSIVE = frozenset({Sort.PROFANITY, Sort.SLUR, Sort.THREAT, Sort.INSULT})
SETS = ("emoji", "emotion", "irony", "sentiment")
LENGTH = 322
POSTS = 4_000


def is_offensive(text: str) -> bool:
    return any(found.sort in OFFENSIVE for found in words(text))


def lines(file: Path) -> list[str]:
    return file.read_text("utf-8").split("\n")


def judged(folder: Path, part: str) -> list[tuple[str, bool]]:
    """The posts of a part, and whether people found them offensive."""
    texts, labels = (lines(folder / f"{part}_{what}.txt") for what in ("text", "labels"))
    return [(text, label == "1") for text, label in zip(texts, labels, strict=False) if text]


def row(figure: str, wanted: str, measured: str) -> None:
    print(f"{figure:<58} {wanted:>10} {measured:>22}")


def offence(folder: Path) -> None:
    for part, wanted in (("test", ">= .90"), ("train", ""), ("val", "")):
        posts = judged(folder, part)
        told = [(is_offensive(text), truth) for text, truth in posts]
        right = sum(1 for said, truth in told if said and truth)
        precision = right / max(1, sum(said for said, _ in told))
        recall = right / max(1, sum(truth for _, truth in told))
        row(f"offensive posts, {part} ({len(posts):,}): P / R", wanted, f"{precision:.3f} / {recall:.3f}")


def names() -> None:
    known = [str(name).title() for name in ratios]
    flagged = sum(1 for name in known if any(True for _ in words(name)))
    row(f"names flagged of {len(known):,}", "", f"{flagged:,}")


def addresses(folder: Path) -> None:
    for file in sorted(folder.glob("*.xml")):
        tree = ElementTree.parse(file)  # noqa: S314  a file of our own choice
        texts = [re.sub(r"\s+", " ", " ".join(part.strip() for part in item.itertext())) for item in tree.getroot()]
        row(f"addresses flagged, {file.stem} ({len(texts):,})", "0", str(sum(1 for t in texts if any(words(t)))))


def posts(folder: Path) -> Iterator[str]:
    """Posts joined to the length of an average one."""
    joined = ""
    for name in SETS:
        for text in lines(folder / name / "test_text.txt"):
            joined = f"{joined} {text}".strip()
            if len(joined) >= LENGTH:
                yield joined[:LENGTH]
                joined = ""


def seconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    begin = time.process_time()
    for text in texts:
        read(text)
    return time.process_time() - begin


def cost(folder: Path, rounds: int) -> None:
    texts = list(posts(folder))[:: max(1, sum(1 for _ in posts(folder)) // POSTS)]
    quiet = [text for text in texts if not any(words(text))]
    school = [("Our third grade visited the museum. Thank you to all parents who helped. " * 5)[:LENGTH]] * len(texts)
    for name, batch in (("posts", texts), ("those with nothing in them", quiet), ("school news", school)):
        read = min(seconds(lambda text: list(words(text)), batch) for _ in range(rounds))
        cut = min(seconds(str.split, batch) for _ in range(rounds))
        row(
            f"us a post, {name} ({len(batch):,}); x cutting",
            "<= 10",
            f"{read / len(batch) * 1e6:.1f}; {read / cut:.1f}",
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    data = Path(os.environ.get("AUDITOR_BENCH_DATA", "benchmark-data"))
    tweets, streets = data / "tweeteval" / "datasets", data / "usaddress" / "measure_performance" / "test_data"
    row("figure", "wanted", "measured")
    if tweets.is_dir():
        offence(tweets / "offensive")
        cost(tweets, rounds)
    else:
        print(f"{tweets} is missing: left out")
    names()
    if streets.is_dir():
        addresses(streets)
    else:
        print(f"{streets} is missing: left out")


if __name__ == "__main__":
    main()
