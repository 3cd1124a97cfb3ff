"""A district's own access token: where it stands, and how it is read without ever being shown.

It is read when it is needed, in whichever process needs it, from an environment variable or from a file that nobody
else may read. No message between processes, no store, log or report holds one.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from auditor.model import Blind, Reason

_SHAPE: Final = re.compile(r"[!-~]{1,8192}")
"""What can stand in a header: letters, digits and signs of ASCII, without spaces."""
_LARGEST: Final = 256 * 1024
_SURROUND: Final = "\"'"
_REMARK: Final = re.compile(r"(^|\s)#.*")
_NAME: Final = re.compile(
    r"token|secret|passw|passphrase|credential|api_?key|access_?key|private_?key|(^|_)(key|pwd|pat|auth)(_|$)",
    re.IGNORECASE,
)
_read: set[str] = set()
"""Variables out of which this process read a token, whatever they are called."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that only `reveal` gives away: not its repr, no log, no message to another process."""

    _value: str

    def reveal(self) -> str:
        """The text itself, for the one request that carries it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is read where it is needed, and never handed on")


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a platform's token stands: in an environment variable, else in a file. Both empty: none is set up."""

    variable: str = ""
    file: Path | None = None

    def read(self, account: str = "") -> Secret | Blind:
        """The token for that account, by its id in the registry; where there is none, why, and what to do about it.

        A file holds one token for all accounts, or a line for each: the account's id, a space, its token.
        """
        if self.variable:
            return self._of_variable()
        return self._of_file(self.file, account) if self.file is not None else _lacking("none is set up", _SET_UP)

    def _of_variable(self) -> Secret | Blind:
        _read.add(self.variable)
        found = _tidy(os.environ.get(self.variable, ""))
        where = f"the environment variable {self.variable}"
        if not found:
            remedy = f"Set {self.variable} where auditor runs, or name a file in token_file under [platforms]."
            return _lacking(f"{where} is not set", remedy)
        return _checked(found, where)

    @staticmethod
    def _of_file(file: Path, account: str) -> Secret | Blind:
        try:
            if others_may_read(file.stat().st_mode):
                return _lacking(f"{file} can be read by others", f"Run: chmod 600 {file}")
            with file.open("rb") as opened:
                text = _decoded(opened.read(_LARGEST))
        except OSError as error:
            return _lacking(f"{file} cannot be read ({error.strerror})", "Correct token_file in config.toml.")
        tokens = dict(_lines(text))
        found = tokens.get(account) or tokens.get("")
        if not found:
            whose = f"holds no token for {account}" if tokens else "is empty"
            return _lacking(f"{file} {whose}", "Write the token into it, and nothing else.")
        return _checked(found, str(file))


def environment() -> dict[str, str]:
    """The environment for programs that look at what strangers wrote: without all that is, or looks like, a secret."""
    return {name: value for name, value in os.environ.items() if name not in _read and not _NAME.search(name)}


def others_may_read(mode: int) -> bool:
    """Whether somebody but its owner may read a file of that mode; False where the system has no such marks."""
    return os.name == "posix" and bool(mode & 0o077)


def _decoded(raw: bytes) -> str:
    """The text of a file; Windows' editors like to write two bytes a letter."""
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    return raw.decode("utf-16" if wide else "utf-8-sig", "replace")


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each token of a file with the account for which it is, "" for all."""
    for line in text.splitlines():
        words = [word for word in _tidy(_REMARK.sub("", line)).split() if word not in ("=", ":")]
        if words:
            account, token = (words[0], " ".join(words[1:])) if len(words) > 1 else ("", words[0])
            yield account, _tidy(token)


def _tidy(written: str) -> str:
    """A token as it is meant: people copy it with spaces, quotes or the word that goes before it."""
    plain = written.strip().strip(_SURROUND).strip()
    word, _, rest = plain.partition(" ")
    return rest.strip() if word.casefold() == "bearer" else plain


def _checked(found: str, where: str) -> Secret | Blind:
    if _SHAPE.fullmatch(found):
        return Secret(found)
    return _lacking(f"what stands in {where} is no token: it holds spaces or strange letters", "Copy it once more.")


def _lacking(why: str, remedy: str) -> Blind:
    return Blind(why, Reason.NO_TOKEN, remedy)


_SET_UP: Final = "Name an environment variable in token_env, or a 0600 file in token_file, under [platforms]."
