"""The command run within the test: what people see of it, without the second that each process takes to begin."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from subprocess import CompletedProcess
from typing import TextIO

import pytest

from auditor import errands
from auditor.cli import main
from auditor.commands import links
from auditor.engine import stages
from spiders.link_walk import Patience
from spiders.links import LinkOptions
from spiders.reading import CrawlOptions


def auditor(*words: str) -> CompletedProcess[str]:
    """The command, done, without rests."""
    out, err = io.StringIO(), io.StringIO()
    with without_rests(), redirect_stdout(out), redirect_stderr(err), _logged(err):
        status = main(words)
    return CompletedProcess(words, status, out.getvalue(), err.getvalue())


@contextmanager
def without_rests() -> Iterator[None]:
    """Where an answer failed it is asked for again at once."""
    hurried = partial(LinkOptions, second_look=0.05, patience=Patience(pause=0.01))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "CrawlOptions", partial(CrawlOptions, pause=0.01))
        patch.setattr(errands, "LinkOptions", hurried)
        patch.setattr(links, "LinkOptions", hurried)
        yield


@contextmanager
def _logged(to: TextIO) -> Iterator[None]:
    """What is logged meanwhile is written there, too, as a process writes it on its standard error."""
    handler = logging.StreamHandler(to)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
