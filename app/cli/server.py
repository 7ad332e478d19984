"""Starts the web server on the built pages: one port, one process, ready in about two seconds."""

import os
import socket
import sys
from pathlib import Path

from app.errors import SetupError
from app.settings import Settings, get_settings

typed_from = Path()


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
    """Become the web server: this process is replaced, so that what preparing cost is given back."""
    from app import server  # noqa: PLC0415 - only its names; the server itself starts afresh

    words = f"Liane est prête\u202f: {settings.base_url}"
    os.environ.update(server.SERVE_BUILT)
    os.environ[server.HOST], os.environ[server.PORT] = settings.host, str(settings.port)
    os.environ[server.WELCOME] = f"{words}\n{welcome}" if welcome else words
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "app.server"])  # noqa: S606 - our own module
