"""E-mail addresses, also in the ways people write them to hide them from robots."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from publicsuffixlist import PublicSuffixList

from auditor.detect.found import Found
from auditor.detect.glance import Glance
from auditor.model import Sort

_LOCAL: Final = r"[.+%'\-]*(?P<local>\w[\w.+%'\-]{0,63})"
_AT: Final = r"\s?[(\[{<]\s?(?:at|arroba|@)\s?[)\]}>]\s?"
_DOT: Final = r"(?:\.|\s?[(\[{<]\s?(?:dot|punto|\.)\s?[)\]}>]\s?|\s(?:dot|punto)\s)"
_LABEL: Final = r"\w(?:[\w\-]{0,61}\w)?"
_HOST: Final = re.compile(rf"(?P<host>(?:{_LABEL}\.){{1,8}}[^\W\d_]{{2,24}})(?![^\W\d]|[_@])")
_SIGNS_OF_LOCAL: Final = ".+%'-"
_LONGEST_LOCAL: Final = 64
_LONGEST_BEFORE: Final = 80
"""With signs in front of it that are none of a mailbox's."""


def _around_at(code: int) -> int:
    if chr(code) in "([{<":
        return ord("(")
    if chr(code) in ")]}>":
        return ord(")")
    return ord("a") if code >= 0x80 or chr(code).isalnum() or chr(code) in "_+-%" else code


_AROUND_AT: Final = bytes(map(_around_at, range(256)))
"""Makes what may stand beside the sign in an address one letter, and every bracket a round one."""
_SIGN: Final = b"@"
_DOT_SIGN: Final = b"."
_SPACE: Final = 0x20
_OPEN: Final = 0x28
_CLOSED: Final = 0x29
_A_LETTER: Final = 0x61
AT_WORDS: Final = frozenset([b"at", b"arroba"])
DOT_WORDS: Final = frozenset([b"dot", b"punto"])
_OPENED: Final = re.compile(rb"[(\[{<]\s?(?:at|arroba)\s?[)\]}>]", re.IGNORECASE)
_VEILED: Final = re.compile(
    rf"(?<![\w.+%'\-]){_LOCAL}(?:{_AT}|\s(?:at|arroba)\s(?=[\w\-]{{1,63}}(?:\s|[(\[{{])\s?(?:dot|punto)\b))"
    rf"(?P<host>(?:{_LABEL}{_DOT}){{1,6}}[^\W\d_]{{2,24}})\b",
    re.IGNORECASE,
)
_SERVICES: Final = (
    "gmail googlemail yahoo ymail hotmail outlook icloud aol msn comcast protonmail proton charter bresnan"
)
SERVICE_WORDS: Final = frozenset(_SERVICES.encode().split())
"""Mail services that people name in a sentence: "write to anna at gmail.com"."""
_APART: Final = re.compile(
    rf"(?<![\w.+%'@\-]){_LOCAL}(?P<sign> ?@ ?|\s(?:at|arroba)\s)"
    rf"(?P<host>(?:{_LABEL}(?:\.|\s(?:dot|punto)\s)){{1,4}}[^\W\d_]{{2,24}})(?![^\W\d]|[_@])",
    re.IGNORECASE,
)
"""Spaces around the sign, or a word for it or for the dot."""
_LIKE_A_MAILBOX: Final = re.compile(r"[^\W\d_][\w+%'\-]*(?:\d|[._]\w)[\w.+%'\-]*\w|[^\W\d_]+\d+")
_NOBODY: Final = """
a an the us me you him her it them this that your my our his their its any all only no and or of to in on with for by
from is are was be use using have has mail email emails account accounts address addresses contact write send look log
login here out find found page site online available
"""
_NO_MAILBOXES: Final = frozenset(_NOBODY.split())
"""Words before "at gmail.com" that are nobody's mailbox."""
_IN_ADDRESS: Final = re.compile(r"://[^\s/@]*\Z")
_VEIL: Final = re.compile(r"[(\[{<]\s?(?:at|arroba|@)\s?[)\]}>]|\b(?:dot|punto)\b", re.IGNORECASE)
_VEIL_SIGNS: Final[tuple[str, ...]] = ("(", "[", "{", "<", "dot", "punto")
_RESERVED: Final = frozenset({"example", "test", "invalid", "local", "localhost"})
# Endings of files that are also, by now, endings of hosts: logo@2x.zip is a picture.
_FILES: Final = frozenset({"zip", "mov", "app", "py", "sh", "pl", "md", "ps", "ai"})
_NO_HOSTS: Final = """
png jpg jpeg gif svg webp bmp ico tif tiff heic pdf doc docx xls xlsx ppt pptx csv txt rtf html htm php asp aspx jsp css
js json xml mp3 mp4 wav avi webm exe dmg gz tar rar bak tmp
"""
_NO_ENDINGS: Final = frozenset(_NO_HOSTS.split())
_SURE: Final = 0.98
_MISSPELT: Final = 0.7
"""No host ends so: "jo@mail.con". It is somebody's address all the same."""
_SCALED: Final = re.compile(r"\d+x$")


