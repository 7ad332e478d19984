"""A real IMAP server for the tests, with TLS, in a thread of its own on this machine."""

import asyncio
import contextlib
import queue
import ssl
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage

from app.integrations.health_mail import Server, tls_context

USER, PASSWORD = "portail", "secret"
_ARGUMENTS = Namespace(
    passlib_cfg=None,
    proxy_protocol=None,
    host="127.0.0.1",
    port=0,
    debug=False,
    cert=None,
    key=None,
    tls=False,
    demo_data=False,
    demo_user=USER,
    demo_password=PASSWORD,
)


class ImapServer:
    """A mailbox that takes what the test delivers."""

    def __init__(self, certificate: ssl.SSLContext, ca_file: Path) -> None:
        self.ca_file = ca_file
        self._certificate = certificate
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    @property
    def url(self) -> str:
        return f"imaps://{USER}:{PASSWORD}@localhost:{self.port}"

    @property
    def server(self) -> Server:
        return server_at(self.port, tls_context(self.ca_file, None))

    def deliver(self, *mails: bytes) -> None:
        """Put mails in the inbox, in this order."""
        self._call(self._deliver(mails))

    def renumber(self) -> None:
        """What a server does after a repair: an empty inbox whose numbers start again."""
        self._config.set_cache.clear()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def _call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _deliver(self, mails: tuple[bytes, ...]) -> None:
        identity = self._backend.login.demo_user_identity
        async with identity.new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            for raw in mails:
                await inbox.append(AppendMessage(raw, datetime.now(UTC), frozenset()), recent=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        self._backend, self._config = await DictBackend.init(_ARGUMENTS, secure_auth=False)
        self._config.apply_context()
        speak = IMAPServer(self._backend.login, self._config)
        take = ProxyProtocolReader(self._config.proxy_protocol).get_callback(speak)
        listening = await asyncio.start_server(take, "127.0.0.1", 0, ssl=self._certificate)
        self.port: int = listening.sockets[0].getsockname()[1]
        self._ready.set()
        async with listening:
            await self._stopping.wait()


def server_at(port: int, tls: ssl.SSLContext, *, is_tls: bool = True) -> Server:
    """A server of this machine, reached by the name its certificate carries."""
    return Server("localhost", port, USER, PASSWORD, is_tls=is_tls, tls=tls)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for this machine, and the file of the authority that made it."""
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    ca.cert_pem.write_to_path(path)
    return context, path


@pytest.fixture
def imap_server(authority: tuple[ssl.SSLContext, Path]) -> Iterator[ImapServer]:
    """An empty mailbox behind TLS."""
    server = ImapServer(*authority)
    yield server
    server.stop()


Speech = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@pytest.fixture
def misbehaving() -> Iterator[Callable[[Speech], int]]:
    """Starts servers that speak as they are told to, on a port each."""
    loop, writers = asyncio.new_event_loop(), []
    stopping = asyncio.Event()
    ports: queue.Queue[int] = queue.Queue()

    async def serve(speech: Speech) -> None:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.append(writer)
            with contextlib.suppress(ConnectionError):
                await speech(reader, writer)

        async with await asyncio.start_server(take, "127.0.0.1", 0) as listening:
            ports.put(listening.sockets[0].getsockname()[1])
            await stopping.wait()
            for writer in writers:
                writer.close()

    threads = []

    def start(speech: Speech) -> int:
        thread = threading.Thread(target=loop.run_until_complete, args=(serve(speech),))
        thread.start()
        threads.append(thread)
        return ports.get(timeout=10)

    yield start
    loop.call_soon_threadsafe(stopping.set)
    for thread in threads:
        thread.join(10)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
