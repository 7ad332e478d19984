"""A real SMTP server for the tests, in a thread of its own on this machine."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


@dataclass
class Received:
    """One mail as it arrived: its envelope, and the message inside."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        """The text of the mail, with the ends of lines it was written with."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


@dataclass
class SmtpServer:
    """What arrived and from which connections; what to answer: `451 later` as `answer` makes it fail.

    At a mail to `cut_at` the connection is cut; `goodbye_seconds`: how long it takes to part.
    """

    port: int
    messages: list[Received] = field(default_factory=list)
    answer: str = TAKEN
    answer_to_recipient: str = TAKEN
    cut_at: str = ""
    goodbye_seconds: float = 0
    peers: set[object] = field(default_factory=set)

    @property
    def url(self) -> str:
        """What LIANE_SMTP_URL would be."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Called by the library for each recipient."""
        if self.answer_to_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by the library once the mail has arrived."""
        self.peers.add(session.peer)
        if self.cut_at in envelope.rcpt_tos:
            server.transport.abort()
        elif self.answer == TAKEN:
            content = envelope.content
            assert isinstance(content, bytes)
            message = message_from_bytes(content, EmailMessage, policy=policy.default)
            self.messages.append(
                Received(str(envelope.mail_from), list(envelope.rcpt_tos), message)
            )
        return self.answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by the library when the other side parts."""
        await asyncio.sleep(self.goodbye_seconds)
        return "221 Bye"


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A server that takes every mail and keeps it, until told otherwise."""
    server = SmtpServer(_free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def closed_port() -> int:
    """A port of this machine on which nothing listens."""
    return _free_port()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
