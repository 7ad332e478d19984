"""Read receipts of health mails: asked for by their sender, returned by their reader's own act (FB-08).

Never by opening, never twice, and only to whoever may write here: a stranger does not make the portal write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden, NotFound, RuleViolation
from app.models.health_mail import (
    DeliveryKind,
    DeliveryState,
    HealthMailDelivery,
    HealthMailReceipt,
)
from app.models.message import Conversation, Message, MessageCopy, Participant
from app.services import journal
from app.services.health_mail import address_of
from app.services.health_mail_delivery import queue_read_receipt
from app.services.mailbox import Mailbox, require_mailbox, seen
from app.settings import get_settings


@dataclass(frozen=True)
class ReadReceipt:
    """A read receipt asked for. `sent_at`: when the reader sent it; `has_failed`: it was not taken."""

    sent_at: datetime | None = None
    has_failed: bool = False


def list_read_receipts(
    session: Session, actor: Actor, mailbox: Mailbox, message_ids: Sequence[UUID]
) -> dict[UUID, ReadReceipt]:
    """Those asked for of these messages; one not sent yet only where it can leave."""
    if mailbox.patient_id is None or not message_ids:
        return {}
    rows = session.execute(
        select(
            col(HealthMailReceipt.message_id),
            col(HealthMailDelivery.created_at),
            col(HealthMailDelivery.state),
        )
        .outerjoin(
            HealthMailDelivery,
            and_(
                col(HealthMailDelivery.message_id) == col(HealthMailReceipt.message_id),
                col(HealthMailDelivery.kind) == DeliveryKind.READ_RECEIPT,
            ),
        )
        .where(
            col(HealthMailReceipt.message_id).in_(message_ids),
            col(HealthMailReceipt.notify_to) != "",
        )
    ).all()
    may_leave = bool(rows) and _may_leave(session, actor, mailbox.patient_id)
    return {
        message_id: ReadReceipt(sent_at, state is DeliveryState.FAILED)
        for message_id, sent_at, state in rows
        if sent_at is not None or may_leave
    }


def send_read_receipt(session: Session, actor: Actor, message_id: UUID, *, now: datetime) -> None:
    """« Envoyer l’accusé de lecture » of a message the actor holds. Done twice, it changes nothing."""
    mailbox = require_mailbox(session, actor)
    if mailbox.patient_id is None:
        raise Forbidden("action.patients_only")
    found = session.execute(
        select(Participant, Message)
        .join(MessageCopy, col(MessageCopy.participant_id) == col(Participant.id))
        .join(Message, col(Message.id) == col(MessageCopy.message_id))
        .join(Conversation, col(Conversation.id) == col(Participant.conversation_id))
        .where(col(Message.id) == message_id, seen(session, actor, mailbox))
        .with_for_update(of=Participant)
    ).first()
    if found is None:
        raise NotFound("message.conversation_not_found")
    place, message = found
    asked = list_read_receipts(session, actor, mailbox, [message_id]).get(message_id)
    author = session.get(Participant, message.author_id) if message.author_id else None
    if asked is None or author is None or author.correspondent_id is None:
        raise RuleViolation("health_mail.no_receipt")
    if asked.sent_at is not None:
        return
    queue_read_receipt(session, actor, message_id, author.correspondent_id, now=now)
    journal.record(session, actor, "message.read_receipt_sent", object_id=place.id, now=now)


def _may_leave(session: Session, actor: Actor, patient_id: UUID) -> bool:
    return get_settings().sends_health_mail and address_of(session, actor, patient_id) is not None
