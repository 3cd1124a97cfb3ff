"""Access tokens that last for hours: made anew at each visit, from what lasts. Pure.

An interface gives one for the app's id and secret, or for those and a token that renews. What stands in the district's
variable or file is then these, with ":" between them, instead of the access token itself.
"""

import base64
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from auditor.secret import Secret
from spiders import answers, tokens
from spiders.answers import table, text
from spiders.credential import Credential, bearer, in_header
from spiders.platform import Ask, Parsed

WHAT: Final = "token"
"""Our word for such a request."""
_FORM: Final = "application/x-www-form-urlencoded"


def lasting(secret: Secret, parts: int) -> tuple[str, ...]:
    """The parts of what stands for a token, where it is so many; none where it is the token itself."""
    found = tuple(secret.reveal().split(":"))
    return found if len(found) == parts and all(found) else ()


def by_app(url: str, app: str, key: str, **form: str) -> Ask:
    """The request of an app that tells its id and secret in a header."""
    shown = Secret(base64.b64encode(f"{app}:{key}".encode()).decode())
    return _ask(url, in_header("Authorization", shown, scheme="Basic"), form)


def by_form(url: str, secret: Secret, **form: str) -> Ask:
    """The request of an app that tells all it has in the form. `secret` is what must not come back in the answer."""
    return _ask(url, Credential(secret), form)


def _ask(url: str, credential: Credential, form: Mapping[str, str]) -> Ask:
    return Ask(WHAT, url, signed=credential, body=urlencode(form).encode(), media_type=_FORM)


def signed(platform: str, status: int, body: bytes, asks: Iterable[Ask]) -> Parsed:
    """What is asked once there is an access token: `asks`, with the one that an answer holds; else what it means that
    there is none."""
    found = _renewed(platform, status, body)
    return found if isinstance(found, Parsed) else Parsed(asks=tokens.signed(asks, bearer(found)))


def _renewed(platform: str, status: int, body: bytes) -> Secret | Parsed:
    said = answers.loaded(body)
    if not isinstance(said, dict) and status == 200:
        return answers.no_data(body, tokens.name_of(platform))
    found = text(table(said).get("access_token"))
    if found and status == 200:
        return Secret(found)
    return Parsed(blind=(tokens.wrong(platform, "it gives no access to its app"),), stop=True)
