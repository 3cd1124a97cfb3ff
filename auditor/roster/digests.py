"""Keyed digests, and a compact table of them.

Every name there is can be hashed within minutes, so a digest without a key is as good as the name. All digests here
are BLAKE2b under the district's roster key, told apart by what they stand for.
"""

import sys
from array import array
from collections.abc import Iterable, Mapping
from enum import Enum
from hashlib import blake2b
from itertools import accumulate
from typing import Final

KEY_LENGTH: Final = 32

REST_BITS: Final = 32
REST_MASK: Final = (1 << REST_BITS) - 1
MOST_BUCKET_BITS: Final = 24

ROLE_BITS: Final = 15
"""The lowest bits of an entry of the gate: the word's `Role`."""
_DIGEST_BITS: Final = 0xFF ^ ROLE_BITS
_ENTRY: Final = 8


class What(Enum):
    """What a digest stands for: the same word under another heading has another digest."""

    NAME = b"name"
    TOKEN = b"token"
    MISSPELLED = b"misspelled"
    FIRST = b"first name"
    HANDLE = b"handle"
    CONTACT = b"contact"
    IDENTITY = b"identity"
    SIGHTING = b"sighting"
    ORIGIN = b"origin"
    KEY = b"key"


class Digester:
    """Makes keyed digests. Holds the key; never prints it."""

    __slots__ = ("_hashers", "_key", "_report_key", "_words")

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise ValueError(f"a roster key has {KEY_LENGTH} bytes")
        self._key = key
        # Copies of what has taken in the key already are had sooner than new ones.
        self._hashers = {what.value: blake2b(digest_size=8, key=key, person=what.value) for what in What}
        self._words = self._hashers[What.TOKEN.value]
        # What reports show is made with another key, so that no report helps to test guesses against the store.
        self._report_key = blake2b(b"pseudonyms", key=key, digest_size=KEY_LENGTH, person=b"report key").digest()

    def digest(self, what: What, *parts: str) -> int:
        """A digest of 64 bits."""
        hasher = self._hashers[what._value_].copy()
        hasher.update("\0".join(parts).encode("utf-8", "surrogatepass"))
        return int.from_bytes(hasher.digest(), "little")

    def word(self, word: str) -> bytes:
        """The digest of a word under `What.TOKEN`, as fast as it can be had: every new word of a text is asked for.

        Its bytes begin with the lowest, as a `Gate` takes them.
        """
        hasher = self._words.copy()
        hasher.update(word.encode("utf-8", "surrogatepass"))
        return hasher.digest()

    def text(self, what: What, *parts: str) -> str:
        """A digest of 128 bits, as hex digits."""
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return blake2b(text, digest_size=16, key=self._key, person=what._value_).hexdigest()

    def pseudonym(self, identity: int) -> str:
        """The name under which reports speak of a student: "S-7F3A91C2"."""
        number = identity.to_bytes(8, "little")
        return "S-" + blake2b(number, digest_size=4, key=self._report_key).hexdigest().upper()


class Postings:
    """Which record numbers stand under a digest. Eight bytes an entry, and a look-up in constant time.

    Entries are sorted by digest. The first bits of a digest choose a bucket of four to eight entries, of the rest 32
    bits are kept: a digest that nobody put in is taken for one of them about once in five hundred million look-ups.
    """

    __slots__ = ("_bits", "_offsets", "_records", "_rests")

    def __init__(self, offsets: "array[int]", rests: "array[int]", records: "array[int]") -> None:
        self._offsets, self._rests, self._records = offsets, rests, records
        self._bits = (len(offsets) - 1).bit_length() - 1

    @classmethod
    def none(cls) -> "Postings":
        """A table of nothing."""
        return cls(array("I", (0, 0, 0)), array("I"), array("I"))

    def find(self, digest: int) -> list[int]:
        """The record numbers under a digest; empty where it is unknown."""
        bucket = digest >> (64 - self._bits)
        rest = (digest >> (64 - self._bits - REST_BITS)) & REST_MASK
        first, last = self._offsets[bucket], self._offsets[bucket + 1]
        if rest not in self._rests[first:last]:  # nearly always
            return []
        rests, records = self._rests, self._records
        return [records[n] for n in range(first, last) if rests[n] == rest]

    def __len__(self) -> int:
        return len(self._records)

    def dump(self, name: str) -> dict[str, bytes]:
        """The table as named bytes."""
        return {
            f"{name}.offsets": packed(self._offsets),
            f"{name}.rests": packed(self._rests),
            f"{name}.records": packed(self._records),
        }

    @classmethod
    def load(cls, name: str, parts: Mapping[str, bytes]) -> "Postings":
        """The table that `dump` wrote under that name."""
        return cls(*(unpacked("I", parts[f"{name}.{column}"]) for column in ("offsets", "rests", "records")))


class Gate:
    """The roles of words by their digests, whose lowest bits they take.

    Entries of eight bytes, the lowest first, are sorted by their numbers. The first bits of a digest choose one of half
    as many buckets or more: there is an entry or two in each. Bytes are compared, for numbers of 64 bits take longer.
    """

    __slots__ = ("_dropped", "_entries", "_starts")

    def __init__(self, entries: "array[int]") -> None:
        self._entries = packed(entries)
        bits = min(MOST_BUCKET_BITS, max(1, len(entries).bit_length() - 1))
        self._dropped = MOST_BUCKET_BITS - bits
        shift = 64 - bits
        # One by one: what numpy needs meanwhile is several times what is kept, and stays with the process.
        counts = array("I", bytes(4 * ((1 << bits) + 1)))
        for entry in entries:
            counts[(entry >> shift) + 1] += 1
        self._starts = array("I", accumulate(counts))

    def role(self, digest: bytes) -> int:
        """The role of the word with that digest; 0 where it is in nobody's name."""
        bucket = (digest[7] << 16 | digest[6] << 8 | digest[5]) >> self._dropped
        entries = self._entries
        for at in range(_ENTRY * self._starts[bucket], _ENTRY * self._starts[bucket + 1], _ENTRY):
            if (
                entries[at + 4] == digest[4]
                and entries[at + 1 : at + _ENTRY] == digest[1:]
                and not (entries[at] ^ digest[0]) & _DIGEST_BITS
            ):
                return entries[at] & ROLE_BITS
        return 0

    def dump(self) -> bytes:
        """The entries as bytes, the same on every machine."""
        return self._entries


class Sieve:
    """Which digests were put in, in ten bits each: never wrong about one that was, in one of thirty about another."""

    __slots__ = ("_bits",)

    def __init__(self, bits: bytes) -> None:
        self._bits = bits

    def __contains__(self, digest: int) -> bool:
        bits = self._bits
        size = len(bits) * 8
        if not size:
            return False
        one, other = digest % size, (digest >> REST_BITS) % size
        return bool(bits[one >> 3] >> (one & 7) & bits[other >> 3] >> (other & 7) & 1)

    def dump(self) -> bytes:
        """The sieve as bytes, the same on every machine."""
        return self._bits


def packed(column: "array[int]") -> bytes:
    """An array's bytes, the same on every machine."""
    if sys.byteorder == "big" and column.itemsize > 1:
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()


def unpacked(typecode: str, data: bytes) -> "array[int]":
    """The array that `packed` wrote."""
    column = array(typecode, data)
    if sys.byteorder == "big" and column.itemsize > 1:
        column.byteswap()
    return column


def array_of(typecode: str, values: Iterable[int] = ()) -> "array[int]":
    """An array of whole numbers."""
    return array(typecode, values)
