"""Files at rest (S098, S120): each sealed under a key of its own before it touches the store.

The object comes first and the row second, so that a crash between leaves an object nobody names, which the
upkeep removes; a row never names an object that was not whole. Sealing, writing and reading take no session:
call them outside any transaction, in a worker thread.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.authz.actor import Actor
from app.crypto import (
    KeyMissing,
    Keyring,
    SealBroken,
    WrappedKey,
    new_data_key,
    new_store_key,
    seal_with,
    unseal_with,
)
from app.db import dialect_of, keyring_of
from app.errors import AppError, Unavailable
from app.integrations.document_store import DocumentStore
from app.models.base import table_of
from app.models.document import FileFormat, ScanState, StoredFile, StoredPage

_CONTENT = "content"
_VERSION = "v1"

logger = logging.getLogger("liane.alert")


@dataclass(frozen=True)
class PagePicture:
    """The picture of one page, from 1, as it will be shown."""

    page: int
    body: bytes
    width: int
    height: int


@dataclass(frozen=True)
class SealedPage:
    """The same, sealed under the key of its file."""

    file_id: UUID
    page: int
    store_key: str
    body: bytes
    width: int
    height: int


@dataclass(frozen=True)
class SealedFile:
    """A file ready for the store, and what its row will say."""

    id: UUID
    owner_id: UUID
    patient_id: UUID | None
    store_key: str
    body: bytes
    format: FileFormat
    byte_size: int
    page_count: int
    content_mac: bytes
    wrapped: WrappedKey
    pages: tuple[SealedPage, ...] = ()


@dataclass(frozen=True)
class FileRef:
    """What it takes to read a file outside a transaction."""

    id: UUID
    owner_id: UUID
    store_key: str
    format: FileFormat
    byte_size: int
    page_count: int
    wrapped: WrappedKey


@dataclass(frozen=True)
class PageRef:
    """A page picture that is kept already."""

    page: int
    store_key: str
    width: int
    height: int


def content_mac(keyring: Keyring, owner_id: UUID, content: bytes) -> bytes:
    """What the same content of the same owner has in common; tells nothing across owners."""
    return keyring.mac("content", owner_id.bytes + content)


def seal_file(
    keyring: Keyring,
    owner_id: UUID,
    content: bytes,
    *,
    file_format: FileFormat,
    page_count: int,
    pages: Sequence[PagePicture] = (),
    is_of_record: bool = True,
) -> SealedFile:
    """Encrypt a file and the pictures made of it under one new key, bound to its owner.

    `owner_id`: the patient of a record file; of an attachment, what `is_of_record=False` says is not one.
    """
    file_id, data_key = uuid4(), new_data_key()
    return SealedFile(
        id=file_id,
        owner_id=owner_id,
        patient_id=owner_id if is_of_record else None,
        store_key=new_store_key(),
        body=seal_with(data_key, content, owner=_part(owner_id, file_id, _CONTENT)),
        format=file_format,
        byte_size=len(content),
        page_count=page_count,
        content_mac=content_mac(keyring, owner_id, content),
        wrapped=keyring.wrap(data_key, owner=key_owner(owner_id, file_id)),
        pages=tuple(_sealed_page(data_key, owner_id, file_id, page) for page in pages),
    )


def seal_page(keyring: Keyring, file: FileRef, picture: PagePicture) -> SealedPage:
    """Encrypt the picture of a page under the key of its file."""
    return _sealed_page(_data_key(keyring, file), file.owner_id, file.id, picture)


def write_sealed(store: DocumentStore, sealed: SealedFile | SealedPage) -> None:
    """Put what was sealed into the store; what could not be put whole is taken out again."""
    objects: list[SealedFile | SealedPage] = [sealed]
    if isinstance(sealed, SealedFile):
        objects.extend(sealed.pages)
    done: list[str] = []
    try:
        for item in objects:
            store.put(item.store_key, item.body)
            done.append(item.store_key)
    except AppError:
        drop_objects(store, done)
        raise


def drop_objects(store: DocumentStore, keys: Collection[str]) -> None:
    """Take objects out of the store again; the upkeep finds those that stay."""
    for key in keys:
        try:
            store.delete(key)
        except Unavailable:
            return


def record_file(
    session: Session,
    actor: Actor,
    sealed: SealedFile,
    *,
    scan: ScanState = ScanState.CLEAN,
    now: datetime,
) -> FileRef:
    """Write the row of a file that is in the store."""
    keyring = keyring_of(session)
    row = StoredFile(
        id=sealed.id,
        owner_id=sealed.owner_id,
        patient_id=sealed.patient_id,
        store_key=sealed.store_key,
        format=sealed.format,
        byte_size=sealed.byte_size,
        page_count=sealed.page_count,
        content_mac=sealed.content_mac,
        wrapped_key=sealed.wrapped.sealed,
        key_id=sealed.wrapped.key_id,
        scan=scan,
        created_at=now,
    )
    if row.key_id != keyring.wrapping_ids()[-1]:
        # The key was rotated while the file was on its way.
        fresh = rewrapped(keyring, row.owner_id, row.id, sealed.wrapped)
        row.wrapped_key, row.key_id = fresh.sealed, fresh.key_id
    session.add(row)
    session.flush()
    for page in sealed.pages:
        record_page(session, actor, page)
    return file_ref(row)


def record_page(session: Session, actor: Actor, sealed: SealedPage) -> None:
    """Write the row of a page picture that is in the store; the first one made stays."""
    insert = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    session.execute(
        insert(table_of(StoredPage))
        .values(
            file_id=sealed.file_id,
            page=sealed.page,
            store_key=sealed.store_key,
            width=sealed.width,
            height=sealed.height,
        )
        .on_conflict_do_nothing(index_elements=["file_id", "page"])
    )


def find_page(session: Session, actor: Actor, file_id: UUID, page: int) -> PageRef | None:
    """The picture of a page, when it is kept already."""
    row = session.get(StoredPage, (file_id, page))
    return PageRef(row.page, row.store_key, row.width, row.height) if row else None


def read_content(keyring: Keyring, store: DocumentStore, file: FileRef) -> bytes:
    """The content of a file. Raises Unavailable, after an alert, for one that was changed or is lost."""
    return _read(keyring, store, file, file.store_key, _CONTENT)


def read_page(keyring: Keyring, store: DocumentStore, file: FileRef, page: PageRef) -> bytes:
    """The picture of a page, likewise."""
    return _read(keyring, store, file, page.store_key, f"page/{page.page}")


def key_owner(owner_id: UUID, file_id: UUID) -> str:
    """What the wrapped key of a file is bound to."""
    return _part(owner_id, file_id, "key")


def rewrapped(keyring: Keyring, owner_id: UUID, file_id: UUID, old: WrappedKey) -> WrappedKey:
    """The key of a file under the newest wrapping key. Raises KeyMissing or SealBroken."""
    owner = key_owner(owner_id, file_id)
    return keyring.wrap(keyring.unwrap(old, owner=owner), owner=owner)


def _part(owner_id: UUID, file_id: UUID, part: str) -> str:
    return f"document/{owner_id}/{file_id}/{part}/{_VERSION}"


def _sealed_page(
    data_key: bytes, owner_id: UUID, file_id: UUID, picture: PagePicture
) -> SealedPage:
    owner = _part(owner_id, file_id, f"page/{picture.page}")
    return SealedPage(
        file_id=file_id,
        page=picture.page,
        store_key=new_store_key(),
        body=seal_with(data_key, picture.body, owner=owner),
        width=picture.width,
        height=picture.height,
    )


def _read(keyring: Keyring, store: DocumentStore, file: FileRef, key: str, part: str) -> bytes:
    data_key = _data_key(keyring, file)
    try:
        return unseal_with(data_key, store.get(key), owner=_part(file.owner_id, file.id, part))
    except SealBroken:
        _alert("document.file_damaged", file.id, part)
        raise Unavailable("document.file_damaged") from None
    except Unavailable as failure:
        if failure.code in {"document.file_missing", "document.file_damaged"}:
            _alert(failure.code, file.id, part)
        raise


def _data_key(keyring: Keyring, file: FileRef) -> bytes:
    try:
        return keyring.unwrap(file.wrapped, owner=key_owner(file.owner_id, file.id))
    except KeyMissing:
        _alert("document.key_missing", file.id, file.wrapped.key_id)
        raise Unavailable("document.key_missing") from None
    except SealBroken:
        _alert("document.file_damaged", file.id, "key")
        raise Unavailable("document.file_damaged") from None


def _alert(code: str, file_id: UUID, what: str) -> None:
    """A failed check of what is kept (S120, S134): names the file and nothing of its content."""
    logger.critical("%s: file %s, %s", code, file_id, what)


def file_ref(row: StoredFile) -> FileRef:
    """What it takes to read a file, for a use case that decided that the actor may."""
    return FileRef(
        id=row.id,
        owner_id=row.owner_id,
        store_key=row.store_key,
        format=row.format,
        byte_size=row.byte_size,
        page_count=row.page_count,
        wrapped=WrappedKey(row.key_id, row.wrapped_key),
    )
