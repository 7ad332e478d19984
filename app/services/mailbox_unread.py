"""What waits in the actor's mailbox: how many messages, and the last message that came (CX-38, ME-131).

Asked at each page and at each push: a few index ranges, whatever the size of the mailbox.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.message import Message, MessageCopy, Participant, Priority
from app.services.conversation_list import count_unread
from app.services.mailbox import HAS_UNREAD, Party, PartyKind, require_mailbox, seen
from app.services.party import PartyCard, list_party_cards


@dataclass(frozen=True)
class Arrival:
    """A message nobody read yet. `author`: None when the portal itself wrote."""

    conversation_id: UUID
    at: datetime
    author: PartyCard | None


@dataclass(frozen=True)
class Waiting:
    """What an open page shows of the mailbox, wherever it is in the portal."""

    unread: int = 0
    arrival: Arrival | None = None


def read_waiting(session: Session, actor: Actor, *, since: datetime | None = None) -> Waiting:
    """The count, and what came after `since`; nothing for whoever has no mailbox."""
    if not (actor.is_patient or actor.is_professional):
        return Waiting()
    unread = count_unread(session, actor)
    arrival = _find_arrival(session, actor, since) if unread and since is not None else None
    return Waiting(unread, arrival)


def _find_arrival(session: Session, actor: Actor, since: datetime) -> Arrival | None:
    """The newest unread message that came after this moment, if one did; none is one's own."""
    mailbox = require_mailbox(session, actor)
    received = col(Participant.last_at if mailbox.is_patient else Participant.received_at)
    newest = (
        select(col(Participant.id), col(Participant.conversation_id), received)
        .where(seen(session, actor, mailbox), HAS_UNREAD, received > since)
        .order_by(received.desc())
        .limit(1)
    )
    # The index of what a professional received begins with its priority.
    ranges = (
        [newest]
        if mailbox.is_patient
        else [
            newest.where(
                col(Participant.priority) == priority, col(Participant.archived_at).is_(None)
            )
            for priority in Priority
        ]
    )
    rows = [row for each in ranges for row in session.execute(each)]
    if not rows:
        return None
    participant_id, conversation_id, at = max(rows, key=lambda row: row[2])
    return Arrival(conversation_id, at, _author(session, actor, participant_id))


def _author(session: Session, actor: Actor, participant_id: UUID) -> PartyCard | None:
    """Who wrote the last message of this copy of the conversation that nobody opened."""
    written = session.execute(
        select(
            col(Participant.professional_id),
            col(Participant.patient_id),
            col(Participant.correspondent_id),
        )
        .select_from(MessageCopy)
        .join(Message, col(Message.id) == col(MessageCopy.message_id))
        .join(Participant, col(Participant.id) == col(Message.author_id))
        .where(
            col(MessageCopy.participant_id) == participant_id,
            col(MessageCopy.read_at).is_(None),
            col(MessageCopy.is_own).is_(False),
        )
        .order_by(col(MessageCopy.sent_at).desc())
        .limit(1)
    ).first()
    if written is None:
        return None
    kinds = (PartyKind.PROFESSIONAL, PartyKind.PATIENT, PartyKind.CORRESPONDENT)
    party = next(Party(kind, key) for kind, key in zip(kinds, written, strict=True) if key)
    return list_party_cards(session, actor, [party]).get(party)
