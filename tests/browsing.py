"""One browser for the tests of a module: starting it takes longer than most pages."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Final, Self, TypeVar

import pytest

from spiders.browser import BrowserRenderer, Limits, Rendered
from spiders.browser_search import find
from spiders.settings import Manners

BROWSER: Final = find()
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no browser on this machine: nothing to render with")

T = TypeVar("T")


class Browsing:
    """A browser in its cell, with an event loop in a thread of its own. `allow` names what it may reach."""

    def __init__(self, allow: tuple[str, ...], limits: Limits | None = None) -> None:
        assert BROWSER is not None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.renderer = BrowserRenderer(BROWSER, Manners(delay=0, allow_networks=allow), limits)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.run(self.renderer.__aexit__(*exc))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of that work in the browser's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def open(self, *urls: str, limits: Limits | None = None) -> list[Rendered]:
        """The pages, side by side as far as the browser's limits let them."""

        async def all_of_them() -> list[Rendered]:
            return await asyncio.gather(*map(self.renderer.render, urls))

        before, self.renderer.limits = self.renderer.limits, limits or self.renderer.limits
        try:
            return self.run(all_of_them())
        finally:
            self.renderer.limits = before
