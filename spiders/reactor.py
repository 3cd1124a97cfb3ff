"""The event loop that all visits of one command share."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from types import FrameType
from typing import Any, TypeVar

from auditor.errors import Stopped
from auditor.tidying import seldom_tidied

if sys.platform == "win32":
    from asyncio import new_event_loop
else:
    from uvloop import new_event_loop

Result = TypeVar("Result")
Handler = Callable[[int, FrameType | None], Any] | int | None


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs the work to its end, in a loop of its own, and gives back its result.

    Ctrl-C and SIGTERM cancel it: connections are closed, what was witnessed stays, and `Stopped` is raised. A second
    Ctrl-C does not wait. May be called again and again in one process, one after the other.
    """
    with seldom_tidied(), asyncio.Runner(loop_factory=new_event_loop) as runner:
        loop = runner.get_loop()
        task = loop.create_task(work)
        with asked_to_stop(lambda: loop.call_soon_threadsafe(task.cancel)) as told:
            try:
                return loop.run_until_complete(task)
            except asyncio.CancelledError:
                if not told:
                    raise
                raise Stopped from None


@contextlib.contextmanager
def asked_to_stop(then: Callable[[], object] = lambda: None) -> Iterator[list[int]]:
    """While the block runs, Ctrl-C and SIGTERM only ask to stop: `then` is called, and the list given holds what came.

    A second Ctrl-C does not wait.
    """
    came: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        if came and number == signal.SIGINT:
            raise KeyboardInterrupt
        came.append(number)
        then()

    before: dict[signal.Signals, Handler] = {}
    with contextlib.suppress(ValueError):  # not in the main thread: signals go to whoever runs there
        for name in (signal.SIGINT, signal.SIGTERM):
            before[name] = signal.signal(name, tell)
    try:
        yield came
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
