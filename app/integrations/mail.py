"""Sending mail over SMTP."""

import ssl
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.errors import Unavailable

TIMEOUT_SECONDS = 10


class Mailer(Protocol):
    """Something that hands one mail to the world, or raises `Unavailable`."""

    async def send(self, *, sender: str, to: str, subject: str, text: str) -> None:
        """Send one mail."""


class SmtpMailer:
    """A real server: `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://…`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._user = unquote(parts.username or "") or None
        self._password = unquote(parts.password or "") or None
        # Reading the authorities takes as long as twenty mails: once.
        self._tls = ssl.create_default_context()

    async def send(self, *, sender: str, to: str, subject: str, text: str) -> None:
        """Send one mail. Raises Unavailable when the server does not take it now."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._is_tls,
                tls_context=self._tls,
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable("mail.unavailable") from error

    async def check(self) -> None:
        """Connect and say hello, for `liane doctor`. Raises Unavailable."""
        try:
            async with aiosmtplib.SMTP(
                hostname=self._host,
                port=self._port,
                use_tls=self._is_tls,
                tls_context=self._tls,
                timeout=TIMEOUT_SECONDS,
            ):
                pass
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable("mail.unavailable") from error


class KeptMailer:
    """The demonstration: nothing leaves the machine; the outbox itself is what people read."""

    async def send(self, *, sender: str, to: str, subject: str, text: str) -> None:
        """Keep the mail where it is."""
