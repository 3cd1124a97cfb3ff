"""The process that reads files: questions come on standard input, answers go to standard output. Nothing touches disk.

Started by `spiders.decoder` as `python -m spiders.decoding`.
"""

import contextlib
import os
import sys
from typing import Final

from spiders import files
from spiders.messages import receive, row_of, send

try:
    import resource
except ImportError:  # Windows has no such limits; there the sizes in `files` and the deadline must do
    resource = None  # type: ignore[assignment]

MAX_MEMORY: Final = 1536 * 1024 * 1024


def main() -> None:
    """Answers questions until the pipe closes. What a library prints must not get between the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    send(answers, {}, b"")  # ready: from now on the clock of a question counts its reading only
    while (received := receive(sys.stdin.buffer)) is not None:
        question, body = received
        document, blind = files.read(
            body,
            question["url"],
            question["kind"],
            charset=question["charset"],
            file_name=question["file_name"],
        )
        send(answers, row_of(document, blind), b"")


if __name__ == "__main__":
    main()
