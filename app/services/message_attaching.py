"""Adding files to what is being written: of the device, of a record, made on the spot (ME-152 to ME-159)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.errors import NotFound, RuleViolation
from app.models.document import Document, FileFormat, PatientCategory, StoredFile, StoredText
from app.models.message import (
    MAX_NAME,
    AttachmentSource,
    Conversation,
    MessageAttachment,
    MessageDraft,
)
from app.services import journal, stored_file, throttle
from app.services.document_query import record_reading
from app.services.document_reading import access_document
from app.services.document_type import document_type, types_of
from app.services.document_upload import Prepared
from app.services.mailbox import Mailbox, PartyKind, parse_party, require_mailbox, require_writer
from app.services.message_attachment import MAX_TOTAL_BYTES, MOST_ATTACHMENTS
from app.services.message_draft import drop_attachment, ensure_draft, require_draft
from app.services.message_draft_reading import find_draft
from app.services.message_input import Typed
from app.services.message_reading import AttachedFile, attached_file
from app.services.visibility import is_current, sight

# Of a patient, all of them: a record holds 500 files (S100).
MOST_LISTED = 500
_ADDING = throttle.Rule("message_attachment", limit=1000, window=timedelta(hours=1))
_MISSING = "message.attachment_not_found"


class Shelf(StrEnum):
    """Which documents of a record are offered: the two of a patient, or all a professional reads."""

    ADMINISTRATIVE = "administrative"
    DOCUMENTS = "documents"
    RECORD = "record"


@dataclass(frozen=True)
class Attachable:
    """A document that can be attached."""

    id: UUID
    title: str
    type_code: str
    document_date: date
    format: FileFormat
    byte_size: int
    is_masked: bool


@dataclass(frozen=True)
class Pieces:
    """What is attached to a draft, and how heavy it is together."""

    files: tuple[AttachedFile, ...]

    @property
    def byte_size(self) -> int:
        return sum(file.byte_size for file in self.files)


def list_pieces(session: Session, actor: Actor, draft_id: UUID) -> Pieces:
    """What is attached to a draft of one's own; nothing to one that does not exist yet."""
    mailbox = require_mailbox(session, actor)
    draft = find_draft(session, actor, mailbox, draft_id)
    rows = _attached(session, draft.id) if draft else []
    return Pieces(tuple(attached_file(attachment, file) for attachment, file in rows))


def require_room(
    session: Session, actor: Actor, draft_id: UUID, typed: Typed, *, more_bytes: int = 1
) -> int:
    """How many bytes a draft of the actor's takes yet, before a file of so many is added (ME-159)."""
    draft = require_draft(session, actor, draft_id, typed)
    files, held = _weight(session, draft.id if draft else draft_id)
    if files >= MOST_ATTACHMENTS:
        raise RuleViolation("message.too_many_attachments", most=MOST_ATTACHMENTS)
    left = MAX_TOTAL_BYTES - held
    if more_bytes > left:
        raise RuleViolation("message.too_heavy")
    return left


def attach_file(
    session: Session,
    actor: Actor,
    draft_id: UUID,
    typed: Typed,
    prepared: Prepared,
    *,
    source: AttachmentSource = AttachmentSource.DEVICE,
    now: datetime,
) -> AttachedFile:
    """Write the rows of a file that is in the store, sealed for this draft. Its room is looked at again.

    A medical profile takes the place of the one before: two of them would be two ages of the same.
    """
    mailbox = _hold(session, actor, now)
    draft = ensure_draft(session, actor, draft_id, typed, now=now)
    if source is AttachmentSource.PROFILE:
        for attachment, _ in _attached(session, draft.id):
            if attachment.source is source:
                drop_attachment(session, actor, attachment, now=now)
    require_room(session, actor, draft_id, typed, more_bytes=prepared.sealed.byte_size)
    file = stored_file.record_file(session, actor, prepared.sealed, scan=prepared.scan, now=now)
    if prepared.text:
        session.add(StoredText(file_id=file.id, text=prepared.text))
    name = _name(prepared.name, file.format)
    return _add(session, actor, mailbox, draft, file.id, name, source, document=None, now=now)


def attach_documents(
    session: Session,
    actor: Actor,
    draft_id: UUID,
    typed: Typed,
    document_ids: Sequence[UUID],
    *,
    now: datetime,
) -> list[AttachedFile]:
    """Attach documents one may read: one's own, or those of the patient the message is about. All, or none.

    One that is attached already stays so. Each leaves the line of its reading.
    """
    mailbox = _hold(session, actor, now)
    wanted = list(dict.fromkeys(document_ids))
    if len(wanted) > MOST_ATTACHMENTS:
        raise RuleViolation("message.too_many_attachments", most=MOST_ATTACHMENTS)
    patient_id = _patient_of(session, actor, mailbox, draft_id, typed)
    draft = ensure_draft(session, actor, draft_id, typed, now=now)
    held = {attachment.document_id for attachment, _ in _attached(session, draft.id)}
    added = []
    for document_id in wanted:
        if document_id in held:
            continue
        seen, document, file = access_document(session, actor, document_id, now=now)
        if document.patient_id != patient_id:
            raise NotFound("document.not_found")
        require_room(session, actor, draft_id, typed, more_bytes=file.byte_size)
        record_reading(session, actor, seen, "document.attached", document.id, now=now)
        kind = document_type(document.type_code).patient_category
        is_paper = seen.is_patient and kind is PatientCategory.ADMINISTRATIVE
        source = AttachmentSource.ADMINISTRATIVE if is_paper else AttachmentSource.DOCUMENT
        name = _name(document.title, file.format)
        added.append(
            _add(
                session, actor, mailbox, draft, file.id, name, source, document=document.id, now=now
            )
        )
    return added


