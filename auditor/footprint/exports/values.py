"""Values out of an export's files, which may say anything: JSON of any shape, tables of any columns."""

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from auditor.footprint.exports.archive import Archive

Table = Mapping[str, object]

LONGEST: Final = 20_000
"""Characters of one text that are looked at."""
MOST_ROWS: Final = 500_000
_DEEPEST: Final = 12
_LONGEST_HEAD: Final = 60

_EMAIL: Final = re.compile(r"[^\s@<>\"',;()]{1,64}@[\w-]+(?:\.[\w-]+)+")
_FORBIDDEN: Final = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def loaded(body: bytes) -> object:
    """The JSON value that these bytes are; None where they are none, or one that nobody could need."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError, MemoryError):
        return None


def json_file(archive: Archive, name: str) -> object:
    """The JSON value of that file; None where it is none, which the archive then tells."""
    body = archive.read(name)
    value = loaded(body) if body else None
    if body and value is None:
        archive.leave(name, "is no JSON that can be read")
    return value


def table(value: object) -> Table:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> Sequence[Table]:
    """The objects of a list; of an object, itself; none of anything else."""
    if isinstance(value, dict):
        return [value]
    return [row for row in value[:MOST_ROWS] if isinstance(row, dict)] if isinstance(value, list) else []


def at(value: object, *path: str) -> object:
    """What stands at that path of keys; None where nothing does."""
    for key in path:
        value = table(value).get(key)
    return value


def text(value: object) -> str:
    """The value where it is a text, cleaned; else ""."""
    return _FORBIDDEN.sub("", value[:LONGEST]).strip() if isinstance(value, str) else ""


def mended(value: object) -> str:
    """A text of Meta's exports, which write each byte of UTF-8 as a character of its own."""
    plain = value[:LONGEST] if isinstance(value, str) else ""
    try:
        return text(plain.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return text(plain)


def moment(value: object) -> datetime | None:
    """The moment that a value tells: seconds or milliseconds since 1970, ISO 8601, or as X and TikTok write it."""
    try:
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value.strip()[:16])
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        return _written(value.strip()) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None


_FORMS: Final = (
    "%a %b %d %H:%M:%S %z %Y",
    "%Y-%m-%d %H:%M:%S %Z",
    "%Y-%m-%d %H:%M:%S",
    "%m/%d/%y, %I:%M %p",
    "%d %b %Y",
)


def _written(words: str) -> datetime | None:
    try:
        then = datetime.fromisoformat(words)
    except ValueError:
        written = next((found for form in _FORMS if (found := _as(words, form))), None)
        if written is None:
            return None
        then = written
    return then.replace(tzinfo=UTC) if then.tzinfo is None else then.astimezone(UTC)


def _as(words: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(words, form)  # noqa: DTZ007  the zone is put in where none is written
    except ValueError:
        return None


def emails(value: str) -> tuple[str, ...]:
    """The e-mail addresses in a text, in lower case, each once."""
    return tuple(dict.fromkeys(found.casefold() for found in _EMAIL.findall(value[:LONGEST])))


def is_located(value: object) -> bool:
    """Whether a place in degrees stands anywhere in the value, other than the zero that stands for none."""
    waiting = [(value, 0)]
    while waiting:
        inner, depth = waiting.pop()
        if isinstance(inner, dict):
            degrees = [inner.get(key) for key in ("latitude", "longitude")]
            if any(isinstance(d, int | float) and not isinstance(d, bool) and d != 0 for d in degrees):
                return True
        if depth < _DEEPEST:
            parts = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
            waiting += [(part, depth + 1) for part in parts if isinstance(part, dict | list)]
    return False


def labelled(value: object) -> Mapping[str, str]:
    """What Meta writes as `string_map_data`, `label_values` or `string_list_data`: label (lower case) -> value."""
    found: dict[str, str] = {}
    for label, entry in table(at(value, "string_map_data")).items():
        found.setdefault(mended(label).casefold(), mended(at(entry, "value")) or mended(at(entry, "href")))
    for entry in rows(at(value, "label_values")):
        found.setdefault(mended(entry.get("label")).casefold(), mended(entry.get("value")) or mended(entry.get("href")))
    return found


def stamped(value: object) -> datetime | None:
    """When Meta says that it happened, wherever in the entry that stands."""
    own = moment(at(value, "timestamp")) or moment(at(value, "creation_timestamp"))
    inner = (
        moment(at(entry, "timestamp"))
        for entry in (*table(at(value, "string_map_data")).values(), *rows(at(value, "string_list_data")))
    )
    return own or next((when for when in inner if when), None)


def csv_rows(archive: Archive, name: str, escape: str | None = None) -> Iterator[Mapping[str, str]]:
    """The rows of a table, by the names of its columns in lower case; lines before the header are passed over.

    The header is the first of ten lines with several short cells. `escape` stands before quotes inside of quotes.
    """
    body = archive.read(name)
    lines = body.decode("utf-8-sig", "replace").replace("\0", "")
    try:
        read = [
            row
            for _, row in zip(
                range(MOST_ROWS), csv.reader(io.StringIO(lines, newline=""), escapechar=escape), strict=False
            )
        ]
    except csv.Error:
        archive.leave(name, "is no table that can be read")
        return
    several = (n for n, row in enumerate(read[:10]) if len(row) > 1 and all(len(cell) < _LONGEST_HEAD for cell in row))
    head = next(several, 0)
    columns = [column.strip().casefold() for column in read[head]] if read else []
    for row in read[head + 1 :]:
        found: dict[str, str] = {}
        for column, cell in zip(columns, row, strict=False):
            if column not in found or not found[column]:
                found[column] = text(cell)
        if any(found.values()):
            yield found
