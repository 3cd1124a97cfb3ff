"""What the judging of a page depends on beside the page itself, as a digest: where it changed, pages are judged anew.

It errs towards judging. Whatever might matter is in it; and where nobody can say what a judgement depends on, as with
a detector that a district wrote itself, there is no ground at all, and every page is judged in every audit.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from importlib import metadata
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Final

import auditor
import spiders
from auditor.check import Check
from auditor.config import Config
from auditor.detect import models
from auditor.model import Account, District
from auditor.roster.book import Roster

_LENGTH: Final = 16
_COMPILED: Final = EXTENSION_SUFFIXES[0]

_WITHOUT_OPINION: Final = ("auditor/commands", "auditor/demo", "auditor/telling.py", "auditor/weekly.py")
"""Parts of the program that neither read pages nor judge them."""

_READERS: Final = (
    "beautifulsoup4",
    "lxml",
    "nicknames",
    "openpyxl",
    "phonenumbers",
    "probablepeople",
    "publicsuffixlist",
    "pypdfium2",
    "python-crfsuite",
    "selectolax",
    "usaddress",
)
"""Libraries that read pages and recognise what is on them."""


class Ground:
    """The ground on which one audit judges. `today` is the audit's own day, however long it takes.

    `sight` tells how pages are looked at, as with a browser or without one.
    """

    def __init__(
        self, config: Config, roster: Roster | None, checks: Mapping[str, Check], today: date, sight: str
    ) -> None:
        self._is_knowable = config.names.strip() == models.BUILT_IN
        self._shared = _digest(
            code().hex(),
            sight,
            config.names,
            *_asked(config, checks),
            *_of_district(config.district),
            *(_of_roster(roster, today) if roster is not None else ()),
        )

    def of(self, account: Account) -> bytes:
        """The ground on which pages of the account are judged; b"" where nobody can tell."""
        if not self._is_knowable:
            return b""
        return _digest(self._shared.hex(), _plain(asdict(account)))

    def basis(self, accounts: Iterable[Account]) -> str:
        """The whole of it with all the accounts: where that changed, an audit that was stopped is begun anew."""
        return _digest(self._shared.hex(), *(_plain(asdict(account)) for account in accounts)).hex()


@cache
def code() -> bytes:
    """A digest of all code and data that reads pages or judges them, and of the libraries that it does so with."""
    digest = hashlib.blake2b(digest_size=_LENGTH)
    for package in (auditor, spiders):
        for name, file in sorted(_files(package.__name__, package.__path__[0])):
            if not name.startswith(_WITHOUT_OPINION):
                content = Path(file).read_bytes()
                digest.update(f"{name} {len(content)}\n".encode())
                digest.update(content)
    for library in _READERS:
        digest.update(f"{library} {_version(library)}\n".encode())
    return digest.digest()


def _files(name: str, folder: str) -> Iterator[tuple[str, str]]:
    """All files below a folder, each by its name from there and its path; what is made of them is left out."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(f"{name}/{entry.name}", entry.path) if entry.name != "__pycache__" else ()
            elif entry.is_file() and not entry.name.endswith(_COMPILED):
                yield f"{name}/{entry.name}", entry.path


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def _asked(config: Config, checks: Mapping[str, Check]) -> Iterator[str]:
    """What the policy asks, and who answers."""
    for demand in config.policy.asked:
        yield f"{demand.rule}: {demand}; {demand.clauses}"
    for rule, check in sorted(checks.items()):
        yield f"{rule} {check.judge.__module__} {check.judge.__qualname__}"


def _of_district(district: District) -> Iterator[str]:
    """The district, and of its accounts only whose they are: their owners are no students."""
    yield _plain(asdict(replace(district, accounts=())))
    yield from sorted({account.owner for account in district.accounts})


def _of_roster(roster: Roster, today: date) -> Iterator[str]:
    """The students as they are kept, whichever files they came from, and whose wishes are in force today."""
    for name, part in sorted(roster.dump().items()):
        if name != "about":  # that tells when it was loaded
            yield f"{name} {hashlib.blake2b(part, digest_size=_LENGTH).hexdigest()}"
    for schools in roster.records.school_sets:
        yield " ".join(sorted(schools))
    for opt_outs in roster.records.opt_out_sets:
        in_force = (o for o in opt_outs if (o.start or today) <= today <= (o.end or today))
        yield " ".join(sorted({level for opt_out in in_force for level in opt_out.levels}))


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=_spelled)


def _spelled(value: object) -> object:
    """What JSON has no word for, in an order that is the same in every process."""
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)


def _digest(*parts: str) -> bytes:
    digest = hashlib.blake2b(digest_size=_LENGTH)
    for part in parts:
        written = part.encode("utf-8", "surrogatepass")
        digest.update(len(written).to_bytes(8, "big") + written)
    return digest.digest()
