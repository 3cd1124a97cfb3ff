"""Texts that a slow pattern would take for ever to read: the same little thing over and over, mixtures, and things of
one form of which no two are alike.
"""

import random
from collections.abc import Callable, Iterator
from typing import Final

_SIGNS: Final = tuple("aA1é字 \n\t-.,()[@#/:'\"%$_")
_WORDS: Final = """
Aa |Aa-|A. |a |aA|1-|1 |1.|1,|12 |(1|1)|1/|1-1-1 |123-45-|123 45 |406-|a.|a@|a@a.|@a|a@a.co |a at |a dot |a (at) |[at]
|x@y dot |http://a.|a%20|&amp;|12 Elm |12 N |Calle |PO Box |12 Main St |Hwy 12 |N1|1 A|1 1/2 |St, |MT 59601 |12 of the
|born |born on |DOB: |May 4, |may |4 de |birthday of the |ID |student id |ID #|PIN: |GPA |grade: |got a |an A |scored 9
|test score |score of |has had a |SAT |failed the |suspended |was suspended for |not be |iep |has an |autism |special ed
|on the basis of |504 |or |Mr. |Jane Doe, |O'|van der |fu|f u c k |f*|$h|kill you |vote for |DM me |!!
|Xylo Qwertz. |Xylo,
|handbook suspended |child find. autism |IEP |if iss |(777)/777/7777 |7777 7777 |+7 7|777-777-7777. |mar 7 cumple 7 |x
|test,1:|7 |SSN 12 |threesome , |x stripper |!
"""
_ODD: Final = (
    "\u200b",
    "a\u200b",
    "e\u0301",
    "\u202e",
    "ａ",
    "１",
    "＠",
    "𝐚",
    "😀",
    "👨\u200d",
    "\ufe0f",
    "a\ufe0f",
    "\x00",
    "\ud7ff",
)
_LINES: Final = ("Doe, Jane\t", "a1@b.co\n", "406-721-0144\n", "1 N St\n")
_REPEATED: Final = (*_SIGNS, *_WORDS.strip("\n").replace("\n", "").split("|"), *_LINES, *_ODD)
_NUMBERED: Final = (
    "{} ", "1{0:04} ", "{} Elm St ", "{} Elm St\n", "{} Hwy {}, ", "PO Box {} ", "Calle Nueva {} ", "({}) 721-0144 ",
    "406-721-{:04} ", "406.721.{:04}, ", "a{}@b.co ", "a@b{}.co ", "a at b{} dot co ", "SSN 512-44-{:04} ",
    "Student ID {:06} ", "DOB 5/14/{} ", "GPA 3.{} ", "test {}/10, ", "Room {} Jane, ", "5{}504", "Main MT 1{:04} ",
    "Fo65{:05}\n", "40655. 5{:04}, ", "{} N St ", "call 721-{:04} ", "(406) 721-{:04} cell ", "born 5/{}, ", "{} A, ",
    "1 N {} N ", "Ana Roe{}, ", "text 406721{:04} ", "{}@b.co\n", "f{} $hit ", "GPA: {}.1\n", "suspended {} days, ",
)  # fmt: skip
"""Things of which no two are alike: nothing that is remembered helps."""


def repeated(size: int) -> Iterator[tuple[str, str]]:
    """Texts of about `size` characters that are one piece, over and over, each with its piece; some are numbered."""
    for piece in _REPEATED:
        yield piece, (piece * (size // len(piece) + 1))[:size]
        yield f"{piece}... end", (piece * (size // len(piece) + 1))[: size - 2] + "!\n"
    for piece in _NUMBERED:
        yield piece, "".join(piece.format(n, n) for n in range(size // len(piece) + 1))[:size]


def mixed(size: int, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Texts of about `size` characters from a few pieces drawn at random; each with the number of its draw."""
    for n in range(count):
        chance = random.Random(seed * 1_000_003 + n)  # noqa: S311  a draw, no secret
        pieces = chance.sample(_REPEATED, chance.randint(2, 6))
        text = ""
        unit = "".join(chance.choices(pieces, k=chance.randint(3, 400)))
        text = (unit * (size // len(unit) + 1))[:size]
        yield f"draw {n} of {seed}", text


_SYLLABLES: Final = [a + b for a in "bcdfgklmnprst" for b in "aeiou"]
_BETWEEN: Final = (" ", " ", " ", " ", "", ", ", "\n", "-", ".", "/", ". ")


def drawn(size: int, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Texts of about `size` characters of one form over and over, whose numbers and words are drawn anew each time;
    each with its beginning.
    """
    for n in range(count):
        chance = random.Random(seed * 1_000_003 + n)  # noqa: S311  a draw, no secret
        form = [(_piece(chance), chance.choice(_BETWEEN)) for _ in range(chance.randint(1, 6))]
        pieces: list[str] = []
        length = 0
        while length < size:
            pieces.append("".join(draw() + between for draw, between in form))
            length += len(pieces[-1])
        yield pieces[0], "".join(pieces)[:size]


def _piece(chance: random.Random) -> Callable[[], str]:
    """Draws a piece of a form: the same each time, or another number, name or word."""
    same = chance.choice(_REPEATED)
    digits = chance.choice((1, 2, 3, 3, 4, 5, 5, 6, 7, 9, 10))
    syllables = chance.randint(1, 3)
    kinds: tuple[Callable[[], str], ...] = (
        lambda: same,
        lambda: "".join(chance.choices("0123456789", k=digits)),
        lambda: "".join(chance.choices(_SYLLABLES, k=syllables)).capitalize(),
        lambda: "".join(chance.choices(_SYLLABLES, k=syllables)),
    )
    return chance.choices(kinds, weights=(9, 5, 3, 3))[0]
