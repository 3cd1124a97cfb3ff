"""What the process that reads files and the one that asks it say to each other.

A message is the lengths of its two parts in four bytes each, a line of JSON, and the bytes of a file (none in answers).
"""

import json
import struct
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any, Final

from auditor.model import Blind, CommentState, Document, Image, Link, Passage, Place, Reason

_LENGTHS: Final = struct.Struct(">II")


def send(pipe: IO[bytes] | None, head: dict[str, Any], body: bytes) -> None:
    if pipe is None:
        raise OSError("no pipe")
    line = json.dumps(head).encode("utf-8")
    pipe.write(_LENGTHS.pack(len(line), len(body)))
    pipe.write(line)
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes] | None) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None at the end of the pipe."""
    if pipe is None:
        return None
    lengths = pipe.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head, body = _LENGTHS.unpack(lengths)
    line, content = pipe.read(head), pipe.read(body)
    if len(line) < head or len(content) < body:
        return None
    return json.loads(line), content


def row_of(document: Document, blind: Blind | None) -> dict[str, Any]:
    row = asdict(document)
    row["anchors"] = sorted(document.anchors)
    row["published_on"] = document.published_on.isoformat() if document.published_on else None
    return {"document": row, "blind": asdict(blind) if blind else None}


def document_of(answer: dict[str, Any]) -> tuple[Document, Blind | None]:
    row, blind = answer["document"], answer["blind"]
    document = Document(
        **{
            **row,
            "passages": tuple(Passage(**{**part, "place": Place(part["place"])}) for part in row["passages"]),
            "links": tuple(Link(**{**part, "rel": tuple(part["rel"])}) for part in row["links"]),
            "images": tuple(Image(**part) for part in row["images"]),
            "comments": (),
            "anchors": frozenset(row["anchors"]),
            "published_on": datetime.fromisoformat(row["published_on"]) if row["published_on"] else None,
            "comment_state": CommentState(row["comment_state"]) if row["comment_state"] else None,
        }
    )
    return document, Blind(**{**blind, "reason": Reason(blind["reason"])}) if blind else None
