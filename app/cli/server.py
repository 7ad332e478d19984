"""Starts the web server on the built pages: one port, one process, ready in about two seconds."""

import os
import socket
import threading
import time
import urllib.request
from pathlib import Path

import typer

from app.errors import SetupError
from app.settings import Settings, get_settings

typed_from = Path()

# Reflex's own names for « serve what was built, compile nothing »: kept here and in a smoke test.
_SERVE_BUILT = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_USE_GRANIAN": "true",
}


def enter_demo_mode() -> None:
    """Make this process and the server it starts the demonstration."""
    os.environ["LIANE_MODE"] = "demo"
    os.environ.setdefault("LIANE_INSTANCE_NAME", "Clinique des Tilleuls")
    os.environ.setdefault("LIANE_INSTANCE_PLACE", "Niort")
    get_settings.cache_clear()


def require_free_port(settings: Settings) -> None:
    """Refuse a port that somebody else listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SetupError(
                f"le port {settings.port} est déjà pris : arrêtez ce qui l’occupe, ou choisissez-en "
                f"un autre, par exemple PORT={settings.port + 1} make run."
            ) from error


def run(settings: Settings, welcome: str = "") -> None:
    """Serve until told to stop."""
    os.environ.update(_SERVE_BUILT)
    from granian.constants import Interfaces, Loops  # noqa: PLC0415 - reads the environment above
    from granian.server import Server  # noqa: PLC0415

    announce = threading.Thread(target=_announce, args=(settings, welcome), daemon=True)
    announce.start()
    Server(
        "app.app:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.auto,
        workers=1,
        factory=True,
        log_access=False,
        log_enabled=False,
        websockets=True,
        workers_kill_timeout=20,
        backpressure=512,
    ).serve()


def _announce(settings: Settings, welcome: str) -> None:
    address = f"http://{settings.host}:{settings.port}/ping"
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=1):
                break
        except OSError:
            time.sleep(0.1)
    typer.echo(f"Liane est prête : {settings.base_url}")
    if welcome:
        typer.echo(welcome)
