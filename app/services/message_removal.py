"""Messages that nobody holds any more leave the base for good, with their files (ME-136).

Deleting a conversation takes one's own copies and writes the job; the upkeep carries it out once no page can
send the same message again. What a correspondent outside holds is in their own mailbox.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import dialect_of
from app.models.base import table_of
from app.models.health_mail import (
    DeliveryKind,
    DeliveryState,
    HealthMailDelivery,
    HealthMailReceipt,
)
from app.models.message import (
    Conversation,
    ConversationKind,
    Message,
    MessageAttachment,
    MessageCopy,
    MessageDraft,
    MessageRemoval,
    Participant,
)
from app.services import journal, stored_file_release, submission
from app.services.health_mail_delivery import REPORTED_WITHIN

WAIT = submission.KEEP
# Mails on their way and replies begun are looked at again.
AGAIN = timedelta(days=1)
BATCH = 200


def schedule_removal(
    session: Session, actor: Actor, conversation_id: UUID, *, now: datetime
) -> None:
    """Somebody deleted a conversation. Written while their place is held, as `remove_some` does."""
    conversation = session.get_one(Conversation, conversation_id)
    if conversation.kind is ConversationKind.WELCOME:
        # Its message says that the patient was welcomed: without it they would be again.
        return
    insert: Any = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    due_at = now + WAIT
    session.execute(
        insert(table_of(MessageRemoval))
        .values(conversation_id=conversation_id, due_at=due_at)
        .on_conflict_do_update(index_elements=["conversation_id"], set_={"due_at": due_at})
    )


def find_due(session: Session, actor: Actor, *, now: datetime) -> UUID | None:
    """The conversation whose turn came first: asked without waiting for any writer."""
    return session.execute(
        select(col(MessageRemoval.conversation_id))
        .where(col(MessageRemoval.due_at) <= now)
        .order_by(col(MessageRemoval.due_at), col(MessageRemoval.conversation_id))
        .limit(1)
    ).scalar_one_or_none()


def remove_some(session: Session, actor: Actor, conversation_id: UUID, *, now: datetime) -> int:
    """Remove at most 200 messages of a conversation that nobody holds; returns how many.

    Its places are held, as who sends does, so that no message comes meanwhile; the job is asked again under
    that hold, so that of several processes one does it.
    """
    places = list(
        session.execute(
            select(Participant)
            .where(col(Participant.conversation_id) == conversation_id)
            .order_by(col(Participant.id))
            .with_for_update()
        ).scalars()
    )
    job = session.get(MessageRemoval, conversation_id, with_for_update=True, populate_existing=True)
    if job is None or job.due_at > now:
        return 0
    unheld = _unheld(conversation_id, [place.id for place in places if not place.correspondent_id])
    ids = session.execute(
        select(col(Message.id)).where(unheld, ~_is_needed(now)).limit(BATCH)
    ).scalars()
    removed = _remove(session, actor, list(ids), now=now)
    if removed < BATCH:
        _settle(session, job, unheld, now=now)
    if removed or session.get(MessageRemoval, conversation_id) is None:
        journal.record(session, actor, "message.removed", object_id=conversation_id, now=now)
    return removed


def put_off(session: Session, actor: Actor, conversation_id: UUID, *, now: datetime) -> None:
    """Look at a conversation again the day after: those behind it have their turn."""
    job = session.get(MessageRemoval, conversation_id, with_for_update=True)
    if job is not None and job.due_at <= now:
        job.due_at = now + AGAIN


def _unheld(conversation_id: UUID, holders: Sequence[UUID]) -> ColumnElement[bool]:
    is_held = exists().where(
        col(MessageCopy.message_id) == col(Message.id), col(MessageCopy.participant_id).in_(holders)
    )
    return (col(Message.conversation_id) == conversation_id) & ~is_held


def _is_needed(now: datetime) -> ColumnElement[bool]:
    """A mail that has not left, or may be reported as lost where it was written; what a reply answers."""
    state = col(HealthMailDelivery.state)
    may_be_lost = and_(
        col(HealthMailDelivery.kind) == DeliveryKind.MESSAGE,
        state == DeliveryState.SENT,
        col(HealthMailDelivery.created_at) > now - REPORTED_WITHIN,
    )
    is_leaving = exists().where(
        col(HealthMailDelivery.message_id) == col(Message.id),
        or_(state == DeliveryState.WAITING, may_be_lost),
    )
    return is_leaving | exists().where(col(MessageDraft.reply_to_id) == col(Message.id))


def _remove(session: Session, actor: Actor, ids: Sequence[UUID], *, now: datetime) -> int:
    if not ids:
        return 0
    pieces = col(MessageAttachment.message_id).in_(ids)
    file_ids = list(session.execute(select(col(MessageAttachment.file_id)).where(pieces)).scalars())
    session.execute(delete(MessageAttachment).where(pieces))
    stored_file_release.release_unused(session, actor, file_ids, now=now)
    session.execute(delete(MessageCopy).where(col(MessageCopy.message_id).in_(ids)))
    # What tells that a mail came already stays.
    session.execute(
        update(HealthMailReceipt)
        .where(col(HealthMailReceipt.message_id).in_(ids))
        .values(message_id=None)
    )
    session.execute(delete(Message).where(col(Message.id).in_(ids)))
    return len(ids)


def _settle(
    session: Session, job: MessageRemoval, unheld: ColumnElement[bool], *, now: datetime
) -> None:
    """End the job, or put it off while something holds it back; a conversation that is empty goes."""
    conversation_id = job.conversation_id
    is_left = session.execute(select(col(Message.id)).where(unheld).limit(1)).first()
    is_written = session.execute(
        select(col(MessageDraft.id)).where(col(MessageDraft.conversation_id) == conversation_id)
    ).first()
    has_messages = session.execute(
        select(col(Message.id)).where(col(Message.conversation_id) == conversation_id).limit(1)
    ).first()
    if is_left or (is_written and not has_messages):
        job.due_at = now + AGAIN
        return
    session.delete(job)
    session.flush()
    if not has_messages:
        session.execute(
            delete(Participant).where(col(Participant.conversation_id) == conversation_id)
        )
        session.execute(delete(Conversation).where(col(Conversation.id) == conversation_id))
