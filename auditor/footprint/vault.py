"""What is kept of a person between two scans: one file, sealed with a passphrase that only they know.

The key is made from the passphrase by scrypt (RFC 7914), slow on purpose; the content is sealed by AES-256 in GCM,
which also shows whether anybody changed it. A new salt and nonce each time it is written. Without the passphrase nobody
reads it, its owner's employer and we included; whoever forgets it can only begin anew.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from auditor.errors import Mistake
from reports import files

FILE: Final = "footprint.sealed"
MAGIC: Final = b"auditor-footprint-1\n"
_SALT: Final = 16
_NONCE: Final = 12
_KEY: Final = 32
COST: Final = 2**16
"""scrypt's n: 64 MiB of memory and some tenths of a second for each try."""
LEAST: Final = 10
"""Characters of a passphrase at least."""


@dataclass(frozen=True)
class Vault:
    """A sealed file. `folder` is the person's own; nothing of them is in its name."""

    folder: Path
    passphrase: str

    def __repr__(self) -> str:
        return f"Vault({self.folder.name!r})"

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / FILE

    def read(self) -> Mapping[str, Any] | None:
        """What was kept; None where nothing was. A wrong passphrase or a changed file is a `Mistake`."""
        try:
            sealed = self.file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise Mistake(f"{self.file}: cannot be read ({problem.strerror or 'no reason given'}).") from None
        if not sealed.startswith(MAGIC) or len(sealed) < len(MAGIC) + _SALT + _NONCE:
            raise Mistake(f"{self.file}: is no file of auditor's. Move it away to begin anew.")
        salt, rest = sealed[len(MAGIC) :][:_SALT], sealed[len(MAGIC) + _SALT :]
        try:
            opened = AESGCM(_key(self.passphrase, salt)).decrypt(rest[:_NONCE], rest[_NONCE:], MAGIC)
        except InvalidTag:
            raise Mistake(
                f"{self.file}: the passphrase does not open it. Try again; if it is forgotten, delete the file and "
                "begin anew. Nobody can open it for you."
            ) from None
        kept = json.loads(opened)
        return kept if isinstance(kept, dict) else None

    def write(self, kept: Mapping[str, Any]) -> None:
        """Seals and keeps it, whole or not at all."""
        salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
        sealed = AESGCM(_key(self.passphrase, salt)).encrypt(nonce, json.dumps(kept).encode(), MAGIC)
        try:
            files.write(self.file, MAGIC + salt + nonce + sealed)
        except OSError as problem:
            raise Mistake(f"{self.file}: cannot be written ({problem.strerror or 'no reason given'}).") from None

    def delete(self) -> bool:
        """Overwrites and deletes the file; whether there was one."""
        return destroy(self.file)


def destroy(file: Path) -> bool:
    """Overwrites a file and deletes it; whether there was one. On some disks the old bytes stay below all the same."""
    try:
        with file.open("r+b") as opened:
            opened.write(secrets.token_bytes(max(1, file.stat().st_size)))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as problem:
        raise Mistake(f"{file}: cannot be deleted ({problem.strerror or 'no reason given'}).") from None
    return True


def weak(passphrase: str) -> str:
    """What is wrong with a new passphrase; "" where nothing is."""
    if len(passphrase) < LEAST:
        return f"A passphrase has at least {LEAST} characters. Four words that you can remember are a good one."
    if len(set(passphrase)) < LEAST // 2:
        return "That passphrase is one character over and over. Four words that you can remember are a good one."
    return ""


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_KEY, n=COST, r=8, p=1).derive(passphrase.encode())
