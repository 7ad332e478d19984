"""Prepare `.venv` from a lock file. Runs on a bare Python, before anything is installed.

    python3 requirements/install.py run|dev

Does nothing when the lock that was last installed is the one there is. Messages are for whoever types
`make`, so they are in French like those of the product.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STATE = VENV / "liane-installed.json"
MINIMUM = (3, 11)
NEWER = ("python3.13", "python3.12", "python3.11", "python3.14")
TAIL = 25


def main() -> None:
    """Install the lock named on the command line, unless it already is."""
    which = sys.argv[1]
    _use_recent_python()
    wanted = {
        "root": str(ROOT),
        "project": _digest(ROOT / "pyproject.toml"),
        **{name: _digest(_lock(name)) for name in _contained(which)},
    }
    state = _state()
    if state and state.get("root") != str(ROOT):
        # Programs of a virtual environment hold its address: one that was moved is made again.
        shutil.rmtree(VENV)
        state = {}
    if all(state.get(name) == digest for name, digest in wanted.items()) and PYTHON.exists():
        return
    _make_venv()
    STATE.unlink(missing_ok=True)
    if any(state.get(name) != wanted[name] for name in _contained(which)):
        _install_lock(which)
    _install_project()
    STATE.write_text(json.dumps(wanted, indent=2), encoding="utf-8")


def _contained(which: str) -> list[str]:
    """The locks that are in place once this one is: the development lock holds the other."""
    return ["run", "dev"] if which == "dev" else [which]


def _lock(which: str) -> Path:
    return ROOT / "requirements" / f"{which}.txt"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _state() -> dict[str, str]:
    try:
        state = json.loads(STATE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _use_recent_python() -> None:
    if sys.version_info >= MINIMUM:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found and _quiet([found, "-c", "pass"]).returncode == 0:
            os.execv(found, [found, *sys.argv])  # noqa: S606 - the same program, a newer Python
    _stop(
        "Liane demande Python {}.{} ou plus récent ; celui-ci est {}.{}. Installez-en un, ou donnez "
        "son nom : make PYTHON=python3.12 run".format(*MINIMUM, *sys.version_info[:2])
    )


def _make_venv() -> None:
    works = PYTHON.exists() and _quiet([PYTHON, "-m", "pip", "--version"]).returncode == 0
    if works:
        return
    _check_venv_module()
    _say("Création de l’environnement Python (.venv)")
    shutil.rmtree(VENV, ignore_errors=True)
    done = _quiet([sys.executable, "-m", "venv", VENV])
    if done.returncode:
        _stop("L’environnement Python n’a pas pu être créé.", done.stdout + done.stderr)


def _check_venv_module() -> None:
    if _has_ensurepip():
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        _say("Installation du paquet python3-venv")
        _quiet([apt, "update"])
        _quiet([apt, "install", "-y", "python3-venv"])
        if _has_ensurepip():
            return
    _stop(
        "Il manque le module venv de Python. Sous Debian ou Ubuntu : "
        "apt install python3-venv, puis relancez la commande."
    )


def _has_ensurepip() -> bool:
    return _quiet([sys.executable, "-c", "import ensurepip, venv"]).returncode == 0


def _install_lock(which: str) -> None:
    lock = _lock(which)
    total = len(re.findall(r"^[A-Za-z0-9].*==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    title = "Installation des dépendances"
    command = [
        *(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
        # The lock is complete and holds the hash of each file; nothing is compiled here.
        *("--require-hashes", "--no-deps", "--only-binary=:all:", "--progress-bar=off"),
        *("-r", lock),
    ]
    seen = 0
    lines = []
    with subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=str(ROOT),
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                _progress(title, min(seen, total), total)
            elif line.startswith("Installing collected"):
                _progress("Mise en place des dépendances", total, total)
    if pip.returncode:
        _stop(
            "Les dépendances n’ont pas pu être installées. Vérifiez la connexion au réseau, puis "
            "relancez la commande.",
            "".join(lines[-TAIL:]),
        )


def _install_project() -> None:
    _say("Installation de la commande liane")
    done = _quiet(
        [
            *(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
            *("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--editable", ROOT),
        ]
    )
    if done.returncode:
        _stop("La commande liane n’a pas pu être installée.", done.stdout + done.stderr)


def _quiet(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=str(ROOT),
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )


def _progress(title: str, done: int, total: int) -> None:
    if sys.stdout.isatty():
        print(f"\r→ {title} : {done}/{total}\x1b[K", end="\n" if done == total else "", flush=True)
    elif done == total or done % 25 == 1:
        _say(f"{title} : {done}/{total}")


def _say(text: str) -> None:
    print(f"→ {text}", flush=True)


def _stop(sentence: str, details: str = "") -> None:
    if details:
        print(details.rstrip(), file=sys.stderr)
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
