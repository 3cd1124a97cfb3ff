"""The process that does shards, one at a time: `python -m auditor.engine`, which only an engine starts.

It reads its setup and then shards from standard input, writes what it finds to the store itself, and answers on
standard output. When its input ends, whoever started it is dead, and it ends at once with all that it started.
"""

import _thread
import contextlib
import gc
import itertools
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, TextIO

import psutil

from auditor.engine.messages import STOP, Answer, Said, Setup
from auditor.engine.shard import Shard
from auditor.errors import Mistake, Stopped
from auditor.faults import place_of

Tell = Callable[[str], None]
Work = Callable[[Shard], None]
"""Does one shard. Raises `Mistake` for what a person can put right, `Stopped` where it was asked to stop early."""

Begin = Callable[[Setup, Tell], contextlib.AbstractContextManager[Work]]
"""Makes ready for the shards of an audit; raises `Mistake` where this process cannot do them as the others would."""

ENDED, BROKEN, ORPHANED = 0, 70, 71
"""How the process ends: as it was asked to, by a fault that it told, or because nobody listens any more."""


def serve(begin: Begin) -> int:
    """Does all the shards that come, and returns the exit status of the process."""
    runner = Runner(sys.stdin, _own_output())
    try:
        runner.serve(begin)
    except (Stopped, KeyboardInterrupt):
        runner.say(Said.STOPPED)
        return ENDED
    except Mistake as mistake:
        runner.say(Said.MISTAKE if runner.is_ready else Said.REFUSED, *mistake.faults)
    except Exception as error:  # noqa: BLE001  told with its type and place; its own words may quote a page
        runner.say(Said.BROKE, place_of(error))
    return BROKEN


class Runner:
    """The two ends of the conversation, and the thread that listens."""

    def __init__(self, source: TextIO, output: TextIO) -> None:
        self.is_ready = False
        self._source, self._output = source, output
        self._speaking = threading.Lock()
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        # A terminal's Ctrl-C goes to whoever started us, who then asks us to stop; that comes as the same signal.
        signal.signal(signal.SIGINT, _interrupted)
        threading.Thread(target=self._listen, name="engine-listener", daemon=True).start()

    def say(self, said: Said, *words: str) -> None:
        """Answers. What cannot be said because nobody listens is left unsaid: the listener ends us."""
        with self._speaking, contextlib.suppress(OSError, ValueError):
            self._output.write(f"{Answer(said, words).told()}\n")
            self._output.flush()

    def serve(self, begin: Begin) -> None:
        """Begins, and does shards until it is asked to stop, which raises."""
        with begin(Setup.of(self._next()), lambda words: self.say(Said.TOLD, words)) as do:
            work = tidied(do)
            self.is_ready = True
            self.say(Said.READY)
            while True:
                work(Shard.of(self._next()))
                self.say(Said.DONE)

    def _next(self) -> str:
        line = self._lines.get()
        if line == STOP:
            _interrupted()
        return line

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in map(str.strip, self._source):
                self._lines.put(line)
                if line == STOP:
                    _interrupt()
        _end_everything()


def tidied(work: Work) -> Work:
    """The same, with all garbage looked for every few shards: while a crawl runs Python looks for it seldom, and what
    it froze meanwhile it forgets to count. Without, a process that does a thousand shards grows with each.
    """
    done = itertools.count(1)

    def do(shard: Shard) -> None:
        work(shard)
        if not next(done) % _TIDY:
            gc.collect()

    return do


_TIDY = 8


def _own_output() -> TextIO:
    """Standard output for answers alone; what else is printed there goes to standard error."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


def _interrupted(*_signal: object) -> NoReturn:
    """Stops what the main thread does, once: it is told to stop by a word and by a signal, whichever it hears first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _interrupt() -> None:
    """What Ctrl-C does, in the main thread."""
    if sys.platform == "win32":
        _thread.interrupt_main(signal.SIGINT)
    else:
        os.kill(os.getpid(), signal.SIGINT)


def _end_everything() -> None:
    """Ends this process at once, and all that it started before it: nobody else would."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    os._exit(ORPHANED)
