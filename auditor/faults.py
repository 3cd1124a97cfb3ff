"""Faults of the program's own, told by kind and place only: their words may quote a page, and name a child."""

import traceback
from collections.abc import Iterator


def place_of(fault: BaseException) -> str:
    """The kind of a fault and the line of the program that raised it."""
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{type(fault).__name__} at {frames[-1].filename}:{frames[-1].lineno}" if frames else type(fault).__name__


def way_to(fault: BaseException) -> Iterator[str]:
    """How the program came to a fault, line by line, what it arose from first."""
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if before is not None:
        yield from way_to(before)
        yield "\nwhich led to:\n"
    for frame in traceback.extract_tb(fault.__traceback__):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        yield f"    {frame.line}"
    yield type(fault).__name__
