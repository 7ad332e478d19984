"""A conversation opened: its messages, what may be done in it, the reading of it (ME-129, ME-132, CX-37)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.journal import JournalKind
from app.models.message import (
    Conversation,
    ConversationKind,
    MessageCopy,
    Participant,
    Priority,
)
from app.models.treatment import Treatment
from app.services import journal
from app.services.conversation import access_conversation, list_labels, list_others, who_ended
from app.services.mailbox import Mailbox, PartyKind, require_mailbox
from app.services.message_draft_reading import DraftView, find_reply, reply_key
from app.services.message_reading import MessageRow, list_messages
from app.services.message_recipient import list_allowed
from app.services.party import PartyCard, list_party_cards
from app.services.patient_label import PatientLabel

MESSAGES_SHOWN = 30


@dataclass(frozen=True)
class ConversationView:
    """A conversation opened, its newest messages last. `draft_key`: what a reply is saved and sent under.

    `ended_by`: who put an end to the exchanges; `is_ended_by_me`: the reader, who opens them by writing.
    """

    id: UUID
    kind: ConversationKind
    subject: str
    others: tuple[PartyCard, ...]
    about: PatientLabel | None
    treatment: str
    treatment_id: UUID | None
    priority: Priority
    is_archived: bool
    messages: tuple[MessageRow, ...]
    total: int
    unread_count: int
    ended_by: tuple[PartyCard, ...]
    is_ended_by_me: bool
    may_reply: bool
    may_reply_all: bool
    may_archive: bool
    may_end: bool
    draft: DraftView | None
    draft_key: UUID


def open_conversation(
    session: Session,
    actor: Actor,
    conversation_id: UUID,
    *,
    shown: int = MESSAGES_SHOWN,
    is_reading: bool = True,
    now: datetime,
) -> ConversationView:
    """A conversation with its `shown` newest messages; opening reads them, unless `is_reading` is False."""
    mailbox = require_mailbox(session, actor)
    place, talk = access_conversation(
        session, actor, mailbox, conversation_id, is_held=is_reading and mailbox.marks_read
    )
    view = _view(session, actor, mailbox, place, talk, shown=shown, now=now)
    if not is_reading:
        return view
    is_with_patient = talk.kind is ConversationKind.PATIENT
    journal.record(
        session,
        actor,
        "message.opened",
        kind=JournalKind.READ,
        patient_id=talk.patient_id if is_with_patient else None,
        object_id=talk.id,
        now=now,
    )
    if mailbox.marks_read:
        mark_read(session, actor, conversation_id, now=now)
    return view


def mark_read(session: Session, actor: Actor, conversation_id: UUID, *, now: datetime) -> None:
    """Read what waits in a conversation that is on screen; a delegate reads nothing for the holder."""
    mailbox = require_mailbox(session, actor)
    place, _ = access_conversation(session, actor, mailbox, conversation_id, is_held=True)
    if not place.unread_count or not mailbox.marks_read:
        return
    session.execute(
        update(MessageCopy)
        .where(
            col(MessageCopy.participant_id) == place.id,
            col(MessageCopy.is_own).is_(False),
            col(MessageCopy.read_at).is_(None),
        )
        .values(read_at=now)
    )
    place.unread_count = 0
    session.flush()
    journal.record(session, actor, "message.read", object_id=place.id, now=now)


def _view(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    place: Participant,
    talk: Conversation,
    *,
    shown: int,
    now: datetime,
) -> ConversationView:
    parties = list_others(session, actor, mailbox, [talk.id]).get(talk.id, {})
    cards = list_party_cards(session, actor, parties.values())
    ended = who_ended(session, actor, mailbox, set(parties.values()))
    messages, total = list_messages(session, actor, mailbox, place, parties, cards, shown)
    answerable = [card for card in cards.values() if card.is_active]
    if mailbox.is_patient and talk.kind is ConversationKind.PATIENT:
        allowed = list_allowed(session, actor, mailbox, now=now)
        answerable = [card for card in answerable if card.party in allowed]
    may_reply = mailbox.may_write and talk.kind is not ConversationKind.WELCOME and bool(answerable)
    treatment = session.get(Treatment, talk.treatment_id) if talk.treatment_id else None
    has_patient = any(party.kind is PartyKind.PATIENT for party in parties.values())
    is_ended_by_me = not mailbox.is_patient and bool(ended)
    return ConversationView(
        id=talk.id,
        kind=talk.kind,
        subject=talk.subject,
        others=tuple(cards[party] for party in parties.values() if party in cards),
        about=list_labels(session, actor, mailbox, [talk.patient_id]).get(talk.patient_id)
        if talk.patient_id
        else None,
        treatment=treatment.label if treatment and not mailbox.is_patient else "",
        treatment_id=treatment.id if treatment and not mailbox.is_patient else None,
        priority=place.priority,
        is_archived=place.archived_at is not None,
        messages=messages,
        total=total,
        unread_count=place.unread_count,
        ended_by=tuple(cards[party] for party in ended if party in cards)
        if mailbox.is_patient
        else (),
        is_ended_by_me=is_ended_by_me,
        may_reply=may_reply,
        may_reply_all=may_reply and len(answerable) > 1,
        may_archive=not mailbox.is_patient and mailbox.may_write and place.received_at is not None,
        may_end=not mailbox.is_patient and mailbox.may_end and has_patient and not is_ended_by_me,
        draft=find_reply(session, actor, talk.id),
        draft_key=reply_key(session, actor, place),
    )
