"""The messages of a conversation as its reader holds them, with their files (ME-129, ME-133)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.account import Account
from app.models.document import FileFormat, ScanState, StoredFile
from app.models.entry import Entry, EntryKind
from app.models.message import (
    AttachmentSource,
    Message,
    MessageAttachment,
    MessageCopy,
    Participant,
    Priority,
)
from app.services.health_mail_waiting import list_waiting
from app.services.mailbox import Mailbox, Party
from app.services.party import PartyCard
from app.services.read_receipt import ReadReceipt, list_read_receipts


@dataclass(frozen=True)
class AttachedFile:
    """A file of a message. `is_readable`: scanned, and of a kind shown or downloaded."""

    id: UUID
    name: str
    format: FileFormat
    byte_size: int
    page_count: int
    source: AttachmentSource
    scan: ScanState
    document_id: UUID | None


@dataclass(frozen=True)
class EntryLabel:
    """The follow-up entry a message is about."""

    id: UUID
    kind: EntryKind
    occurred_on: date


@dataclass(frozen=True)
class MessageRow:
    """One message as its holder reads it. `typed_by`: the delegate who wrote it for the author.

    `is_waiting`: it has not left for the mailbox outside it is for.
    """

    id: UUID
    author: PartyCard | None
    is_mine: bool
    typed_by: str
    recipients: tuple[PartyCard, ...]
    text: str
    priority: Priority
    sent_at: datetime
    is_unread: bool
    attachments: tuple[AttachedFile, ...]
    entry: EntryLabel | None
    read_receipt: ReadReceipt | None
    is_waiting: bool


def list_messages(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    place: Participant,
    parties: dict[UUID, Party],
    cards: dict[Party, PartyCard],
    shown: int,
) -> tuple[tuple[MessageRow, ...], int]:
    """The newest messages of a conversation that its reader holds, oldest first, and how many there are."""
    total = session.execute(
        select(func.count())
        .select_from(MessageCopy)
        .where(col(MessageCopy.participant_id) == place.id)
    ).scalar_one()
    rows = session.execute(
        select(MessageCopy, Message, Account, Entry)
        .join(Message, col(Message.id) == col(MessageCopy.message_id))
        .outerjoin(Account, col(Account.id) == col(Message.typed_by_id))
        .outerjoin(Entry, col(Entry.id) == col(Message.entry_id))
        .where(col(MessageCopy.participant_id) == place.id)
        .order_by(col(MessageCopy.sent_at).desc(), col(MessageCopy.message_id).desc())
        .limit(max(shown, 1))
    ).all()
    ids = [message.id for _, message, _, _ in rows]
    files = _attached_files(session, ids)
    holders = _holders(session, ids)
    receipts = list_read_receipts(session, actor, mailbox, ids)
    waiting = list_waiting(session, actor, [copy.message_id for copy, *_ in rows if copy.is_own])
    found = []
    for copy, message, typist, entry in reversed(rows):
        author = parties.get(message.author_id) if message.author_id else None
        is_for_patient = place.patient_id is not None
        found.append(
            MessageRow(
                id=message.id,
                author=cards.get(author) if author else None,
                is_mine=copy.is_own,
                typed_by=f"{typist.given_name} {typist.family_name}" if typist else "",
                recipients=tuple(
                    cards[parties[holder]]
                    for holder in holders.get(message.id, ())
                    if holder != message.author_id
                    and holder in parties
                    and parties[holder] in cards
                ),
                text=message.text,
                priority=message.priority,
                sent_at=message.sent_at,
                is_unread=not copy.is_own and copy.read_at is None,
                attachments=files.get(message.id, ()),
                entry=EntryLabel(entry.id, entry.kind, entry.occurred_on)
                if entry and not is_for_patient
                else None,
                read_receipt=receipts.get(message.id),
                is_waiting=message.id in waiting,
            )
        )
    return tuple(found), total


def _holders(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    rows = session.execute(
        select(col(MessageCopy.message_id), col(MessageCopy.participant_id)).where(
            col(MessageCopy.message_id).in_(ids)
        )
    )
    for message_id, participant_id in rows:
        found.setdefault(message_id, []).append(participant_id)
    return found


def _attached_files(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[AttachedFile, ...]]:
    rows = session.execute(
        select(MessageAttachment, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(MessageAttachment.file_id))
        .where(col(MessageAttachment.message_id).in_(ids))
        .order_by(col(MessageAttachment.position), col(MessageAttachment.id))
    )
    found: dict[UUID, tuple[AttachedFile, ...]] = {}
    for attachment, file in rows:
        assert attachment.message_id is not None
        shown = attached_file(attachment, file)
        found[attachment.message_id] = (*found.get(attachment.message_id, ()), shown)
    return found


def attached_file(attachment: MessageAttachment, file: StoredFile) -> AttachedFile:
    """A file as screens show it beside its message or its draft."""
    return AttachedFile(
        id=attachment.id,
        name=attachment.name,
        format=file.format,
        byte_size=file.byte_size,
        page_count=file.page_count,
        source=attachment.source,
        scan=file.scan,
        document_id=attachment.document_id,
    )
