"""Manifests: files that say how sites answer for handles. WhatsMyName's and sherlock's are told apart by structure."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Final

from auditor.errors import Mistake
from auditor.footprint.handles import sherlock, whatsmyname
from auditor.footprint.handles.entry import Entry, Faults, Table, shown, tables
from auditor.footprint.handles.site import Site

LARGEST: Final = 16 * 1024 * 1024
MOST_SITES: Final = 10_000
STALE: Final = 180
"""Days after which a manifest is old: a quarter of all entries is wrong or gone within a year."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was read. `format` is "whatsmyname" or "sherlock"; `credits` are whose data it is, line by line.

    `version`, `checked_on` and `expires_on` are told by the shipped one; others say nothing of their age.
    """

    name: str
    format: str
    sites: tuple[Site, ...]
    credits: tuple[str, ...] = ()
    version: str = ""
    checked_on: date | None = None
    expires_on: date | None = None


def load(file: Path) -> Manifest:
    """Reads a manifest. Raises `Mistake` with every fault of it, each with its place."""
    try:
        if file.stat().st_size > LARGEST:
            raise Mistake(f"{file}: is larger than {LARGEST // 1024 // 1024} MB; no manifest of sites is")
        content = file.read_bytes()
    except OSError as error:
        raise Mistake(f"{file}: cannot be read ({error.strerror}); check its name and who may read it") from None
    return read(content, str(file))


def shipped() -> Manifest:
    """The manifest that comes with the product: places where school staff have accounts."""
    return read(resources.files("auditor.footprint.handles").joinpath("staff.json").read_bytes(), "staff.json")


def read(content: bytes, name: str) -> Manifest:
    """A manifest out of its bytes; `name` is what its faults call it."""
    text, data = _parsed(content, name)
    faults = Faults(name, text)
    if isinstance(data, dict) and isinstance(data.get("sites"), list):
        entries, kind, reader = list(tables(data["sites"], faults)), "whatsmyname", whatsmyname.site
    elif isinstance(data, dict) and _looks_like_sherlock(data):
        entries, kind, reader = list(_named(data, faults)), "sherlock", sherlock.site
    else:
        raise Mistake(
            f'{name}: is neither a manifest of WhatsMyName (a table with a list "sites") nor one of sherlock (a table a'
            ' site, each with "url" and "errorType")'
        )
    if len(entries) > MOST_SITES:
        raise Mistake(f"{name}: names {len(entries)} sites; at most {MOST_SITES} are read")
    for twice, count in Counter(site for site, _ in entries).items():
        if count > 1:
            faults.add(twice, f"is there {count} times; name each site once")
    sites = tuple(reader(Entry(site, table, faults)) for site, table in entries)
    if not entries:
        faults.add("", "names no site")
    checked_on, expires_on = (_day(data, key, faults) for key in ("checked_on", "expires_on"))
    if faults.told():
        raise Mistake(*faults.told())
    return Manifest(name, kind, sites, _credits(data), _text(data.get("version")), checked_on, expires_on)


def check(manifest: Manifest, today: date) -> tuple[str, ...]:
    """What somebody who is about to use the manifest should know: its age, and what it cannot tell. One line each."""
    return tuple(_warnings(manifest, today))


def _warnings(manifest: Manifest, today: date) -> Iterator[str]:
    name = manifest.name
    if manifest.expires_on is not None and manifest.expires_on < today:
        yield f"{name}: expired on {manifest.expires_on}; sites change, so get a newer one before you trust it"
    elif manifest.checked_on is not None and (today - manifest.checked_on).days > STALE:
        yield f"{name}: was last checked on {manifest.checked_on}; about an eighth of such entries is wrong by now"
    unasked = [site.name for site in manifest.sites if site.refused]
    if unasked:
        yield f"{name}: {len(unasked)} of {len(manifest.sites)} sites are never asked: {', '.join(unasked[:10])}"
    plain = [site.name for site in manifest.sites if site.url.startswith("http:")]
    if plain:
        yield f"{name}: {len(plain)} sites without encryption are never asked: {', '.join(plain[:10])}"
    untold = [site.name for site in manifest.sites if not site.known]
    if untold:
        yield f"{name}: {len(untold)} sites name no handle to test them by: {', '.join(untold[:10])}"


def _parsed(content: bytes, name: str) -> tuple[str, object]:
    try:
        text = content.decode("utf-8-sig")
        return text, json.loads(text, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise Mistake(f"{name}: is no text in UTF-8; save it so") from None
    except json.JSONDecodeError as error:
        raise Mistake(f"{name}:{error.lineno}: is no JSON at character {error.colno} ({error.msg.lower()})") from None
    except _Twice as twice:
        raise Mistake(f"{name}: {shown(twice.key)} stands twice in one table; keep one of them") from None
    except (RecursionError, ValueError):
        raise Mistake(f"{name}: is no manifest: it is nested too deeply, or holds a number that is too long") from None


class _Twice(Exception):
    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise _Twice(next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1))
    return table


def _looks_like_sherlock(data: Table) -> bool:
    entries = [value for key, value in data.items() if not key.startswith("$")]
    return any(isinstance(value, dict) and ("errorType" in value or "url" in value) for value in entries)


def _named(data: Table, faults: Faults) -> Iterator[tuple[str, Table]]:
    for name, value in data.items():
        if name.startswith("$"):
            continue
        if isinstance(value, dict) and name.strip():
            yield name, value
        else:
            faults.add(name, "is no table that describes a site")


def _credits(data: Table) -> tuple[str, ...]:
    texts = [*_list(data.get("license")), *_list(data.get("authors"))]
    return tuple(text for text in texts if isinstance(text, str))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(data: Table, key: str, faults: Faults) -> date | None:
    try:
        return date.fromisoformat(str(data[key])) if "sites" in data and key in data else None
    except ValueError:
        faults.add("", f'"{key}" wants a date such as "2026-11-21"')
        return None
