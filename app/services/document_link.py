"""Links to the bytes of documents (S099): of one sign-in, for 60 s, and asked again when they are used.

A ticket is no permission: whoever uses it must still be allowed to see the document at that moment (S062).
A link of somebody else, too late, changed, to what does not exist or may not be seen any more: one NotFound.
"""

import base64
import struct
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.crypto import same
from app.db import keyring_of
from app.errors import NotFound, RuleViolation
from app.models.document import Document, FileFormat, StoredFile
from app.services import stored_file
from app.services.document_query import record_reading
from app.services.document_reading import access_document
from app.services.stored_file import FileRef, PageRef
from app.services.visibility import is_current, sight

LIFE = timedelta(seconds=60)
MOST_AT_ONCE = 200
DRAWN = frozenset({FileFormat.PDF, FileFormat.JPG, FileFormat.TIF})
# Use, document, end in whole seconds.
_HEAD = struct.Struct(">B16sI")
_MAC_BYTES = 30
_MISSING = "document.not_found"


class Use(IntEnum):
    """What a ticket is good for."""

    DOWNLOAD = 1
    PREVIEW = 2


@dataclass(frozen=True)
class Fetched:
    """A document on its way out."""

    title: str
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
    return _ticket(session, actor, Use.DOWNLOAD, document_id, now)


def offer_preview(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> str:
    """A ticket for the pictures of an opened document: `open_document` has written the line of it."""
    access_document(session, actor, document_id, now=now)
    return _ticket(session, actor, Use.PREVIEW, document_id, now)


def fetch_download(session: Session, actor: Actor, ticket: str, *, now: datetime) -> Fetched:
    """What a ticket leads to, for whoever holds it and may still see it; leaves the line."""
    document_id = _read(session, actor, Use.DOWNLOAD, ticket, now)
    return fetch_document(session, actor, document_id, now=now)


def fetch_document(session: Session, actor: Actor, document_id: UUID, *, now: datetime) -> Fetched:
    """A document to send now, and the line that says so; one's own is no longer new."""
    seen, document, file = access_document(session, actor, document_id, now=now)
    record_reading(session, actor, seen, "document.downloaded", document.id, now=now)
    if seen.is_patient and document.seen_by_patient_at is None:
        document.seen_by_patient_at = now
        session.add(document)
    return Fetched(document.title, document.document_date, stored_file.file_ref(file))


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
    session: Session, actor: Actor, ticket: str, page: int, *, now: datetime
) -> PageSource:
    """The page of a preview, for whoever holds its ticket and may still see the document."""
    document_id = _read(session, actor, Use.PREVIEW, ticket, now)
    _, _, file = access_document(session, actor, document_id, now=now)
    if not 1 <= page <= file.page_count or file.format not in DRAWN:
        raise NotFound(_MISSING)
    kept = stored_file.find_page(session, actor, file.id, page)
    return PageSource(stored_file.file_ref(file), page, kept)


def _ticket(session: Session, actor: Actor, use: Use, document_id: UUID, now: datetime) -> str:
    head = _HEAD.pack(use, document_id.bytes, int((now + LIFE).timestamp()))
    # 51 bytes make 68 letters, with none left over that could be changed without effect.
    return base64.urlsafe_b64encode(head + _mac(session, actor, head)).decode()


def _read(session: Session, actor: Actor, use: Use, ticket: str, now: datetime) -> UUID:
    try:
        body = base64.b64decode(ticket, altchars=b"-_", validate=True)
    except ValueError:
        raise NotFound(_MISSING) from None
    head, mac = body[: _HEAD.size], body[_HEAD.size :]
    if len(head) != _HEAD.size or not same(mac, _mac(session, actor, head)):
        raise NotFound(_MISSING)
    used, document_id, ends_at = _HEAD.unpack(head)
    if used != use or ends_at <= now.timestamp():
        raise NotFound(_MISSING)
    return UUID(bytes=document_id)


def _mac(session: Session, actor: Actor, head: bytes) -> bytes:
    # Of this sign-in, and of whom it acts for: a ticket of one does not serve the other.
    holder = f"{actor.session_id}/{actor.delegation_id}/".encode()
    return keyring_of(session).mac("link", holder + head)[:_MAC_BYTES]
