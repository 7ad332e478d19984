"""Conversations of a mailbox, box by box and page by page (CX-37, CX-38, ME-130, ME-133)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.message import (
    Conversation,
    ConversationKind,
    Message,
    MessageAttachment,
    MessageCopy,
    Participant,
    Priority,
)
from app.services.conversation import list_labels, list_others, who_ended
from app.services.mailbox import Mailbox, Party, PartyKind, is_unread, require_mailbox, seen
from app.services.message_draft_reading import list_replied
from app.services.party import PartyCard, list_party_cards
from app.services.patient_label import PatientLabel

PAGE_SIZE = 30
EXTRACT = 160


class Box(StrEnum):
    """What a professional looks at (CX-38). A patient has one list of conversations: `ALL` (ME-130)."""

    RECEIVED = "received"
    SENT = "sent"
    ARCHIVED = "archived"
    ALL = "all"


@dataclass(frozen=True)
class ConversationRow:
    """One line of a box. `last_author` is None when the portal wrote; `is_mine`: the last one is."""

    id: UUID
    kind: ConversationKind
    subject: str
    others: tuple[PartyCard, ...]
    last_author: PartyCard | None
    is_mine: bool
    extract: str
    last_at: datetime
    unread_count: int
    attachment_count: int
    newest_attachment_id: UUID | None
    priority: Priority
    about: PatientLabel | None
    draft_id: UUID | None
    is_ended: bool


@dataclass(frozen=True)
class ConversationPage:
    """At most 30 rows of `total`, in `pages` pages numbered from 1. `contact_count`: the first of them.

    `whole` and `unread`: conversations of the box, all and not read; `waiting`: not read in « Reçus ».
    """

    rows: tuple[ConversationRow, ...]
    total: int
    contact_count: int
    whole: int
    unread: int
    waiting: int
    page: int
    pages: int


def count_unread(session: Session, actor: Actor) -> int:
    """Messages not read yet, in the boxes one still sees; archived ones too."""
    mailbox = require_mailbox(session, actor)
    return int(
        session.execute(
            select(func.coalesce(func.sum(col(Participant.unread_count)), 0)).where(
                seen(session, actor, mailbox), is_unread(mailbox)
            )
        ).scalar_one()
    )


def list_conversations(
    session: Session,
    actor: Actor,
    box: Box,
    *,
    unread_only: bool = False,
    page: int = 1,
    size: int = PAGE_SIZE,
    now: datetime,
) -> ConversationPage:
    """One page of `size` of a box: « Reçus » by priority then date (CX-37), the others newest first."""
    mailbox = require_mailbox(session, actor)
    if mailbox.is_patient:
        box = Box.ALL
    elif box is Box.ALL:
        box = Box.RECEIVED
    inside = and_(seen(session, actor, mailbox), _in_box(box))
    unread = and_(inside, is_unread(mailbox))
    shown = unread if unread_only else inside
    total, contact = _count(session, shown, box)
    unread_total = _count(session, unread, box)[0]
    is_received = box in {Box.RECEIVED, Box.ALL}
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = _of_page(session, shown, box, contact, size=size, offset=(page - 1) * size)
    return ConversationPage(
        rows=_rows(session, actor, mailbox, rows),
        total=total,
        contact_count=contact,
        whole=_count(session, inside, box)[0] if unread_only else total,
        unread=unread_total,
        waiting=unread_total if is_received else _count_waiting(session, actor, mailbox),
        page=page,
        pages=pages,
    )


def _in_box(box: Box) -> ColumnElement[bool]:
    received = and_(
        col(Participant.received_at).is_not(None), col(Participant.archived_at).is_(None)
    )
    return {
        Box.RECEIVED: received,
        Box.SENT: col(Participant.sent_at).is_not(None),
        Box.ARCHIVED: col(Participant.archived_at).is_not(None),
        Box.ALL: col(Participant.last_message_id).is_not(None),
    }[box]


def _of_page(
    session: Session,
    shown: ColumnElement[bool],
    box: Box,
    contact: int,
    *,
    size: int,
    offset: int,
) -> list[tuple[Participant, Conversation]]:
    """A page of a box, found in its index alone: of « Reçus », what asks for contact and then the rest."""
    if box is not Box.RECEIVED:
        ids = _ids(session, shown, box, size, offset)
    else:
        first, rest = (
            and_(shown, col(Participant.priority) == priority)
            for priority in (Priority.CONTACT, Priority.INFORMATION)
        )
        ids = _ids(session, first, box, min(size, max(contact - offset, 0)), offset)
        ids += _ids(session, rest, box, size - len(ids), max(offset - contact, 0))
    rows = session.execute(
        select(Participant, Conversation)
        .join(Conversation, col(Conversation.id) == col(Participant.conversation_id))
        .where(col(Participant.id).in_(ids))
    )
    found = {place.id: (place, talk) for place, talk in rows}
    return [found[key] for key in ids]


def _ids(
    session: Session, shown: ColumnElement[bool], box: Box, limit: int, offset: int
) -> list[UUID]:
    """The places of a page, newest first."""
    if not limit:
        return []
    at = {
        Box.RECEIVED: col(Participant.received_at),
        Box.SENT: col(Participant.sent_at),
        Box.ARCHIVED: col(Participant.archived_at),
        Box.ALL: col(Participant.last_at),
    }[box]
    return list(
        session.execute(
            select(col(Participant.id))
            .where(shown)
            .order_by(at.desc(), col(Participant.id).desc())
            .limit(limit)
            .offset(offset)
        ).scalars()
    )


def _count(session: Session, shown: ColumnElement[bool], box: Box) -> tuple[int, int]:
    """How many, and how many of them ask for contact."""
    if box is not Box.RECEIVED:
        counted = select(func.count()).select_from(Participant).where(shown)
        return session.execute(counted).scalar_one(), 0
    counted_each = (
        select(col(Participant.priority), func.count())
        .where(shown)
        .group_by(col(Participant.priority))
    )
    by_priority: dict[Priority, int] = {row[0]: row[1] for row in session.execute(counted_each)}
    return sum(by_priority.values()), by_priority.get(Priority.CONTACT, 0)


def _count_waiting(session: Session, actor: Actor, mailbox: Mailbox) -> int:
    unread = and_(_in_box(Box.RECEIVED), is_unread(mailbox))
    return _count(session, and_(seen(session, actor, mailbox), unread), Box.RECEIVED)[0]


def _rows(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    found: Sequence[tuple[Participant, Conversation]],
) -> tuple[ConversationRow, ...]:
    """The rows of a page, in as many queries whatever its content."""
    ids = [talk.id for _, talk in found]
    others = list_others(session, actor, mailbox, ids)
    last = _last_messages(session, [place.last_message_id for place, _ in found])
    everybody = {party for parties in others.values() for party in parties.values()}
    cards = list_party_cards(session, actor, everybody)
    about = list_labels(session, actor, mailbox, [talk.patient_id for _, talk in found])
    drafts = list_replied(session, actor, ids)
    newest = _newest_attachments(session, [place for place, _ in found if place.attachment_count])
    ended = who_ended(session, actor, mailbox, everybody)
    rows = []
    for place, talk in found:
        message = last.get(place.last_message_id) if place.last_message_id else None
        author_id = message.author_id if message else None
        parties = others.get(talk.id, {})
        author = parties.get(author_id) if author_id else None
        rows.append(
            ConversationRow(
                id=talk.id,
                kind=talk.kind,
                subject=talk.subject,
                others=tuple(cards[party] for party in parties.values() if party in cards),
                last_author=cards.get(author) if author else None,
                is_mine=author_id == place.id,
                extract=" ".join(message.text[: 2 * EXTRACT].split())[:EXTRACT] if message else "",
                last_at=place.last_at,
                unread_count=place.unread_count,
                attachment_count=place.attachment_count,
                newest_attachment_id=newest.get(place.id),
                priority=place.priority,
                about=about.get(talk.patient_id) if talk.patient_id else None,
                draft_id=drafts.get(talk.id),
                is_ended=_is_ended(mailbox, talk, parties.values(), ended),
            )
        )
    return tuple(rows)


def _last_messages(session: Session, ids: Sequence[UUID | None]) -> dict[UUID, Message]:
    wanted = [key for key in ids if key is not None]
    rows = session.execute(select(Message).where(col(Message.id).in_(wanted))).scalars()
    return {message.id: message for message in rows}


def _newest_attachments(session: Session, places: Sequence[Participant]) -> dict[UUID, UUID]:
    """The newest file each of these places holds (ME-133)."""
    if not places:
        return {}
    rows = session.execute(
        select(col(MessageCopy.participant_id), col(MessageAttachment.id))
        .join(Message, col(Message.id) == col(MessageCopy.message_id))
        .join(MessageAttachment, col(MessageAttachment.message_id) == col(Message.id))
        .where(
            col(MessageCopy.participant_id).in_([place.id for place in places]),
            col(Message.attachment_count) > 0,
        )
        .order_by(col(MessageCopy.sent_at), col(MessageAttachment.position).desc())
    )
    return {row[0]: row[1] for row in rows}


def _is_ended(
    mailbox: Mailbox, talk: Conversation, parties: Any, ended: dict[Party, datetime]
) -> bool:
    """Whether nobody is left to answer to."""
    if talk.kind is not ConversationKind.PATIENT:
        return False
    if mailbox.is_patient:
        return all(party in ended for party in parties)
    return any(party in ended for party in parties if party.kind is PartyKind.PATIENT)
