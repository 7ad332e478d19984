"""Answers of patients on their way to mailboxes outside (S145): written with the message, sent after it.

Tried again from 30 s to 1 h apart for a day, then given up, and the patient is told in the conversation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, or_, select, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import changed_rows
from app.models.document import StoredFile
from app.models.health_mail import (
    DeliveryKind,
    DeliveryState,
    HealthMailDelivery,
    HealthMailReceipt,
)
from app.models.message import (
    Conversation,
    Correspondent,
    Message,
    MessageAttachment,
    Participant,
)
from app.models.patient import Patient
from app.services import stored_file
from app.services.health_mail import address_of
from app.services.mailbox import Party, PartyKind
from app.services.outbox import CLAIM, GIVE_UP_AFTER, wait_after
from app.services.stored_file import FileRef
from app.settings import get_settings

BATCH = 10
NO_ADDRESS = "health_mail.no_address"
# A day of tries: a report that comes later than that is about something settled.
REPORTED_WITHIN = timedelta(days=7)
_MOST_REFERENCES = 20


@dataclass(frozen=True)
class Due:
    """A mail to write and send. `sender` is None when the patient has no secure address any more.

    `read_at`: of a read receipt, when its reader sent it; it is about the first of `references`.
    """

    id: UUID
    mail_id: str
    sender: str | None
    sender_name: str
    to: str
    subject: str
    text: str
    references: tuple[str, ...]
    files: tuple[tuple[str, FileRef], ...]
    tries: int
    read_at: datetime | None = None


def queue(
    session: Session,
    actor: Actor,
    message: Message,
    recipients: Iterable[Party],
    *,
    now: datetime,
) -> None:
    """Write what has to leave, in the transaction of the message."""
    for party in recipients:
        if party.kind is PartyKind.CORRESPONDENT:
            session.add(_waiting(message.id, party.id, DeliveryKind.MESSAGE, now=now))


def queue_read_receipt(
    session: Session, actor: Actor, message_id: UUID, correspondent_id: UUID, *, now: datetime
) -> None:
    """Write the read receipt of a message of this correspondent, in the transaction of its reader's act."""
    session.add(_waiting(message_id, correspondent_id, DeliveryKind.READ_RECEIPT, now=now))
    session.flush()


