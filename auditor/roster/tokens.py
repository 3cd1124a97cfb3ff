"""Texts cut into words, fast: each chunk between spaces is worked out once and remembered.

Most chunks ("the", "and", "school") are in no name; for those nothing but a dictionary look-up is paid.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from auditor.roster.names import CAMEL, WORD, handle, norm, plain_letter, words

_MOST_REMEMBERED: Final = 65_536
_LONGEST_CHUNK: Final = 400
_LONGEST_SLUG: Final = 2_000
_LONGEST_WORD: Final = 60


class Role:
    """What the gate knows of a word, as bits: it stands in first names, in family names, or is a whole name.

    LATER tells that it stands behind another word of the same name, like "Cruz" in "de la Cruz". Plain numbers: an
    enum's arithmetic would cost more than the rest of the search.
    """

    GIVEN: Final = 1
    FAMILY: Final = 2
    SINGLE: Final = 4
    LATER: Final = 8


class Glue(IntEnum):
    """What stands between a word and the next one. A name never reaches over a BREAK."""

    SPACE = 0
    HYPHEN = 1
    COMMA = 2
    TAB = 3
    BREAK = 4


FLOWING: Final = (Glue.SPACE, Glue.HYPHEN)
"""What may stand between two words of one part of a name."""


class Token(NamedTuple):
    """A word: normalised, with its place in its chunk (characters of the original text) and what may join it.

    `upper` tells that it begins with a capital, `shouted` that it is all capitals. `stuck` tells that no space parts
    it from the next word: a file name, an address, a hashtag.
    """

    norm: str
    role: int
    start: int
    end: int
    glue: int
    upper: bool
    shouted: bool
    stuck: bool

    @property
    def initial(self) -> bool:
        """Whether it is a single letter, as in "Jada M. Dunmore"."""
        return len(self.norm) == 1


class Chunk(NamedTuple):
    """The words of one chunk. `opens` tells that a mark in front parts it from what was before.

    `tagged` tells an address, a file name, a @handle or a #hashtag; `handle` is what of it a recorded handle is
    compared with.
    """

    tokens: tuple[Token, ...]
    role: int = 0
    opens: bool = False
    tagged: bool = False
    handle: str = ""


BREAK: Final = Chunk((), opens=True)
"""A chunk without a word: a number, a bullet."""

COMMA: Final = Chunk(())
"""A comma between spaces."""

Gate = Callable[[str], int]
"""Tells the `Role` of a normalised word."""


class Reader:
    """Cuts texts into chunks, asking the gate once for each word that it has not seen lately.

    Two kinds of text: prose, where most words matter nothing (None), and addresses and file names (`slug`), where
    words are written in lower case, without spaces or escaped.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._prose: dict[str, Chunk | None] = {}
        self._slug: dict[str, Chunk | None] = {}
        self._dull: set[str] = set()

    def is_dull(self, text: str) -> bool:
        """Whether every word of a prose text was seen lately and can have no part in anybody's name."""
        return self._dull.issuperset(text.split())

    def chunks(self, text: str, *, slug: bool = False) -> tuple[list[str], list[Chunk | None]]:
        """The chunks of a text, as written and as read; None for a word in lower case that is in no name."""
        known = self._slug if slug else self._prose
        written = text.split()
        try:
            return written, [known[chunk] for chunk in written]
        except KeyError:
            if len(known) > _MOST_REMEMBERED:
                known.clear()
                self._dull.clear()
            for chunk in written:
                if chunk not in known:
                    known[chunk] = read = self._read(chunk, slug)
                    if not slug and (read is None or not (read.role or read.tagged)):
                        self._dull.add(chunk)
            return written, [known[chunk] for chunk in written]

    def _read(self, chunk: str, slug: bool) -> Chunk | None:
        if not slug and 1 < len(chunk) <= _LONGEST_WORD and chunk.isascii() and chunk.isalpha() and chunk.islower():
            role = self._gate(chunk)  # the short way for nearly all words there are
            if role or chunk in words().suffixes:
                return Chunk((Token(chunk, role, 0, len(chunk), Glue.SPACE, False, False, False),), role)
            return None
        if len(chunk) > _LONGEST_CHUNK and not slug:
            return BREAK
        if not slug and _EMAIL.match(chunk):
            return BREAK  # an address is the business of contact data
        slug = slug or _ADDRESS.search(chunk) is not None
        chunk = chunk[:_LONGEST_SLUG]
        text, origin = _plain_with_origin(chunk, slug)
        found = list(WORD.finditer(text))
        if not found:
            return COMMA if text.strip() == "," else BREAK
        tagged = slug or _TAG.match(text) is not None
        tokens = tuple(self._tokens(text, origin, found, stuck=tagged))
        role = 0
        for token in tokens:
            role |= token.role
        if not role and not tagged and len(tokens) == 1:
            only = tokens[0]
            if not only.upper and not only.initial and only.norm not in words().suffixes:
                return None if only.glue == Glue.SPACE and not _breaks(text[: found[0].start()], slug) else BREAK
        return Chunk(
            tokens,
            role,
            opens=_breaks(text[: found[0].start()], slug),
            tagged=tagged,
            handle=handle(text) if tagged else "",
        )

    def _tokens(
        self, text: str, origin: list[int] | None, found: list[re.Match[str]], *, stuck: bool
    ) -> Iterator[Token]:
        for n, match in enumerate(found):
            after = text[match.end() : found[n + 1].start() if n + 1 < len(found) else len(text)]
            glue = _glue(match.group(), after, last=n + 1 == len(found), slug=stuck)
            pieces = self._pieces(match.group())
            at = match.start()
            for k, piece in enumerate(pieces):
                word = norm(_without_possessive(piece))
                end = at + len(_without_possessive(piece))
                yield Token(
                    norm=word,
                    role=self._gate(word) if len(word) <= _LONGEST_WORD else 0,
                    start=origin[at] if origin else at,
                    end=end if origin is None else origin[end],
                    glue=glue if k + 1 == len(pieces) else Glue.SPACE,
                    upper=piece[0].isupper(),
                    shouted=len(word) > 1 and piece.isupper(),
                    stuck=stuck or k + 1 < len(pieces) or (n + 1 < len(found) and glue == Glue.SPACE and len(word) > 1),
                )
                at += len(piece)

    def _pieces(self, word: str) -> list[str]:
        """ "JadaDunmore" is two words, unless it is one in somebody's name."""
        pieces = CAMEL.split(word)
        return [word] if len(pieces) == 1 or self._gate(norm(_without_possessive(word))) else pieces


