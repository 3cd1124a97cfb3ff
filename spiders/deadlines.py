"""An end in time for each of many requests that all may last as long: one timer wakes for the eldest of them. A timer
for each, set and taken back, would cost more than to send the request."""

import asyncio
from types import TracebackType


class Deadlines:
    """What `asyncio.timeout` is, for blocks of one event loop that may all last so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[_Deadline, None] = {}  # the eldest first
        self._wakes = False

    def one(self) -> "_Deadline":
        """A context for one block: what is still awaited in it at its end is cancelled, and it raises TimeoutError."""
        return _Deadline(self)

    def begin(self, deadline: "_Deadline", loop: asyncio.AbstractEventLoop) -> float:
        """One more block has begun; gives the loop's time at which it has to end."""
        end = loop.time() + self._seconds
        self._running[deadline] = None
        if not self._wakes:
            self._wakes = True
            loop.call_at(end, self._wake)
        return end

    def end(self, deadline: "_Deadline") -> None:
        """A block has ended, in whichever way."""
        self._running.pop(deadline, None)

    def _wake(self) -> None:
        loop = asyncio.get_running_loop()
        for deadline in tuple(self._running):
            if deadline.end > loop.time():
                loop.call_at(deadline.end, self._wake)
                return
            del self._running[deadline]
            deadline.cancel()
        self._wakes = False


class _Deadline:
    __slots__ = ("_all", "_cancelling", "_is_over", "_task", "end")

    def __init__(self, all_of_them: Deadlines) -> None:
        self._all = all_of_them
        self._is_over = False

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("only a task can be stopped")
        self._task, self._cancelling = task, task.cancelling()
        self.end = self._all.begin(self, loop)

    def cancel(self) -> None:
        self._is_over = True
        self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._all.end(self)
        # Whoever else cancelled the task meanwhile shall have it cancelled.
        if self._is_over and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
