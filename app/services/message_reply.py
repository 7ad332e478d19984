"""What a reply starts from: who it can go to, and what was begun of it (ME-134, ME-135, D-05)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.message import ConversationKind, Message, MessageCopy, Participant
from app.services.conversation import access_conversation
from app.services.mailbox import Party, require_mailbox
from app.services.message_draft_reading import DraftView, find_reply, reply_key
from app.services.message_recipient import reachable
from app.services.message_send import list_answered
from app.services.party import PartyCard, list_party_cards


@dataclass(frozen=True)
class ReplyView:
    """A reply to be written. `to`: whom it answers; `to_all`: the others, when one may answer them all.

    `may_send` is False when nobody there can be written to any more; what was begun is still there.
    """

    conversation_id: UUID
    draft_id: UUID
    draft: DraftView | None
    reply_to_id: UUID | None
    to: tuple[PartyCard, ...]
    to_all: tuple[PartyCard, ...]
    may_write: bool
    may_send: bool
    is_patient: bool


def open_reply(
    session: Session, actor: Actor, conversation_id: UUID, *, now: datetime
) -> ReplyView:
    """The reply of a conversation: the one begun, or an empty one to the last message received."""
    mailbox = require_mailbox(session, actor)
    place, talk = access_conversation(session, actor, mailbox, conversation_id)
    draft = find_reply(session, actor, talk.id)
    reply_to = draft.reply_to_id if draft else None
    reply_to = reply_to or _last_received(session, place)

    def reached(*, is_reply_all: bool) -> tuple[Party, ...]:
        answered = list_answered(
            session, actor, mailbox, talk.id, reply_to, is_reply_all=is_reply_all
        )
        about = talk.patient_id
        return reachable(session, actor, mailbox, answered, about_patient_id=about, now=now)

    one, every = reached(is_reply_all=False), reached(is_reply_all=True)
    cards = list_party_cards(session, actor, {*one, *every})
    may_write = mailbox.may_write and talk.kind is not ConversationKind.WELCOME
    return ReplyView(
        conversation_id=talk.id,
        draft_id=draft.id if draft else reply_key(session, actor, place),
        draft=draft,
        reply_to_id=reply_to,
        to=tuple(cards[party] for party in one),
        to_all=tuple(cards[party] for party in every) if set(every) > set(one) else (),
        may_write=may_write,
        may_send=may_write and bool(one or every),
        is_patient=mailbox.is_patient,
    )


def _last_received(session: Session, place: Participant) -> UUID | None:
    found: UUID | None = session.execute(
        select(col(MessageCopy.message_id))
        .join(Message, col(Message.id) == col(MessageCopy.message_id))
        .where(
            col(MessageCopy.participant_id) == place.id,
            col(MessageCopy.is_own).is_(False),
            col(Message.author_id).is_not(None),
        )
        .order_by(col(MessageCopy.sent_at).desc(), col(MessageCopy.message_id).desc())
        .limit(1)
    ).scalar_one_or_none()
    return found
