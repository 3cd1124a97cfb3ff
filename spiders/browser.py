"""Opens a page in a browser, for pages that are empty without one. Whatever the page does, it costs its deadline only.

The browser is a guest in a cell: its only way out is `spiders.egress`, it keeps nothing, downloads nothing, and each
page has a context of its own. A call that hangs is left behind: first the context is closed, then the browser, then
the program that drives it.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from playwright.async_api import Browser, BrowserContext, Page, Playwright, Request, Response, async_playwright
from playwright.async_api import Error as PlaywrightError

from auditor.outlets import landing
from spiders.egress import REFUSAL, Egress
from spiders.settings import MAX_BODY, Manners

log = logging.getLogger(__name__)

STARTS: Final = 3
"""A browser that fails to start so often in a row is not asked again."""
CLOSE_SECONDS: Final = 5.0

_ARGUMENTS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-first-run",
    "--no-pings",
    "--mute-audio",
    "--autoplay-policy=user-gesture-required",
    "--blink-settings=imagesEnabled=false",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)

_BEFORE: Final = """
(() => {
  // Closed shadow trees are opened, so that nothing of a page hides from whoever reads it.
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) { return attach.call(this, {...init, mode: 'open'}); };
  window.open = () => null;
  window.print = () => undefined;
})();
"""
_QUIET: Final = """
([quiet, most]) => new Promise(done => {
  let timer;
  const observer = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, quiet); });
  const last = setTimeout(() => end(), most);
  function end() { observer.disconnect(); clearTimeout(last); clearTimeout(timer); done(true); }
  observer.observe(document, {subtree: true, childList: true, characterData: true});
  timer = setTimeout(end, quiet);
})
"""
_UNFOLD: Final = """
() => {
  const unfold = root => {
    for (const host of root.querySelectorAll('*')) {
      if (!host.shadowRoot) continue;
      unfold(host.shadowRoot);
      const shown = document.createElement('div');
      shown.innerHTML = host.shadowRoot.innerHTML;
      host.append(shown);
    }
  };
  unfold(document);
}
"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as a browser shows it. `problem` says in plain words why it could not be read ("" when it was)."""

    html: str = field(default="", repr=False)
    final_url: str = ""
    status: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost. `settle`: how long a page may go on changing after it was loaded, in seconds."""

    pages: int = 2
    deadline: float = 20.0
    settle: float = 3.0
    quiet: float = 0.5
    recycle: int = 200
    most_bytes: int = 16 * 1024 * 1024


class BrowserRenderer:
    """One browser, started when the first page asks for it, replaced now and then and whenever it hangs."""

    def __init__(self, executable: Path, manners: Manners, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._executable = executable
        self._manners = manners
        self._egress = Egress(manners.guard(), most_bytes=self.limits.most_bytes)
        self._slots = asyncio.Semaphore(self.limits.pages)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._served = 0
        self._active = 0
        self._failures = 0

    async def __aenter__(self) -> Self:
        await self._egress.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stop()
        await self._egress.__aexit__(*exc)

    async def render(self, url: str) -> Rendered:
        """The page after its scripts ran. Never raises for what a page or the browser does."""
        if not url.startswith(("http://", "https://")):
            return Rendered(final_url=url, problem="it is no web address")
        async with self._slots:
            browser = await self._running()
            if browser is None:
                return Rendered(final_url=url, problem="the browser could not be started")
            try:
                async with asyncio.timeout(self.limits.deadline):
                    return await self._in_context(browser, url)
            except TimeoutError:
                return Rendered(final_url=url, problem=f"it was not ready within {self.limits.deadline:g} seconds")
            except PlaywrightError as error:
                return Rendered(final_url=url, problem=_plain(error))

    # -------------------------------------------------------------------------------------------- one page

    async def _in_context(self, browser: Browser, url: str) -> Rendered:
        self._active += 1
        try:
            async with self._context(browser) as context:
                return await self._page(context, url)
        finally:
            self._active -= 1
            self._served += 1

    @contextlib.asynccontextmanager
    async def _context(self, browser: Browser) -> AsyncIterator[BrowserContext]:
        context = await browser.new_context(
            accept_downloads=False,
            ignore_https_errors=False,
            service_workers="block",
            user_agent=_name(browser, self._manners),
            viewport={"width": 1280, "height": 1600},
        )
        try:
            await context.add_init_script(_BEFORE)
            yield context
        finally:
            # In a task of its own: the deadline that brought us here must not stop the cleaning up.
            await asyncio.shield(asyncio.ensure_future(self._dispose(browser, context)))

    async def _page(self, context: BrowserContext, url: str) -> Rendered:
        page = await context.new_page()
        context.on("page", _close_at_once)
        watch = _Watch(page)
        try:
            await page.goto(url, wait_until="domcontentloaded", timeout=self.limits.deadline * 1000)
        except PlaywrightError:
            if not watch.refused:
                raise
        if watch.refused:
            return Rendered(final_url=url, problem="it is on a private network: not visited")
        await self._settle(page, watch)
        await page.evaluate(_UNFOLD)
        html = await page.content()
        if watch.refused:
            return Rendered(final_url=url, problem="it went on to a private network: not visited")
        if watch.crashed:
            return Rendered(final_url=url, status=watch.status, problem="the page brought the browser down")
        if not page.url.startswith(("http://", "https://")):
            return Rendered(final_url=url, status=watch.status, problem="it turned into something that is no web page")
        if len(html) > MAX_BODY:
            return Rendered(final_url=page.url, status=watch.status, problem="it grew too large")
        if landing.read(html).notice == landing.CHALLENGE:
            return Rendered(
                final_url=page.url, status=watch.status, problem="it wants to see a human before it answers"
            )
        return Rendered(html, page.url, watch.status)

    async def _settle(self, page: Page, watch: "_Watch") -> None:
        """Waits until the page is loaded, fetches nothing, and stays as it is; never longer than `settle` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self.limits.settle
        with contextlib.suppress(PlaywrightError):
            await page.wait_for_load_state("load", timeout=self.limits.settle * 1000)
        while (left := until - loop.time()) > 0:
            try:
                await page.evaluate(_QUIET, [self.limits.quiet * 1000, left * 1000])
            except PlaywrightError:  # the page went on to another while we looked
                await asyncio.sleep(min(0.1, left))
                continue
            if not watch.pending:
                return

    # -------------------------------------------------------------------------------------------- the browser

    async def _running(self) -> Browser | None:
        """The browser, fresh where it died or served enough pages; None where it does not start."""
        async with self._starting:
            worn = self._served >= self.limits.recycle and not self._active
            if self._browser is not None and (worn or not self._browser.is_connected()):
                await self._stop()
            if self._browser is None and self._failures < STARTS:
                try:
                    self._browser = await self._start()
                    self._failures = self._served = 0
                except PlaywrightError as error:
                    self._failures += 1
                    log.warning("the browser did not start: %s", str(error).partition("\n")[0])
                    await self._stop()
            return self._browser

    async def _start(self) -> Browser:
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        options: dict[str, Any] = {
            "executable_path": self._executable,
            "args": list(_ARGUMENTS),
            "proxy": {"server": self._egress.address, "bypass": "<-loopback>"},
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
            "timeout": 30_000,
        }
        if _is_root():
            log.debug("running as root: the browser's sandbox is off")
            return await self._playwright.chromium.launch(chromium_sandbox=False, **options)
        try:
            return await self._playwright.chromium.launch(chromium_sandbox=True, **options)
        except PlaywrightError:
            log.warning("the browser does not start with its sandbox here; it is started without")
            return await self._playwright.chromium.launch(chromium_sandbox=False, **options)

    async def _dispose(self, browser: Browser, context: BrowserContext) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await context.close()
        except (TimeoutError, PlaywrightError):
            async with self._starting:
                if self._browser is browser:
                    await self._stop()

    async def _stop(self) -> None:
        """Ends the browser and its driver, whatever state they are in."""
        browser, driver = self._browser, self._playwright
        self._browser = self._playwright = None
        for ending in (browser.close if browser else None, driver.stop if driver else None):
            if ending is not None:
                with contextlib.suppress(TimeoutError, PlaywrightError, OSError):
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await ending()


