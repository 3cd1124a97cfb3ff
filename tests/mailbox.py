"""A small real mail server on loopback: it takes every mail and shows it to nobody but the test.

with mailbox() as box:
    box.url                 "smtp://127.0.0.1:40123"
    box.mails               the mails that came, as `EmailMessage`
"""

import contextlib
import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Mailbox:
    """A running server; `refused` are addresses that it does not take."""

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to that address."""
        return [mail for mail in self.mails if mail["To"] == address]


class _Session(socketserver.StreamRequestHandler):
    """One client: the words of RFC 5321 that `smtplib` says."""

    server: "_Server"

    def handle(self) -> None:
        self._say("220 mailbox ready")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self._say("354 go on")
                self._take()
            elif word == b"RCPT" and any(one.encode() in line for one in self.server.box.refused):
                self._say("550 nobody here")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 mailbox" if word in (b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET") else "502 no")

    def _take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.box.mails.append(mail)
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, box: Mailbox) -> None:
        self.box = box
        super().__init__(("127.0.0.1", 0), _Session)


@contextlib.contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mail server, until the block ends."""
    box = Mailbox()
    server = _Server(box)
    box.url = f"smtp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
