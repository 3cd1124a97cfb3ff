"""Finds a browser on this machine: Chromium, Chrome or Edge, whichever is there."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "AUDITOR_BROWSER"
"""The environment variable that names a browser's program."""
PROBE_SECONDS: Final = 20.0

_COMMANDS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "msedge",
)
_MAC: Final = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS: Final = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_WINDOWS_ROOTS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_OF_PLAYWRIGHT: Final = {
    "win32": ("chromium-*/chrome-win*/chrome.exe",),
    "darwin": ("chromium-*/chrome-mac*/*.app/Contents/MacOS/*",),
    "linux": ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/chrome-*linux*/*headless*shell"),
}


def find(configured: str = "", environment: Mapping[str, str] | None = None) -> Path | None:
    """The browser to be used, or None where there is none.

    What somebody names, in the configuration or in `AUDITOR_BROWSER`, comes first; then the system's own; then the
    one that Playwright keeps for itself. Whoever names a browser that is not there gets none: they meant that one.
    """
    env = os.environ if environment is None else environment
    named = configured or env.get(VARIABLE, "")
    if named:
        path = Path(named).expanduser()
        found = path if path.is_file() else shutil.which(named)
        return Path(found) if found else None
    return next(_candidates(env), None)


def starts_inside_its_sandbox(browser: Path) -> bool:
    """Whether that browser starts where it has to shut itself in. Opens an empty page, and reaches nothing."""
    with tempfile.TemporaryDirectory(prefix="auditor-browser-") as profile:
        words = [str(browser), "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
        offline = ["--proxy-server=127.0.0.1:1", "--disable-background-networking", "--dump-dom", "about:blank"]
        try:
            done = subprocess.run(  # noqa: S603  a browser that a person installed
                [*words, *offline], check=False, capture_output=True, timeout=PROBE_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0 and b"<html" in done.stdout


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    search = env.get("PATH")
    yield from (Path(found) for name in _COMMANDS if (found := shutil.which(name, path=search)))
    if sys.platform == "darwin":
        roots = (Path("/Applications"), Path.home() / "Applications")
        yield from (root / name for root in roots for name in _MAC if (root / name).is_file())
    if sys.platform == "win32":
        roots = tuple(Path(env[name]) for name in _WINDOWS_ROOTS if env.get(name))
        yield from (root / name for root in roots for name in _WINDOWS if (root / name).is_file())
    kept = _playwright_folder(env)
    for pattern in _OF_PLAYWRIGHT.get(sys.platform, _OF_PLAYWRIGHT["linux"]):
        yield from sorted((p for p in kept.glob(pattern) if p.is_file()), reverse=True)


def _playwright_folder(env: Mapping[str, str]) -> Path:
    """Where Playwright keeps the browsers that it fetched."""
    chosen = env.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if chosen and chosen != "0":
        return Path(chosen)
    if sys.platform == "win32":
        return Path(env.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "ms-playwright"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(env.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))) / "ms-playwright"
