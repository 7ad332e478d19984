"""The web server over the built pages: `python -m app.server`, started by `liane serve` and `liane demo`.

A process of its own that imports nothing of the product: the command that prepared the base is gone by
then, and only the worker holds the application.
"""

import os

from granian.constants import Interfaces, Loops
from granian.server import Server

# Reflex's own names for « serve what was built, compile nothing »: kept here and in a smoke test.
SERVE_BUILT = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_USE_GRANIAN": "true",
}
# Set by the command: where to listen, and what to print once the server answers.
HOST, PORT, WELCOME = "LIANE_SERVER_HOST", "LIANE_SERVER_PORT", "LIANE_SERVER_WELCOME"


def main() -> None:
    """Serve until told to stop."""
    host, port = os.environ[HOST], int(os.environ[PORT])
    Server(
        "app.app:app",
        address=host,
        port=port,
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


def announce() -> None:
    """Print the welcome: called by the worker once it is ready to answer.

    Not by a thread of this process: a worker is forked from it, and would inherit the locks a thread holds.
    """
    if WELCOME in os.environ:
        print(os.environ[WELCOME], flush=True)


if __name__ == "__main__":
    main()
