"""All cryptography of the product (S125).

| Use | Algorithm | Key |
|---|---|---|
| embedded database | SQLCipher, AES-256 | `database` |
| passwords | argon2id (m = 19 456 KiB, t = 2, p = 1) over HMAC-SHA-256 | `pepper` |
| one-time codes, throttle keys | HMAC-SHA-256 | `code`, `throttle` |
| access journal | chained HMAC-SHA-256 | `journal` |
| device cookie | HMAC-SHA-256 | `device` |
| authenticator seeds, provider tokens | AES-256-GCM, random 96-bit nonce, owner as associated data | `seal` |
| files and pictures of their pages | the same, with patient, file, part and version | one random key a file |
| the key of a file | the same, with the id of the wrapping key | newest line of the key file, else `wrap` |
| same content again, of one patient | HMAC-SHA-256 | `content` |
| mark of the portal in its store | HMAC-SHA-256 | `store` |
| links to files (S099) | HMAC-SHA-256 over sign-in, document, use and times | `link` |
| recovery codes | HMAC-SHA-256 | `recovery` |
| session and attempt tokens | 256 random bits, SHA-256 stored | none |

One 256-bit master key lives in a file outside the database; every named key above is derived from it by
HKDF-SHA-256 with the name as context, so that no two uses share a key. The lines after the first are keys
that wrap the keys of files, the newest last (S122, docs/adr/0013): `liane keys rotate` adds one.
"""

import hashlib
import hmac
import logging
import os
import secrets
import threading
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import key_file
from app.errors import SetupError, Unavailable
from app.key_file import KEY_BYTES

with warnings.catch_warnings():
    # passlib looks for the standard crypt module and argon2's version the old way; both still work.
    warnings.simplefilter("ignore", DeprecationWarning)
    from passlib.context import CryptContext
    from passlib.hash import argon2 as _argon2

    _argon2.get_backend()

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


logger = logging.getLogger("liane.crypto")


class SealBroken(Exception):
    """A sealed value was changed, or belongs to somebody else."""


class KeyMissing(Exception):
    """The key file does not hold the wrapping key of this id."""


@dataclass(frozen=True)
class WrappedKey:
    """The key of a file, sealed by the wrapping key of this id."""

    key_id: str
    sealed: bytes


class Keyring:
    """Keys derived from one master key, and those that wrap the keys of files."""

    def __init__(
        self, master: bytes, wrapping: Sequence[bytes] = (), *, path: Path | None = None
    ) -> None:
        """`path`: the file they come from, read again when it changes."""
        self._master = master
        self._path = path
        self._mark = key_file.mark_of(path) if path else None
        self._wrapping = self._by_id(wrapping)

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
        return seal_with(self.key("seal"), plain, owner=owner)

    def unseal(self, sealed: bytes, *, owner: str) -> bytes:
        """What was sealed for this owner. Raises SealBroken when a bit or the owner differs."""
        return unseal_with(self.key("seal"), sealed, owner=owner)

    def wrapping_ids(self) -> list[str]:
        """Ids of the wrapping keys in the key file as it is now, the newest last."""
        self._follow_file()
        return list(self._wrapping)

    def wrap(self, data_key: bytes, *, owner: str) -> WrappedKey:
        """Seal the key of a file with the newest wrapping key (S120)."""
        key_id = self.wrapping_ids()[-1]
        sealed = seal_with(self._wrapping[key_id], data_key, owner=f"{owner}/{key_id}")
        return WrappedKey(key_id, sealed)

    def unwrap(self, wrapped: WrappedKey, *, owner: str) -> bytes:
        """The key of a file. Raises KeyMissing, or SealBroken when a bit or the owner differs."""
        if wrapped.key_id not in self._wrapping:
            self._follow_file()
        key = self._wrapping.get(wrapped.key_id)
        if key is None:
            raise KeyMissing(wrapped.key_id)
        return unseal_with(key, wrapped.sealed, owner=f"{owner}/{wrapped.key_id}")

    def _by_id(self, wrapping: Sequence[bytes]) -> dict[str, bytes]:
        return {_key_id(key): key for key in (self.key("wrap"), *wrapping)}

    def _follow_file(self) -> None:
        """Take up a key that was added; a file that went, or cannot be read, changes nothing."""
        mark = key_file.mark_of(self._path) if self._path else None
        if self._path is None or mark is None or mark == self._mark:
            return
        self._mark = mark
        try:
            master, *wrapping = key_file.read_keys(self._path)
        except SetupError as error:
            logger.error("key file not taken up: %s", error)  # noqa: TRY400 - no trace of keys
            return
        if same(master, self._master):
            self._wrapping = self._by_id(wrapping)

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


def seal_with(key: bytes, plain: bytes, *, owner: str) -> bytes:
    """Encrypt under one key for an owner: version, random nonce, ciphertext with its tag (S120)."""
    nonce = os.urandom(_NONCE_BYTES)
    return _SEAL_VERSION + nonce + AESGCM(key).encrypt(nonce, plain, owner.encode())


def unseal_with(key: bytes, sealed: bytes, *, owner: str) -> bytes:
    """What was sealed under this key for this owner. Raises SealBroken for anything else."""
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _SEAL_VERSION:
        raise SealBroken
    try:
        return AESGCM(key).decrypt(nonce, body, owner.encode())
    except (InvalidTag, ValueError):
        raise SealBroken from None


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


def new_data_key() -> bytes:
    """A key for one file."""
    return secrets.token_bytes(KEY_BYTES)


def new_store_key() -> str:
    """160 random bits: where a sealed file is kept (S098), in one of 256 folders."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}"


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
        key_file.create(path)
    master, *wrapping = key_file.read_keys(path)
    if path.stat().st_mode & 0o077:
        raise SetupError(
            f"Le fichier de clé {path} est lisible par d’autres : faites « chmod 400 {path} »."
        )
    return Keyring(master, wrapping, path=path)


def _key_id(key: bytes) -> str:
    """A name that tells nothing of the key, and changes with it."""
    return hmac.digest(key, b"liane/key-id", "sha256")[:8].hex()
