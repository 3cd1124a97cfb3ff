"""Names of a roster in every way of writing them, and the false alarms of a school's roster on public tweets.

    python -m benchmarks.roster_names [--people 2000] [--draws 12] [--tweets 0]

The people are invented by Faker where it can be imported (`pip install faker`), with US frequencies and in twenty other
languages; else they are the made-up names of `benchmarks.roster`. Recall counts a name as found where a check would at
least ask about it, at exactly its place. The tweets are those of TweetEval, in the folder `tweeteval` of the folder
that the environment variable AUDITOR_BENCH_DATA names; no student of ours is in them, so whatever a check would ask
about is a false alarm.
"""

import argparse
import os
import random
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Final

from auditor.check import CERTAIN, WORTH_ASKING
from auditor.detect.students import students
from auditor.model import Passage, Place
from auditor.roster.book import About, Roster
from auditor.roster.build import Builder
from auditor.roster.names import Naming, norm, plain, words
from auditor.roster.pupil import Pupil
from auditor.roster.staffbook import StaffBook
from benchmarks.roster import KEY, People

try:
    from faker import Faker  # type: ignore[import-not-found,unused-ignore]
    from faker.providers.person.en_US import Provider as American  # type: ignore[import-not-found,unused-ignore]
except ModuleNotFoundError:
    Faker = None

DAY: Final = date(2026, 11, 20)
SCHOOL: Final = "lincoln"
NOBODY: Final = StaffBook(())
WANTED: Final = 0.99
WANTED_FALSE: Final = 0.15
SCHOOL_SIZE: Final = 1_000
DISTRICT_SIZE: Final = 10_000
LOCALES: Final = (
    *("es_MX", "es_ES", "vi_VN", "pl_PL", "tr_TR", "pt_BR", "fr_FR", "de_DE", "it_IT", "no_NO", "sv_SE", "da_DK"),
    *("cs_CZ", "hu_HU", "ro_RO", "hr_HR", "nl_NL", "en_IN", "fil_PH", "yo_NG"),
)

# ------------------------------------------------------------------------------------------------ people


def americans(count: int, chance: random.Random) -> list[Naming]:
    """People with names as common as they are in the United States, one of each name."""
    if Faker is None:
        return _made_up(count, chance)
    first, last = American.first_names, American.last_names
    found: dict[tuple[str, str], Naming] = {}
    while len(found) < count:
        givens = chance.choices(list(first), list(first.values()), k=count)
        middles = chance.choices(list(first), list(first.values()), k=count)
        families = chance.choices(list(last), list(last.values()), k=count)
        for given, middle, family in zip(givens, middles, families, strict=True):
            if len(found) < count:
                found.setdefault((given, family), Naming(given, family, middle))
    return list(found.values())


def _made_up(count: int, chance: random.Random) -> list[Naming]:
    drawn = [pupil.naming for pupil in People().pupils(count * 2)]
    unique = {(naming.given, naming.family): replace(naming, nicknames=()) for naming in drawn}
    return chance.sample(list(unique.values()), count)


