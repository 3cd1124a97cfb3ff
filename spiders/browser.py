"""Opens a page in a browser, for pages that are empty without one. Whatever the page does, it costs its deadline only.

The browser is a guest in a cell: its only way out is `spiders.egress`, it keeps nothing, downloads nothing, and each
page has a context of its own. A call that hangs is left behind: first the context is closed, then the browser, then
the program that drives it.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from playwright.async_api import Browser, BrowserContext, Page, Request, Response
from playwright.async_api import Error as PlaywrightError

from auditor.outlets import landing
from spiders.browser_program import CLOSE_SECONDS, BrowserProgram, Sandbox
from spiders.egress import MOST_BYTES, MOST_CONNECTIONS, MOST_IN_ALL, REFUSAL, Egress
from spiders.fetch import host_of
from spiders.settings import MAX_BODY, Manners

log = logging.getLogger(__name__)

STARTS: Final = 3
"""A browser that fails to start so often in a row is not asked again."""
BREAKDOWNS: Final = 3
"""Pages of one host, and hosts one after the other, over which a browser may break down before it is given up."""
TRIES: Final = 2
"""A page over which the browser breaks down is tried again: it may have been the page beside it."""

GIVEN_UP: Final = "the browser broke down three times in a row and was given up"
_CRASHED: Final = "the page brought the browser down"

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
    """A page as a browser shows it. `problem` says in plain words why it could not be read ("" when it was).

    `missing` says what of a page that was read may be missing ("" where nothing is).
    """

    html: str = field(default="", repr=False)
    final_url: str = ""
    status: int = 0
    problem: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost. `settle`: how long a page may go on changing after it was loaded, in seconds.

    `most_bytes` holds for one answer, `most_in_all` for all that a page fetches and sends. `most_memory` is what the
    browser may take with all its processes, in bytes.
    """

    pages: int = 2
    deadline: float = 20.0
    settle: float = 3.0
    quiet: float = 0.5
    recycle: int = 200
    most_bytes: int = MOST_BYTES
    most_in_all: int = MOST_IN_ALL
    most_connections: int = MOST_CONNECTIONS
    most_memory: int = 1536 * 1024 * 1024


