"""What is sent to a command on standard input, line by line, whatever machine wrote it."""

import codecs
import io
import sys
from collections.abc import Iterator
from typing import Final

from auditor.errors import Mistake

_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def lines() -> Iterator[str]:
    """Each line as it comes, without its end, which may be of any kind.

    It is read as UTF-8, whatever the console's code page, and with or without a byte order mark; UTF-16, which Windows
    PowerShell writes into files, is known by its mark. What is no text at all is replaced, never an error.
    """
    if sys.stdin is None:  # as `<&-` leaves it, and some schedulers
        raise Mistake("standard input: is closed; send the lines with a pipe, or from a file with <")
    if isinstance(sys.stdin, io.TextIOWrapper):
        wide = sys.stdin.buffer.peek(2)[:2] in _WIDE if isinstance(sys.stdin.buffer, io.BufferedReader) else False
        sys.stdin.reconfigure(encoding="utf-16" if wide else "utf-8-sig", errors="replace", newline=None)
    for line in sys.stdin:
        yield line.rstrip("\r\n")
