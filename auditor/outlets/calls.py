"""Links that reach a person and no page: a mailbox, a telephone number, a chat with a number."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote

_CALL: Final = re.compile(
    r"(?:mailto|tel|sms|smsto|mms|callto|fax|facetime(?:-audio)?|whatsapp|viber|skype|sgnl|signal):"
    r"|https?://(?:(?:www\.)?wa\.me/(?:\+|%2B)?\d{7}|(?:api|web)\.whatsapp\.com/send/?\?(?:[^#]*&)?phone="
    r"|(?:www\.)?(?:t|telegram)\.me/(?:\+|%2B)\d{7,15}(?![\w\-])|signal\.me/#p/)",
    re.IGNORECASE,
)
_WEB: Final = re.compile(r"https?:", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\+?\d{7,15}")
_BOXES: Final = re.compile(r"[,;]")
_ALSO_TO: Final = frozenset({"to", "cc", "bcc"})
_ASKED: Final = frozenset({"phone", "number"})
_USER: Final = re.compile(r"((?:https?|ftp):[/\\]*)[^/?#\\]*@", re.IGNORECASE)


def is_call(url: str) -> bool:
    """Whether a link opens a mail, a telephone or a chat with a number; in capitals, too."""
    return _CALL.match(url) is not None


def called(url: str) -> tuple[str, ...]:
    """The mailboxes and numbers that such a link reaches, as it writes them; those in its copies, too."""
    scheme, _, rest = url.partition(":")
    if _WEB.match(url):
        number = _NUMBER.search(unquote(rest))
        return (number.group(),) if number else ()
    said, _, query = rest.partition("?")
    given = parse_qsl(query.replace("+", "%2B")) if query else []
    if scheme.lower() == "mailto":
        values = [
            *_BOXES.split(unquote(said)),
            *(v for k, vs in given if k.lower() in _ALSO_TO for v in _BOXES.split(vs)),
        ]
    else:
        values = [unquote(said).strip("/"), *(value for key, value in given if key.lower() in _ASKED)]
        values = [value for value in values if "@" in value or any(map(str.isdigit, value))]
    return tuple(dict.fromkeys(text for value in values if (text := " ".join(value.split()))))


def without_user(url: str) -> str:
    """The address without the name and password that somebody left in it; no page is reached by them."""
    return _USER.sub(r"\1", url, count=1) if "@" in url else url
