"""Incoming health mail over IMAP: what came since the last look, one mail at a time, nothing changed there.

The mailbox is read by the rising numbers of its mails; where they stand is kept by whoever calls, once the
mail is safe. Calls block: use them in a worker thread.
"""

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient, SocketTimeout, imap4, tls
from imapclient.exceptions import IMAPClientError, LoginError

from app.errors import Unavailable
from app.integrations.health_mail import TIMEOUT_SECONDS, Server, failure_of
from app.integrations.health_mail_mime import MAX_RAW

FETCH_SECONDS = 120
_FOLDER = "INBOX"
_SIZE = "RFC822.SIZE"

# It writes what it hears at the level of debugging: mails, for us.
logging.getLogger("imapclient").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Fetched:
    """One mail. `raw` holds the headers alone when the whole is over the limit of size."""

    uid: int
    size: int
    raw: bytes

    @property
    def is_whole(self) -> bool:
        return self.size <= MAX_RAW


class _Line:
    """The socket of a connection, known before the server has said a word, so that it can be cut."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None

    def cut(self) -> None:
        """Wake whoever reads: closing would wait for them."""
        if self.socket is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _Client(IMAPClient):  # type: ignore[misc]
    """The library's client, on a line of ours."""

    def __init__(self, server: Server, line: _Line) -> None:
        self._line = line
        super().__init__(
            server.host,
            server.port,
            ssl=server.is_tls,
            ssl_context=server.tls if server.is_tls else None,
            timeout=SocketTimeout(TIMEOUT_SECONDS, TIMEOUT_SECONDS),
        )

    def _create_IMAP4(self) -> Any:
        kind: Any = tls.IMAP4_TLS if self.ssl else imap4.IMAP4WithTimeout
        line = self._line

        class Watched(kind):  # type: ignore[misc]
            def _create_socket(self, timeout: float | None = None) -> socket.socket:
                made: socket.socket = super()._create_socket(timeout)
                line.socket = made
                return made

        tls_context = (self.ssl_context,) if self.ssl else ()
        return Watched(self.host, self.port, *tls_context, TIMEOUT_SECONDS)


class Inbox:
    """An open mailbox. `validity` changes when the server numbers its mails anew."""

    def __init__(self, client: _Client, line: _Line, validity: int) -> None:
        self._client, self._line = client, line
        self.validity = validity

    def list_after(self, uid: int) -> list[int]:
        """Numbers of the mails that came after this one, oldest first."""
        with _within(self._line, TIMEOUT_SECONDS):
            found = self._client.search(["UID", f"{uid + 1}:*"])
        # `n:*` names the last mail even where its number is smaller.
        return sorted(int(each) for each in found if int(each) > uid)

    def fetch(self, uid: int) -> Fetched | None:
        """One mail, left unread on the server; None when it went meanwhile."""
        with _within(self._line, TIMEOUT_SECONDS):
            size = self._ask(uid, _SIZE, _SIZE.encode())
        if not isinstance(size, int):
            return None
        part = "BODY.PEEK[]" if size <= MAX_RAW else "BODY.PEEK[HEADER]"
        with _within(self._line, FETCH_SECONDS):
            raw = self._ask(uid, part, part.replace(".PEEK", "").encode())
        return Fetched(uid, size, raw) if isinstance(raw, bytes) else None

    def _ask(self, uid: int, what: str, key: bytes) -> Any:
        return self._client.fetch([uid], [what]).get(uid, {}).get(key)


@contextlib.contextmanager
def open_inbox(server: Server) -> Iterator[Inbox]:
    """Connect and sign in. Raises Unavailable, then and at any later call, by code."""
    if not server.is_tls and not server.is_local:
        raise Unavailable("health_mail.not_encrypted")
    line = _Line()
    _open_lines.add(line)
    try:
        with _within(line, TIMEOUT_SECONDS):
            client = _Client(server, line)
        yield from _signed_in(client, line, server)
    finally:
        _open_lines.discard(line)


def cut_open() -> None:
    """End every connection of this process at once: it is stopping (S149)."""
    for line in list(_open_lines):
        line.cut()


_open_lines: set[_Line] = set()


def _signed_in(client: _Client, line: _Line, server: Server) -> Iterator[Inbox]:
    try:
        with _within(line, TIMEOUT_SECONDS):
            client.login(server.user, server.password)
            validity = int(client.select_folder(_FOLDER, readonly=True)[b"UIDVALIDITY"])
        yield Inbox(client, line, validity)
        with _within(line, TIMEOUT_SECONDS):
            client.logout()
    except BaseException:
        line.cut()
        with contextlib.suppress(OSError, IMAPClientError):
            client.shutdown()
        raise


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except LoginError as error:
        raise Unavailable("health_mail.sign_in_refused") from error
    except (IMAPClientError, OSError, ValueError, KeyError) as error:
        raise failure_of(error) from error


@contextlib.contextmanager
def _within(line: _Line, seconds: float) -> Iterator[None]:
    """One call to the server, cut after so long even where it keeps sending a byte now and then."""
    was_cut = threading.Event()

    def stop() -> None:
        was_cut.set()
        line.cut()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        with _failures():
            yield
    except Unavailable:
        if was_cut.is_set():
            raise Unavailable("health_mail.silent") from None
        raise
    finally:
        timer.cancel()
