"""Work through many addresses, each host at its own pace, so that no host waits for another."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from spiders.pace import host_of


async def by_host(urls: Iterable[str], per_host: int, work: Callable[[str], Awaitable[None]]) -> None:
    """Does the work for every address: of one host at most `per_host` at a time, all hosts side by side.

    The first exception stops all work and is raised.
    """
    queues: dict[str, list[str]] = {}
    for url in urls:
        queues.setdefault(host_of(url), []).append(url)

    async def lane(queue: list[str]) -> None:
        while queue:
            await work(queue.pop())

    tasks = []
    for queue in queues.values():
        queue.reverse()
        tasks += [asyncio.ensure_future(lane(queue)) for _ in range(min(per_host, len(queue)))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
