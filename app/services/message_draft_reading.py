"""Drafts to go on with on any device: found, listed, the reply begun in a conversation (ME-148)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, select, text
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import dialect_of
from app.errors import NotFound
from app.models.message import (
    Message,
    MessageAttachment,
    MessageDraft,
    Participant,
    Priority,
)
from app.services.mailbox import Mailbox, require_mailbox

MOST_DRAFTS = 200
_NAMES = UUID("5f0cb0a1-5a61-4c7e-9b5e-4f2f8a4f6d11")


@dataclass(frozen=True)
class DraftView:
    """A draft to go on with."""

    id: UUID
    revision: int
    saved_at: datetime
    subject: str
    text: str
    recipients: tuple[str, ...]
    priority: Priority
    conversation_id: UUID | None
    reply_to_id: UUID | None
    is_reply_all: bool
    about_patient_id: UUID | None
    treatment_id: UUID | None
    entry_id: UUID | None
    attachment_count: int


def load_draft(session: Session, actor: Actor, draft_id: UUID) -> DraftView:
    """A draft of one's own, to go on with on any device."""
    mailbox = require_mailbox(session, actor)
    draft = find_draft(session, actor, mailbox, draft_id)
    if draft is None:
        raise NotFound("message.draft_not_found")
    return _views(session, [draft])[0]


def list_drafts(session: Session, actor: Actor) -> list[DraftView]:
    """New messages being written, the last changed first; replies stand in their conversation."""
    mailbox = require_mailbox(session, actor)
    rows = session.execute(
        select(MessageDraft)
        .where(owned(mailbox), col(MessageDraft.conversation_id).is_(None))
        .order_by(col(MessageDraft.updated_at).desc(), col(MessageDraft.id))
        .limit(MOST_DRAFTS)
    ).scalars()
    return _views(session, list(rows))


def find_reply(session: Session, actor: Actor, conversation_id: UUID) -> DraftView | None:
    """The reply begun in a conversation."""
    mailbox = require_mailbox(session, actor)
    draft = session.execute(
        select(MessageDraft).where(
            owned(mailbox), col(MessageDraft.conversation_id) == conversation_id
        )
    ).scalar_one_or_none()
    return _views(session, [draft])[0] if draft else None


def reply_key(session: Session, actor: Actor, place: Participant) -> UUID:
    """The key of the next reply of this person here: the same in two tabs, another once one is sent."""
    mailbox = require_mailbox(session, actor)
    # What they wrote, not what they kept: after a deletion the key of an earlier reply does not come back.
    last_own = session.execute(
        select(col(Message.id))
        .where(
            col(Message.conversation_id) == place.conversation_id,
            col(Message.author_id) == place.id,
        )
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(1)
    ).scalar_one_or_none()
    who = f"{mailbox.account_id}/{mailbox.delegation_id or ''}"
    return uuid5(_NAMES, f"{who}/{place.id}/{last_own or ''}")


def list_replied(
    session: Session, actor: Actor, conversation_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Which of these conversations have a reply begun (« Brouillon », ME-148), and its key."""
    mailbox = require_mailbox(session, actor)
    rows = session.execute(
        select(col(MessageDraft.conversation_id), col(MessageDraft.id)).where(
            owned(mailbox), col(MessageDraft.conversation_id).in_(conversation_ids)
        )
    )
    return {conversation_id: draft_id for conversation_id, draft_id in rows if conversation_id}


def find_draft(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    draft_id: UUID,
    *,
    is_held: bool = False,
) -> MessageDraft | None:
    """One's own draft, held until the act ends when it is changed. Somebody else's does not exist."""
    statement = select(MessageDraft).where(col(MessageDraft.id) == draft_id, owned(mailbox))
    if is_held:
        statement = statement.with_for_update()
    draft: MessageDraft | None = session.execute(statement).scalar_one_or_none()
    if draft is None and is_held and dialect_of(session) == "postgresql":
        # Begun twice at once, by its first character and its first file: the second finds what the first did.
        name = {"name": f"message_draft/{draft_id}"}
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), name)
        draft = session.execute(statement).scalar_one_or_none()
    return draft


def find_sent(session: Session, actor: Actor, mailbox: Mailbox, draft_id: UUID) -> Message | None:
    """The message a draft of this mailbox became."""
    message: Message | None = session.execute(
        select(Message)
        .join(Participant, col(Participant.id) == col(Message.author_id))
        .where(col(Message.draft_id) == draft_id, mailbox.mine())
    ).scalar_one_or_none()
    return message


def list_attached(session: Session, actor: Actor, draft_id: UUID) -> list[MessageAttachment]:
    """What is attached to a draft, in order."""
    return list(
        session.execute(
            select(MessageAttachment)
            .where(col(MessageAttachment.draft_id) == draft_id)
            .order_by(col(MessageAttachment.position), col(MessageAttachment.id))
        ).scalars()
    )


def owned(mailbox: Mailbox) -> ColumnElement[bool]:
    """Drafts are their writer's, in the delegation they were written under."""
    return and_(
        col(MessageDraft.account_id) == mailbox.account_id,
        col(MessageDraft.delegation_id).is_not_distinct_from(mailbox.delegation_id),
        mailbox.mine(MessageDraft),
    )


def _views(session: Session, drafts: Sequence[MessageDraft]) -> list[DraftView]:
    counts: dict[UUID, int] = {}
    for draft_id in session.execute(
        select(col(MessageAttachment.draft_id)).where(
            col(MessageAttachment.draft_id).in_([draft.id for draft in drafts])
        )
    ).scalars():
        if draft_id is not None:
            counts[draft_id] = counts.get(draft_id, 0) + 1
    return [
        DraftView(
            id=draft.id,
            revision=draft.revision,
            saved_at=draft.updated_at,
            subject=draft.subject,
            text=draft.text,
            recipients=tuple(draft.recipients),
            priority=draft.priority,
            conversation_id=draft.conversation_id,
            reply_to_id=draft.reply_to_id,
            is_reply_all=draft.is_reply_all,
            about_patient_id=draft.about_patient_id,
            treatment_id=draft.treatment_id,
            entry_id=draft.entry_id,
            attachment_count=counts.get(draft.id, 0),
        )
        for draft in drafts
    ]
