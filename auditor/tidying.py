"""How often Python looks for circles among its objects."""

import contextlib
import gc
from collections.abc import Iterator
from typing import Final

_SELDOM: Final = (50_000, 20, 20)


@contextlib.contextmanager
def seldom_tidied() -> Iterator[None]:
    """Python looks for circles among its objects less often: reading makes masses of objects that live for one
    page or post.

    What is there already (modules, policies, the roster) is not looked through each time.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
