"""A browser as a running program: how it is started in its cell, and how it is ended whatever state it is in."""

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from auditor.secret import environment
from spiders.watch import ProcessTree, Watch

log = logging.getLogger(__name__)

CLOSE_SECONDS: Final = 3.0
"""What a browser gets to close something by itself."""
START_SECONDS: Final = 30.0

ARGUMENTS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    # Only the proxy looks names up. Whatever gets round it has no addresses to dial.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--no-first-run",
    "--no-pings",
    "--mute-audio",
    "--autoplay-policy=user-gesture-required",
    "--blink-settings=imagesEnabled=false",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)
_DOOR: Final = ("SingletonSocket", "SingletonCookie")
_NOWHERE: Final = "http://127.0.0.1:1"
"""The way out of whatever is not a page's: each page is given a proxy, the browser itself has none that answers."""


class BrowserProgram:
    """One running browser with the program that drives it, and the watch over its memory."""

    def __init__(self, driver: Playwright, browser: Browser, tree: ProcessTree | None, most_memory: int) -> None:
        self.browser = browser
        self.stopped = False
        self.broke_down = False
        """Whether it ended, and it was not we who ended it."""
        self.served = 0
        self.active = 0
        self._driver = driver
        self._tree = tree
        self._watch = Watch(tree, most_memory) if tree else None
        self._profile = _profile(tree) if tree else None
        self._door = _door(self._profile) if self._profile else None
        browser.on("disconnected", self._gone)

    @classmethod
    async def start(cls, executable: Path, most_memory: int, sandboxed: "Sandbox") -> Self:
        """Raises `PlaywrightError` where it does not start."""
        driver = await async_playwright().start()
        mark = f"--auditor-cell={secrets.token_hex(8)}"
        try:
            browser = await sandboxed.launch(lambda inside: _launch(driver, executable, mark, sandbox=inside))
        except PlaywrightError:
            await _quietly(driver.stop)
            raise
        tree = await asyncio.to_thread(ProcessTree.started_with, mark)
        if tree is None:
            log.warning("the browser's processes were not found: its memory has no bounds")
        return cls(driver, browser, tree, most_memory)

    @property
    def lives(self) -> bool:
        """Whether it still answers."""
        return not self.stopped and self.browser.is_connected()

    @property
    def too_heavy(self) -> int:
        """How often a page was ended because it took too much memory."""
        return self._watch.ended if self._watch else 0

    async def is_down(self) -> bool:
        """Whether it is gone. Where it is, that is not said before the driver noticed, so that all agree on it."""
        if self._tree is not None and not await asyncio.to_thread(lambda tree: tree.stands, self._tree):
            until = time.monotonic() + CLOSE_SECONDS
            while self.lives and time.monotonic() < until:
                await asyncio.sleep(0.02)
        return not self.lives

    def _gone(self, _: Browser) -> None:
        self.broke_down = not self.stopped

    def begin(self) -> None:
        """A page is opened."""
        self.active += 1
        if self._watch:
            self._watch.busy.set()

    def finish(self) -> None:
        """A page was closed."""
        self.active -= 1
        self.served += 1
        if self._watch and not self.active:
            self._watch.busy.clear()

    async def stop(self, *, hangs: bool = False) -> None:
        """Ends the browser and its driver: politely first, unless it `hangs`, and then for good."""
        if self.stopped:
            return
        self.stopped = True
        if not hangs:
            await _quietly(self.browser.close)
        if self._watch:
            await asyncio.to_thread(self._watch.close)
        if self._tree:
            await asyncio.to_thread(self._tree.end)
        if self._door:
            _take_away(self._door)
        # It is the driver that throws the browser's profile away, once it has heard that the browser is gone.
        if self._profile:
            await _until_gone(self._profile)
        await _quietly(self._driver.stop)
        if self._tree and self._tree.parent:
            await asyncio.to_thread(self._tree.parent.end)


class Sandbox:
    """Whether the browser shuts itself in. Said once where it cannot, however often it is started."""

    def __init__(self) -> None:
        self._possible = not _is_root()
        self._said = False

    async def launch(self, start: Callable[[bool], Any]) -> Browser:
        """Starts the browser inside its sandbox where that is possible, else without."""
        if self._possible:
            try:
                return await start(True)  # type: ignore[no-any-return]
            except PlaywrightError:
                browser = await start(False)
            # It was the sandbox that kept it from starting.
            self._possible = False
            self._say("it does not start with its sandbox on this machine")
            return browser  # type: ignore[no-any-return]
        if _is_root():
            self._say("audits run as root; an ordinary user is safer")
        return await start(False)  # type: ignore[no-any-return]

    def _say(self, why: str) -> None:
        if not self._said:
            log.warning("the browser runs without its sandbox: %s", why)
            self._said = True


async def _launch(driver: Playwright, executable: Path, mark: str, *, sandbox: bool) -> Browser:
    return await driver.chromium.launch(
        executable_path=executable,
        args=[*ARGUMENTS, mark],
        proxy={"server": _NOWHERE, "bypass": "<-loopback>"},
        chromium_sandbox=sandbox,
        env={**environment()},
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
        timeout=START_SECONDS * 1000,
    )


def _profile(tree: ProcessTree) -> Path | None:
    """The folder in which a browser keeps what is its own."""
    named = next((word.partition("=")[2] for word in tree.arguments() if word.startswith("--user-data-dir=")), "")
    return Path(named) if named else None


async def _until_gone(folder: Path) -> None:
    until = time.monotonic() + CLOSE_SECONDS
    while await asyncio.to_thread(folder.exists) and time.monotonic() < until:
        await asyncio.sleep(0.02)


def _door(profile: Path) -> Path | None:
    """The folder in which a browser listens for others of its kind; it outlives a browser that is ended."""
    try:
        return (profile / _DOOR[0]).readlink().parent
    except OSError:
        return None


def _take_away(door: Path) -> None:
    with contextlib.suppress(OSError):
        for name in _DOOR:
            (door / name).unlink(missing_ok=True)
        door.rmdir()  # not where anything else is in it


async def _quietly(ending: Callable[[], Any]) -> None:
    with contextlib.suppress(TimeoutError, PlaywrightError, OSError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await ending()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
