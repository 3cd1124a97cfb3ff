"""Rosters of a thousand to a million invented students, side by side: memory, and time a text.

    python -m benchmarks.roster [--sizes 1000 10000 100000 1000000] [--texts 4000] [--rounds 5]

Memory is what a process grows by when it loads the stored roster, as every audit does. Time is processor time for
matching texts of about 320 characters: English prose (the manual that comes with Python), 5 of 100 with a student's
name in one of five writings. The sizes take turns, and no roster sees a text twice. What tells most are the ratios: to
the smallest roster, and to nothing but cutting the same texts at spaces.
"""

import argparse
import gc
import pydoc_data.topics
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from auditor.model import OptOut, Sort
from auditor.roster.book import About, Roster
from auditor.roster.build import Builder
from auditor.roster.names import Naming, words
from auditor.roster.pupil import Flags, Pupil

KEY = bytes(range(32))
SIZES = (1_000, 10_000, 100_000, 1_000_000)
DAY = date(2026, 11, 20)

_OPENINGS = ("B", "Br", "C", "D", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "Sh", "T", "Tr", "V", "W", "Z")
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "ie", "ou")
_ENDINGS = ("bert", "den", "la", "lyn", "mond", "na", "ria", "rick", "son", "ston", "ta", "vin", "well", "worth", "zo")
_LENGTH = 320
_NAMED = 1_000


def invented(count: int, syllables: int, chance: random.Random) -> list[str]:
    """Made-up names, and among them words of every day, as there are among real ones."""
    everyday = sorted(word.title() for word in words().everyday if len(word) > 3)[: count // 20]
    found = dict.fromkeys(everyday)
    while len(found) < count:
        middle = "".join(
            chance.choice(_MIDDLES) + chance.choice(_OPENINGS).lower() for _ in range(chance.randint(0, syllables))
        )
        found[chance.choice(_OPENINGS) + middle + chance.choice(_MIDDLES) + chance.choice(_ENDINGS)] = None
    return list(found)


class People:
    """Draws students whose names are as unevenly common as real ones."""

    def __init__(self) -> None:
        chance = random.Random(1)  # noqa: S311  names, not secrets
        self._first, self._last = invented(5_000, 1, chance), invented(90_000, 2, chance)
        self._first_weights = [1 / (rank + 20) for rank in range(len(self._first))]
        self._last_weights = [1 / (rank + 50) for rank in range(len(self._last))]

    def pupils(self, count: int) -> Iterator[Pupil]:
        """That many students: 6 of 10 with a middle name, 1 of 10 with a nickname, 1 of 20 with an opt-out."""
        chance = random.Random(count)  # noqa: S311
        first = chance.choices(self._first, self._first_weights, k=count)
        middle = chance.choices(self._first, self._first_weights, k=count)
        last = chance.choices(self._last, self._last_weights, k=count)
        opted_out = (OptOut(frozenset("A"), DAY, None),)
        for n in range(count):
            yield Pupil(
                source_id=f"s{n}",
                naming=Naming(
                    given=first[n],
                    family=last[n],
                    middle=middle[n] if n % 10 < 6 else "",
                    nicknames=(middle[n],) if n % 10 == 9 else (),
                ),
                grade=n % 13,
                schools=frozenset({f"school-{n % max(1, count // 600)}"}),
                contacts=((Sort.EMAIL, f"s{n}@students.example"), (Sort.STUDENT_ID, f"{700_000_000 + n}")),
                flags=Flags(opt_outs=opted_out if n % 20 == 0 else ()),
            )

    def texts(self, count: int, of: int, seed: int) -> list[str]:
        """Texts in which 5 of 100 name a student of the roster of that size."""
        chance = random.Random(seed)  # noqa: S311
        named = [pupil.naming for pupil in islice(self.pupils(of), _NAMED)]
        prose = " ".join(" ".join(pydoc_data.topics.topics.values()).split())
        found = []
        for n in range(count):
            begin = chance.randrange(len(prose) - _LENGTH)
            drawn = prose[begin : begin + _LENGTH].split()
            if n % 20 == 0:
                drawn.insert(chance.randrange(len(drawn)), _written(chance.choice(named), chance.randrange(5)))
            found.append(f"{' '.join(drawn)} ({seed}.{n})")
        return found


def _written(who: Naming, way: int) -> str:
    """One of five writings of a name."""
    plain = f"{who.given} {who.family}"
    return (plain, plain.upper(), plain.lower(), f"{who.family}, {who.given}", f"{who.given} M. {who.family}")[way]


def build(people: People, size: int) -> tuple[dict[str, bytes], float]:
    """A roster as the store keeps it, and how many seconds of processor time it took to make."""
    begin = time.process_time()
    builder = Builder(KEY)
    for pupil in people.pupils(size):
        builder.add(pupil)
    parts = builder.finish(About(DAY, DAY)).dump()
    return parts, time.process_time() - begin


def resident() -> int:
    """How many bytes of memory this process holds now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096
    except OSError:
        return 0


def loaded_bytes(folder: Path) -> int:
    """How much this process grows by when it loads the roster whose parts lie in a folder."""
    gc.collect()
    before = resident()
    roster = Roster.load({file.name: file.read_bytes() for file in folder.iterdir()}, KEY)
    gc.collect()
    return resident() - before if len(roster) else 0


def grown(parts: dict[str, bytes]) -> int:
    """The same, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in parts.items():
            Path(folder, name).write_bytes(content)
        command = [sys.executable, "-m", "benchmarks.roster", "--load", folder]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(sizes: Sequence[int], texts: int, rounds: int) -> None:
    people = People()
    rosters: dict[int, Roster] = {}
    print(f"{'students':>10} {'stored MB':>10} {'in memory MB':>13} {'names MB':>9} {'build s':>8}")
    for size in sizes:
        parts, seconds = build(people, size)
        names = sum(len(content) for name, content in parts.items() if not name.startswith(("contacts", "keepsakes")))
        total = sum(map(len, parts.values()))
        print(f"{size:>10,} {total / 2**20:>10.1f} {grown(parts) / 2**20:>13.1f} {names / 2**20:>9.1f} {seconds:>8.1f}")
        rosters[size] = Roster.load(parts, KEY)
    spent = dict.fromkeys(sizes, 0.0)
    cut, hits = 0.0, dict.fromkeys(sizes, 0)
    for turn in range(rounds):
        for size in sizes:
            batch = people.texts(texts, size, turn)
            begin = time.process_time()
            hits[size] += sum(1 for text in batch for _ in rosters[size].match(text))
            spent[size] += time.process_time() - begin
            begin = time.process_time()
            for text in batch:
                text.split()
            cut += time.process_time() - begin
    count = texts * rounds
    print(f"\n{'students':>10} {'us a text':>10} {'x smallest':>11} {'x cutting':>10} {'names found':>12}")
    for size in sizes:
        ratio, cutting = spent[size] / spent[sizes[0]], spent[size] / (cut / len(sizes))
        print(f"{size:>10,} {spent[size] / count * 1e6:>10.1f} {ratio:>11.2f} {cutting:>10.1f} {hits[size]:>12,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--texts", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.load:
        print(loaded_bytes(args.load))
    else:
        measure(args.sizes, args.texts, args.rounds)


if __name__ == "__main__":
    main()