def is_any_due(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Whether something waits for its turn."""
    return session.execute(_due(now).limit(1)).first() is not None


def claim_due(session: Session, actor: Actor, *, now: datetime) -> list[Due]:
    """Take the mails whose turn has come; a claim left behind by a crash runs out by itself."""
    ids = session.execute(_due(now).limit(BATCH).with_for_update(skip_locked=True)).scalars().all()
    for row in ids:
        row.claimed_until, row.tries = now + CLAIM, row.tries + 1
        session.add(row)
    session.flush()
    return [_described(session, actor, row) for row in ids]


def mark_sent(session: Session, actor: Actor, delivery_id: UUID, *, now: datetime) -> None:
    """The server took it."""
    row = session.get_one(HealthMailDelivery, delivery_id)
    row.state, row.error, row.settled_at = DeliveryState.SENT, "", now
    row.claimed_until = None
    session.add(row)


def mark_later(
    session: Session, actor: Actor, delivery_id: UUID, error: str, *, now: datetime
) -> bool:
    """Plan the next try, later each time; True when a day has gone and it is given up."""
    row = session.get_one(HealthMailDelivery, delivery_id)
    row.error, row.claimed_until = error, None
    wait = wait_after(row.tries)
    if now + wait > row.give_up_at:
        return mark_failed(session, actor, delivery_id, error, now=now)
    row.next_try_at = now + wait
    session.add(row)
    return False


def mark_failed(
    session: Session, actor: Actor, delivery_id: UUID, error: str, *, now: datetime
) -> bool:
    """It will never arrive; whether that is news: then the patient has to be told."""
    changed = session.execute(
        update(HealthMailDelivery)
        .where(
            col(HealthMailDelivery.id) == delivery_id,
            col(HealthMailDelivery.state) != DeliveryState.FAILED,
        )
        .values(
            state=DeliveryState.FAILED,
            error=error,
            settled_at=now,
            claimed_until=None,
        )
    )
    return changed_rows(changed) == 1


def list_reported(
    session: Session, actor: Actor, mail_ids: Sequence[str], *, now: datetime
) -> list[UUID]:
    """Which of ours a report about these mails is about."""
    return list(
        session.execute(
            select(col(HealthMailDelivery.id)).where(
                col(HealthMailDelivery.mail_id).in_(list(mail_ids)),
                col(HealthMailDelivery.created_at) > now - REPORTED_WITHIN,
            )
        ).scalars()
    )


def _waiting(
    message_id: UUID, correspondent_id: UUID, kind: DeliveryKind, *, now: datetime
) -> HealthMailDelivery:
    domain = get_settings().health_mail_domain or "localhost"
    return HealthMailDelivery(
        message_id=message_id,
        correspondent_id=correspondent_id,
        kind=kind,
        mail_id=f"<{uuid4().hex}@{domain}>",
        created_at=now,
        next_try_at=now,
        give_up_at=now + GIVE_UP_AFTER,
    )


def _due(now: datetime) -> Select[Any]:
    return (
        select(HealthMailDelivery)
        .where(
            col(HealthMailDelivery.state) == DeliveryState.WAITING,
            col(HealthMailDelivery.next_try_at) <= now,
            or_(
                col(HealthMailDelivery.claimed_until).is_(None),
                col(HealthMailDelivery.claimed_until) <= now,
            ),
        )
        .order_by(col(HealthMailDelivery.next_try_at))
    )


def _described(session: Session, actor: Actor, row: HealthMailDelivery) -> Due:
    if row.kind is DeliveryKind.READ_RECEIPT:
        return _described_receipt(session, actor, row)
    message = session.get_one(Message, row.message_id)
    conversation = session.get_one(Conversation, message.conversation_id)
    author = session.get_one(Participant, message.author_id)
    correspondent = session.get_one(Correspondent, row.correspondent_id)
    patient = session.get_one(Patient, author.patient_id)
    received = _received(session, conversation.id, correspondent.address)
    sent = _sent(session, conversation.id, before=message.sent_at)
    reply_to = received[0][1] if received else ""
    mails = [(mail_id, at) for mail_id, _, at in received if mail_id] + sent
    mails.sort(key=lambda each: each[1], reverse=True)
    is_answer = bool(received)
    return Due(
        id=row.id,
        mail_id=row.mail_id,
        sender=address_of(session, actor, patient.id),
        sender_name=f"{patient.given_name} {patient.used_name or patient.birth_name}",
        to=reply_to or correspondent.address,
        subject=f"Re: {conversation.subject}" if is_answer else conversation.subject,
        text=message.text,
        references=tuple(mail_id for mail_id, _ in mails[:_MOST_REFERENCES]),
        files=_files(session, message.id),
        tries=row.tries,
    )


def _described_receipt(session: Session, actor: Actor, row: HealthMailDelivery) -> Due:
    """Nothing of the mail itself but its identifier (RFC 8098)."""
    receipt, patient = session.execute(
        select(HealthMailReceipt, Patient)
        .join(Message, col(Message.id) == col(HealthMailReceipt.message_id))
        .join(Participant, col(Participant.conversation_id) == col(Message.conversation_id))
        .join(Patient, col(Patient.id) == col(Participant.patient_id))
        .where(col(HealthMailReceipt.message_id) == row.message_id)
    ).one()
    return Due(
        id=row.id,
        mail_id=row.mail_id,
        sender=address_of(session, actor, patient.id),
        sender_name=f"{patient.given_name} {patient.used_name or patient.birth_name}",
        to=receipt.notify_to,
        subject="",
        text="",
        references=(receipt.mail_id,) if receipt.mail_id else (),
        files=(),
        tries=row.tries,
        read_at=row.created_at,
    )


def _received(
    session: Session, conversation_id: UUID, sender: str
) -> list[tuple[str, str, datetime]]:
    """Identifier, where answers go, and time of what came from this sender, newest first."""
    rows = session.execute(
        select(
            col(HealthMailReceipt.mail_id),
            col(HealthMailReceipt.reply_to),
            col(HealthMailReceipt.received_at),
        )
        .join(Message, col(Message.id) == col(HealthMailReceipt.message_id))
        .where(
            col(Message.conversation_id) == conversation_id,
            col(HealthMailReceipt.sender) == sender,
        )
        .order_by(col(Message.sent_at).desc())
        .limit(_MOST_REFERENCES)
    )
    return [(mail_id, reply_to, at) for mail_id, reply_to, at in rows]


def _sent(
    session: Session, conversation_id: UUID, *, before: datetime
) -> list[tuple[str, datetime]]:
    rows = session.execute(
        select(col(HealthMailDelivery.mail_id), col(Message.sent_at))
        .join(Message, col(Message.id) == col(HealthMailDelivery.message_id))
        .where(
            col(Message.conversation_id) == conversation_id,
            col(Message.sent_at) < before,
            col(HealthMailDelivery.state) == DeliveryState.SENT,
            col(HealthMailDelivery.kind) == DeliveryKind.MESSAGE,
        )
        .order_by(col(Message.sent_at).desc())
        .limit(_MOST_REFERENCES)
    )
    return [(mail_id, at) for mail_id, at in rows]


def _files(session: Session, message_id: UUID) -> tuple[tuple[str, FileRef], ...]:
    rows = session.execute(
        select(col(MessageAttachment.name), StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(MessageAttachment.file_id))
        .where(col(MessageAttachment.message_id) == message_id)
        .order_by(col(MessageAttachment.position))
    )
    return tuple((name, stored_file.file_ref(file)) for name, file in rows)
