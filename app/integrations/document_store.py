"""Where sealed files are kept: a folder of this machine, or a bucket of a server that speaks S3.

Objects have random keys (S098) and are written once. What is stored is sealed already: a store learns sizes
and times, nothing else. Every call blocks: call it in a worker thread, outside any transaction.
"""

import errno
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from app.crypto import new_store_key, new_token
from app.errors import SetupError, Unavailable
from app.settings import Settings, get_settings

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{40}")
SHARDS = tuple(f"{number:02x}" for number in range(256))
# Far above any file we seal: what is larger was not written by us.
MOST_BYTES = 32 * 1024**2
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_UNFINISHED = ".part"
_CONNECT, _ANSWER, _RETRY = timedelta(seconds=3), timedelta(seconds=20), timedelta(seconds=8)
_RETRIES = 2

logger = logging.getLogger("liane.store")


@dataclass(frozen=True)
class Space:
    """Bytes left and in all, where files are kept."""

    free: int
    total: int


class DocumentStore(Protocol):
    """What keeps sealed files.

    Raises Unavailable: `document.store_unreachable`, `document.store_full`, `document.file_missing`.
    """

    def put(self, key: str, body: bytes) -> None:
        """Keep an object: whole and durable once this returns, invisible before."""

    def get(self, key: str) -> bytes:
        """A whole object."""

    def delete(self, key: str) -> None:
        """Remove an object; one that is absent already is well."""

    def list_keys(self, shard: str, *, older_than: datetime) -> Iterator[str]:
        """Keys of one of the 256 shards written before a time, unfinished ones included."""

    def free_space(self) -> Space | None:
        """What is left; None where nobody can tell."""

    def check(self) -> None:
        """Write, read and remove an object. Raises SetupError for what an operator must mend."""


class FolderStore:
    """Files 0600 in folders 0700, whatever the umask, and never outside `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, body: bytes) -> None:
        path = self._path(key)
        unfinished = path.with_name(path.name + _UNFINISHED)
        try:
            _make_folder(self.root)
            is_new = _make_folder(path.parent)
            handle = os.open(
                unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600
            )
            try:
                os.fchmod(handle, 0o600)
                with os.fdopen(handle, "wb", closefd=False) as file:
                    file.write(body)
                os.fsync(handle)
                unfinished.rename(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            finally:
                os.close(handle)
            _sync(path.parent)
            if is_new:
                _sync(self.root)
        except OSError as error:
            raise _failure(error) from error

    def get(self, key: str) -> bytes:
        path = self._path(key)
        try:
            with path.open("rb") as file:
                body = file.read(MOST_BYTES + 1)
        except FileNotFoundError as error:
            # A folder that is not there was not mounted: its files are not lost.
            missing = "file_missing" if self.root.is_dir() else "store_unreachable"
            raise Unavailable(f"document.{missing}") from error
        except OSError as error:
            raise _failure(error) from error
        if len(body) > MOST_BYTES:
            raise Unavailable("document.file_damaged")
        return body

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise _failure(error) from error

    def list_keys(self, shard: str, *, older_than: datetime) -> Iterator[str]:
        before = older_than.timestamp()
        try:
            with os.scandir(self.root / shard) as entries:
                for entry in entries:
                    key = f"{shard}/{entry.name}"
                    written_at = entry.stat(follow_symlinks=False).st_mtime
                    if KEY.fullmatch(key.removesuffix(_UNFINISHED)) and written_at < before:
                        yield key
        except FileNotFoundError:
            return
        except OSError as error:
            raise _failure(error) from error

    def free_space(self) -> Space | None:
        folder = self.root
        while not folder.exists():
            folder = folder.absolute().parent
        usage = shutil.disk_usage(folder)
        return Space(usage.free, usage.total)

    def check(self) -> None:
        try:
            _try_out(self)
        except Unavailable as error:
            reason = str(error.__cause__ or error.code)
            raise SetupError(
                f"Le dossier des documents {self.root} ne peut pas être écrit ({reason}) : donnez-le "
                "à l’utilisateur du service."
            ) from None
        if self.root.stat().st_mode & 0o077:
            raise SetupError(
                f"Le dossier des documents {self.root} est ouvert à d’autres : faites "
                f"« chmod 700 {self.root} »."
            )

    def _path(self, key: str) -> Path:
        whole = key.removesuffix(_UNFINISHED)
        return self.root / (_checked(whole) + key[len(whole) :])


class S3Store:
    """A bucket of a server that speaks S3, through obstore: bounded waits, few retries."""

    def __init__(self, bucket: Any) -> None:
        """`bucket`: an `obstore.store.S3Store`, its prefix set."""
        import obstore  # noqa: PLC0415 - a portal with a folder does not load it

        self._client = obstore
        self._bucket = bucket

    def put(self, key: str, body: bytes) -> None:
        with self._told():
            self._client.put(self._bucket, _checked(key), body, use_multipart=False)

    def get(self, key: str) -> bytes:
        with self._told():
            found = self._client.get(self._bucket, _checked(key))
            if found.meta["size"] > MOST_BYTES:
                raise Unavailable("document.file_damaged")
            return bytes(found.bytes())

    def delete(self, key: str) -> None:
        try:
            with self._told():
                self._client.delete(self._bucket, _checked(key))
        except Unavailable as error:
            if error.code != "document.file_missing":
                raise

    def list_keys(self, shard: str, *, older_than: datetime) -> Iterator[str]:
        with self._told():
            for page in self._client.list(self._bucket, shard):
                for found in page:
                    if KEY.fullmatch(found["path"]) and found["last_modified"] < older_than:
                        yield found["path"]

    def free_space(self) -> Space | None:
        return None

    def check(self) -> None:
        try:
            _try_out(self)
        except Unavailable as error:
            if isinstance(error.__cause__, self._refusals()):
                raise SetupError(
                    "Le stockage des documents refuse l’accès : vérifiez LIANE_DOCUMENT_STORE (le "
                    "compartiment existe-t-il ?), LIANE_S3_REGION, LIANE_S3_KEY_ID et LIANE_S3_SECRET."
                ) from None
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the library raises into our failures; its words may name keys, and stay in the cause."""
        try:
            yield
        except FileNotFoundError as error:
            raise Unavailable("document.file_missing") from error
        except (self._client.exceptions.BaseError, OSError, ValueError) as error:
            logger.warning("document store: %s", type(error).__name__)
            raise Unavailable("document.store_unreachable") from error

    def _refusals(self) -> tuple[type[Exception], ...]:
        known = self._client.exceptions
        return (FileNotFoundError, known.PermissionDeniedError, known.UnauthenticatedError)


