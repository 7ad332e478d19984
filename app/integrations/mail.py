"""Sending mail over SMTP."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from app.errors import Unavailable

# For each answer of the server; and for a mail in all, less than the claim of the outbox.
TIMEOUT_SECONDS, SEND_SECONDS = 10, 100
CONNECTIONS = 4
_FAULTS = (aiosmtplib.SMTPException, OSError)
_REFUSALS = (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused)


class Mailer(Protocol):
    """Something that hands one mail to the world, or raises `Unavailable`."""

    async def send(self, *, sender: str, to: str, subject: str, text: str) -> None:
        """Send one mail."""


class SmtpMailer:
    """A real server: `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://…`.

    Mails that wait together share a few connections: each hands its own on, the last one says goodbye.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._user = unquote(parts.username or "") or None
        self._password = unquote(parts.password or "") or None
        # Reading the authorities takes as long as twenty mails: once.
        self._tls = ssl.create_default_context()
        self._places = asyncio.Semaphore(CONNECTIONS)
        self._waiting = 0
        self._handed_on: list[aiosmtplib.SMTP] = []

    async def send(self, *, sender: str, to: str, subject: str, text: str) -> None:
        """Send one mail. Raises Unavailable when the server does not take it now."""
        mail = compose(sender, to, subject, text)
        options = [] if to.isascii() else ["SMTPUTF8"]
        is_taken = False
        try:
            async with asyncio.timeout(SEND_SECONDS) as limit, self._connection() as client:
                await client.sendmail(sender, [to], mail, mail_options=options)
                # Taken: whatever becomes of the connection, it is not sent again.
                is_taken = True
                limit.reschedule(None)
        except asyncio.CancelledError:
            if not is_taken:
                raise
        except _FAULTS as error:
            raise Unavailable("mail.unavailable") from error

    async def check(self) -> None:
        """Connect and say hello, for `liane doctor`. Raises Unavailable."""
        try:
            async with self._client():
                pass
        except _FAULTS as error:
            raise Unavailable("mail.unavailable") from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """One that another mail is done with, or a new one; one of a few at most."""
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            client = self._handed_on.pop() if self._handed_on else self._client()
            if not client.is_connected:
                await client.connect(username=self._user, password=self._password)
            try:
                yield client
            except _REFUSALS:
                # The connection is as good as before.
                await self._hand_on(client)
                raise
            except BaseException:
                client.close()
                raise
            await self._hand_on(client)
        finally:
            self._places.release()

    async def _hand_on(self, client: aiosmtplib.SMTP) -> None:
        if self._waiting > len(self._handed_on):
            self._handed_on.append(client)
            return
        try:
            with suppress(*_FAULTS):
                await client.quit()
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._is_tls,
            tls_context=self._tls,
            timeout=TIMEOUT_SECONDS,
        )


def compose(sender: str, to: str, subject: str, text: str) -> bytes:
    """The mail as bytes; no field of it can hold the end of a line (S111)."""
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"], message["To"], message["Subject"] = _line(sender), _line(to), _line(subject)
    message["Auto-Submitted"] = "auto-generated"
    # Lines short enough for a server without 8BITMIME, which would have them written anew.
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def _line(value: str) -> str:
    return " ".join(value.split())


class KeptMailer:
    """The demonstration: nothing leaves the machine; the outbox itself is what people read."""

    async def send(self, *, sender: str, to: str, subject: str, text: str) -> None:
        """Keep the mail where it is."""