def emails(text: str) -> Iterator[Found]:
    """Every e-mail address of a text; its value in lower case, its form "mailbox" or "email".

    A mailbox is at a service where anybody can have an address.
    """
    for at in _at_signs(text):
        start = _begin_of_local(text, at)
        if start < 0:
            continue
        host = _HOST.match(text, at + 1)
        if host is not None and not _is_in_address(text, start):
            found = _found(start, host.end(), text[start:at], host["host"])
            if found is not None:
                yield found
    lowered = text.lower()
    if _may_be_apart(lowered):
        yield from _apart(text)
    if any(sign in lowered for sign in _VEIL_SIGNS) and _VEIL.search(text):
        for match in _VEILED.finditer(text):
            unveiled = re.sub(_DOT, ".", match["host"], flags=re.IGNORECASE)
            found = _found(match.start("local"), match.end(), match["local"], unveiled)
            if found is not None:
                yield found


def _may_be_apart(lowered: str) -> bool:
    if "@ " in lowered or " @" in lowered or ("@" in lowered and (" dot " in lowered or " punto " in lowered)):
        return True
    return (" at " in lowered or " arroba " in lowered) and _SERVICE.search(lowered) is not None


_SERVICE: Final = re.compile(rf"\s(?:at|arroba)\s(?:{_SERVICES.replace(' ', '|')})\b")


def _apart(text: str) -> Iterator[Found]:
    """Mailboxes with spaces around the sign, or with a word for it.

    "Meet us @ school.example" is none: the host is where anybody has mail, or the name one that only mailboxes have.
    """
    for match in _APART.finditer(text):
        host = re.sub(r"\s(?:dot|punto)\s", ".", match["host"], flags=re.IGNORECASE).casefold()
        local = match["local"].casefold()
        sign = match["sign"]
        if sign == "@" and "." in match["host"] and " " not in match["host"]:
            continue  # an address as all are
        if not is_ending(host.rpartition(".")[2]) or not any(map(str.isalpha, local)):
            continue
        if sign.strip() == "@" or is_mail_service(host):
            sure = sign == "@" or _LIKE_A_MAILBOX.fullmatch(local) is not None
            if sure or (is_mail_service(host) and local not in _NO_MAILBOXES):
                found = _found(match.start("local"), match.end(), match["local"], host)
                if found is not None:
                    yield found


def may_hold_email(seen: Glance) -> bool:
    """Whether there can be an e-mail address in a text, veiled or not."""
    return _has_sign(seen.raw) or may_be_veiled(seen) or _may_be_spoken(seen)


def _may_be_spoken(seen: Glance) -> bool:
    return not AT_WORDS.isdisjoint(seen.spoken) and not SERVICE_WORDS.isdisjoint(seen.spoken)


