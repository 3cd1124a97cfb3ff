"""What grows faster than it should: each text is read whole and its first quarter alone, side by side.

What grows with the length takes four times as long for the whole, and what grows with its square sixteen times: that
holds on any machine, however busy. Where the whole takes next to nothing, nobody can tell, nor need to.
"""

import gc
import time
from collections.abc import Callable, Iterable
from math import inf

PART = 4
MOST_TIMES = 8
NOTICED = 0.25
"""Seconds that a text must take to be read in part as well."""
LOOKS = 5
SHORTEST = 1e-6
"""Seconds below which no clock tells anything."""


def out_of_proportion(read: Callable[[str], object], texts: Iterable[tuple[str, str]]) -> dict[str, float]:
    """The texts that are read too slowly for their length, by name: how many times as long the whole takes as a
    quarter.
    """
    return {name: times for name, text in texts if (times := growth(read, text)) > MOST_TIMES}


def growth(read: Callable[[str], object], text: str) -> float:
    """How many times as long the whole takes as its first quarter; looked at again where that is too long, since
    another may have been busy. 0 where nobody can tell.
    """
    part = text[: len(text) // PART]
    whole = quarter = inf
    for _ in range(LOOKS):
        whole = min(whole, spent(read, text))
        if whole <= NOTICED:
            return 0
        quarter = min(quarter, max(SHORTEST, spent(read, part)))
        if whole <= MOST_TIMES * quarter:
            break
    return whole / quarter


def spent(read: Callable[[str], object], text: str) -> float:
    """Seconds of processor time of this thread. What earlier tests left in memory is not gone through meanwhile: that
    would take longer than the reading.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        begin = time.thread_time()
        read(text)
        return time.thread_time() - begin
    finally:
        if collects:
            gc.enable()
