"""Many requests that all last as long as they may, and no longer."""

import asyncio

import pytest

from spiders.deadlines import Deadlines

LONG = 3600.0


def test_what_lasts_too_long_is_stopped_and_what_began_later_later() -> None:
    ended: list[str] = []

    async def work(name: str, deadlines: Deadlines, seconds: float) -> None:
        try:
            with deadlines.one():
                await asyncio.sleep(seconds)
        except TimeoutError:
            name += " was stopped"
        ended.append(name)

    async def side_by_side() -> None:
        deadlines = Deadlines(0.2)
        first = asyncio.ensure_future(work("the first", deadlines, LONG))
        quick = asyncio.ensure_future(work("a quick one", deadlines, 0.0))
        await asyncio.sleep(0.1)
        later = asyncio.ensure_future(work("a later one", deadlines, LONG))
        await asyncio.gather(first, quick, later)
        await work("one after a rest", deadlines, LONG)

    asyncio.run(side_by_side())

    assert ended == [
        "a quick one",
        "the first was stopped",
        "a later one was stopped",
        "one after a rest was stopped",
    ]


@pytest.mark.parametrize("seconds", [LONG, 0.0])
def test_who_is_stopped_by_somebody_else_stays_stopped_whether_or_not_its_time_is_over_as_well(seconds: float) -> None:
    async def work(deadlines: Deadlines) -> None:
        with deadlines.one():
            await asyncio.sleep(LONG)

    async def stopped() -> bool:
        task = asyncio.ensure_future(work(Deadlines(seconds)))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(seconds and 0.01, task.cancel)
        await asyncio.wait({task})
        return task.cancelled()

    assert asyncio.run(stopped())


def test_what_failed_by_itself_failed_so() -> None:
    async def work() -> None:
        with Deadlines(LONG).one():
            raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(work())