def list_attachable(
    session: Session, actor: Actor, draft_id: UUID, typed: Typed, shelf: Shelf, *, now: datetime
) -> list[Attachable]:
    """The documents of a shelf, newest first: one's own, or those one reads of the patient it is about."""
    mailbox = require_writer(session, actor)
    patient_id = _patient_of(session, actor, mailbox, draft_id, typed)
    seen = sight(session, actor, patient_id, now=now)
    record_reading(session, actor, seen, "document.listed", None, now=now)
    statement = (
        select_columns(
            Document.id,
            Document.title,
            Document.type_code,
            Document.document_date,
            StoredFile.format,
            StoredFile.byte_size,
            Document.is_masked,
        )
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(seen.clause(), is_current())
        .order_by(col(Document.document_date).desc(), col(Document.id))
        .limit(MOST_LISTED)
    )
    papers = types_of(PatientCategory.ADMINISTRATIVE)
    if shelf is Shelf.ADMINISTRATIVE:
        statement = statement.where(col(Document.type_code).in_(papers))
    elif shelf is Shelf.DOCUMENTS:
        statement = statement.where(col(Document.type_code).not_in(papers))
    return [Attachable(*row) for row in session.execute(statement)]


def detach(session: Session, actor: Actor, attachment_id: UUID, *, now: datetime) -> str:
    """Take a piece off a draft of one's own; its name. Off a message that left, nothing goes any more."""
    mailbox = require_writer(session, actor)
    attachment = session.get(MessageAttachment, attachment_id)
    if attachment is None or attachment.draft_id is None:
        raise NotFound(_MISSING)
    draft = find_draft(session, actor, mailbox, attachment.draft_id, is_held=True)
    if draft is None:
        raise NotFound(_MISSING)
    name = attachment.name
    drop_attachment(session, actor, attachment, now=now)
    journal.record(
        session, actor, "message.attachment_removed", object_id=mailbox.party.id, now=now
    )
    return name


def _hold(session: Session, actor: Actor, now: datetime) -> Mailbox:
    """Of files that arrive at once, each sees the draft and the room the one before took."""
    mailbox = require_writer(session, actor)
    throttle.hold(session, _ADDING, str(mailbox.account_id), now=now)
    return mailbox


def _patient_of(
    session: Session, actor: Actor, mailbox: Mailbox, draft_id: UUID, typed: Typed
) -> UUID:
    """Whose documents: one's own, or those of the patient the message is to or about."""
    draft = require_draft(session, actor, draft_id, typed)
    if mailbox.patient_id is not None:
        return mailbox.patient_id
    conversation_id = draft.conversation_id if draft else typed.conversation_id
    if conversation_id is not None:
        found = session.get_one(Conversation, conversation_id).patient_id
    else:
        found = typed.about_patient_id or (draft.about_patient_id if draft else None)
        named = (*typed.recipients, *(draft.recipients if draft else ()))
        parties = [party for party in map(parse_party, named) if party]
        patients = (party.id for party in parties if party.kind is PartyKind.PATIENT)
        found = found or next(patients, None)
    if found is None:
        raise NotFound("patient.not_found")
    return found


def _add(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    draft: MessageDraft,
    file_id: UUID,
    name: str,
    source: AttachmentSource,
    *,
    document: UUID | None,
    now: datetime,
) -> AttachedFile:
    last = session.execute(
        select(func.max(col(MessageAttachment.position))).where(
            col(MessageAttachment.draft_id) == draft.id
        )
    ).scalar()
    attachment = MessageAttachment(
        draft_id=draft.id,
        file_id=file_id,
        document_id=document,
        source=source,
        name=name,
        position=(last or 0) + 1,
        added_at=now,
    )
    session.add(attachment)
    session.flush()
    journal.record(session, actor, "message.attachment_added", object_id=mailbox.party.id, now=now)
    return attached_file(attachment, session.get_one(StoredFile, file_id))


def _attached(session: Session, draft_id: UUID) -> list[tuple[MessageAttachment, StoredFile]]:
    rows = session.execute(
        select(MessageAttachment, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(MessageAttachment.file_id))
        .where(col(MessageAttachment.draft_id) == draft_id)
        .order_by(col(MessageAttachment.position), col(MessageAttachment.id))
    )
    return [(attachment, file) for attachment, file in rows]


def _weight(session: Session, draft_id: UUID) -> tuple[int, int]:
    """How many files a draft holds, and their bytes together."""
    files, held = session.execute(
        select(func.count(), func.coalesce(func.sum(col(StoredFile.byte_size)), 0))
        .select_from(MessageAttachment)
        .join(StoredFile, col(StoredFile.id) == col(MessageAttachment.file_id))
        .where(col(MessageAttachment.draft_id) == draft_id)
    ).one()
    return int(files), int(held)


def _name(title: str, kind: FileFormat) -> str:
    """A name with the extension of what is kept, which a PNG's is not."""
    extension = f".{kind.value}"
    return title[: MAX_NAME - len(extension)] + extension