class BrowserRenderer:
    """One browser, started when the first page asks for it, replaced now and then and whenever it hangs."""

    def __init__(self, executable: Path, manners: Manners, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._executable = executable
        self._manners = manners
        self._sandbox = Sandbox()
        self._slots = asyncio.Semaphore(self.limits.pages)
        self._starting = asyncio.Lock()
        self._program: BrowserProgram | None = None
        self._failures = 0
        self._breakdowns: Counter[str] = Counter()
        self._in_a_row: set[str] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stop()

    async def render(self, url: str) -> Rendered:
        """The page after its scripts ran. Never raises for what a page or the browser does."""
        if not url.startswith(("http://", "https://")):
            return Rendered(final_url=url, problem="it is no web address")
        host = host_of(url)
        async with self._slots:
            for _ in range(TRIES):
                if self._is_given_up(host):
                    return Rendered(final_url=url, problem=GIVEN_UP)
                program = await self._running()
                if program is None:
                    return Rendered(final_url=url, problem="the browser could not be started")
                shown = await self._attempt(program, url)
                self._remember(program, host)
                if program.lives or shown.problem != _CRASHED:
                    break
            return shown

    async def _attempt(self, program: BrowserProgram, url: str) -> Rendered:
        shown = await self._opened(program, url)
        if shown.problem and await program.is_down() and program.broke_down:
            return Rendered(final_url=url, problem=_CRASHED)
        return shown

    async def _opened(self, program: BrowserProgram, url: str) -> Rendered:
        heavy = program.too_heavy
        program.begin()
        try:
            async with asyncio.timeout(self.limits.deadline):
                return await self._in_context(program, url)
        except TimeoutError:
            return Rendered(final_url=url, problem=f"it was not ready within {self.limits.deadline:g} seconds")
        except PlaywrightError as error:
            why = _plain(error)
            if why == _CRASHED and program.too_heavy > heavy:
                why = "it took more memory than a page may"
            return Rendered(final_url=url, problem=why)
        finally:
            program.finish()

    # -------------------------------------------------------------------------------------------- one page

    async def _in_context(self, program: BrowserProgram, url: str) -> Rendered:
        """In a context of its own, behind a proxy of its own: what one page spends, no other lacks."""
        async with self._egress() as egress, self._context(program, egress) as context:
            shown = await self._page(context, url)
        if egress.withheld and not shown.problem:
            return replace(shown, missing="it fetches more than a page may; what it shows may not be all")
        return shown

    def _egress(self) -> Egress:
        limits = self.limits
        return Egress(
            self._manners.guard(),
            most_bytes=limits.most_bytes,
            most_in_all=limits.most_in_all,
            most_connections=limits.most_connections,
        )

    @contextlib.asynccontextmanager
    async def _context(self, program: BrowserProgram, egress: Egress) -> AsyncIterator[BrowserContext]:
        try:
            context = await program.browser.new_context(
                accept_downloads=False,
                ignore_https_errors=False,
                proxy={"server": egress.address, "bypass": "<-loopback>"},
                service_workers="block",
                user_agent=_name(program.browser, self._manners),
                viewport={"width": 1280, "height": 1600},
            )
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.ensure_future(self._end(program)))  # it does not even open a page
            raise
        try:
            await context.add_init_script(_BEFORE)
            yield context
        finally:
            # In a task of its own: the deadline that brought us here must not stop the cleaning up.
            await asyncio.shield(asyncio.ensure_future(self._dispose(program, context)))

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
            return Rendered(final_url=url, status=watch.status, problem=_CRASHED)
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

    async def _running(self) -> BrowserProgram | None:
        """The browser, fresh where it died or served enough pages; None where it does not start."""
        async with self._starting:
            program = self._program
            worn = program is not None and program.served >= self.limits.recycle and not program.active
            if program is not None and (worn or not program.lives):
                await self._stop()
            if self._program is None and self._failures < STARTS:
                try:
                    self._program = await BrowserProgram.start(self._executable, self.limits.most_memory, self._sandbox)
                    self._failures = 0
                except PlaywrightError as error:
                    self._failures += 1
                    log.warning("the browser did not start: %s", str(error).partition("\n")[0])
            return self._program

    def _remember(self, program: BrowserProgram, host: str) -> None:
        """Whether the browser stood the last page of that host, or broke down over it."""
        if program.lives:
            self._in_a_row.clear()
            self._breakdowns.pop(host, None)
        elif program.broke_down:
            self._in_a_row.add(host)
            self._breakdowns[host] += 1
            if self._is_given_up(host):
                log.warning("%s: %s", "all pages" if len(self._in_a_row) >= BREAKDOWNS else host, GIVEN_UP)

    def _is_given_up(self, host: str) -> bool:
        """A host alone where only its pages bring the browser down; the browser where those of other hosts do so."""
        return self._breakdowns[host] >= BREAKDOWNS or len(self._in_a_row) >= BREAKDOWNS

    async def _dispose(self, program: BrowserProgram, context: BrowserContext) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await context.close()
        except (TimeoutError, PlaywrightError):
            await self._end(program)

    async def _end(self, program: BrowserProgram) -> None:
        """Ends that browser, which hangs, if it is not gone by now."""
        async with self._starting:
            if self._program is program and program.lives:
                await self._stop(hangs=True)

    async def _stop(self, *, hangs: bool = False) -> None:
        program, self._program = self._program, None
        if program is not None:
            await program.stop(hangs=hangs)


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


def _plain(error: PlaywrightError) -> str:
    """The failure in plain words; nothing of the page's own text gets in."""
    text = str(error).partition("\n")[0].partition(" at http")[0]  # the rest is the page's address
    for sign, words in (
        ("crash", _CRASHED),
        ("has been closed", _CRASHED),
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
        ("closed", _CRASHED),
    ):
        if sign in text:
            return words
    return "the browser could not open it"
