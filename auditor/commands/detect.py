"""`auditor detect`: what is recognised in any text, without any configuration. JSON lines in, JSON lines out."""

import argparse
import json
import math
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from auditor.detect.found import apart
from auditor.detect.reading import Recogniser
from auditor.detect.strangers import EVEN
from auditor.errors import Mistake
from auditor.model import Account, District, Document, Kind, Passage, Reading, Sighting, Sort
from auditor.roster.book import Roster
from auditor.roster.intake import take_in
from auditor.standard_input import lines
from auditor.tidying import seldom_tidied
from auditor.toml_lines import shown

HELP: Final = "what is recognised in a text: students, people, contact data, records, language"

EXAMPLES: Final = """\
examples:
  auditor detect < posts.jsonl
  auditor detect --roster oneroster/ < posts.jsonl
  echo '{"id": 1, "text": "Call 406-721-0144 after class"}' | auditor detect

Each line of standard input is {"id", "text"}; each line printed is {"id", "entities": [{"type", "start", "end",
"confidence"}]}. Offsets count characters of the text, which itself is never printed. With a roster, its students are
STUDENT; full names that nobody knows are PERSON. Nothing is kept.
exit status: 0 done, 2 wrong usage, or a line that is not as above (the lines before it are answered)
"""

_ANYWHERE: Final = Account("standard-input", Kind.OFFICIAL, "website", "")
_OF_LISTS: Final = frozenset({"first"})
"""Forms that say too little of a text that stands by itself: a first name alone is nobody's."""
_PRECEDENCE: Final = (
    Sort.STUDENT,
    Sort.EMAIL,
    Sort.SSN,
    Sort.STUDENT_ID,
    Sort.PHONE,
    Sort.BIRTH_DATE,
    Sort.ADDRESS,
    Sort.GRADE,
    Sort.PERSON,
)
"""Where two of these overlap, the one named first is told. What is said of somebody may overlap with anything."""


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("--roster", type=Path, metavar="DIR", help="a OneRoster export, to know who is a student")


def run(args: argparse.Namespace) -> int:
    """Answers each line as it comes."""
    roster = _roster(args.roster) if args.roster else None
    recogniser = Recogniser(District("", ""), lambda _value: "", roster, everybody=True)
    with seldom_tidied():
        for number, line in enumerate(lines(), 1):
            if line.strip():
                name, text = _asked(line, number)
                reading = recogniser.read(Document("", (Passage(_in_lines(text)),)), _ANYWHERE)
                print(json.dumps({"id": name, "entities": list(entities(reading))}), flush=True)
    return 0


def _roster(source: Path) -> Roster:
    """The roster, under a key that nobody keeps; what is odd about its files is told."""
    intake = take_in(source, None, (), secrets.token_bytes(32), datetime.now(UTC).date())
    for diagnostic in intake.diagnostics:
        print(f"auditor: {diagnostic}", file=sys.stderr)
    return intake.roster


def _asked(line: str, number: int) -> tuple[object, str]:
    try:
        row = _JSON.decode(line)
    except (ValueError, RecursionError) as fault:
        # Never the line itself: it may name a child.
        why = fault.msg if isinstance(fault, json.JSONDecodeError) else "no program could read it back"
        raise Mistake(f'standard input: line {number}: is no JSON ({why}); write {{"id", "text"}}') from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        kind = shown(type(row).__name__) if not isinstance(row, dict) else 'without a "text" that is a string'
        raise Mistake(f'standard input: line {number}: is {kind}; write {{"id", "text"}}')
    return row.get("id"), row["text"]


def _in_lines(text: str) -> str:
    """The text with the ends of lines that pages have, each character in its place."""
    return text.replace("\r\n", " \n").replace("\r", "\n")


def _finite(number: str) -> float:
    """A number that JSON can say again; ValueError for "NaN" and what is too great."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError
    return value


_JSON: Final = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)


def entities(reading: Reading) -> Iterator[dict[str, object]]:
    """What was recognised in a text of one passage, in its order, each with type, offsets and confidence."""
    for seen in sorted(_told(reading.sightings), key=lambda s: (s.start, s.end, s.sort)):
        yield {
            "type": str(seen.sort),
            "start": seen.start,
            "end": seen.end,
            "confidence": round(seen.confidence, 2),
        }


def _told(sightings: Sequence[Sighting]) -> Iterable[Sighting]:
    # Left out: somebody famous, seven digits that nothing calls a number.
    likely = [s for s in sightings if s.confidence >= EVEN and s.form not in _OF_LISTS]
    if len(likely) <= 1:
        return likely
    kept: list[Sighting] = []
    for sort in _PRECEDENCE:
        kept += apart([s for s in likely if s.sort is sort], kept)
    return [*kept, *(s for s in likely if s.sort not in _PRECEDENCE)]
