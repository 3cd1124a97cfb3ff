"""Texts cut into words, fast: each chunk between spaces is worked out once and remembered.

Most chunks ("the", "and", "school") are in no name; for those nothing but a dictionary look-up is paid.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from auditor.roster.hits import Role
from auditor.roster.names import (
    SHORTEST_MISSPELLED,
    called,
    cut_at_capitals,
    handle,
    has_letter,
    norm,
    plain_letter,
    words,
    words_in,
)

_MOST_REMEMBERED: Final = 131_072
_LONGEST_CHUNK: Final = 400
_LONGEST_SLUG: Final = 2_000
LONGEST_WORD: Final = 60


class Glue:
    """What stands between a word and the next one. A name never reaches over a BREAK. Plain numbers, as `Role` is."""

    SPACE: Final = 0
    HYPHEN: Final = 1
    COMMA: Final = 2
    TAB: Final = 3
    BREAK: Final = 4


FLOWING: Final[tuple[int, ...]] = (Glue.SPACE, Glue.HYPHEN)
"""What may stand between two words of one part of a name."""


class Token:
    """A word: normalised, with its place in its chunk (characters of the original text) and what may join it.

    `upper` tells that it begins with a capital, `shouted` that it is all capitals. `stuck` tells that no space parts
    it from the next word: a file name, an address, a hashtag. Never changed.
    """

    __slots__ = ("end", "glue", "norm", "role", "shouted", "start", "stuck", "upper")

    def __init__(
        self, norm: str, role: int, start: int, end: int, glue: int, upper: bool, shouted: bool, stuck: bool
    ) -> None:
        self.norm, self.role, self.start, self.end, self.glue = norm, role, start, end, glue
        self.upper, self.shouted, self.stuck = upper, shouted, stuck

    def with_glue(self, glue: int) -> "Token":
        """The same word, but for what stands behind it."""
        return Token(self.norm, self.role, self.start, self.end, glue, self.upper, self.shouted, self.stuck)

    @property
    def initial(self) -> bool:
        """Whether it is a single letter, as in "Jada M. Dunmore"."""
        return len(self.norm) == 1


class Chunk:
    """The words of one chunk, and all their roles. `opens` tells that a mark in front parts it from what was before.

    `tagged` tells an address, a file name, a @handle or a #hashtag; `handle` is what of it a recorded handle is
    compared with. Never changed.
    """

    __slots__ = ("handle", "opens", "role", "tagged", "tokens")

    def __init__(self, tokens: Sequence[Token], *, opens: bool = False, tagged: bool = False, handle: str = "") -> None:
        self.tokens = tuple(tokens)
        self.role = 0
        for token in self.tokens:
            self.role |= token.role
        self.opens, self.tagged, self.handle = opens, tagged, handle


BREAK: Final = Chunk((), opens=True)
"""A chunk without a word: a number, a bullet."""

COMMA: Final = Chunk(())
"""A comma between spaces."""

_UNREAD: Final = Chunk(())
"""Stands for a chunk at which nobody has looked."""

Gate = Callable[[str], int]
"""Tells the `Role` of a normalised word."""


class Reader:
    """Cuts texts into chunks, asking the gate once for each word that it has not seen lately.

    Two kinds of text: prose, where most words matter nothing (None), and addresses and file names (`slug`), where
    words are written in lower case, without spaces or escaped. `names_somebody` tells of a handle and of the words of
    an address, a handle or a hashtag whether they do so by themselves; one that does not is no longer `tagged`.
    """

    def __init__(self, gate: Gate, names_somebody: Callable[[str, Sequence[str]], bool]) -> None:
        self._gate, self._names_somebody = gate, names_somebody
        self._prose: dict[str, Chunk | None] = {}
        self._slug: dict[str, Chunk | None] = {}
        self._roles: dict[str, int] = {}

    def role(self, word: str) -> int:
        """The role of a normalised word; with `Role.NICKNAME` where it would be one if it had a capital."""
        known = self._roles.get(word)
        if known is None:
            if len(self._roles) > _MOST_REMEMBERED:
                self._roles.clear()
            known = self._gate(word)
            others = called(word)
            if others and any(self._gate(name) & Role.GIVEN for name in others):
                known |= Role.NICKNAME
            self._roles[word] = known
        return known

    def known_role(self, word: str) -> int | None:
        """The same where it was asked for lately; None for another word."""
        return self._roles.get(word)

    def prose(self, chunk: str) -> Chunk | None:
        """A chunk of prose as it is read; None for a word in lower case that is in no name."""
        read = self._prose.get(chunk, _UNREAD)
        if read is _UNREAD:
            if len(self._prose) > _MOST_REMEMBERED:
                self._prose.clear()
            self._prose[chunk] = read = self._read(chunk, slug=False)
        return read

    def slug(self, chunk: str) -> Chunk | None:
        """A chunk of an address or a file name."""
        if chunk not in self._slug:
            if len(self._slug) > _MOST_REMEMBERED:
                self._slug.clear()
            self._slug[chunk] = self._read(chunk, slug=True)
        return self._slug[chunk]

    def _read(self, chunk: str, slug: bool) -> Chunk | None:
        if not slug and 1 < len(chunk) <= LONGEST_WORD and chunk.isascii() and (bare := chunk.rstrip(".,!")).isalpha():
            upper = bare[0].isupper()  # the short way for nearly all words there are
            if len(bare) > 1 and (bare[1:].islower() or (upper and bare.isupper())):
                return self._plain_word(bare, chunk[len(bare) :], upper=upper)
        if not slug and (len(chunk) > _LONGEST_CHUNK or (chunk.isascii() and not has_letter(chunk))):
            return COMMA if chunk == "," else BREAK
        if not slug and "@" in chunk and _EMAIL.match(chunk):
            return BREAK  # an address is the business of contact data
        slug = slug or is_address(chunk)
        chunk = chunk[:_LONGEST_SLUG]
        text, origin = _plain_with_origin(chunk, slug)
        places = words_in(text)
        if not places:
            return COMMA if text.strip() == "," else BREAK
        tagged = slug or _is_tag(text)
        tokens = self._tokens(text, origin, places, stuck=tagged)
        opens = breaks(text[: places[0][0]], slug)
        if not tagged and len(tokens) == 1:
            only = tokens[0]
            if not only.role and not only.upper and not only.initial and only.norm not in words().suffixes:
                return None if only.glue == Glue.SPACE and not opens else BREAK
        if not tagged:
            return Chunk(tokens, opens=opens)
        whole = handle(text)
        return Chunk(tokens, opens=opens, tagged=self._is_somebodys(tokens, whole), handle=whole)

    def _is_somebodys(self, tokens: Sequence[Token], whole: str) -> bool:
        together = ["".join([t.norm for t in tokens[first:end]]) for first, end in words_without_gap(tokens)]
        return self._names_somebody(whole, together)

    def _plain_word(self, word: str, mark: str, *, upper: bool) -> Chunk | None:
        """A chunk that is one word in plain letters, in one case but for its first letter, and perhaps a mark."""
        normal = word.lower()
        role = self._role_of(normal, upper=upper)
        glue = Glue.SPACE if not mark else glue_of(word, mark, last=True, slug=False)
        if not (role or upper or normal in words().suffixes):
            return None if glue == Glue.SPACE else BREAK
        return Chunk([Token(normal, role, 0, len(word), glue, upper, upper and word.isupper(), False)])

    def _tokens(
        self, text: str, origin: list[int] | None, places: list[tuple[int, int]], *, stuck: bool
    ) -> list[Token]:
        tokens: list[Token] = []
        for n, (at, end) in enumerate(places):
            written, last = text[at:end], n + 1 == len(places)
            glue = glue_of(written, text[end : len(text) if last else places[n + 1][0]], last=last, slug=stuck)
            pieces = self._pieces(written)
            for k, piece in enumerate(pieces):
                bare, upper, ends = without_possessive(piece), piece[0].isupper(), k + 1 == len(pieces)
                word = norm(bare)
                tokens.append(
                    Token(
                        norm=word,
                        role=self._role_of(word, upper=upper),
                        start=at if origin is None else origin[at],
                        end=at + len(bare) if origin is None else origin[at + len(bare)],
                        glue=glue if ends else Glue.SPACE,
                        upper=upper,
                        shouted=len(word) > 1 and piece.isupper(),
                        stuck=stuck or not ends or (not last and glue == Glue.SPACE and len(word) > 1),
                    )
                )
                at += len(piece)
        return tokens

    def _role_of(self, word: str, *, upper: bool) -> int:
        """The role of a word as it stands there: only one with a capital is a nickname."""
        if len(word) > LONGEST_WORD:
            return 0
        role = self.role(word)
        return role if upper else role & ~Role.NICKNAME

    def _pieces(self, word: str) -> list[str]:
        """ "JadaDunmore" is two words, unless it is one in somebody's name."""
        pieces = cut_at_capitals(word)
        return [word] if len(pieces) == 1 or self._role_of(norm(without_possessive(word)), upper=False) else pieces


