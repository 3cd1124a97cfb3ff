"""The words of handle probes: a site that a manifest describes, an answer of it, and what is told at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

HANDLE: Final = "{account}"
"""What stands for the handle in addresses and in what is posted."""


class Verdict(StrEnum):
    """What is told of a handle at a site. Whatever is not plainly one of the first two is the third."""

    FOUND = "found"
    NOT_FOUND = "not found"
    UNCHECKED = "could not check"


@dataclass(frozen=True, slots=True)
class Probed:
    """A handle at a site, as it is told. `url` is the address where a person looks; `category` is the manifest's."""

    site: str
    handle: str
    url: str
    verdict: Verdict
    why: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a site's answer is understood.

    `yes_codes`: statuses of an answer for an account; None where every 2xx is one. `yes_text` must then stand in it.
    `no_codes` and `no_texts` mark the answer for a handle that nobody has; one text is enough. Where there are texts,
    a status of `no_codes` alone proves nothing. `no_place`: where visitors are sent who ask for such a
    handle. `follows`: whether a redirect to another spelling of the page may be followed.
    """

    yes_codes: frozenset[int] | None = None
    yes_text: str = ""
    no_codes: frozenset[int] = frozenset()
    no_texts: tuple[str, ...] = ()
    no_place: str = ""
    follows: bool = True


@dataclass(frozen=True, slots=True)
class Site:
    """One site of a manifest. `HANDLE` stands for the handle in `url`, `shown`, `body` and the place of the marks.

    `url` is asked (`body` makes it a POST, with those headers), `shown` is where a person looks. `known` are handles
    that the manifest says are there. `pattern` is what the site allows as a handle, `dropped` which characters it
    leaves out. `refused` says why nobody asks it at all.
    """

    name: str
    url: str
    shown: str
    marks: Marks
    known: tuple[str, ...] = ()
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    dropped: str = ""
    category: str = ""
    sensitive: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a handle put into a site's templates. `body` makes it a POST."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site sent. `status` is 0 where it sent nothing; then `problem` says why.

    `headers` have names in lower case. `location` is the absolute address that a redirect names, and `to_login` tells
    that it is a login. `body` is as much as was needed. `broke` tells that the connection broke off.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    location: str = ""
    to_login: bool = False
    problem: str = ""
    broke: bool = False
