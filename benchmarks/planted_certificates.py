"""Certificates for servers on loopback: good, over, somebody else's, and by an authority that nobody knows."""

import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who vouches for servers."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls, name: str) -> Self:
        """One that nobody knows yet."""
        key, named = ec.generate_private_key(ec.SECP256R1()), _named(name)
        building = _building(named, named, key, timedelta(days=30))
        building = building.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        building = building.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        return cls(named, key, building.sign(key, hashes.SHA256()))

    def pem(self) -> bytes:
        """What a program must be given to believe in it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def server(self, host: str, ends_in: timedelta, *, alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
        """The server's side of TLS for that number, with a certificate that ends then (or ended, where negative)."""
        key = ec.generate_private_key(ec.SECP256R1())
        building = _building(_named("school server"), self.name, key, ends_in)
        building = building.add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
        )
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        building = building.add_extension(issuer, critical=False)
        return _context(key, building.sign(self.key, hashes.SHA256()), alpn)


def end_of(site: str) -> datetime:
    """The last moment of the certificate that the server of that address shows."""
    server = urlsplit(site)
    shown = ssl.get_server_certificate((server.hostname or "", server.port or 443))
    return x509.load_pem_x509_certificate(shown.encode()).not_valid_after_utc


def self_signed(host: str) -> ssl.SSLContext:
    """A server's side of TLS with a certificate that nobody vouches for."""
    return _context(*_by_itself(host))


def self_signed_pem(host: str) -> bytes:
    """Such a certificate, and its key."""
    return _pem(*_by_itself(host))


def _by_itself(host: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key, name = ec.generate_private_key(ec.SECP256R1()), _named(host)
    building = _building(name, name, key, timedelta(days=30))
    building = building.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
    return key, building.sign(key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _building(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, ends_in: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - YEAR)
        .not_valid_after(now + ends_in)
    )


def _pem(key: ec.EllipticCurvePrivateKey, shown: x509.Certificate) -> bytes:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + shown.public_bytes(serialization.Encoding.PEM)


def _context(key: ec.EllipticCurvePrivateKey, shown: x509.Certificate, alpn: tuple[str, ...] = ()) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(_pem(key, shown))
        context.load_cert_chain(file)
    if alpn:
        context.set_alpn_protocols(alpn)
    return context
