"""Certificates are left unread while modules are imported, and only then."""

import ssl
import subprocess
import sys

import pytest

from spiders.unread_certificates import unread_certificates

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the store of Windows is read all the same")


def authorities(context: ssl.SSLContext) -> int:
    return context.cert_store_stats()["x509_ca"]


def test_what_is_made_afterwards_believes_what_the_system_believes() -> None:
    usual = authorities(ssl.create_default_context())

    with unread_certificates():
        inside = ssl.create_default_context()

    assert authorities(inside) == 0
    assert inside.verify_mode is ssl.CERT_REQUIRED
    assert authorities(ssl.create_default_context()) == usual


def test_the_contexts_that_aiohttp_makes_for_itself_believe_nobody() -> None:
    program = """
import ssl
from spiders.unread_certificates import unread_certificates
with unread_certificates():
    from aiohttp import connector
own = connector._SSL_CONTEXT_VERIFIED
print(own.verify_mode is ssl.CERT_REQUIRED, own.check_hostname, own.cert_store_stats()["x509_ca"])
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "True", "0"]
