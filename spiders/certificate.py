"""Why a secure site is not trusted, in words that tell its owner what to renew."""

import socket
import ssl
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from auditor.imported import imported
from spiders.guard import Guard, PrivateAddress

_EXPIRED: Final = 10
_NOT_YET_VALID: Final = 9
_SELF_SIGNED: Final = frozenset({18, 19})
_NO_ISSUER: Final = frozenset({20, 21})
_OTHER_NAME: Final = frozenset({62, 64})


def untrusted(url: str, guard: Guard, deadline: float) -> str:
    """Why the certificate of that address is not trusted ("its certificate ended on May 3, 2026"); "" where it is.

    Connects once more, through the guard, and sends nothing.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        _handshake(host, port, ssl.create_default_context(), guard, deadline)
    except ssl.SSLCertVerificationError as error:
        return _words(error.verify_code, host, port, guard, deadline)
    except (OSError, ValueError):
        return ""
    return ""


def _words(code: int, host: str, port: int, guard: Guard, deadline: float) -> str:
    if code in (_EXPIRED, _NOT_YET_VALID):
        dates = _dates(host, port, guard, deadline)
        if dates is None:
            return "its certificate is out of date"
        begins, ends = dates
        if code == _EXPIRED:
            return f"its certificate ended on {_day(ends)}"
        return f"its certificate begins only on {_day(begins)}"
    if code in _SELF_SIGNED:
        return "its certificate was made by itself, so nobody vouches for it"
    if code in _NO_ISSUER:
        return "its certificate comes from an issuer that this computer does not know, or is sent without its chain"
    if code in _OTHER_NAME:
        return "its certificate was issued for another address"
    return "its certificate is not trusted"


def _dates(host: str, port: int, guard: Guard, deadline: float) -> tuple[datetime, datetime] | None:
    """When the certificate that the server presents begins and ends; None where it presents none."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # only to read the dates of what was refused already
    try:
        shown = _handshake(host, port, context, guard, deadline)
        if not shown:
            return None
        # Few audits meet such a certificate, and what reads them takes a fiftieth of a second to import.
        certificate = imported("cryptography.x509").load_der_x509_certificate(shown)
    except (OSError, ValueError):
        return None
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


def _handshake(host: str, port: int, context: ssl.SSLContext, guard: Guard, deadline: float) -> bytes | None:
    """The certificate that the server presents, in DER; raises what the connection raises."""
    last: OSError = PrivateAddress()
    for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            with guard.socket_for(info) as plain:
                plain.settimeout(deadline)
                plain.connect(info[4])
                with context.wrap_socket(plain, server_hostname=host) as secure:
                    return secure.getpeercert(binary_form=True)
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            last = error
    raise last


def _day(when: datetime) -> str:
    return f"{when:%B} {when.day}, {when.year}"
