"""Outgoing health mail over SMTP (FB-14, FB-15): written by our own hand, to a server that proved itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import aiosmtplib

from app.errors import RuleViolation, Unavailable
from app.integrations.health_mail import TIMEOUT_SECONDS, Server, failure_of
from app.integrations.health_mail_mime import Attached
from app.integrations.health_mail_report import TOO_LARGE, code_of
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
_RECEIPT_SUBJECT = "Accusé de lecture"
_RECEIPT_TEXT = (
    "Votre message a été affiché dans la messagerie de {address}. Son lecteur vous envoie cet accusé "
    "de lecture, le {at}. Il ne dit pas que le message a été compris.\n"
)


@dataclass(frozen=True)
class Outgoing:
    """A mail to write. Identifiers stand between `<` and `>`; `references`: the nearest first.

    `read_at`: it is the read receipt of the first of them, sent by its reader then, and says nothing else.
    """

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
    read_at: datetime | None = None


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
                # Nothing answers a receipt, not even that it did not arrive (RFC 8098, 2.1).
                path = "" if mail.read_at else mail.sender
                await client.sendmail(path, [mail.to], raw)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refused([error]) from error
        except aiosmtplib.SMTPSenderRefused as error:
            # Told beforehand how large the mail is, a server refuses it at once.
            is_size = code_of(error.message, error.code) == TOO_LARGE
            raise (_refused([error]) if is_size else _failed(error)) from error
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
    if mail.read_at is not None:
        return _compose_receipt(mail, mail.read_at)
    message = EmailMessage(policy=policy.SMTP)
    _write_head(message, mail, mail.subject)
    message.set_content(mail.text, charset="utf-8", cte="base64")
    for each in mail.attachments:
        main, sub = _KINDS.get(each.name.rpartition(".")[2].lower(), _ANY_KIND)
        message.add_attachment(
            each.content, maintype=main, subtype=sub, filename=readable_line(each.name)
        )
    return message.as_bytes()


def _compose_receipt(mail: Outgoing, read_at: datetime) -> bytes:
    """A read receipt (RFC 8098): that the mail was shown, by its reader's own act, and nothing of it."""
    message = MIMEMultipart("report", policy=policy.SMTP)
    message.set_param("report-type", "disposition-notification")
    _write_head(message, mail, _RECEIPT_SUBJECT)
    message["Auto-Submitted"] = "auto-replied"
    shown_at = read_at.astimezone(ZoneInfo("Europe/Paris"))
    words = _RECEIPT_TEXT.format(address=mail.sender, at=f"{shown_at:%d/%m/%Y à %H:%M}")
    message.attach(MIMEText(words, "plain", "utf-8"))
    domain = mail.sender.rpartition("@")[2]
    fields = [
        f"Reporting-UA: {domain}; {readable_line(mail.product)}",
        f"Final-Recipient: rfc822;{mail.sender}",
        *(f"Original-Message-ID: {each}" for each in mail.references[:1]),
        "Disposition: manual-action/MDN-sent-manually; displayed",
    ]
    told = MIMENonMultipart("message", "disposition-notification")
    told.set_payload("\r\n".join([*fields, ""]))
    message.attach(told)
    return message.as_bytes()


def _write_head(message: Message, mail: Outgoing, subject: str) -> None:
    user, _, domain = mail.sender.rpartition("@")
    message["From"] = str(Address(readable_line(mail.sender_name), user, domain))
    user, _, domain = mail.to.rpartition("@")
    message["To"] = str(Address("", user, domain))
    message["Subject"] = readable_line(subject)
    message["Date"] = format_datetime(mail.sent_at)
    message["Message-ID"] = mail.mail_id
    if mail.references:
        message["In-Reply-To"] = mail.references[0]
        message["References"] = " ".join(reversed(mail.references))
    message["X-MSS-NIL"] = readable_line(mail.product)


def _refused(
    answers: Sequence[aiosmtplib.SMTPResponseException],
) -> RuleViolation | Unavailable:
    """For good and why, or for now (FB-07)."""
    if answers and all(answer.code >= _FOR_GOOD for answer in answers):
        return RuleViolation(code_of(answers[0].message, answers[0].code))
    return Unavailable("health_mail.later")


def _failed(error: BaseException) -> Unavailable:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Unavailable("health_mail.sign_in_refused")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Unavailable("health_mail.later")
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return Unavailable("health_mail.silent")
    return failure_of(error.__cause__ or error)
