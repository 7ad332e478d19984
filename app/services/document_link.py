"""Links to the bytes of documents (S099): tickets, and what they lead to when they are used.

A link to what does not exist or may not be seen any more is answered as one that never was (S062).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import NotFound, RuleViolation
from app.models.document import Document, FileFormat, StoredFile
from app.services import stored_file
from app.services.document_query import record_reading
from app.services.document_reading import access_document
from app.services.file_ticket import Use, write_ticket
from app.services.stored_file import FileRef, PageRef
from app.services.visibility import is_current, sight

MOST_AT_ONCE = 200
DRAWN = frozenset({FileFormat.PDF, FileFormat.JPG, FileFormat.TIF})
_MISSING = "document.not_found"


@dataclass(frozen=True)
class Fetched:
    """A file on its way out, under a name without its extension."""

    title: str
    extension: str
    document_date: date
    file: FileRef


@dataclass(frozen=True)
class PageSource:
    """A page to show: its picture, or None when it has to be made."""

    file: FileRef
    page: int
    kept: PageRef | None


def offer_download(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> str:
    """A ticket to download a document. Its line is written when it is used."""
    access_document(session, actor, document_id, now=now)
    return write_ticket(session, actor, Use.DOWNLOAD, document_id, now=now)


def offer_preview(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> str:
    """A ticket for the pictures of an opened document: `open_document` has written the line of it."""
    access_document(session, actor, document_id, now=now)
    return write_ticket(session, actor, Use.PREVIEW, document_id, now=now)


def fetch_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> Fetched:
    """A document to send now, and the line that says so; one's own is no longer new."""
    seen, document, file = access_document(session, actor, document_id, now=now)
    record_reading(session, actor, seen, "document.downloaded", document.id, now=now)
    if seen.is_patient and document.seen_by_patient_at is None:
        document.seen_by_patient_at = now
        session.add(document)
    return Fetched(
        document.title, file.format.value, document.document_date, stored_file.file_ref(file)
    )


def require_all(
    session: Session, actor: Actor, document_ids: Collection[UUID], *, now: datetime
) -> None:
    """Refuse a choice of documents one of which is not there for the actor, or too large a choice."""
    if len(document_ids) > MOST_AT_ONCE:
        raise RuleViolation("document.too_many_files")
    patients = select(col(Document.patient_id)).where(col(Document.id).in_(document_ids)).distinct()
    found = 0
    for patient_id in session.execute(patients).scalars().all():
        seen = sight(session, actor, patient_id, now=now)
        readable = (
            select(col(Document.id))
            .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
            .where(col(Document.id).in_(document_ids), seen.clause())
        )
        if seen.is_patient:
            readable = readable.where(is_current())
        found += len(session.execute(readable).all())
    if not document_ids or found != len(document_ids):
        raise NotFound(_MISSING)


def access_page(
    session: Session, actor: Actor, document_id: UUID, page: int, *, now: datetime
) -> PageSource:
    """The page of a preview of a document one may still see."""
    _, _, file = access_document(session, actor, document_id, now=now)
    return page_source(session, actor, file, page)


def page_source(session: Session, actor: Actor, file: StoredFile, page: int) -> PageSource:
    """The page of a file somebody may see; one it does not have does not exist."""
    if not 1 <= page <= file.page_count or file.format not in DRAWN:
        raise NotFound(_MISSING)
    kept = stored_file.find_page(session, actor, file.id, page)
    return PageSource(stored_file.file_ref(file), page, kept)
