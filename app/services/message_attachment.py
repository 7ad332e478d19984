"""Files of a message: added to its draft, checked once more when it leaves (ME-152 to ME-159, S090).

A document of a record is attached as it is; whether each recipient may read it is asked when the message is
sent, so that nothing masked or deleted meanwhile goes out.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import NotFound, RuleViolation
from app.models.document import Document, StoredFile
from app.models.message import MessageAttachment
from app.models.professional import Professional
from app.services.document_reading import access_document
from app.services.mailbox import Party, PartyKind
from app.services.record_audience import sight_of

MAX_TOTAL_BYTES = 10 * 1024 * 1024
MOST_ATTACHMENTS = 30


def require_sendable(
    session: Session,
    actor: Actor,
    attachments: Sequence[MessageAttachment],
    recipients: Sequence[Party],
    *,
    now: datetime,
) -> None:
    """Raise RuleViolation, naming the piece, for what may not leave: too heavy, gone, not theirs to read."""
    total = session.execute(
        select(func.coalesce(func.sum(col(StoredFile.byte_size)), 0)).where(
            col(StoredFile.id).in_([attachment.file_id for attachment in attachments])
        )
    ).scalar_one()
    if total > MAX_TOTAL_BYTES:
        raise RuleViolation("message.too_heavy")
    for attachment in attachments:
        if attachment.document_id is not None:
            _require_document(session, actor, attachment, recipients, now=now)


def _require_document(
    session: Session,
    actor: Actor,
    attachment: MessageAttachment,
    recipients: Sequence[Party],
    *,
    now: datetime,
) -> None:
    """Patients send what is theirs to whom they like; others, what each recipient may read too (S063)."""
    assert attachment.document_id is not None
    try:
        seen, document, _ = access_document(session, actor, attachment.document_id, now=now)
    except (NotFound, RuleViolation):
        raise RuleViolation("message.attachment_gone", name=attachment.name) from None
    if seen.is_patient:
        return
    for party in recipients:
        if not _may_read(session, actor, party, document, now=now):
            raise RuleViolation("message.attachment_not_theirs", name=attachment.name)


def _may_read(
    session: Session, actor: Actor, party: Party, document: Document, *, now: datetime
) -> bool:
    if party.kind is PartyKind.PATIENT:
        return party.id == document.patient_id and not document.is_hidden_from_patient
    professional = session.get(Professional, party.id)
    if professional is None:
        return False
    try:
        seen = sight_of(
            session, actor, professional.id, professional.profession, document.patient_id, now=now
        )
    except NotFound:
        return False
    return (
        session.execute(
            select(col(Document.id))
            .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
            .where(col(Document.id) == document.id, seen.clause())
        ).first()
        is not None
    )
