"""The parts of a text that an excerpt could show: nothing else needs a mask."""

from collections.abc import Iterable, Iterator

from auditor.detect.found import Found
from auditor.detect.lines import Lines
from auditor.detect.strangers import FARTHEST
from auditor.model import Sighting


def quotable(text: str, seen: Iterable[Sighting]) -> list[tuple[int, int]]:
    """Where in a text an excerpt about one of these sightings of it could reach, in whole lines; none overlap."""
    parts: list[tuple[int, int]] = []
    for place in sorted((s.start, s.end) for s in seen):
        begin = text.rfind("\n", 0, max(0, place[0] - FARTHEST)) + 1
        close = text.find("\n", place[1] + FARTHEST)
        close = len(text) if close < 0 else close
        if parts and begin <= parts[-1][1]:
            parts[-1] = parts[-1][0], max(close, parts[-1][1])
        else:
            parts.append((begin, close))
    return parts


def found_in(finder: Lines, text: str, parts: Iterable[tuple[int, int]]) -> Iterator[Found]:
    """What a finder finds in these parts of a text, with the places that it has in the whole."""
    if not finder.may_find(text):
        return
    for begin, end in parts:
        if begin == 0:
            yield from finder.find(text[:end])
        else:
            for found in finder.find(text[begin:end]):
                yield found.moved(found.start + begin, found.end + begin)
