"""What is done with a conversation of one's own: treated, taken back, deleted (CX-39, ME-136)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Conflict, Forbidden
from app.models.message import (
    MessageCopy,
    MessageDraft,
    Participant,
)
from app.services import journal
from app.services.conversation import access_conversation
from app.services.mailbox import require_mailbox
from app.services.message_draft import delete_draft
from app.services.message_removal import schedule_removal


def archive(
    session: Session,
    actor: Actor,
    conversation_id: UUID,
    *,
    shown_id: UUID | None = None,
    now: datetime,
) -> None:
    """« Marquer comme traité »: out of « Reçus », for that person alone (CX-39).

    `shown_id`: the newest message on the page. Raises Conflict when another came since: nobody has read it.
    """
    place = _place_to_treat(session, actor, conversation_id)
    if shown_id is not None and place.unread_count and place.last_message_id != shown_id:
        raise Conflict("message.arrived_meanwhile")
    if place.archived_at is None:
        place.archived_at = now
        session.flush()
        journal.record(session, actor, "message.archived", object_id=place.id, now=now)


def unarchive(session: Session, actor: Actor, conversation_id: UUID, *, now: datetime) -> None:
    """Take it back among those to treat."""
    place = _place_to_treat(session, actor, conversation_id)
    if place.archived_at is not None:
        place.archived_at = None
        session.flush()
        journal.record(session, actor, "message.unarchived", object_id=place.id, now=now)


def delete_conversation(
    session: Session,
    actor: Actor,
    conversation_id: UUID,
    *,
    shown_id: UUID | None = None,
    now: datetime,
) -> None:
    """Delete one's own copy of a whole conversation, with the reply begun (ME-136); others keep theirs.

    `shown_id`: the newest message when the question was asked. Raises Conflict when another came since.
    """
    mailbox = require_mailbox(session, actor)
    if not mailbox.may_write:
        raise Forbidden("delegation.out_of_scope")
    place, _ = access_conversation(session, actor, mailbox, conversation_id, is_held=True)
    if shown_id is not None and place.last_message_id != shown_id:
        raise Conflict("message.arrived_meanwhile")
    drafts = session.execute(
        select(col(MessageDraft.id)).where(
            col(MessageDraft.conversation_id) == conversation_id,
            col(MessageDraft.account_id) == mailbox.account_id,
            col(MessageDraft.delegation_id).is_not_distinct_from(mailbox.delegation_id),
        )
    ).scalars()
    for draft_id in list(drafts):
        delete_draft(session, actor, draft_id, now=now)
    session.execute(delete(MessageCopy).where(col(MessageCopy.participant_id) == place.id))
    place.deleted_at, place.archived_at = now, None
    place.received_at = place.sent_at = place.last_message_id = None
    place.unread_count = place.attachment_count = 0
    session.flush()
    schedule_removal(session, actor, conversation_id, now=now)
    journal.record(session, actor, "message.conversation_deleted", object_id=place.id, now=now)


def _place_to_treat(session: Session, actor: Actor, conversation_id: UUID) -> Participant:
    mailbox = require_mailbox(session, actor)
    if mailbox.is_patient:
        raise Forbidden("action.professionals_only")
    if not mailbox.may_write:
        raise Forbidden("delegation.out_of_scope")
    return access_conversation(session, actor, mailbox, conversation_id, is_held=True)[0]
