"""Mail to a person's own address: a code that proves it, and word of each scan. Nothing found ever stands in a mail.

The server is named in the environment: `AUDITOR_SMTP` is its address, "smtp://mail.riverbend.example:587" (with
STARTTLS) or "smtps://..." (TLS from the start), with a user name in it where it wants one; the password stands in
`AUDITOR_SMTP_PASSWORD` or in a 0600 file that `AUDITOR_SMTP_PASSWORD_FILE` names; `AUDITOR_SMTP_FROM` is the sender.
"""

import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from auditor.errors import Mistake
from auditor.model import Blind
from auditor.outlets.addresses import email_problem
from auditor.secret import Secret, TokenPlace

SERVER: Final = "AUDITOR_SMTP"
SENDER: Final = "AUDITOR_SMTP_FROM"
PASSWORD: Final = "AUDITOR_SMTP_PASSWORD"
PASSWORD_FILE: Final = "AUDITOR_SMTP_PASSWORD_FILE"
_PORTS: Final = {"smtp": 587, "smtps": 465}
_PATIENCE: Final = 20.0
"""Seconds for each step with the server."""


@dataclass(frozen=True, slots=True)
class Mailer:
    """A mail server, and who writes."""

    host: str
    port: int
    sender: str
    at_once: bool = False
    user: str = ""
    password: Secret | None = None

    def send(self, to: str, subject: str, text: str) -> str:
        """Sends one mail. Gives back why it could not be sent, "" when it was; never says to whom."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._server() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused:
            return "the mail server refuses this address"
        except smtplib.SMTPAuthenticationError:
            return "the mail server does not accept the user name and password"
        except ssl.SSLError:
            return "no secure connection to the mail server could be made"
        except smtplib.SMTPException:
            return "the mail server did not take the mail"
        except OSError:
            return "the mail server could not be reached"
        return ""

    def _server(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        if self.at_once:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_PATIENCE, context=secure)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_PATIENCE)
            # A code that others can read along proves nothing; only this computer's own server may do without.
            if not _is_here(self.host):
                server.starttls(context=secure)
        if self.user and self.password is not None:
            server.login(self.user, self.password.reveal())
        return server


def mailer(environment: Mapping[str, str] | None = None) -> Mailer | None:
    """The mail server that the environment names; None where it names none. A `Mistake` where it is half named."""
    given = os.environ if environment is None else environment
    if not given.get(SERVER):
        return None
    try:
        parts = urlsplit(given[SERVER])
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    if not parts.hostname or not port:
        raise Mistake(f"{SERVER}: is no mail server; write it like smtp://mail.riverbend.example:587")
    sender = given.get(SENDER, "")
    if problem := email_problem(sender):
        raise Mistake(f"{SENDER}: the sender's address {problem}")
    user = unquote(parts.username or "")
    return Mailer(parts.hostname, port, sender, parts.scheme == "smtps", user, _password(given) if user else None)


def _password(given: Mapping[str, str]) -> Secret:
    file = given.get(PASSWORD_FILE, "")
    place = TokenPlace("", Path(file)) if file else TokenPlace(PASSWORD)
    found = place.read()
    if isinstance(found, Blind):
        raise Mistake(f"{PASSWORD_FILE if file else PASSWORD}: {found.what}")
    return found


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
