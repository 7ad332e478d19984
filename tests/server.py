"""The product as it is served: the real command, the built pages, one port, a data folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from app.db import Database, open_database, unit_of_work
from app.models.throttle import Throttle
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "Liane-demo-2026!"
DOMAIN = "demo.liane.example"
_LIANE = [sys.executable, "-c", "from app.cli import main; main()"]
_START_SECONDS = 240
_STOP_SECONDS = 30
CODE_SECONDS = 10


@dataclass
class LiveServer:
    """A server under way. `url` is what one types in a browser."""

    url: str
    data_dir: Path
    log_path: Path
    process: "subprocess.Popen[bytes]"
    _cookies: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """Everything it has said so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def outbox(self) -> list[dict[str, Any]]:
        """The mails and SMS of the demonstration, newest first."""
        answer = httpx.get(f"{self.url}/demo/outbox.json")
        answer.raise_for_status()
        found = answer.json()
        assert isinstance(found, list)
        return found

    def newest_code(self, email: str) -> str:
        """The last single-use code sent to this address, waited for: a page asks for it in its own time."""
        end = time.monotonic() + CODE_SECONDS
        while time.monotonic() < end:
            for message in self.outbox():
                digits = re.search(r"\b\d{6}\b", message["text"])
                if message["to"] == email and digits:
                    return digits[0]
            time.sleep(0.1)
        message = f"no code was sent to {email}"
        raise AssertionError(message)

    def cookie_of(self, who: str) -> str:
        """The Cookie header of somebody signed in: `medecin`, `patient`… or a whole address.

        One sign-in is kept for the whole run: the limits on codes hold here too.
        """
        if who not in self._cookies or not self._is_signed_in(self._cookies[who]):
            self._cookies[who] = self.sign_in(email_of(who))
        return self._cookies[who]

    def sign_in(self, email: str, password: str = PASSWORD) -> str:
        """Sign in over HTTP, as the forms do, and return the Cookie header of the new session."""
        self.forget_limits()
        first = self._post("/auth/sign-in", {"identifier": email, "password": password})
        attempt = _set_cookies(first)
        # Whoever has a telephone chooses where the code goes; for the others it has left already.
        self._post("/auth/code/resend", {"way": "email_code"}, attempt)
        second = self._post("/auth/code", {"code": self.newest_code(email)}, attempt)
        made = _set_cookies(second)
        session = "; ".join(part for part in made.split("; ") if part.startswith("__Host-liane="))
        assert session, f"{email} could not sign in: {second.headers.get('location')}"
        return session

    def forget_limits(self) -> None:
        """Let anybody try again: the tests sign in more often than people do."""
        with self.database() as base, unit_of_work(base) as session:
            session.execute(delete(Throttle))

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database of this server, opened a second time."""
        base = open_database(Settings(data_dir=self.data_dir, mode="demo"))
        try:
            yield base
        finally:
            base.engine.dispose()

    def stop(self) -> int:
        """Ask it to stop, as an operator does; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return self.process.returncode

    def _post(self, path: str, form: dict[str, str], cookie: str = "") -> httpx.Response:
        headers = {"Origin": self.url} | ({"Cookie": cookie} if cookie else {})
        return httpx.post(self.url + path, data=form, headers=headers, timeout=30)

    def _is_signed_in(self, cookie: str) -> bool:
        draft = {"form": "test", "fields": {}}
        headers = {"Origin": self.url, "Cookie": cookie}
        answer = httpx.post(f"{self.url}/api/drafts", json=draft, headers=headers)
        return answer.status_code == httpx.codes.NO_CONTENT


def email_of(who: str) -> str:
    """`medecin@demo.liane.example` for `medecin`; an address as it is."""
    return who if "@" in who else f"{who}@{DOMAIN}"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, port: int, **settings: str) -> dict[str, str]:
    """An environment in which no setting of the developer counts, `.env` included."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANE_")}
    return (
        kept
        | {
            "LIANE_MODE": "demo",
            "LIANE_DATA_DIR": str(data_dir),
            "LIANE_KEY_FILE": str(data_dir / "keys" / "liane.key"),
            "LIANE_DATABASE_URL": "",
            "LIANE_REDIS_URL": "",
            "LIANE_SMTP_URL": "",
            "LIANE_PUBLIC_URL": "",
            "LIANE_HOST": "127.0.0.1",
            # The tests ask for more in a second than anybody at a screen.
            "LIANE_EVENTS_PER_SECOND": "100000",
            "LIANE_REQUESTS_PER_MINUTE": "100000",
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
        }
        | settings
    )


def run_liane(*arguments: str, data_dir: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the product to its end."""
    return subprocess.run(
        [*_LIANE, *arguments],
        cwd=ROOT,
        env=environment(data_dir, free_port(), **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def start(data_dir: Path, command: str = "demo", **settings: str) -> LiveServer:
    """Start a server and wait until it answers. The caller stops it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port = int(settings.pop("PORT", free_port()))
    log_path = data_dir.parent / f"{data_dir.name}.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [*_LIANE, command],
            cwd=ROOT,
            env=environment(data_dir, port, **settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = LiveServer(f"http://localhost:{port}", data_dir, log_path, process)
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(server):
        if process.poll() is not None or time.monotonic() > deadline:
            message = f"the server did not start, exit code {server.stop()}:\n{server.log}"
            raise RuntimeError(message)
        time.sleep(0.1)
    return server


def _answers(server: LiveServer) -> bool:
    try:
        return httpx.get(f"{server.url}/ping", timeout=5).is_success
    except httpx.TransportError:
        return False


def _set_cookies(answer: httpx.Response) -> str:
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        jar.load(line)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items() if morsel.value)


@pytest.fixture(scope="session")
def built_pages() -> None:
    """The pages, built when they are not up to date. The first time takes a minute or two."""
    done = run_liane("build", data_dir=Path(os.environ["LIANE_DATA_DIR"]))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def server(built_pages: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The demonstration, shared by the whole run: tests add to it and never count on a number of things."""
    running = start(tmp_path_factory.mktemp("server") / "data")
    yield running
    running.stop()


@pytest.fixture
def start_server(built_pages: None, tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """`start_server(command="demo", **settings)`: a server of this test's own, stopped after it."""
    started: list[LiveServer] = []

    def begin(
        command: str = "demo", *, data_dir: Path | None = None, **settings: str
    ) -> LiveServer:
        folder = data_dir or tmp_path / f"server-{len(started)}"
        started.append(start(folder, command, **settings))
        return started[-1]

    yield begin
    for one in started:
        one.stop()
