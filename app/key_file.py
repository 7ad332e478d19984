"""The key file (S122): 64 hexadecimal digits a line, the master key, then keys that wrap those of files.

Only their owner may read it. It is replaced whole, never written over: whoever reads it finds all or nothing.
"""

import fcntl
import os
import secrets
from pathlib import Path

from app.errors import SetupError

KEY_BYTES = 32


def create(path: Path) -> None:
    """A file with a new master key, 0400 in a folder of its own."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, [secrets.token_bytes(KEY_BYTES)])


def read_keys(path: Path) -> list[bytes]:
    """The master key, then the others; SetupError for a line that is no random key."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").split()
    except OSError as error:
        raise SetupError(f"La clé {path} ne peut pas être lue ({error.strerror}).") from None
    keys = [_parsed(line) for line in lines] or [b""]
    if any(len(key) != KEY_BYTES or len(set(key)) < KEY_BYTES // 4 for key in keys):
        raise SetupError(
            f"Le fichier {path} ne contient pas une clé de 64 chiffres hexadécimaux tirés au "
            "hasard : remettez la clé sauvegardée, ou supprimez le fichier si la base est neuve."
        )
    return keys


def add_key(path: Path) -> None:
    """Add a line, at once and whole; running servers take it up by themselves.

    Raises SetupError when the file cannot be read or its folder cannot be written.
    """
    # A secret is often a link: what it leads to is replaced, not the link.
    path = path.resolve()
    try:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            # Two commands at once: the second one adds its key to the first one's file.
            fcntl.flock(folder, fcntl.LOCK_EX)
            keys, owner = read_keys(path), path.stat()
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            try:
                _write(fresh, [*keys, secrets.token_bytes(KEY_BYTES)])
                if os.geteuid() == 0:
                    os.chown(fresh, owner.st_uid, owner.st_gid)
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise SetupError(
            f"Le fichier de clé {path} ne peut pas être remplacé ({error.strerror}) : donnez le "
            "droit d’écrire dans son dossier le temps de la rotation, ou ajoutez-y vous-même une "
            "ligne de 64 chiffres hexadécimaux tirés au hasard, puis lancez « liane keys rewrap »."
        ) from None


def mark_of(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is replaced; None without a file."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_ino, state.st_size


def _write(path: Path, keys: list[bytes]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        # Whatever the umask, it is its owner's alone and can be read again.
        os.fchmod(handle, 0o400)
        os.write(handle, b"".join(key.hex().encode() + b"\n" for key in keys))
        os.fsync(handle)
    finally:
        os.close(handle)


def _parsed(line: str) -> bytes:
    try:
        return bytes.fromhex(line)
    except ValueError:
        return b""