def _has_sign(raw: bytes) -> bool:
    """Whether the sign stands between letters, or in brackets."""
    pieces = raw.split(_SIGN)
    for n in range(1, len(pieces)):  # noqa: SIM110  a generator takes twice as long
        if _are_of_sign(pieces[n - 1], pieces[n]):
            return True
    return False


def _are_of_sign(before: bytes, after: bytes) -> bool:
    """Whether what stands before and behind a sign makes it one of an address, perhaps behind a space."""
    if not before or not after:
        return False
    front, back = _AROUND_AT[before[-1]], _AROUND_AT[after[0]]
    if front == _A_LETTER and back == _A_LETTER:
        return True
    if (front, back) in _SPACED_OUT and _names_a_host(after):
        return True
    if front == _SPACE and len(before) > 1:
        front = _AROUND_AT[before[-2]]
    if back == _SPACE and len(after) > 1:
        back = _AROUND_AT[after[1]]
    return front == _OPEN and back == _CLOSED


_SPACED_OUT: Final = frozenset({(_SPACE, _A_LETTER), (_A_LETTER, _SPACE), (_SPACE, _SPACE)})


def _names_a_host(after: bytes) -> bool:
    """Whether the first word behind a sign has a dot inside it."""
    beginning = after[:_LONGEST_HOST].lstrip()
    dot = beginning.find(_DOT_SIGN)
    if dot < 0 or 0 <= beginning.find(b" ") < dot:  # nearly always: it was somebody's account
        return False
    words = beginning.split(None, 1)
    return bool(words) and _DOT_SIGN in words[0].rstrip(b".,!?")


_LONGEST_HOST: Final = 80


def may_be_veiled(seen: Glance) -> bool:
    """Whether there can be an e-mail address without its sign."""
    if AT_WORDS.isdisjoint(seen.spoken):
        return False
    return not DOT_WORDS.isdisjoint(seen.spoken) or _OPENED.search(seen.raw) is not None


def _at_signs(text: str) -> Iterator[int]:
    """Where a sign stands between what may be a mailbox and a host; not that of "@anna"."""
    at = text.find("@")
    while at >= 0:
        if at and (text[at - 1].isalnum() or text[at - 1] in "_.+%'-") and text[at + 1 : at + 2].isalnum():
            yield at
        at = text.find("@", at + 1)


def _begin_of_local(text: str, at: int) -> int:
    """Where the mailbox in front of the sign at that place begins; -1 where none stands there.

    Looks back no farther than a mailbox may reach: what stands there is taken for the beginning of the text.
    """
    least = max(0, at - _LONGEST_BEFORE)
    begin = at
    while begin > least and (text[begin - 1].isalnum() or text[begin - 1] == "_" or text[begin - 1] in _SIGNS_OF_LOCAL):
        begin -= 1
    if begin > least and text[begin - 1] == "@":
        return -1
    while begin < at and text[begin] in _SIGNS_OF_LOCAL:
        begin += 1
    return begin if 0 < at - begin <= _LONGEST_LOCAL else -1


def _is_in_address(text: str, start: int) -> bool:
    """Whether what seems a mailbox is a part of a page's address: "https://anna@host.example"."""
    before = text[max(0, start - _LONGEST_BEFORE) : start]
    return "://" in before and _IN_ADDRESS.search(before) is not None


def _found(start: int, end: int, mailbox: str, written: str) -> Found | None:
    host = written.casefold()
    first, _, ending = host.rpartition(".")
    known = is_ending(ending)
    if ending in _NO_ENDINGS or (first.endswith("x") and _SCALED.search(first) and (ending in _FILES or not known)):
        return None
    local = mailbox.rstrip(".'").casefold()
    form = "mailbox" if is_mail_service(host) else "email"
    return Found(Sort.EMAIL, start, end, f"{local}@{host}", _SURE if known else _MISSPELT, form)


def is_mail_service(host: str) -> bool:
    """Whether anybody can have an address at this host."""
    services = _mail_services()
    return host in services or f"{host.partition('.')[0]}.*" in services


@lru_cache(maxsize=1024)
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
