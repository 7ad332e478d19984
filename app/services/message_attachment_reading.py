"""Files of messages on their way to whoever holds them (ME-137 to ME-141, S062, S099).

Access is a copy of the message in a conversation one still sees, or the draft being one's own. A document
masked or deleted after the message left stays what was sent: it is its receiver's copy.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden, NotFound, RuleViolation
from app.integrations import xdm
from app.integrations.file_check import MAX_BYTES
from app.models.document import FileFormat, ScanState, StoredFile, StoredText
from app.models.journal import JournalKind
from app.models.message import (
    Conversation,
    ConversationKind,
    Message,
    MessageAttachment,
    MessageCopy,
    Participant,
)
from app.services import journal, stored_file
from app.services.document_link import Fetched, PageSource, page_source
from app.services.document_reading import access_document
from app.services.fields import paris_day
from app.services.file_ticket import Use, write_ticket
from app.services.mailbox import Mailbox, require_mailbox, seen
from app.services.message_draft_reading import find_draft
from app.services.message_reading import AttachedFile, attached_file

_MISSING = "message.attachment_not_found"
_LONGEST_EXTENSION = 10


@dataclass(frozen=True)
class Held:
    """A file the actor may read, and where it came with: no conversation for one of a new draft."""

    attachment: MessageAttachment
    file: StoredFile
    conversation: Conversation | None


@dataclass(frozen=True)
class AttachmentView:
    """One file opened. `text`: of plain text formats; `is_savable`: fit for one's documents (ME-138).

    `is_archive`: it holds documents its reader may file one by one (FB-13).
    """

    file: AttachedFile
    text: str
    conversation_id: UUID | None
    is_savable: bool
    is_archive: bool = False


def open_attachment(
    session: Session, actor: Actor, attachment_id: UUID, *, now: datetime
) -> AttachmentView:
    """A file somebody opens, with the line of it."""
    held = access_attachment(session, actor, attachment_id, now=now)
    record_reading(session, actor, held, "message.attachment_read", now)
    return _view(session, actor, held)


def refresh_attachment(
    session: Session, actor: Actor, attachment_id: UUID, *, now: datetime
) -> AttachmentView:
    """The same again, on a page that shows it already."""
    return _view(session, actor, access_attachment(session, actor, attachment_id, now=now))


def offer_download(session: Session, actor: Actor, attachment_id: UUID, *, now: datetime) -> str:
    """A ticket to download a file of a message. Its line is written when it is used."""
    access_attachment(session, actor, attachment_id, now=now)
    return write_ticket(session, actor, Use.ATTACHMENT_DOWNLOAD, attachment_id, now=now)


def offer_preview(session: Session, actor: Actor, attachment_id: UUID, *, now: datetime) -> str:
    """A ticket for the pictures of an opened file: `open_attachment` has written the line of it."""
    access_attachment(session, actor, attachment_id, now=now)
    return write_ticket(session, actor, Use.ATTACHMENT_PREVIEW, attachment_id, now=now)


def fetch_attachment(
    session: Session, actor: Actor, attachment_id: UUID, *, now: datetime
) -> Fetched:
    """A file to send now, and the line that says so."""
    held = access_attachment(session, actor, attachment_id, now=now)
    _require_scanned(held.file)
    record_reading(session, actor, held, "message.attachment_downloaded", now)
    title, extension = _parts(held.attachment.name)
    day = paris_day(held.attachment.added_at)
    return Fetched(title, extension, day, stored_file.file_ref(held.file))


def access_page(
    session: Session, actor: Actor, attachment_id: UUID, page: int, *, now: datetime
) -> PageSource:
    """The page of a preview of a file one may still see."""
    held = access_attachment(session, actor, attachment_id, now=now)
    _require_scanned(held.file)
    return page_source(session, actor, held.file, page)


def access_attachment(
    session: Session, actor: Actor, attachment_id: UUID, *, now: datetime
) -> Held:
    """The only loader by id: a file of a message one does not hold is reported as absent."""
    try:
        mailbox = require_mailbox(session, actor)
    except Forbidden:
        raise NotFound(_MISSING) from None
    session.flush()
    found = session.execute(
        select(MessageAttachment, StoredFile, Conversation)
        .join(StoredFile, col(StoredFile.id) == col(MessageAttachment.file_id))
        .join(Message, col(Message.id) == col(MessageAttachment.message_id))
        .join(MessageCopy, col(MessageCopy.message_id) == col(Message.id))
        .join(Participant, col(Participant.id) == col(MessageCopy.participant_id))
        .join(Conversation, col(Conversation.id) == col(Participant.conversation_id))
        .where(col(MessageAttachment.id) == attachment_id, seen(session, actor, mailbox))
    ).first()
    if found is not None:
        return Held(found[0], found[1], found[2])
    return _of_draft(session, actor, mailbox, attachment_id, now)


def is_savable(file: StoredFile) -> bool:
    """Whether a record takes such a file: a format of the vault, 5 Mo at most, scanned (ME-138)."""
    return (
        file.format is not FileFormat.OTHER
        and file.byte_size <= MAX_BYTES
        and file.scan is ScanState.CLEAN
    )


def _of_draft(
    session: Session, actor: Actor, mailbox: Mailbox, attachment_id: UUID, now: datetime
) -> Held:
    """A file of one's own draft; a document in it is asked for again, since nothing has been sent."""
    attachment = session.get(MessageAttachment, attachment_id)
    if attachment is None or attachment.draft_id is None:
        raise NotFound(_MISSING)
    draft = find_draft(session, actor, mailbox, attachment.draft_id)
    if draft is None:
        raise NotFound(_MISSING)
    if attachment.document_id is not None:
        try:
            access_document(session, actor, attachment.document_id, now=now)
        except (NotFound, RuleViolation):
            raise NotFound(_MISSING) from None
    file = session.get_one(StoredFile, attachment.file_id)
    talk = session.get(Conversation, draft.conversation_id) if draft.conversation_id else None
    return Held(attachment, file, talk)


