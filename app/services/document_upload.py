"""Files that arrived and wait for their form: one account's, for one patient, for a day (ME-091 to ME-098).

`receive` takes no session: call it outside any transaction, in a worker thread.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session, col, delete

from app.authz.actor import Actor
from app.crypto import Keyring
from app.errors import NotAuthenticated, NotFound, RuleViolation, Unavailable
from app.integrations.document_store import DocumentStore
from app.integrations.file_check import CheckedFile, check_file, readable_name
from app.integrations.scanner import Scanner, open_scanner
from app.models.document import (
    DocumentUpload,
    FileFormat,
    ScanState,
    StoredFile,
    StoredText,
)
from app.services import stored_file
from app.services.document_deposit import find_same, require_depositor
from app.services.membership import hold_patient
from app.services.stored_file import PagePicture, SealedFile
from app.services.visibility import Sight
from app.settings import get_settings

KEPT = timedelta(hours=24)
# Under these, uploads alone are refused (S100).
LEAST_FREE_BYTES = 1024**3
LEAST_FREE_SHARE = 0.05
_MOST_LISTED = 500


@dataclass(frozen=True)
class Prepared:
    """A file judged, cleaned, sealed, and what its rows will say."""

    name: str
    sealed: SealedFile
    text: str
    removed: tuple[str, ...]
    was_converted: bool
    scan: ScanState


@dataclass(frozen=True)
class Upload:
    """A file that waits for its form. `is_duplicate`: the actor sees the same content already.

    `is_infected`: the scanner, silent when it arrived, found it harmful since; no document is made of it.
    """

    id: UUID
    name: str
    format: FileFormat
    byte_size: int
    page_count: int
    removed: tuple[str, ...]
    was_converted: bool
    is_duplicate: bool
    is_unscanned: bool
    sent_at: datetime
    is_infected: bool = False


def require_room(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime, more_bytes: int = 1
) -> Sight:
    """Whether the actor may add a file to this record, and whether it still has room for one (S100)."""
    seen = require_depositor(session, actor, patient_id, now=now)
    settings = get_settings()
    files, kept_bytes = session.execute(
        select(func.count(), func.coalesce(func.sum(col(StoredFile.byte_size)), 0)).where(
            col(StoredFile.patient_id) == patient_id, col(StoredFile.released_at).is_(None)
        )
    ).one()
    if files >= settings.patient_files:
        raise RuleViolation("document.quota_files", files=settings.patient_files)
    if kept_bytes + more_bytes > settings.patient_megabytes * 1024**2:
        raise RuleViolation("document.quota_bytes", megabytes=settings.patient_megabytes)
    return seen


def require_space(store: DocumentStore) -> None:
    """Refuse uploads, and nothing else, while the disk is nearly full (S100)."""
    space = store.free_space()
    if space is not None and (
        space.free < LEAST_FREE_BYTES or space.free < LEAST_FREE_SHARE * space.total
    ):
        raise Unavailable("document.store_full")


def receive(
    keyring: Keyring,
    store: DocumentStore,
    owner_id: UUID,
    name: str,
    content: bytes,
    *,
    is_of_record: bool = True,
) -> Prepared:
    """Judge a file, scan it, seal it, put it into the store: all of what comes before its rows."""
    checked = check_file(content, name)
    scanner = open_scanner(get_settings())
    prepared = _prepare(keyring, scanner, owner_id, name, checked, is_of_record=is_of_record)
    stored_file.write_sealed(store, prepared.sealed)
    return prepared


def take_back(store: DocumentStore, prepared: Prepared) -> None:
    """Take what was received out of the store again: its rows were not written."""
    sealed = prepared.sealed
    stored_file.drop_objects(store, [sealed.store_key, *(page.store_key for page in sealed.pages)])


def _prepare(
    keyring: Keyring,
    scanner: Scanner | None,
    owner_id: UUID,
    name: str,
    checked: CheckedFile,
    *,
    is_of_record: bool = True,
) -> Prepared:
    """Scan and seal what was checked. Raises RuleViolation for what the scanner finds harmful (S101)."""
    first = checked.first_page
    pages = (PagePicture(1, first.content, first.width, first.height),) if first else ()
    return Prepared(
        name=readable_name(name).rpartition(".")[0],
        sealed=stored_file.seal_file(
            keyring,
            owner_id,
            checked.content,
            file_format=checked.format,
            page_count=checked.page_count,
            pages=pages,
            is_of_record=is_of_record,
        ),
        text=checked.text,
        removed=checked.removed,
        was_converted=checked.was_converted,
        scan=scan_content(scanner, checked.content),
    )


def keep_upload(
    session: Session, actor: Actor, patient_id: UUID, prepared: Prepared, *, now: datetime
) -> Upload:
    """Write the rows of a file that is in the store. The right and the room are looked at once more."""
    if actor.account_id is None:
        raise NotAuthenticated
    # Of files that arrive at once, each sees the room the one before took.
    hold_patient(session, actor, patient_id)
    seen = require_room(session, actor, patient_id, now=now, more_bytes=prepared.sealed.byte_size)
    file = stored_file.record_file(session, actor, prepared.sealed, scan=prepared.scan, now=now)
    if prepared.text:
        session.add(StoredText(file_id=file.id, text=prepared.text))
    upload = DocumentUpload(
        account_id=actor.account_id,
        patient_id=patient_id,
        file_id=file.id,
        name=prepared.name,
        removed=" ".join(prepared.removed),
        was_converted=prepared.was_converted,
        sent_at=now,
    )
    session.add(upload)
    session.flush()
    mac = prepared.sealed.content_mac
    is_same = find_same(session, seen, mac) or _waits_already(session, upload, mac)
    row = session.get_one(StoredFile, file.id)
    return _upload(upload, row, is_duplicate=bool(is_same))


def list_uploads(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[Upload]:
    """The actor's own files that wait for a form in this record, in the order they arrived."""
    seen = require_depositor(session, actor, patient_id, now=now)
    rows = session.execute(
        select(DocumentUpload, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(DocumentUpload.file_id))
        .where(
            col(DocumentUpload.account_id) == actor.account_id,
            col(DocumentUpload.patient_id) == patient_id,
            col(DocumentUpload.sent_at) > now - KEPT,
        )
        .order_by(col(DocumentUpload.sent_at), col(DocumentUpload.id))
        .limit(_MOST_LISTED)
    ).all()
    earlier: set[bytes] = set()
    found = []
    for upload, file in rows:
        is_same = file.content_mac in earlier or find_same(session, seen, file.content_mac)
        found.append(_upload(upload, file, is_duplicate=bool(is_same)))
        earlier.add(file.content_mac)
    return found