def people(count: int) -> list[Naming]:
    """Americans, two of five of them from other languages."""
    chance = random.Random(7)  # noqa: S311  names, not secrets
    if Faker is None:
        return _made_up(count, chance)
    found = {(p.given, p.family): p for p in americans(count * 3 // 5, chance)}
    fakers = [Faker(locale) for locale in LOCALES]
    for n, faker in enumerate(fakers):
        faker.seed_instance(n)
    for turn in cycle(range(len(fakers))):
        if len(found) >= count:
            break
        faker = fakers[turn]
        given, family = faker.first_name(), faker.last_name()
        if LOCALES[turn].startswith("es_"):
            family = f"{family} {faker.last_name()}"
        if len(_letters(given)) > 1 and len(_letters(family)) > 1:
            found.setdefault((given, family), Naming(given, family, faker.first_name()))
    return list(found.values())


def roster_of(namings: Sequence[Naming], school: str = SCHOOL) -> Roster:
    """A roster of these, all at one school."""
    builder = Builder(KEY)
    for n, naming in enumerate(namings):
        builder.add(Pupil(source_id=str(n), naming=naming, grade=n % 13, schools=frozenset({school})))
    return builder.finish(About(DAY, DAY))


# ------------------------------------------------------------------------------------------------ ways of writing

_FULLWIDTH: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_BOLD: Final = {ord("a") + n: 0x1D41A + n for n in range(26)} | {ord("A") + n: 0x1D400 + n for n in range(26)}
_SCRIPT: Final = {ord("a") + n: 0x1D4EA + n for n in range(26)} | {ord("A") + n: 0x1D4D0 + n for n in range(26)}
_CYRILLIC: Final = str.maketrans("aeopcxyiAEOPCTMHKBX", "аеорсхуіАЕОРСТМНКВХ")
_GREEK: Final = str.maketrans("oABEHIKMNOPTXZ", "οΑΒΕΗΙΚΜΝΟΡΤΧΖ")

Way = Callable[[Naming, random.Random], str]


def _full(who: Naming) -> str:
    return f"{who.given} {who.family}"


def _letters(name: str) -> str:
    return "".join(c for c in plain(name) if c.isalpha())


def _slug(name: str) -> str:
    return "-".join("".join(c for c in plain(word) if c.isalpha()) for word in name.replace("-", " ").split()).lower()


def _inside(mark: str, name: str) -> str:
    return " ".join(word[:2] + mark + word[2:] if len(word) > 2 else word for word in name.split())


def _typo(name: str, chance: random.Random) -> str:
    """One letter left out, doubled wrongly, taken for another, or changed with its neighbour; the first one stays."""
    at = chance.randrange(1, len(name) - 1)
    letter = chance.choice([c for c in "abcdefghijklmnopqrstuvwxyz" if c != name[at].lower()])
    way = chance.randrange(4)
    if way == 0:
        return name[:at] + name[at + 1 :]
    if way == 1:
        return name[:at] + letter + name[at:]
    if way == 2 or name[at] == name[at + 1]:
        return name[:at] + letter + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _misspelled(who: Naming, chance: random.Random) -> str:
    """The name with a typo in its family name; nothing where that is short or of several words."""
    family = plain(who.family)
    if len(family) < 6 or not family.isalpha():
        return ""
    return f"{who.given} {_typo(family, chance)}"


def _nicknamed(who: Naming, _: random.Random) -> str:
    """With the short form of a first name that everybody knows."""
    short = {
        "william": "Bill", "robert": "Bob", "elizabeth": "Liz", "katherine": "Katie", "jennifer": "Jenny",
        "michael": "Mike", "joshua": "Josh", "matthew": "Matt", "daniel": "Danny", "christopher": "Chris",
        "jessica": "Jess", "nicholas": "Nick", "joseph": "Joe", "thomas": "Tommy", "alexander": "Alex",
        "benjamin": "Ben", "samuel": "Sam", "timothy": "Tim", "kimberly": "Kim", "rebecca": "Becky",
        "andrew": "Andy", "anthony": "Tony", "steven": "Steve", "james": "Jimmy", "zachary": "Zach",
        "jacob": "Jake", "susan": "Sue", "deborah": "Debbie", "patricia": "Patty", "richard": "Rick",
        "david": "Dave", "edward": "Eddie", "gregory": "Greg", "jeffrey": "Jeff", "victoria": "Vicky",
    }.get(norm(plain(who.given)), "")  # fmt: skip
    return f"{short} {who.family}" if short else ""


def _half_surname(who: Naming, last: bool) -> str:
    halves = who.family.split()
    return f"{who.given} {halves[-1 if last else 0]}" if len(halves) == 2 and not _has_particle(halves) else ""


def _has_particle(family: Sequence[str]) -> bool:
    return any(norm(plain(word)) in words().particles for word in family)


WAYS: Final[Mapping[str, Way]] = {
    "First Last": lambda w, _: _full(w),
    "ALL CAPS": lambda w, _: _full(w).upper(),
    "all lower case": lambda w, _: _full(w).lower(),
    "without diacritics": lambda w, _: plain(_full(w)),
    "NFD": lambda w, _: unicodedata.normalize("NFD", _full(w)),
    "fullwidth letters": lambda w, _: _full(w).translate(_FULLWIDTH),
    "mathematical bold": lambda w, _: plain(_full(w)).translate(_BOLD),
    "mathematical script": lambda w, _: plain(_full(w)).translate(_SCRIPT),
    "possessive 's": lambda w, _: f"{_full(w)}'s",
    "possessive ’s": lambda w, _: f"{_full(w)}’s",
    "possessive of capitals": lambda w, _: f"{_full(w).upper()}'S",
    "apostrophe ’": lambda w, _: _full(w).replace("'", "’"),
    "apostrophe dropped": lambda w, _: _full(w).replace("'", ""),
    "hyphen as space": lambda w, _: _full(w).replace("-", " "),
    "hyphen joined": lambda w, _: _full(w).replace("-", ""),
    "hyphen unbreakable": lambda w, _: _full(w).replace("-", "‑"),
    "Last, First": lambda w, _: f"{w.family}, {w.given}",
    "LAST, FIRST": lambda w, _: f"{w.family}, {w.given}".upper(),
    "last, first": lambda w, _: f"{w.family}, {w.given}".lower(),
    "Last, First M.": lambda w, _: f"{w.family}, {w.given} {w.middle[:1]}.",
    "Last, First Middle": lambda w, _: f"{w.family}, {w.given} {w.middle}",
    "Last, Jr., First": lambda w, _: f"{w.family}, Jr., {w.given}",
    "First M. Last": lambda w, _: f"{w.given} {w.middle[:1]}. {w.family}",
    "First M Last": lambda w, _: f"{w.given} {w.middle[:1]} {w.family}",
    "FIRST M. LAST": lambda w, _: f"{w.given} {w.middle[:1]}. {w.family}".upper(),
    "First Middle Last": lambda w, _: f"{w.given} {w.middle} {w.family}",
    "First “Ziggy” Last": lambda w, _: f"{w.given} “Ziggy” {w.family}",
    "First (Ziggy) Last": lambda w, _: f"{w.given} (Ziggy) {w.family}",
    "First Last Jr.": lambda w, _: f"{_full(w)} Jr.",
    "First Last, III": lambda w, _: f"{_full(w)}, III",
    "Cyrillic look-alikes": lambda w, _: plain(_full(w)).translate(_CYRILLIC),
    "Greek look-alikes": lambda w, _: plain(_full(w)).translate(_GREEK),
    "zero-width space": lambda w, _: _inside("\u200b", _full(w)),
    "soft hyphen": lambda w, _: _inside("\u00ad", _full(w)),
    "no-break space": lambda w, _: _full(w).replace(" ", "\u00a0"),
    "#FirstLast": lambda w, _: f"#{_letters(w.given)}{_letters(w.family)}",
    "#firstlast": lambda w, _: f"#{_letters(w.given + w.family).lower()}",
    "@firstlast": lambda w, _: f"@{_letters(w.given + w.family).lower()}",
    "@first_last12": lambda w, _: f"@{_letters(w.given).lower()}_{_letters(w.family).lower()}12",
    "@First.Last": lambda w, _: f"@{_letters(w.given)}.{_letters(w.family)}",
    "@lastfirst": lambda w, _: f"@{_letters(w.family + w.given).lower()}",
    "URL slug": lambda w, _: _slug(_full(w)),
    "typo in the surname": _misspelled,
    "nickname, beside a cue": _nicknamed,
    "first of two surnames": lambda w, _: _half_surname(w, last=False),
    "second of two surnames": lambda w, _: _half_surname(w, last=True),
}

_AS_CELLS: Final[Mapping[str, Way]] = {
    "Last<tab>First": lambda w, _: f"{w.family}\t{w.given}",
    "First<tab>Last": lambda w, _: f"{w.given}\t{w.family}",
    "LAST<tab>FIRST": lambda w, _: f"{w.family}\t{w.given}".upper(),
    "Last, First in a cell": lambda w, _: f"{w.family}, {w.given}",
}
_AS_FILES: Final[Mapping[str, Way]] = {
    "First_Last.jpg": lambda w, _: f"{_letters(w.given)}_{_letters(w.family)}",
    "firstlast.png": lambda w, _: _letters(w.given + w.family).lower(),
    "IMG-Last-First-2.pdf": lambda w, _: f"{_letters(w.family)}-{_letters(w.given)}",
    "First%20Last.docx": lambda w, _: f"{_letters(w.given)}%20{_letters(w.family)}",
}
_FILES: Final = ("photos/{}_2026.jpg", "{}.png", "IMG-{}-2.pdf", "files/{}.docx")


def written(who: Naming, way: str, chance: random.Random) -> tuple[Passage, str] | None:
    """A text with that name in it, and the name as it stands there; None where the name has no such form."""
    if way in _AS_CELLS:
        name = _AS_CELLS[way](who, chance)
        return Passage(f"{chance.randrange(1, 30)}\t{name}\t{chance.randrange(1, 13)}\tyes", Place.TABLE), name
    if way in _AS_FILES:
        name = _AS_FILES[way](who, chance)
        return Passage(_FILES[list(_AS_FILES).index(way)].format(name), Place.FILE_NAME), name
    if way == _AT_THE_EDGE:
        return _wrapped(who, chance, "\n")
    if way == _HYPHENATED:
        return _wrapped(who, chance, "-\n")
    name = WAYS[way](who, chance)
    if not name:
        return None
    text = chance.choice(_SLUGS if "slug" in way else _CUED if "cue" in way else _SENTENCES)
    return Passage(text.format(name)), name


_AT_THE_EDGE: Final = "over the paper's edge"
_HYPHENATED: Final = "hyphenated at the edge"
_SENTENCES: Final = (
    "this week we thank {} for helping in the library",
    "The books were brought back by {} on Monday.",
    "Our thanks go to {}, who painted the fence!",
    "It was {} that found the lost key (near the gym).",
)
_SLUGS: Final = ("see https://x.example/news/{}-wins", "https://x.example/people/{}", "at x.example/2026/{}.html today")
_CUED: Final = ("Congratulations to {}, grade 4, on the poem.", "Our student {} won the spelling bee.")
_BEFORE: Final = "At the spring concert in the gym of our school the long solo was played by "
_BEHIND: Final = " and afterwards everybody in the room stood up."


def _wrapped(who: Naming, chance: random.Random, edge: str) -> tuple[Passage, str] | None:
    if edge == "\n":
        name = f"{who.given}\n{who.family}"
    else:
        if len(who.family) < 6 or not who.family.isalpha():
            return None
        cut = chance.randrange(2, len(who.family) - 2)
        name = f"{who.given} {who.family[:cut]}{edge}{who.family[cut:]}"
    return Passage(f"{_BEFORE}{name}{_BEHIND}"), name


def ways() -> Iterator[str]:
    """Every row of the table."""
    yield from WAYS
    yield from _AS_CELLS
    yield from _AS_FILES
    yield from (_AT_THE_EDGE, _HYPHENATED)


def recall(count: int) -> None:
    """Prints how many names are found in each way of writing."""
    namings = people(count)
    roster = roster_of(namings)
    print(f"{len(namings):,} people, {'drawn by Faker' if Faker else 'made up; Faker is not installed'}")
    print(f"\n{'written as':<26} {'names':>6} {'recall':>7} {'certain':>8}   wanted {WANTED}")
    for way in ways():
        chance = random.Random(3)  # noqa: S311
        tried = found = certain = 0
        for who in namings:
            drawn = written(who, way, chance)
            if drawn is None:
                continue
            tried += 1
            confidence = _confidence(*drawn, roster)
            found += confidence >= WORTH_ASKING
            certain += confidence >= CERTAIN
        share = found / tried if tried else 0.0
        mark = "" if share >= WANTED else "  <--"
        print(f"{way:<26} {tried:>6,} {share:>7.4f} {certain / max(1, tried):>8.4f}{mark}", flush=True)


def _confidence(passage: Passage, name: str, roster: Roster) -> float:
    """How sure the name is seen at its place; 0 where it is not."""
    begin = passage.text.index(name)
    end = begin + len(name)
    for sighting in students([passage], roster, NOBODY, SCHOOL, first_names=False):
        inner = passage.text[sighting.start : sighting.end]
        if begin <= sighting.start and sighting.end <= end and 2 * len(inner) >= len(name):
            return sighting.confidence
    return 0.0


# ------------------------------------------------------------------------------------------------ false alarms


def tweets(most: int) -> list[str]:
    """Public tweets, each once; none where they are not there."""
    folder = Path(os.environ.get("AUDITOR_BENCH_DATA", "")) / "tweeteval" / "datasets"
    found: dict[str, None] = {}
    for file in sorted(folder.glob("*/*_text.txt")):
        found |= dict.fromkeys(file.read_text("utf-8").splitlines())
    return list(found)[: most or None]


def false_alarms(texts: Sequence[str], draws: int) -> None:
    """Prints how often a check would ask about a tweet, for the rosters of schools and of a district."""
    for size, school, times, wanted in ((SCHOOL_SIZE, SCHOOL, draws, WANTED_FALSE), (DISTRICT_SIZE, "", 2, None)):
        asked, sure, spent = [], [], 0.0
        for draw in range(times):
            roster = roster_of(americans(size, random.Random(1_000 + draw)))  # noqa: S311
            begin = time.process_time()
            seen = [s for text in texts for s in students([Passage(text)], roster, NOBODY, school, first_names=False)]
            spent += time.process_time() - begin
            asked.append(1_000 * sum(s.confidence >= WORTH_ASKING for s in seen) / len(texts))
            sure.append(1_000 * sum(s.confidence >= CERTAIN for s in seen) / len(texts))
        print(
            f"{size:>7,} students, {times} draws, {len(texts):,} tweets: asked about {statistics.mean(asked):.3f} of"
            f" 1,000 (most {max(asked):.3f}), certain {statistics.mean(sure):.3f};"
            f" {spent / times / len(texts) * 1e6:.1f} us a tweet" + (f"; wanted <= {wanted}" if wanted else ""),
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--draws", type=int, default=12)
    parser.add_argument("--tweets", type=int, default=0, help="only the first so many")
    args = parser.parse_args()
    recall(args.people)
    texts = tweets(args.tweets)
    print()
    if texts:
        false_alarms(texts, args.draws)
    else:
        print("No tweets: AUDITOR_BENCH_DATA names no folder with tweeteval/datasets in it; false alarms left out.")


if __name__ == "__main__":
    main()