_TAG = re.compile(r"\W{0,3}[@#]")
_EMAIL = re.compile(r"[^@]*[\w+-]@[\w.-]+\.\w")
_ADDRESS = re.compile(
    r"://|^www\.|[^\W\d]_[^\W\d]|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|html?|mp4|webp|csv)\b", re.IGNORECASE
)
_HARD = re.compile(r"[;:!?/|&<>=•…\\]|--|—|―")
_POSSESSIVE = re.compile(r"'[sS]$")


def _without_possessive(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def _breaks(mark: str, slug: bool) -> bool:
    """Whether the marks in front of a word part it from the word before."""
    return bool(_HARD.search(mark)) or any(c.isdigit() for c in mark) or ("-" in mark and not slug)


def _glue(word: str, mark: str, *, last: bool, slug: bool) -> Glue:
    """What the marks behind a word mean for a name that may go on."""
    if not mark:
        return Glue.SPACE
    if _HARD.search(mark) or any(c.isdigit() for c in mark):
        return Glue.BREAK
    if "," in mark:
        return Glue.COMMA
    if "." in mark and not slug:
        return Glue.SPACE if len(word) == 1 or word.casefold() in words().dotted or not last else Glue.BREAK
    if "-" in mark:
        return Glue.SPACE if slug else Glue.HYPHEN
    return Glue.SPACE


def _plain_with_origin(chunk: str, slug: bool) -> tuple[str, list[int] | None]:
    """The chunk in plain letters, and for each of them its place in the original, and the end (None: as it stood)."""
    if chunk.isascii() and not (slug and "%" in chunk):
        return chunk.replace("`", "'"), None
    letters: list[str] = []
    origin: list[int] = []
    for place, character in _unescaped(chunk) if slug else enumerate(chunk):
        for letter in plain_letter(character):
            letters.append(letter)
            origin.append(place)
    origin.append(len(chunk))
    return "".join(letters), origin


_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def _unescaped(chunk: str) -> Iterable[tuple[int, str]]:
    """The characters of an address with "%C3%A9" read as "é", each with where it began."""
    at = 0
    for escape in _ESCAPED.finditer(chunk):
        yield from ((place, chunk[place]) for place in range(at, escape.start()))
        for place, character in enumerate(bytes.fromhex(escape.group().replace("%", "")).decode("utf-8", "replace")):
            yield escape.start() + place, "_" if character.isspace() else character
        at = escape.end()
    yield from ((place, chunk[place]) for place in range(at, len(chunk)))
