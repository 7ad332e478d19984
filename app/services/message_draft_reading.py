"""Drafts to go on with, on any device: new messages begun, the reply begun in a conversation (ME-148)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import NotFound
from app.models.message import (
    MessageAttachment,
    MessageDraft,
    Priority,
)
from app.services.mailbox import require_mailbox
from app.services.message_draft import MOST_DRAFTS, find_draft, owned


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
