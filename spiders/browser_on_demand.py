"""A browser that is not even loaded before a page needs it: most sites have no such page, and loading takes a while."""

import asyncio
import importlib
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Self

from spiders.reading import Rendered, Renderer
from spiders.settings import Manners


class BrowserOnDemand:
    """Renders as `spiders.browser.BrowserRenderer` does, which it opens at the first page. For an `async with`."""

    def __init__(self, executable: Path, manners: Manners) -> None:
        self._executable = executable
        self._manners = manners
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._renderer: Renderer | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    async def render(self, url: str) -> Rendered:
        """The page after its scripts ran. Never raises for what a page or the browser does."""
        return await (await self._opened()).render(url)

    async def _opened(self) -> Renderer:
        async with self._opening:
            if self._renderer is None:
                # Only now, for Playwright takes as long to load as fifty pages to read.
                browser = importlib.import_module("spiders.browser")
                opened: AbstractAsyncContextManager[Renderer]
                opened = browser.BrowserRenderer(self._executable, self._manners)
                self._renderer = await self._open.enter_async_context(opened)
            return self._renderer
