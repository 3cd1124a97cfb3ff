"""Bytes to text, and text to clean text: what no database, report or matcher should ever meet ends at this door."""

import codecs
import re
from typing import Final

from auditor.lazy_pattern import LazyPattern

CONTROL: Final = bytes((*range(9), 11, 12, *range(14, 32), 127))
"""ASCII control characters, all but tab, line feed and carriage return."""
_PLAIN: Final = bytes(byte for byte in range(128) if byte not in CONTROL)
_CONTROLS: Final = tuple(CONTROL.decode("ascii"))
_DIRT: Final = LazyPattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\ud800-\udfff"  # lone surrogates
    "\ufdd0-\ufdef\ufffe\uffff"  # noncharacters
    "\u202a-\u202e\u2066-\u2069"  # overrides and isolates of the writing direction
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_REFERENCE: Final = LazyPattern(
    r"&#(?:[xX](?=[0-9a-fA-F])0*+([0-9a-fA-F]{0,6})(?![0-9a-fA-F])|(?=[0-9])0*+([0-9]{0,7})(?![0-9]));?"
)
"""What is longer, leading zeros aside, is no character, and the parser says so."""
_UNMAPPED: Final = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})
_DECLARED: Final = re.compile(rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_XML_DECLARED: Final = re.compile(rb"""^\s*<\?xml\b[^>]{0,100}?encoding\s*=\s*["']([\w:.-]{2,40})""", re.IGNORECASE)
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LATIN: Final = frozenset({"ascii", "iso8859-1", "cp1252"})
"""Codecs that browsers all read as windows-1252."""
_NEVER: Final = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_SEVEN_BIT: Final = frozenset({"iso2022_jp", "hz"})
"""Codecs whose bytes are all ASCII, so that "is it valid UTF-8?" says nothing about them."""


def clean(text: str) -> str:
    """The text without control characters, lone surrogates, noncharacters and direction overrides."""
    if text.isascii():
        return text.encode("ascii").translate(None, CONTROL).decode("ascii")
    # What can be printed is no dirt. This tells so of nearly every page, in a tenth of the pattern's time.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    if rest.replace("\xa0", "").isprintable() or not _DIRT.search(rest):
        return text
    return _DIRT.sub("", text)


def clean_markup(html: str) -> str:
    """HTML that holds no dirt, neither as it stands nor as a numeric character reference."""
    # Looking for each of the characters takes less than writing a whole page anew without them.
    if not html.isascii() or any(map(html.__contains__, _CONTROLS)):
        html = clean(html)
    # One character is found in a hundredth of the time that two take.
    return _REFERENCE.sub(_clean_reference, html) if "&" in html and "&#" in html else html


def _clean_reference(match: re.Match[str]) -> str:
    written, base = (match[2], 10) if match[1] is None else (match[1], 16)
    number = int(written or "0", base)
    # The parser reads most of C1 as windows-1252, and puts a mark for what is no character.
    dirty = number < 0x110000 and number not in range(0x80, 0xA0) and clean(chr(number)) == ""
    return "" if dirty or number in _UNMAPPED else match[0]


def decode(body: bytes, declared: str = "") -> str:
    """The text of a page. `declared` is the charset of the HTTP header.

    A byte order mark wins. Then what is valid UTF-8 is read as such, whatever the page says of itself; else the
    header's charset, else the page's own, else windows-1252. Never raises; UTF-7 is never used.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    codec = _codec(declared) or _codec(_written(body))
    if codec in _SEVEN_BIT or codec.startswith(("utf-16", "utf-32")):
        return body.decode(codec, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _broken(body, codec)


def _broken(body: bytes, codec: str) -> str:
    """What is no valid UTF-8: a page in another charset, or one in UTF-8 with a slip of the pen in it."""
    if codec and codec not in _LATIN and codec != "utf-8":
        return body.decode(codec, "replace")
    mended = body.decode("utf-8", "replace")
    letters = sum(c > "\x7f" for c in mended)
    if mended.count("\ufffd") * 5 < letters:
        return mended
    return body.decode("cp1252", "replace")


def _written(body: bytes) -> str:
    start = body[:2048]
    match = _XML_DECLARED.search(start) or _DECLARED.search(start)
    # A page that could tell its charset in UTF-16 would not have been read so far.
    return match[1].decode("ascii") if match and not match[1].lower().startswith(b"utf-16") else ""


def _codec(label: str) -> str:
    """Python's name for a charset; "" for one that it does not know or must not use."""
    try:
        name = codecs.lookup(label.strip()).name if label else ""
        "".encode(name or "utf-8")
    except (LookupError, ValueError, TypeError):
        return ""
    return "" if name in _NEVER else name