def open_store(settings: Settings) -> DocumentStore:
    """The store these settings name."""
    if not settings.document_store:
        return FolderStore(settings.data_dir / "documents")
    place = urlsplit(settings.document_store)
    return _open_bucket(
        place.netloc,
        place.path.strip("/"),
        settings.s3_endpoint.rstrip("/"),
        settings.s3_region,
        settings.s3_key_id.get_secret_value(),
        settings.s3_secret.get_secret_value(),
    )


def get_store() -> DocumentStore:
    """The store of this process."""
    return _chosen or open_store(get_settings())


def use_store(store: DocumentStore | None) -> None:
    """Make another store the one of this process (tests)."""
    global _chosen  # noqa: PLW0603 - one store for each process
    _chosen = store


_chosen: DocumentStore | None = None


@lru_cache(maxsize=4)
def _open_bucket(
    bucket: str, prefix: str, endpoint: str, region: str, key_id: str, secret: str
) -> S3Store:
    """One client for a bucket: it keeps its connections."""
    from obstore import store  # noqa: PLC0415 - a portal with a folder does not load it

    where: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    return S3Store(
        store.S3Store(
            bucket,
            prefix=prefix or None,
            region=region,
            access_key_id=key_id,
            secret_access_key=secret,
            virtual_hosted_style_request=not endpoint,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": _CONNECT,
                "timeout": _ANSWER,
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRY},
            **where,
        )
    )


def _try_out(store: DocumentStore) -> None:
    key, body = new_store_key(), new_token().encode()
    store.put(key, body)
    try:
        if store.get(key) != body:
            raise Unavailable("document.store_unreachable")
    finally:
        store.delete(key)


def _checked(key: str) -> str:
    """A key of ours: whatever asks, nothing else of the bucket or the disk is reached."""
    if not KEY.fullmatch(key):
        raise ValueError(key)
    return key


def _make_folder(folder: Path) -> bool:
    """A folder that only its owner may enter; whether it had to be made."""
    if folder.is_dir():
        return False
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    folder.chmod(0o700)
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failure(error: OSError) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable("document.store_full")
    logger.warning("document folder: %s", error.strerror)
    return Unavailable("document.store_unreachable")
