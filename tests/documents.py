"""Documents for tests, without their bytes: rows as a deposit leaves them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.document import Document, DocumentUpload, FileFormat, StoredFile, StoredText
from app.models.record_access import AccessKind, RecordAccess, RecordSettings
from app.services.document_words import write_words
from app.services.text import fold
from tests.factories import DEFAULT_NOW

REPORT = "11488-4"  # CR de consultation


def make_file(
    session: Session,
    patient_id: UUID,
    now: datetime = DEFAULT_NOW,
    text: str = "",
    **overrides: Any,
) -> StoredFile:
    """A stored file whose bytes are nowhere."""
    values: dict[str, Any] = {
        "owner_id": patient_id,
        "patient_id": patient_id,
        "store_key": uuid4().hex,
        "format": FileFormat.PDF,
        "byte_size": 312_000,
        "page_count": 2,
        "content_mac": uuid4().bytes,
        "wrapped_key": b"-",
        "key_id": "test",
        "created_at": now,
    }
    file = StoredFile(**{**values, **overrides})
    session.add(file)
    session.flush()
    if text:
        session.add(StoredText(file_id=file.id, text=text))
        session.flush()
    return file


def make_upload(
    session: Session, actor: Actor, patient_id: UUID, now: datetime = DEFAULT_NOW, **of_file: Any
) -> UUID:
    """A file that arrived and waits for its form."""
    file = make_file(session, patient_id, now, **of_file)
    assert actor.account_id is not None
    upload = DocumentUpload(
        account_id=actor.account_id,
        patient_id=patient_id,
        file_id=file.id,
        name="scan0001",
        sent_at=now,
    )
    session.add(upload)
    session.flush()
    return upload.id


def make_document(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    now: datetime = DEFAULT_NOW,
    *,
    text: str = "",
    of_file: dict[str, Any] | None = None,
    **overrides: Any,
) -> UUID:
    """A document deposited by `actor`: the patient, or a professional."""
    file = make_file(session, patient_id, now, text, **(of_file or {}))
    key = uuid4()
    title = overrides.get("title", "Compte rendu de consultation")
    values: dict[str, Any] = {
        "id": key,
        "patient_id": patient_id,
        "file_id": file.id,
        "series_id": key,
        "type_code": REPORT,
        "title": title,
        "title_sort": fold(title),
        "document_date": date(2026, 3, 5),
        "professional_id": actor.professional_id,
        "deposited_by_id": actor.account_id,
        "depositor_name": actor.name,
        "depositor_sort": fold(actor.name),
        "deposited_at": now,
    }
    document = Document(**{**values, **overrides})
    session.add(document)
    session.flush()
    write_words(session, actor, document)
    return document.id


def make_access(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    kind: AccessKind,
    ends_at: datetime,
    now: datetime,
) -> UUID:
    """An access outside the circle, as declared in the actor's sign-in."""
    assert actor.professional_id is not None
    assert actor.account_id is not None
    assert actor.session_id is not None
    access = RecordAccess(
        patient_id=patient_id,
        professional_id=actor.professional_id,
        account_id=actor.account_id,
        session_id=actor.session_id,
        kind=kind,
        reason="Douleur thoracique aux urgences" if kind is not AccessKind.DECLARED else "",
        began_at=now,
        ends_at=ends_at,
    )
    session.add(access)
    session.flush()
    return access.id


def set_settings(session: Session, patient_id: UUID, **values: Any) -> None:
    """The patient's choices, without going through their page."""
    settings = session.get(RecordSettings, patient_id) or RecordSettings(patient_id=patient_id)
    for name, value in values.items():
        setattr(settings, name, value)
    session.add(settings)
    session.flush()
