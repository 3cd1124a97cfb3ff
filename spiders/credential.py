"""What signs a request with the district's own token, and keeps that token out of everything else.

A token is added to a request at the moment when it is dialled. It is in no address that is kept, logged or shown, and
is taken out of every answer before anybody reads it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, quote_plus, urlencode

from auditor.secret import Secret

_SHORTEST: Final = 8
"""Letters of a token that is looked for in answers: what is shorter stands in words, too."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Headers and parts of the query by which an interface knows whose token it is. `scheme` precedes it in headers."""

    secret: Secret
    header: str = ""
    scheme: str = ""
    parameter: str = ""
    also: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def headers(self) -> dict[str, str]:
        """What is sent in headers; those in `also` are the interface's own, such as the version that is spoken."""
        shown = f"{self.scheme} {self.secret.reveal()}".strip()
        return {**dict(self.also), **({self.header: shown} if self.header else {})}

    def address(self, url: str) -> str:
        """The address as it is dialled. Never keep it."""
        if not self.parameter:
            return url
        bare, hash_sign, fragment = url.partition("#")
        joint = "&" if "?" in bare else "?"
        return f"{bare}{joint}{urlencode({self.parameter: self.secret.reveal()})}{hash_sign}{fragment}"

    def without(self, body: bytes) -> bytes:
        """An answer without the token: some interfaces send it back in the address of the next page."""
        for form in dict.fromkeys(self._forms()):
            body = body.replace(form.encode(), b"")
        return body

    def is_in(self, text: str) -> bool:
        """Whether the text holds the token."""
        return any(form in text for form in self._forms())

    def _forms(self) -> Iterator[str]:
        """The ways in which the token may stand in an address or in JSON."""
        plain = self.secret.reveal()
        if len(plain) >= _SHORTEST:
            written = json.dumps(plain)[1:-1]
            for form in (plain, written, written.replace("/", "\\/")):
                yield from (form, quote(form), quote(form, safe=""), quote_plus(form))


def bearer(secret: Secret, **also: str) -> Credential:
    """`Authorization: Bearer`, and headers that go with every request (underscores stand for hyphens)."""
    return in_header("Authorization", secret, scheme="Bearer", **also)


def in_header(name: str, secret: Secret, *, scheme: str = "", **also: str) -> Credential:
    """A header of the interface's own, such as X-goog-api-key."""
    return Credential(
        secret, header=name, scheme=scheme, also=tuple((key.replace("_", "-"), value) for key, value in also.items())
    )


def in_query(name: str, secret: Secret) -> Credential:
    """A part of the query, where the interface takes it no other way."""
    return Credential(secret, parameter=name)
