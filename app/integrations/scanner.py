"""An antivirus scanner that speaks clamd's INSTREAM, where one is plugged in (S101)."""

import contextlib
import socket
import struct
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

from app.errors import Unavailable
from app.settings import Settings

_SECONDS = 10.0
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4_096
_PORT = 3310


class Scanner(Protocol):
    """What says whether content is harmless."""

    def is_clean(self, content: bytes) -> bool:
        """Raises Unavailable("file.scanner_silent") for no answer, or one that says neither."""


class ClamdScanner:
    """At `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. It learns the content, not whose it is."""

    def __init__(self, url: str, *, seconds: float = _SECONDS) -> None:
        self._url = urlsplit(url)
        self._seconds = seconds

    def is_clean(self, content: bytes) -> bool:
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\x00")
                for at in range(0, len(content), _CHUNK):
                    part = content[at : at + _CHUNK]
                    connection.sendall(struct.pack(">I", len(part)) + part)
                connection.sendall(bytes(4))
                answer = _read(connection)
        except OSError:
            raise Unavailable("file.scanner_silent") from None
        if answer == b"stream: OK":
            return True
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            return False
        raise Unavailable("file.scanner_silent")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self._url.scheme == "unix":
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(self._seconds)
                connection.connect(self._url.path)
                yield connection
            return
        address = (self._url.hostname or "", self._url.port or _PORT)
        with socket.create_connection(address, timeout=self._seconds) as connection:
            yield connection


def open_scanner(settings: Settings) -> Scanner | None:
    """The scanner of these settings, None where none is plugged in."""
    return ClamdScanner(settings.clamd_url) if settings.clamd_url else None


def _read(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\x00"):
        part = connection.recv(_LONGEST_ANSWER)
        if not part or len(answer) > _LONGEST_ANSWER:
            return b""
        answer += part
    return answer.rstrip(b"\x00\n")
