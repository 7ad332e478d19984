"""Messages (FHIR Communication): what one is made of, and its one way into the mailboxes (ME-160, CX-37).

`deliver` writes the message, the copies, what lists read and the notices in the transaction of the act: a
message is in every mailbox or in none.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, case, select, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.message import (
    Conversation,
    ConversationKind,
    Message,
    MessageAttachment,
    MessageCopy,
    Participant,
    Priority,
)
from app.services import journal
from app.services.digest import schedule_digests
from app.services.exchange import reopen
from app.services.health_mail_delivery import queue
from app.services.mailbox import Party, PartyKind
from app.services.message_notice import tell_patient_of_message

# Marks that turn the direction of what follows: a sender could make a text read otherwise (S110).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NEXT = timedelta(microseconds=1)
_PLAIN_CONTROLS = frozenset("\n\t")


@dataclass(frozen=True)
class NewMessage:
    """A message whose author, recipients and words were checked by whoever hands it over.

    `conversation_id` None begins one, under `subject`. Without an author it is the portal's.
    """

    author: Party | None
    recipients: tuple[Party, ...]
    text: str
    priority: Priority = Priority.INFORMATION
    conversation_id: UUID | None = None
    subject: str = ""
    about_patient_id: UUID | None = None
    treatment_id: UUID | None = None
    entry_id: UUID | None = None
    draft_id: UUID | None = None


def plain_text(typed: str) -> str:
    """A body as it will be kept: one kind of line end, and otherwise every character as typed (S110)."""
    return typed.replace("\r\n", "\n").replace("\r", "\n")


def has_unsendable(text: str) -> bool:
    """Whether a text holds control characters, or marks that turn its direction: refused, never dropped."""
    return any(
        c in _TURNING
        or (c not in _PLAIN_CONTROLS and unicodedata.category(c) in {"Cc", "Cs", "Cn"})
        for c in text
    )


def deliver(
    session: Session,
    actor: Actor,
    new: NewMessage,
    attachments: Sequence[MessageAttachment] = (),
    *,
    now: datetime,
) -> Message:
    """Put a message into every mailbox it is for. Attachments, of its draft until now, become its own."""
    conversation = _conversation(session, new, now)
    parties = [*([new.author] if new.author else []), *new.recipients]
    places, sent_at = _places(session, conversation, parties, now)
    author = places[new.author] if new.author else None
    is_for_other = actor.is_delegate and author is not None
    message = Message(
        conversation_id=conversation.id,
        author_id=author,
        typed_by_id=actor.account_id if is_for_other else None,
        member_id=actor.member_id,
        priority=new.priority,
        text=new.text,
        entry_id=new.entry_id,
        draft_id=new.draft_id,
        attachment_count=len(attachments),
        sent_at=sent_at,
    )
    session.add(message)
    session.flush()
    for attachment in attachments:
        attachment.draft_id, attachment.message_id = None, message.id
    for party, place in places.items():
        is_own = party == new.author
        session.add(
            MessageCopy(
                participant_id=place,
                message_id=message.id,
                sent_at=sent_at,
                is_own=is_own,
                read_at=sent_at if is_own else None,
            )
        )
    session.flush()
    if author is not None:
        _note_sent(session, author, message)
    received = [place for party, place in places.items() if party != new.author]
    _note_received(session, received, message)
    queue(session, actor, message, new.recipients, now=now)
    _tell(session, actor, conversation, new, now=now)
    # After the line of it: an entry's line comes before the message that tells of it.
    schedule_digests(session, actor, received, now=now)
    return message


def _tell(
    session: Session,
    actor: Actor,
    conversation: Conversation,
    new: NewMessage,
    *,
    now: datetime,
) -> None:
    with_patient = [party.id for party in new.recipients if party.kind is PartyKind.PATIENT]
    is_by_patient = new.author is not None and new.author.kind is PartyKind.PATIENT
    for patient_id in with_patient:
        if new.author is not None:
            reopen(session, actor, patient_id, new.author, now=now)
        if conversation.kind is not ConversationKind.WELCOME:
            tell_patient_of_message(session, actor, patient_id, now=now)
    is_with_patient = bool(with_patient) or is_by_patient
    journal.record(
        session,
        actor,
        "message.sent",
        # What professionals say to each other is not told in the patient's own history.
        patient_id=conversation.patient_id if is_with_patient else None,
        object_id=conversation.id,
        now=now,
    )


def _conversation(session: Session, new: NewMessage, now: datetime) -> Conversation:
    if new.conversation_id is not None:
        return session.get_one(Conversation, new.conversation_id)
    everybody = (*((new.author,) if new.author else ()), *new.recipients)
    patient = next((party.id for party in everybody if party.kind is PartyKind.PATIENT), None)
    kind = ConversationKind.PATIENT if patient else ConversationKind.TEAM
    conversation = Conversation(
        kind=kind if new.author else ConversationKind.WELCOME,
        subject=new.subject,
        patient_id=patient or new.about_patient_id,
        treatment_id=new.treatment_id,
        started_at=now,
    )
    session.add(conversation)
    session.flush()
    return conversation


def _places(
    session: Session, conversation: Conversation, parties: Sequence[Party], now: datetime
) -> tuple[dict[Party, UUID], datetime]:
    """The participants of these parties, made when they take part for the first time, and when to say it is.

    Messages of a conversation keep the order they arrived in, whatever the clocks of several processes say.
    """
    rows = list(
        session.execute(
            select(Participant)
            .where(col(Participant.conversation_id) == conversation.id)
            .order_by(col(Participant.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        ).scalars()
    )
    sent_at = max([now, *(row.last_at + _NEXT for row in rows)])
    found = {party_of(row): row.id for row in rows}
    for party in dict.fromkeys(parties):
        if party in found:
            continue
        place = Participant(
            conversation_id=conversation.id,
            professional_id=party.id if party.kind is PartyKind.PROFESSIONAL else None,
            patient_id=party.id if party.kind is PartyKind.PATIENT else None,
            correspondent_id=party.id if party.kind is PartyKind.CORRESPONDENT else None,
            joined_at=now,
            last_at=now,
        )
        session.add(place)
        session.flush()
        found[party] = place.id
    return {party: found[party] for party in dict.fromkeys(parties)}, sent_at


def party_of(row: Participant) -> Party:
    """Whose place in a conversation it is."""
    if row.professional_id is not None:
        return Party(PartyKind.PROFESSIONAL, row.professional_id)
    if row.patient_id is not None:
        return Party(PartyKind.PATIENT, row.patient_id)
    assert row.correspondent_id is not None
    return Party(PartyKind.CORRESPONDENT, row.correspondent_id)


def _note_sent(session: Session, place: UUID, message: Message) -> None:
    session.execute(
        update(Participant)
        .where(col(Participant.id) == place)
        .values(
            last_at=message.sent_at,
            last_message_id=message.id,
            sent_at=message.sent_at,
            attachment_count=col(Participant.attachment_count) + message.attachment_count,
            deleted_at=None,
        )
    )


def _note_received(session: Session, places: Sequence[UUID], message: Message) -> None:
    """Back in « Reçus »; a conversation not treated keeps the higher priority."""
    stays_high = and_(
        col(Participant.received_at).is_not(None),
        col(Participant.archived_at).is_(None),
        col(Participant.deleted_at).is_(None),
        col(Participant.priority) == Priority.CONTACT,
    )
    session.execute(
        update(Participant)
        .where(col(Participant.id).in_(places))
        .values(
            priority=case((stays_high, Priority.CONTACT), else_=message.priority),
            last_at=message.sent_at,
            last_message_id=message.id,
            received_at=message.sent_at,
            unread_count=col(Participant.unread_count) + 1,
            attachment_count=col(Participant.attachment_count) + message.attachment_count,
            archived_at=None,
            deleted_at=None,
        )
    )
