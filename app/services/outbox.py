"""The transactional outbox (S145): a message is written with the act that causes it, sent after it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, or_, select

from app.authz.actor import Actor
from app.errors import NotFound
from app.models.outbox import Channel, OutboxMessage, OutboxState
from app.settings import get_settings

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
CLAIM = timedelta(minutes=2)
LATE_AFTER = timedelta(seconds=30)
LATE_LOOK_BACK = timedelta(hours=1)
_BATCH = 20


def post_email(
    session: Session, *, to: str, subject: str, text: str, now: datetime
) -> OutboxMessage:
    """Write one mail to send. Never holds health data nor a patient's name (FG-14)."""
    message = OutboxMessage(
        channel=Channel.EMAIL,
        to=to,
        subject=" ".join(subject.split()),
        text=text,
        created_at=now,
        next_try_at=now,
        give_up_at=now + GIVE_UP_AFTER,
    )
    session.add(message)
    return message


def post_sms(session: Session, *, to: str, text: str, now: datetime) -> OutboxMessage:
    """Write one SMS to send. `to`: E.164."""
    message = OutboxMessage(
        channel=Channel.SMS,
        to=to,
        text=text,
        created_at=now,
        next_try_at=now,
        give_up_at=now + GIVE_UP_AFTER,
    )
    session.add(message)
    return message


def is_late(session: Session, actor: Actor, channel: Channel, to: str, *, now: datetime) -> bool:
    """Whether the newest message to somebody still waits: a try failed, or half a minute went by.

    The pages that ask for a code say so; the message leaves by itself once the other side answers.
    """
    newest = session.exec(
        select(OutboxMessage)
        .where(
            OutboxMessage.channel == channel,
            OutboxMessage.to == to,
            col(OutboxMessage.state).in_((OutboxState.WAITING, OutboxState.FAILED)),
            OutboxMessage.created_at > now - LATE_LOOK_BACK,
        )
        .order_by(col(OutboxMessage.created_at).desc())
        .limit(1)
    ).first()
    if newest is None:
        return False
    was_tried = newest.tries > 0 and newest.claimed_until is None
    return was_tried or newest.state is OutboxState.FAILED or newest.created_at < now - LATE_AFTER


def is_any_due(
    session: Session, channels: Collection[Channel] = tuple(Channel), *, now: datetime
) -> bool:
    """Whether a message's turn has come: asked without waiting for any writer."""
    return (
        session.exec(select(OutboxMessage.id).where(*_is_due(channels, now)).limit(1)).first()
        is not None
    )


def claim_due(
    session: Session, channels: Collection[Channel] = tuple(Channel), *, now: datetime
) -> list[OutboxMessage]:
    """Take the messages whose turn has come; a claim left behind by a crash runs out by itself."""
    due = session.exec(
        select(OutboxMessage)
        .where(*_is_due(channels, now))
        .order_by(col(OutboxMessage.next_try_at))
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for message in due:
        message.claimed_until = now + CLAIM
        message.tries += 1
    return list(due)


def _is_due(channels: Collection[Channel], now: datetime) -> tuple[ColumnElement[bool], ...]:
    claimed_until = col(OutboxMessage.claimed_until)
    return (
        col(OutboxMessage.state) == OutboxState.WAITING,
        col(OutboxMessage.channel).in_(channels),
        col(OutboxMessage.next_try_at) <= now,
        or_(claimed_until.is_(None), claimed_until <= now),
    )


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries: 30 s, then twice as long each time, at most an hour."""
    factor: int = 2 ** min(tries - 1, 10)
    return min(FIRST_RETRY * factor, LONGEST_RETRY)


def mark_sent(
    session: Session, message_ids: Collection[UUID], *, is_kept: bool, now: datetime
) -> None:
    """Record that the server took these. `is_kept`: with their text; codes have no business in the base."""
    change = update(OutboxMessage).where(col(OutboxMessage.id).in_(message_ids))
    sent = {"state": OutboxState.SENT, "sent_at": now, "claimed_until": None}
    session.execute(change.values(sent if is_kept else sent | {"text": ""}))


def mark_failed(session: Session, message_id: UUID, *, now: datetime) -> None:
    """Plan the next try, later each time, or give up after a day."""
    message = session.get_one(OutboxMessage, message_id)
    message.claimed_until = None
    wait = wait_after(message.tries)
    if now + wait > message.give_up_at:
        message.state = OutboxState.FAILED
    else:
        message.next_try_at = now + wait


@dataclass(frozen=True)
class Listed:
    """One message as the demonstration shows it."""

    id: UUID
    channel: str
    to: str
    subject: str
    text: str
    sent_at: datetime


def list_demonstration(
    session: Session, actor: Actor, *, limit: int = 100, now: datetime
) -> list[Listed]:
    """The newest messages, for whoever tries the demonstration; outside it there is no such list."""
    if not get_settings().is_demo:
        raise NotFound("page.not_found")
    return list_newest(session, limit)


def list_newest(session: Session, limit: int = 100) -> list[Listed]:
    """The newest messages. Called only where the demonstration mode was checked."""
    messages = session.exec(
        select(OutboxMessage).order_by(col(OutboxMessage.created_at).desc()).limit(limit)
    )
    return [
        Listed(m.id, m.channel.value, m.to, m.subject, m.text, m.sent_at or m.created_at)
        for m in messages
    ]
