"""Texts that a slow pattern would take for ever to read: the same little thing over and over, and mixtures."""

import random
from collections.abc import Iterator
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
_REPEATED: Final = (*_SIGNS, *_WORDS.strip("\n").replace("\n", "").split("|"), "Doe, Jane\t", *_ODD)


def repeated(size: int) -> Iterator[tuple[str, str]]:
    """Texts of about `size` characters that are one piece, over and over; each with its piece."""
    for piece in _REPEATED:
        yield piece, (piece * (size // len(piece) + 1))[:size]
        yield f"{piece}... end", (piece * (size // len(piece) + 1))[: size - 2] + "!\n"


def mixed(size: int, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Texts of about `size` characters from a few pieces drawn at random; each with the number of its draw."""
    for n in range(count):
        chance = random.Random(seed * 1_000_003 + n)  # noqa: S311  a draw, no secret
        pieces = chance.sample(_REPEATED, chance.randint(2, 6))
        text = ""
        unit = "".join(chance.choices(pieces, k=chance.randint(3, 400)))
        text = (unit * (size // len(unit) + 1))[:size]
        yield f"draw {n} of {seed}", text