def discard_upload(session: Session, actor: Actor, upload_id: UUID, *, now: datetime) -> None:
    """Forget a file of one's own that was not used; the upkeep removes its bytes."""
    upload = session.get(DocumentUpload, upload_id)
    if upload is None or actor.account_id is None or upload.account_id != actor.account_id:
        raise NotFound("document.upload_gone")
    require_depositor(session, actor, upload.patient_id, now=now)
    _forget(session, actor, [upload], now=now)


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Forget files whose form nobody validated within a day."""
    stale = select(DocumentUpload).where(col(DocumentUpload.sent_at) <= now - KEPT)
    _forget(session, actor, session.execute(stale.limit(_MOST_LISTED)).scalars().all(), now=now)


def _forget(
    session: Session, actor: Actor, uploads: Collection[DocumentUpload], *, now: datetime
) -> None:
    if not uploads:
        return
    session.execute(
        update(StoredFile)
        .where(col(StoredFile.id).in_([upload.file_id for upload in uploads]))
        .values(released_at=now)
    )
    session.execute(
        delete(DocumentUpload).where(col(DocumentUpload.id).in_([upload.id for upload in uploads]))
    )


def _waits_already(session: Session, upload: DocumentUpload, mac: bytes) -> UUID | None:
    """Another file of the same account with the same content."""
    return session.execute(
        select(col(DocumentUpload.id))
        .join(StoredFile, col(StoredFile.id) == col(DocumentUpload.file_id))
        .where(
            col(DocumentUpload.account_id) == upload.account_id,
            col(DocumentUpload.patient_id) == upload.patient_id,
            col(DocumentUpload.id) != upload.id,
            col(StoredFile.content_mac) == mac,
        )
        .limit(1)
    ).scalar_one_or_none()


def scan_content(scanner: Scanner | None, content: bytes) -> ScanState:
    """What the scanner says; silent, the file waits. Raises RuleViolation for a harmful one (S101)."""
    if scanner is None:
        return ScanState.CLEAN
    try:
        is_clean = scanner.is_clean(content)
    except Unavailable:
        # It waits unseen until the scanner has spoken.
        return ScanState.PENDING
    if not is_clean:
        raise RuleViolation("file.infected")
    return ScanState.CLEAN


def _upload(upload: DocumentUpload, file: StoredFile, *, is_duplicate: bool) -> Upload:
    return Upload(
        id=upload.id,
        name=upload.name,
        format=file.format,
        byte_size=file.byte_size,
        page_count=file.page_count,
        removed=tuple(upload.removed.split()),
        was_converted=upload.was_converted,
        is_duplicate=is_duplicate,
        is_unscanned=file.scan is ScanState.PENDING,
        sent_at=upload.sent_at,
        is_infected=file.scan is ScanState.REFUSED,
    )
