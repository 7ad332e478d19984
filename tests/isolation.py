"""Tests see no setting of whoever runs them, and reach no machine but this one."""

import os
import shutil
import signal
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_folder = Path(tempfile.mkdtemp(prefix="liane-tests-"))


def pytest_configure(config: pytest.Config) -> None:
    """Runs before any module of the application is imported by a test."""
    # A run that is told to stop stops what it started, as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for name in [name for name in os.environ if name.startswith("LIANE_") or name == "PORT"]:
        del os.environ[name]
    os.environ.update(
        LIANE_MODE="demo", LIANE_DATA_DIR=str(_folder), REFLEX_CHECK_LATEST_VERSION="false"
    )
    from app.settings import Settings  # noqa: PLC0415 - after the environment is set

    Settings.model_config["env_file"] = None


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def _this_machine_only() -> Any:
    """Refuse connections to other machines."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in _LOOPBACK:
            message = f"a test tried to reach {address[0]}"
            raise RuntimeError(message)
        return connect(self, address)

    return guarded
