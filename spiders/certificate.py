"""Why a secure site is not trusted, in words that tell its owner what to renew."""

import socket
import ssl
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

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
        certificate = _presented(host, port, guard, deadline)
        if certificate and code == _EXPIRED:
            return f"its certificate ended on {_day(certificate.not_valid_after_utc)}"
        if certificate:
            return f"its certificate begins only on {_day(certificate.not_valid_before_utc)}"
        return "its certificate is out of date"
    if code in _SELF_SIGNED:
        return "its certificate was made by itself, so nobody vouches for it"
    if code in _NO_ISSUER:
        return "its certificate comes from an issuer that this computer does not know, or is sent without its chain"
    if code in _OTHER_NAME:
        return "its certificate was issued for another address"
    return "its certificate is not trusted"


def _presented(host: str, port: int, guard: Guard, deadline: float) -> x509.Certificate | None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # only to read the dates of what was refused already
    try:
        shown = _handshake(host, port, context, guard, deadline)
        return x509.load_der_x509_certificate(shown) if shown else None
    except (OSError, ValueError):
        return None


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
