"""What a reference on a page leads to: absolute where it can be made so, as it stands where it is malformed."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_SLASHES: Final = re.compile(r"(https?):[/\\]{2,}", re.IGNORECASE)
"""The start of a web address, be there too many slashes in it or turned ones: browsers mend that unseen."""
_AS_IT_SHOULD_BE: Final = re.compile(r"https?://[^/\\][^\\]*\Z")
_PLACE: Final = re.compile(r"(https?://[^/?#\\]+/)([^?#]*)", re.IGNORECASE)
_PATH: Final = re.compile(r"[^?#]*")
_NOWHERE: Final = ("javascript:", "data:", "vbscript:", "about:", "blob:")
_CANDIDATE: Final = re.compile(r"(?:^|,)\s*+([^\s,]\S*?)(?=,?(?:\s|$))")
_BREAKS: Final = str.maketrans("", "", "\t\r\n")
LONGEST: Final = 8000
"""Characters of an address that are kept; what is longer is a trap or a picture in disguise."""


class Resolver:
    """Resolves references against one base address. Like `urljoin`, but most references need no parsing at all."""

    def __init__(self, base: str) -> None:
        self._base = base
        parts = urlsplit(base)
        self._scheme = f"{parts.scheme}:"
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._page = base.partition("#")[0]
        path = self._page.partition("?")[0]
        self._directory = path[: path.rfind("/") + 1] if parts.path else f"{self._origin}/"
        self._known: dict[str, str] = {}
        self.left_out = False
        """Whether an address was too long to be resolved."""

    def __call__(self, reference: str) -> str:
        """The address that the reference leads to; "" where it leads nowhere (empty, script, inline data)."""
        found = self._known.get(reference)
        if found is None:
            found = self._known[reference] = self._resolve(_on_one_line(reference))
        return found

    def _resolve(self, reference: str) -> str:
        if not reference or len(reference) > LONGEST:
            self.left_out |= bool(reference) and not reference[:12].lower().startswith(_NOWHERE)
            return ""
        start = reference[0]
        if start == "#":
            return self._page + reference
        if reference.startswith("\\\\"):
            return reference
        if _SCHEME.match(reference):
            return self._with_scheme(reference)
        if "\\" in reference:
            reference = _upright(reference)
            start = reference[0]
        if start == "/":
            if reference[1:2] == "/":
                return f"{self._scheme}//{reference.lstrip('/').replace(' ', '%20')}"
            return self._joined(reference, self._origin)
        if start in "?.":
            return self._from_here(reference)
        return self._joined(reference, self._directory)

    def _joined(self, reference: str, start: str) -> str:
        # Only a path with "." or ".." in it needs more than to be appended.
        if "/." in reference:
            return self._from_here(reference)
        return (start + reference).replace(" ", "%20")

    def _with_scheme(self, reference: str) -> str:
        lowered = reference[:12].lower()
        if lowered.startswith(_NOWHERE):
            return ""
        if not lowered.startswith("http"):
            return reference
        if _AS_IT_SHOULD_BE.match(reference) is None:
            reference = _upright(_SLASHES.sub(r"\1://", reference, count=1))
        return without_dots(reference).replace(" ", "%20")

    def _from_here(self, reference: str) -> str:
        try:
            # What names no path is at the page itself.
            return _by_library(self._page if reference[0] in "?;" else self._directory, reference)
        except ValueError:
            return reference


@lru_cache(1024)  # menus are the same on all pages of a folder
def _by_library(base: str, reference: str) -> str:
    return urljoin(base, reference).replace(" ", "%20")


def as_read(reference: str) -> str:
    """The reference of a redirect as browsers read it: on one line, slashes upright, no dots among the names."""
    return without_dots(_upright(_on_one_line(reference)))


def without_dots(address: str) -> str:
    """The web address without "." and ".." in its path: browsers go up by themselves, and never ask a server to."""
    match = _PLACE.match(address) if "/." in address else None
    if match is None:
        return address
    origin, path = match.groups()
    names = path.split("/")
    kept: list[str] = []
    for name in names:
        if name == "..":
            kept[-1:] = []
        elif name != ".":
            kept.append(name)
    if names[-1] in (".", ".."):
        kept.append("")
    return f"{origin}{'/'.join(kept)}{address[match.end() :]}"


def no_address(reference: str) -> str:
    """The reference as it is written where it is no address of anything: a script, inline data; else "".

    What is too long to be kept is "", too.
    """
    plain = _on_one_line(reference)
    return plain if len(plain) <= LONGEST and plain[:12].lower().startswith(_NOWHERE) else ""


def _on_one_line(reference: str) -> str:
    plain = reference.strip()
    return plain if plain.isprintable() else plain.translate(_BREAKS)


def _upright(reference: str) -> str:
    """The reference as browsers read it: a turned slash in its path is a slash."""
    if "\\" not in reference:
        return reference
    return _PATH.sub(lambda path: path[0].replace("\\", "/"), reference, count=1)


def candidates(srcset: str) -> list[str]:
    """The references of a `srcset` attribute."""
    return _CANDIDATE.findall(srcset)
