"""One's own messages and drafts, for the export of one's data (GDPR articles 15, 20)."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.message import (
    Conversation,
    Message,
    MessageAttachment,
    MessageCopy,
    MessageDraft,
    Participant,
)
from app.services.mailbox import require_mailbox, seen
from app.services.message import party_of
from app.services.message_draft_reading import list_drafts
from app.services.party import PartyCard, list_party_cards

BATCH = 500


def list_held(session: Session, actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Every message the actor holds, oldest first, read by batches whatever their number."""
    mailbox = require_mailbox(session, actor)
    after: tuple[Any, Any] | None = None
    while True:
        statement = (
            select(MessageCopy, Message, Conversation)
            .join(Participant, col(Participant.id) == col(MessageCopy.participant_id))
            .join(Message, col(Message.id) == col(MessageCopy.message_id))
            .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
            .where(seen(session, actor, mailbox))
            .order_by(col(MessageCopy.sent_at), col(MessageCopy.message_id))
            .limit(BATCH)
        )
        if after is not None:
            place = tuple_(col(MessageCopy.sent_at), col(MessageCopy.message_id))
            statement = statement.where(place > after)
        rows = [tuple(row) for row in session.execute(statement)]
        yield from _described(session, actor, rows)
        if len(rows) < BATCH:
            return
        after = (rows[-1][0].sent_at, rows[-1][0].message_id)


def list_begun(session: Session, actor: Actor) -> Iterator[Mapping[str, Any]]:
    """What is being written: new messages, then the replies of conversations one sees."""
    for draft in list_drafts(session, actor):
        yield {"subject": draft.subject, "text": draft.text, "saved_at": draft.saved_at}
    mailbox = require_mailbox(session, actor)
    replies = session.execute(
        select(col(Conversation.subject), col(MessageDraft.text), col(MessageDraft.updated_at))
        .join(Conversation, col(Conversation.id) == col(MessageDraft.conversation_id))
        .join(Participant, col(Participant.conversation_id) == col(Conversation.id))
        .where(
            col(MessageDraft.account_id) == mailbox.account_id,
            col(MessageDraft.delegation_id).is_(None),
            seen(session, actor, mailbox),
        )
        .order_by(col(MessageDraft.updated_at).desc(), col(MessageDraft.id))
    )
    for subject, text, saved_at in replies:
        yield {"subject": subject, "text": text, "saved_at": saved_at}


def has_mailbox(actor: Actor) -> bool:
    """Whether there is anything to export."""
    return actor.is_patient or actor.is_professional


def _described(
    session: Session, actor: Actor, rows: list[tuple[Any, ...]]
) -> Iterator[Mapping[str, Any]]:
    ids = [message.id for _, message, _ in rows]
    files: dict[Any, list[str]] = {}
    for message_id, name in session.execute(
        select(col(MessageAttachment.message_id), col(MessageAttachment.name))
        .where(col(MessageAttachment.message_id).in_(ids))
        .order_by(col(MessageAttachment.position))
    ):
        files.setdefault(message_id, []).append(name)
    authors = _authors(session, actor, [message for _, message, _ in rows])
    for copy, message, talk in rows:
        author = authors.get(message.author_id)
        yield {
            "subject": talk.subject,
            "author": _name(author) if author else "Liane",
            "is_me": copy.is_own,
            "sent_at": message.sent_at,
            "read_at": copy.read_at,
            "priority": message.priority,
            "text": message.text,
            "attachments": files.get(message.id, []),
        }


def _authors(session: Session, actor: Actor, messages: list[Message]) -> dict[Any, PartyCard]:
    places = session.execute(
        select(Participant).where(
            col(Participant.id).in_([message.author_id for message in messages])
        )
    ).scalars()
    parties = {place.id: party_of(place) for place in places}
    cards = list_party_cards(session, actor, parties.values())
    return {place: cards[party] for place, party in parties.items() if party in cards}


def _name(card: PartyCard) -> str:
    named = f"{card.civility} {card.given_name} {card.family_name}".strip()
    return named or card.name or card.address