def _parts(name: str) -> tuple[str, str]:
    """A name and its extension, '' when it ends in anything else than a few plain letters."""
    title, _, extension = name.rpartition(".")
    is_plain = extension.isascii() and extension.isalnum() and len(extension) <= _LONGEST_EXTENSION
    return (title, extension) if title and is_plain else (name, "")


def _require_scanned(file: StoredFile) -> None:
    """What the scanner has not seen waits, what it refused is shown to nobody (S101)."""
    if file.scan is ScanState.REFUSED:
        raise RuleViolation("file.refused")
    if file.scan is ScanState.PENDING:
        raise RuleViolation("file.unscanned")


def _view(session: Session, actor: Actor, held: Held) -> AttachmentView:
    is_clean = held.file.scan is ScanState.CLEAN
    is_plain = held.file.format in {FileFormat.TXT, FileFormat.RTF}
    text = session.get(StoredText, held.file.id) if is_clean and is_plain else None
    return AttachmentView(
        file=attached_file(held.attachment, held.file),
        text=text.text if text is not None else "",
        conversation_id=held.conversation.id if held.conversation else None,
        is_savable=actor.is_patient and is_savable(held.file),
        is_archive=actor.is_patient and xdm.is_archive(held.attachment.name),
    )


def record_reading(session: Session, actor: Actor, held: Held, action: str, now: datetime) -> None:
    """What professionals send each other is not told in the patient's own history."""
    talk = held.conversation
    is_with_patient = talk is not None and talk.kind is ConversationKind.PATIENT
    journal.record(
        session,
        actor,
        action,
        kind=JournalKind.READ,
        patient_id=talk.patient_id if talk is not None and is_with_patient else None,
        object_id=held.attachment.id,
        now=now,
    )
