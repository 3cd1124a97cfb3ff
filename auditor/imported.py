"""Modules that are asked for by name, when they are needed."""

import atexit
import gc
import importlib
from types import ModuleType


def imported(name: str) -> ModuleType:
    """The module, by its whole name. What is imported stays, so Python need not look it through for circles, now or at
    the end.

    For all that an audit needs, that would take a quarter of a second.
    """
    gc.disable()
    atexit.register(gc.freeze)
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()
