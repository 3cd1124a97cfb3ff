"""Prints a page of our own as a PDF, with the browser that is installed: offline, without JavaScript, tagged."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError


def pdfs(pages: Mapping[str, str], executable: Path) -> Iterator[tuple[str, bytes]]:
    """The pages (name -> HTML) as PDF files, with an outline and with tags for those who read by ear.

    Raises `PrintingError` where the browser cannot be used.
    """
    try:
        with sync_playwright() as playwright, _started(playwright, executable) as browser:
            for name, page in pages.items():
                yield name, _printed(browser, page)
    except PlaywrightError as error:
        raise PrintingError(str(error).strip().partition("\n")[0]) from None


class PrintingError(Exception):
    """The browser did not print; the text says why."""


@contextmanager
def _started(playwright: Playwright, executable: Path) -> Iterator[Browser]:
    """The browser in its sandbox, where the system lets it have one."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=not root)
    except PlaywrightError:
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
    try:
        yield browser
    finally:
        browser.close()


def _printed(browser: Browser, html: str) -> bytes:
    with browser.new_context(offline=True, java_script_enabled=False) as context:
        page = context.new_page()
        page.set_content(html, wait_until="load", timeout=30_000)
        return page.pdf(prefer_css_page_size=True, tagged=True, outline=True, print_background=True)
