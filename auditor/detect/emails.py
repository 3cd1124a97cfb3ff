"""E-mail addresses, also in the ways people write them to hide them from robots."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from publicsuffixlist import PublicSuffixList

from auditor.detect.found import Found
from auditor.model import Sort

_LOCAL: Final = r"[.+%'\-]*(?P<local>\w[\w.+%'\-]{0,63})"
_AT: Final = r"\s?[(\[{<]\s?(?:at|arroba|@)\s?[)\]}>]\s?"
_DOT: Final = r"(?:\.|\s?[(\[{<]\s?(?:dot|punto|\.)\s?[)\]}>]\s?|\s(?:dot|punto)\s)"
_LABEL: Final = r"\w(?:[\w\-]{0,61}\w)?"
_PLAIN: Final = re.compile(rf"(?<![\w.+%'@\-]){_LOCAL}@(?P<host>(?:{_LABEL}\.){{1,8}}[^\W\d_]{{2,24}})(?![\w@])")
_VEILED: Final = re.compile(
    rf"(?<![\w.+%'\-]){_LOCAL}(?:{_AT}|\s(?:at|arroba)\s(?=[\w\-]{{1,63}}(?:\s|[(\[{{])\s?(?:dot|punto)\b))"
    rf"(?P<host>(?:{_LABEL}{_DOT}){{1,6}}[^\W\d_]{{2,24}})\b",
    re.IGNORECASE,
)
_VEIL: Final = re.compile(r"[(\[{<]\s?(?:at|arroba|@)\s?[)\]}>]|\b(?:dot|punto)\b", re.IGNORECASE)
_VEIL_SIGNS: Final = ("(", "[", "{", "<", "dot", "punto")
_RESERVED: Final = frozenset({"example", "test", "invalid", "local", "localhost"})
# Endings of files that are also, by now, endings of hosts: logo@2x.zip is a picture.
_FILES: Final = frozenset({"zip", "mov", "app", "py", "sh", "pl", "md", "ps", "ai"})
_SCALED: Final = re.compile(r"\d+x$")


def emails(text: str) -> Iterator[Found]:
    """Every e-mail address of a text; its value in lower case, its form "mailbox" or "email".

    A mailbox is at a service where anybody can have an address.
    """
    if "@" in text:
        for match in _PLAIN.finditer(text):
            yield from _found(match, match["host"])
    lowered = text.lower()
    if any(sign in lowered for sign in _VEIL_SIGNS) and _VEIL.search(text):
        for match in _VEILED.finditer(text):
            yield from _found(match, re.sub(_DOT, ".", match["host"], flags=re.IGNORECASE))


def _found(match: re.Match[str], written: str) -> Iterator[Found]:
    host = written.casefold()
    first, _, ending = host.rpartition(".")
    if not is_ending(ending) or (ending in _FILES and _SCALED.search(first)):
        return
    local = match["local"].rstrip(".'").casefold()
    form = "mailbox" if is_mail_service(host) else "email"
    yield Found(Sort.EMAIL, match.start("local"), match.end(), f"{local}@{host}", 0.98, form)


def is_mail_service(host: str) -> bool:
    """Whether anybody can have an address at this host."""
    name, _, _ = host.partition(".")
    return host in _mail_services() or f"{name}.*" in _mail_services()


def is_ending(label: str) -> bool:
    """Whether host names can end so: a top-level domain, or one reserved for examples."""
    return label in _RESERVED or _suffixes().publicsuffix(f"x.{label}", accept_unknown=False) is not None


@cache
def _suffixes() -> PublicSuffixList:
    """The list as it came with its package; it is never fetched."""
    return PublicSuffixList(accept_unknown=False)


@cache
def _mail_services() -> frozenset[str]:
    lists = tomllib.loads(files("auditor.detect").joinpath("mailboxes.toml").read_text("utf-8"))
    return frozenset(lists["hosts"].split())
