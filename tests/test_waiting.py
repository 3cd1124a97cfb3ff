"""Addresses that wait come in the order of their ranks, however many wait."""

import asyncio
import heapq
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import waiting
from spiders.waiting import Waiting

STEPS = st.lists(st.one_of(st.none(), st.tuples(st.integers(0, 3), st.text(st.characters(exclude_characters="\n")))))
"""An address with its rank comes, or one is taken (None)."""


@given(steps=STEPS, together=st.integers(1, 5))
def test_the_lowest_rank_comes_first_and_of_one_rank_the_first_that_came(
    steps: Sequence[tuple[int, str] | None], together: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "TOGETHER", together)
        expected, told = asyncio.run(in_turns(steps))

    assert told == expected


async def in_turns(
    steps: Sequence[tuple[int, str] | None],
) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What a heap of all of it gives in these steps and then to its end, and what the queue does."""
    queue, heap = Waiting(), list[tuple[int, int, str]]()
    expected: list[tuple[int, str]] = []
    told: list[tuple[int, str]] = []
    for number, step in enumerate([*steps, *[None] * len(steps)]):
        if step is not None:
            heapq.heappush(heap, (step[0], number, step[1]))
            queue.put_nowait(step)
        elif heap:
            rank, _, url = heapq.heappop(heap)
            expected.append((rank, url))
            told.append(await queue.get())
            queue.task_done()
        assert (queue.qsize(), queue.empty()) == (len(heap), not heap)
    await queue.join()
    return expected, told
