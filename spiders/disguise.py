"""E-mail addresses that a page hides from machines and shows to people: decoded before anybody looks for them."""

import base64
import binascii
import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

PROTECTED: Final = "/cdn-cgi/l/email-protection"
"""The address that stands in for a protected mailbox; it is never a link."""
_CODED: Final = "[data-cfemail]"
_CARRIERS: Final = (
    "data-staff-email",
    "data-email",
    "data-mail",
    "data-enc-email",
    "data-encoded-email",
    "data-email-encoded",
    "data-e-mail",
)
_MAILBOX: Final = re.compile(r"[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}")


def uncover(tree: LexborHTMLParser, html: str) -> list[str]:
    """Writes hidden addresses into the tree where people see them; gives those that were links to write to."""
    found: list[str] = []
    if "mail" not in html:
        return found
    if "data-cfemail" in html:
        for node in tree.css(_CODED):
            decoded = _unmasked(node.attributes.get("data-cfemail") or "")
            if decoded:
                if node.tag == "a":
                    found.append(decoded)
                node.replace_with(decoded)
    if 'mail="' in html or "mail='" in html or "mail-encoded=" in html:
        for node in tree.css(", ".join(f"[{name}]" for name in _CARRIERS)):
            found.extend(_carried(node))
    return found


def _carried(node: LexborNode) -> list[str]:
    attributes = node.attributes
    for name in _CARRIERS:
        decoded = _plain(attributes.get(name) or "")
        if decoded and decoded not in node.text():
            node.insert_child(f" {decoded}")
            return [decoded]
    return []


def unprotected(reference: str) -> str:
    """The mailbox in the fragment of a protected address; "" where there is none."""
    return _unmasked(reference.partition("#")[2])


def _unmasked(code: str) -> str:
    """Cloudflare's code: hex, the first byte is the mask of all others."""
    try:
        mask, *masked = bytes.fromhex(code)
        decoded = bytes(byte ^ mask for byte in masked).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return ""
    return decoded if _MAILBOX.fullmatch(decoded) else ""


def _plain(value: str) -> str:
    """A mailbox written as it is, or in base64; "" for anything else ("hidden", a number, a token)."""
    if _MAILBOX.fullmatch(value.strip()):
        return value.strip()
    try:
        decoded = base64.b64decode(value.strip() + "=" * (-len(value.strip()) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return ""
    return decoded.strip() if _MAILBOX.fullmatch(decoded.strip()) else ""
