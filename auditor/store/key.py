"""The district's own key, which makes fingerprints: equal for equal things, and no use to anyone without the key.

A copied database cannot be tried against a class list, because nobody can compute a fingerprint without this file.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from filelock import FileLock

from auditor.errors import Mistake

LENGTH: Final = 32
"""Bytes of a key."""

_DIGEST: Final = 10
"""Bytes of a fingerprint: 16 letters, so that a person can still read one out."""


class Key:
    """A secret of 32 bytes, kept in one file that only its owner may read. Never printed, never in the database."""

    __slots__ = ("_numbers", "_secret")

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._numbers = hashlib.blake2b(digest_size=8, key=secret)

    def fingerprint(self, *parts: str) -> str:
        """A keyed digest of the parts in their order: 16 characters out of a-z and 2-7."""
        digest = hashlib.blake2b(digest_size=_DIGEST, key=self._secret)
        for part in parts:
            written = part.encode("utf-8", "surrogatepass")
            # With its length in front, ("ab", "c") and ("a", "bc") stay two things.
            digest.update(len(written).to_bytes(8, "big"))
            digest.update(written)
        return base64.b32encode(digest.digest()).decode("ascii").lower()

    def number(self, *parts: str) -> int:
        """A keyed number of the parts in their order, of 63 bits: the same in every process, so nobody need look it up.

        Among ten million of them two are alike with a chance of one in 200,000.
        """
        digest = self._numbers.copy()
        digest.update(b"".join(map(_with_length, parts)))
        return _number_of(digest)

    def numbers(self, first: str, others: Iterable[str]) -> list[int]:
        """The numbers of `first` with each of the others: many things of one account."""
        begun = self._numbers.copy()
        begun.update(_with_length(first))
        numbers = []
        for other in others:
            digest = begun.copy()
            digest.update(_with_length(other))
            numbers.append(_number_of(digest))
        return numbers

    def digest(self, content: bytes) -> bytes:
        """A keyed digest of some bytes, 16 bytes long."""
        return hashlib.blake2b(content, digest_size=16, key=self._secret).digest()

    @property
    def id(self) -> str:
        """The key's name, by which a database knows the key that it was written with; tells nothing of the secret."""
        return self.fingerprint("auditor", "the name of this key")


def load_key(file: Path) -> Key | None:
    """The key in that file, or None where there is none. A file of another length is a `Mistake`."""
    try:
        secret = file.read_bytes()
    except FileNotFoundError:
        return None
    if len(secret) != LENGTH:
        raise Mistake(f"{file}: a key has {LENGTH} bytes, this file has {len(secret)}. Copy it back from a backup.")
    return Key(secret)


def make_key(file: Path) -> Key:
    """The key in that file; makes one where there is none. Two programs that start at once get the same key."""
    with FileLock(file.with_name(file.name + ".lock"), timeout=30, mode=0o600):
        key = load_key(file)
        if key is not None:
            return key
        secret = secrets.token_bytes(LENGTH)
        fresh = file.with_name(file.name + ".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(secret)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
        return Key(secret)


def _with_length(part: str) -> bytes:
    written = part.encode("utf-8", "surrogatepass")
    return len(written).to_bytes(4, "big") + written


def _number_of(digest: "hashlib.blake2b") -> int:
    return int.from_bytes(digest.digest(), "big") >> 1