def words_without_gap(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where words begin and end that capitals had cut: "#XimenaDelaCruz" is one again."""
    first = 0
    for end in range(1, len(tokens) + 1):
        if end == len(tokens) or tokens[end].start != tokens[end - 1].end:
            yield first, end
            first = end


def may_be_misspelled(token: Token) -> bool:
    """Whether the word may be a surname with a letter wrong: nobody's name, no word of every day."""
    plain = token.upper and not token.role and not token.stuck and len(token.norm) >= SHORTEST_MISSPELLED - 1
    return plain and token.norm.isascii() and token.norm not in words().everyday


_AT_EDGE: Final = "-\n"
_WORDS = re.compile(r"(?:\S*[^\W\d_]-\n(?=[^\W\d_A-ZÀ-ÖØ-Þ]))?\S+")


def split(text: str) -> list[str]:
    """A text cut at its spaces; a word that a hyphen cuts at the paper's edge stays whole."""
    return _WORDS.findall(text) if "\n" in text and _AT_EDGE in text else text.split()


_EMAIL: Final = re.compile(r"[^@]*[\w+-]@[\w.-]+\.\w")
_FILE: Final = re.compile(r"\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|html?|mp4|webp|csv)\b", re.IGNORECASE)
_FILES: Final = "jpgdxhmwcJPGDXHMWC"
"""What their endings begin with."""
_WEB: Final = "www."
_MOST_BEFORE_TAG: Final = 3
_HARD: Final = ";:!?/|&<>=•…\\—―"
"""Signs that part two words, as figures and two hyphens do."""


def _is_tag(text: str) -> bool:
    """Whether a sign of handles or hashtags stands in front, or a few other signs and then it."""
    for at in range(min(len(text), _MOST_BEFORE_TAG + 1)):
        sign = text[at]
        if sign in "@#":
            return True
        if sign == "_" or sign.isalnum():
            return False
    return False


def is_address(chunk: str) -> bool:
    """Whether a chunk of prose is an address or a file name."""
    if ":" in chunk and "://" in chunk:
        return True
    if "." in chunk and (chunk[: len(_WEB)].lower() == _WEB or _is_file(chunk)):
        return True
    return "_" in chunk and _is_tied(chunk)


def _is_file(chunk: str) -> bool:
    """Whether it ends, or a part of it, as the names of files do."""
    at = chunk.find(".")
    while at >= 0:
        if at + 1 < len(chunk) and chunk[at + 1] in _FILES:
            return _FILE.search(chunk, at) is not None
        at = chunk.find(".", at + 1)
    return False


def _is_tied(chunk: str) -> bool:
    """Whether "_" stands between letters, or more of them side by side."""
    for at in range(1, len(chunk) - 1):
        if chunk[at] == "_" and _is_in_name(chunk[at - 1]) and _is_in_name(chunk[at + 1]):
            return True
    return False


def _is_in_name(sign: str) -> bool:
    return sign == "_" or (sign.isalnum() and not sign.isdecimal())


def without_possessive(word: str) -> str:
    """A word without the "'s" at its end."""
    return word[:-2] if word.endswith(("'s", "'S")) else word


def breaks(mark: str, slug: bool) -> bool:
    """Whether the marks in front of a word part it from the word before."""
    return mark != "" and (_is_hard(mark) or ("-" in mark and not slug))


def _is_hard(mark: str) -> bool:
    """Whether there are signs or figures that part two words, whatever they are."""
    before = ""
    for sign in mark:
        if sign in _HARD or sign.isdigit() or before == sign == "-":
            return True
        before = sign
    return False


def glue_of(word: str, mark: str, *, last: bool, slug: bool) -> int:
    """What the marks behind a word mean for a name that may go on."""
    if not mark:
        return Glue.SPACE
    if _is_hard(mark):
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
    if _AT_EDGE in chunk:
        cut = chunk.index(_AT_EDGE)
        front, places = _plain_with_origin(chunk[:cut], slug)
        back, behind = _plain_with_origin(chunk[cut + len(_AT_EDGE) :], slug)
        ahead = list(range(cut)) if places is None else places[:-1]
        behind = list(range(len(back) + 1)) if behind is None else behind
        return front + back, [*ahead, *(cut + len(_AT_EDGE) + place for place in behind)]
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
