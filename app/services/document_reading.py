"""One document opened: by its reader, among those of the list it was opened from (ME-107, ME-110)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.errors import NotFound
from app.models.document import Document, FileFormat, StoredFile, StoredText
from app.services.document_query import DocumentFilter, ids_of, record_reading
from app.services.document_row import COLUMNS, DocumentRow, row_of
from app.services.visibility import Sight, sight


@dataclass(frozen=True)
class DocumentView:
    """One opened document: `text` for plain text formats, its place among those of the same filter."""

    row: DocumentRow
    text: str
    position: int
    found: int
    previous_id: UUID | None
    next_id: UUID | None
    versions: tuple[tuple[UUID, int, datetime], ...]


def open_document(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    chosen: DocumentFilter,
    *,
    now: datetime,
) -> DocumentView:
    """One document somebody opens: the reading is journaled, and remembered when it is the patient's own."""
    seen = sight(session, actor, patient_id, now=now)
    document, file = _load(session, seen, document_id)
    record_reading(session, actor, seen, "document.read", document.id, now=now)
    if seen.is_patient and document.seen_by_patient_at is None:
        document.seen_by_patient_at = now
        session.add(document)
        session.flush()
    return _view(session, seen, document, file, chosen)


def refresh_document(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    chosen: DocumentFilter,
    *,
    now: datetime,
) -> DocumentView:
    """The same document again, on a page that shows it already."""
    seen = sight(session, actor, patient_id, now=now)
    return _view(session, seen, *_load(session, seen, document_id), chosen)


def access_document(
    session: Session, actor: Actor, document_id: UUID, *, now: datetime
) -> tuple[Sight, Document, StoredFile]:
    """The only loader by id: a document the actor may not read now is reported as absent."""
    patient_id = session.execute(
        select(col(Document.patient_id)).where(col(Document.id) == document_id)
    ).scalar_one_or_none()
    if patient_id is None:
        raise NotFound("document.not_found")
    try:
        seen = sight(session, actor, patient_id, now=now)
    except NotFound:
        raise NotFound("document.not_found") from None
    return seen, *_load(session, seen, document_id)


def _load(session: Session, seen: Sight, document_id: UUID) -> tuple[Document, StoredFile]:
    session.flush()
    found = session.execute(
        select(Document, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(col(Document.id) == document_id, seen.clause())
    ).first()
    if found is None or (seen.is_patient and found[0].superseded_at is not None):
        raise NotFound("document.not_found")
    return found[0], found[1]


def _view(
    session: Session, seen: Sight, document: Document, file: StoredFile, chosen: DocumentFilter
) -> DocumentView:
    ids = ids_of(session, seen, chosen)
    at = ids.index(document.id) if document.id in ids else -1
    statement = select_columns(*COLUMNS).join(
        StoredFile, col(StoredFile.id) == col(Document.file_id)
    )
    row = session.execute(statement.where(col(Document.id) == document.id)).one()
    text = session.get(StoredText, file.id) if file.format in _PLAIN else None
    return DocumentView(
        row=row_of(seen, row),
        text=text.text if text is not None else "",
        position=at + 1,
        found=len(ids),
        previous_id=ids[at - 1] if at > 0 else None,
        next_id=ids[at + 1] if 0 <= at < len(ids) - 1 else None,
        versions=() if seen.is_patient else _versions(session, seen, document.series_id),
    )


_PLAIN = frozenset({FileFormat.TXT, FileFormat.RTF})


def _versions(
    session: Session, seen: Sight, series_id: UUID
) -> tuple[tuple[UUID, int, datetime], ...]:
    rows = session.execute(
        select_columns(col(Document.id), col(Document.version), col(Document.deposited_at))
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(col(Document.series_id) == series_id, seen.clause())
        .order_by(col(Document.version).desc())
    )
    return tuple((row[0], row[1], row[2]) for row in rows)
