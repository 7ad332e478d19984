"""All cryptography of the product (S125).

| Use | Algorithm | Key |
|---|---|---|
| embedded database | SQLCipher, AES-256 | `database` |
| passwords | argon2id (m = 19 456 KiB, t = 2, p = 1) over HMAC-SHA-256 | `pepper` |
| one-time codes, throttle keys | HMAC-SHA-256 | `code`, `throttle` |
| access journal | chained HMAC-SHA-256 | `journal` |
| device cookie | HMAC-SHA-256 | `device` |
| authenticator seeds, provider tokens | AES-256-GCM, random 96-bit nonce, owner as associated data | `seal` |
| recovery codes | HMAC-SHA-256 | `recovery` |
| session and attempt tokens | 256 random bits, SHA-256 stored | none |

One 256-bit master key lives in a file outside the database; every key above is derived from it by
HKDF-SHA-256 with the name as context, so that no two uses share a key.
"""

import hashlib
import hmac
import os
import secrets
import threading
import unicodedata
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import SetupError, Unavailable

with warnings.catch_warnings():
    # passlib looks for the standard crypt module and argon2's version the old way; both still work.
    warnings.simplefilter("ignore", DeprecationWarning)
    from passlib.context import CryptContext
    from passlib.hash import argon2 as _argon2

    _argon2.get_backend()

KEY_BYTES = 32
TOKEN_BYTES = 32
_HASH_QUEUE = 32
_NONCE_BYTES = 12
_SEAL_VERSION = b"\x01"

_passwords = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
_hash_slots = threading.BoundedSemaphore(os.cpu_count() or 1)
_hash_waiting = threading.BoundedSemaphore(_HASH_QUEUE + (os.cpu_count() or 1))


class SealBroken(Exception):
    """A sealed value was changed, or belongs to somebody else."""


class Keyring:
    """Keys derived from one master key."""

    def __init__(self, master: bytes) -> None:
        self._master = master

    @lru_cache(maxsize=16)  # noqa: B019 - one keyring lives as long as the process
    def key(self, use: str) -> bytes:
        """The 32-byte key of one use."""
        return HKDF(
            algorithm=SHA256(),
            length=KEY_BYTES,
            salt=None,
            info=f"liane/{use}".encode(),
        ).derive(self._master)

    def mac(self, use: str, message: bytes | str) -> bytes:
        """HMAC-SHA-256 of a message under the key of one use."""
        data = message.encode() if isinstance(message, str) else message
        return hmac.digest(self.key(use), data, "sha256")

    def seal(self, plain: bytes, *, owner: str) -> bytes:
        """Encrypt a small secret for its owner (S120): version, nonce, ciphertext with its tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return (
            _SEAL_VERSION + nonce + AESGCM(self.key("seal")).encrypt(nonce, plain, owner.encode())
        )

    def unseal(self, sealed: bytes, *, owner: str) -> bytes:
        """What was sealed for this owner. Raises SealBroken when a bit or the owner differs."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _SEAL_VERSION:
            raise SealBroken
        try:
            return AESGCM(self.key("seal")).decrypt(nonce, body, owner.encode())
        except InvalidTag:
            raise SealBroken from None

    def hash_password(self, password: str) -> str:
        """argon2id hash of a password; at most one at work per core, 32 waiting (S022)."""
        return str(_in_hash_slot(_passwords.hash, self._peppered(password)))

    def verify_password(self, password: str, stored: str) -> bool:
        """Whether the password is the one that was hashed."""
        return bool(_in_hash_slot(_passwords.verify, self._peppered(password), stored))

    def needs_rehash(self, stored: str) -> bool:
        """Whether a stored hash is weaker than today's parameters."""
        return bool(_passwords.needs_update(stored))

    def _peppered(self, password: str) -> str:
        return self.mac("pepper", unicodedata.normalize("NFC", password)).hex()


def _in_hash_slot(work: Callable[..., Any], *args: str) -> Any:
    if not _hash_waiting.acquire(blocking=False):
        raise Unavailable("sign_in.busy")
    try:
        with _hash_slots:
            return work(*args)
    finally:
        _hash_waiting.release()


def new_token() -> str:
    """256 random bits, safe in a cookie or an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> bytes:
    """What is stored of a token: enough to find it, not to use it."""
    return hashlib.sha256(token.encode()).digest()


def content_digest(content: bytes) -> bytes:
    """SHA-256 of what was shown or sent, kept as the proof of what it was."""
    return hashlib.sha256(content).digest()


def new_code() -> str:
    """Six digits from the operating system's random source, leading zeros kept (S030)."""
    return f"{secrets.randbelow(1_000_000):06d}"


def same(left: bytes | str, right: bytes | str) -> bool:
    """Comparison whose duration does not depend on where two values differ."""
    as_bytes = [v.encode() if isinstance(v, str) else v for v in (left, right)]
    return hmac.compare_digest(*as_bytes)


def load_keyring(path: Path, *, may_create: bool) -> Keyring:
    """The keyring of a key file, created 0400 on the first start only.

    Raises SetupError when the file is missing although data exists, too short, or readable by others.
    """
    if not path.exists():
        if not may_create:
            raise SetupError(
                f"La clé {path} manque alors qu’une base existe : remettez le fichier de clé "
                "sauvegardé, ou réglez LIANE_KEY_FILE."
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        try:
            os.write(handle, secrets.token_hex(KEY_BYTES).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        master = bytes.fromhex(text)
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES or len(set(master)) < KEY_BYTES // 4:
        raise SetupError(
            f"Le fichier {path} ne contient pas une clé de 64 chiffres hexadécimaux tirés au "
            "hasard : remettez la clé sauvegardée, ou supprimez le fichier si la base est neuve."
        )
    if path.stat().st_mode & 0o077:
        raise SetupError(
            f"Le fichier de clé {path} est lisible par d’autres : faites « chmod 400 {path} »."
        )
    return Keyring(master)
