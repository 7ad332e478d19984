"""Outgoing health mail over SMTP (FB-14, FB-15): written by our own hand, to a server that proved itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

import aiosmtplib

from app.errors import RuleViolation, Unavailable
from app.integrations.health_mail import TIMEOUT_SECONDS, Server, failure_of
from app.integrations.health_mail_mime import Attached
from app.integrations.health_mail_text import readable_line

# Less than the claim of whoever sends, so that no other sends meanwhile.
SEND_SECONDS = 100
_KINDS = {
    "jpg": ("image", "jpeg"),
    "jpeg": ("image", "jpeg"),
    "pdf": ("application", "pdf"),
    "png": ("image", "png"),
    "rtf": ("application", "rtf"),
    "tif": ("image", "tiff"),
    "tiff": ("image", "tiff"),
}
# Answers of SMTP from 500 on do not change by trying again.
_FOR_GOOD = 500
_ANY_KIND = ("application", "octet-stream")


@dataclass(frozen=True)
class Outgoing:
    """A mail to write. Identifiers stand between `<` and `>`; `references`: the nearest first."""

    mail_id: str
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    references: tuple[str, ...]
    attachments: Sequence[Attached]
    product: str
    sent_at: datetime


class HealthMailer(Protocol):
    """What hands one health mail over."""

    async def send(self, mail: Outgoing) -> None:
        """Raises Unavailable to try again later, RuleViolation when it will never be taken."""


class SmtpHealthMailer:
    """A real server; away from this machine never without TLS."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def send(self, mail: Outgoing) -> None:
        raw = compose(mail)
        try:
            async with asyncio.timeout(SEND_SECONDS), self._client() as client:
                await client.sendmail(mail.sender, [mail.to], raw)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused([each.code for each in error.recipients]) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refused([error.code]) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _failed(error) from error

    async def check(self) -> None:
        """Connect, sign in and say goodbye. Raises Unavailable."""
        try:
            async with asyncio.timeout(SEND_SECONDS), self._client():
                pass
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _failed(error) from error

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.is_tls,
            start_tls=not (server.is_tls or server.is_local),
            tls_context=server.tls,
            timeout=TIMEOUT_SECONDS,
        )


def compose(mail: Outgoing) -> bytes:
    """The mail as bytes. No field can hold the end of a line (S111)."""
    message = EmailMessage(policy=policy.SMTP)
    user, _, domain = mail.sender.rpartition("@")
    message["From"] = Address(readable_line(mail.sender_name), user, domain)
    user, _, domain = mail.to.rpartition("@")
    message["To"] = Address("", user, domain)
    message["Subject"] = readable_line(mail.subject)
    message["Date"] = format_datetime(mail.sent_at)
    message["Message-ID"] = mail.mail_id
    if mail.references:
        message["In-Reply-To"] = mail.references[0]
        message["References"] = " ".join(reversed(mail.references))
    message["X-MSS-NIL"] = readable_line(mail.product)
    message.set_content(mail.text, charset="utf-8", cte="base64")
    for each in mail.attachments:
        main, sub = _KINDS.get(each.name.rpartition(".")[2].lower(), _ANY_KIND)
        message.add_attachment(
            each.content, maintype=main, subtype=sub, filename=readable_line(each.name)
        )
    return message.as_bytes()


def _refused(codes: Sequence[int]) -> RuleViolation | Unavailable:
    """For good, or for now (FB-07)."""
    if codes and all(code >= _FOR_GOOD for code in codes):
        return RuleViolation("health_mail.rejected")
    return Unavailable("health_mail.later")


def _failed(error: BaseException) -> Unavailable:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Unavailable("health_mail.sign_in_refused")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Unavailable("health_mail.later")
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return Unavailable("health_mail.silent")
    return failure_of(error.__cause__ or error)