class _Watch:
    """What a page does while it is open: its answers, what it still fetches, and whether it fell over."""

    def __init__(self, page: Page) -> None:
        self.status = 0
        self.refused = False
        self.crashed = False
        self.pending: set[Request] = set()
        self._page = page
        page.on("response", self._response)
        page.on("request", self._request)
        page.on("requestfinished", self._done)
        page.on("requestfailed", self._done)
        page.on("crash", self._crash)

    def _request(self, request: Request) -> None:
        if request.resource_type in ("fetch", "xhr", "script"):
            self.pending.add(request)

    def _done(self, request: Request) -> None:
        self.pending.discard(request)

    def _response(self, response: Response) -> None:
        with contextlib.suppress(PlaywrightError):
            if response.request.is_navigation_request() and response.frame == self._page.main_frame:
                self.status = response.status
                self.refused = response.headers.get("proxy-status", "") == REFUSAL

    def _crash(self, _: Page) -> None:
        self.crashed = True


async def _close_at_once(page: Page) -> None:
    """A window that a page opens is of no interest to anybody."""
    with contextlib.suppress(PlaywrightError):
        await page.close()


def _name(browser: Browser, manners: Manners) -> str:
    """What we call ourselves: what the browser is, and who sent it."""
    version = browser.version.partition(".")[0]
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{version}.0.0.0 Safari/537.36 {manners.user_agent}"
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _plain(error: PlaywrightError) -> str:
    """The failure in plain words; nothing of the page's own text gets in."""
    text = str(error)
    for sign, words in (
        ("ERR_TUNNEL_CONNECTION_FAILED", "it could not be reached, or is on a private network"),
        ("ERR_CERT", "its security certificate is not trusted"),
        ("ERR_SSL", "no secure connection could be made"),
        ("ERR_TOO_MANY_REDIRECTS", "it forwards in a circle"),
        ("Download is starting", "it is a file and no page"),
        ("ERR_ABORTED", "it is a file and no page"),
        ("ERR_HTTP_RESPONSE_CODE_FAILURE", "its server answers with an error"),
        ("navigating", "it never came to rest"),
        ("context was destroyed", "it never came to rest"),
        ("Timeout", "it was not ready in time"),
        ("crash", "the page brought the browser down"),
        ("closed", "the page brought the browser down"),
    ):
        if sign in text:
            return words
    return "the browser could not open it"
