"""What mailboxes say of themselves, compared with a count of the messages they hold."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.message import (
    Message,
    MessageAttachment,
    MessageCopy,
    Participant,
    Priority,
)

Held = Sequence[tuple[MessageCopy, Message]]


def wrong_places(session: Session) -> list[str]:
    """Every participant whose reading copy says something else than its messages, and what."""
    held: dict[UUID, list[tuple[MessageCopy, Message]]] = defaultdict(list)
    rows = session.execute(
        select(MessageCopy, Message)
        .join(Message, col(Message.id) == col(MessageCopy.message_id))
        .order_by(col(MessageCopy.sent_at))
    )
    for copy, message in rows:
        held[copy.participant_id].append((copy, message))
    places = session.execute(select(Participant)).scalars()
    found = [fault for place in places for fault in _faults(place, held[place.id])]
    return found + _wrong_attachment_counts(session)


def doubled_drafts(session: Session) -> list[UUID]:
    """Drafts that made more than one message."""
    keys = session.execute(
        select(col(Message.draft_id)).where(col(Message.draft_id).is_not(None))
    ).scalars()
    return [key for key, times in Counter(keys).items() if times > 1 and key is not None]


def _faults(place: Participant, held: Held) -> list[str]:
    """Messages of one moment have no order of their own: any of the last is the last."""
    received = [(copy, message) for copy, message in held if not copy.is_own]
    own = [copy.sent_at for copy, _ in held if copy.is_own]
    last_at = held[-1][0].sent_at if held else None
    last = {message.id for copy, message in held if copy.sent_at == last_at} or {None}
    said = {
        "unread_count": (place.unread_count, {sum(c.read_at is None for c, _ in received)}),
        "received_at": (place.received_at, {received[-1][0].sent_at if received else None}),
        "sent_at": (place.sent_at, {own[-1] if own else None}),
        "last_message_id": (place.last_message_id, last),
        "attachment_count": (place.attachment_count, {sum(m.attachment_count for _, m in held)}),
    }
    if held:
        said["last_at"] = (place.last_at, {last_at})
    since = [m.priority for _, m in received]
    if received and place.archived_at is None and set(since) == {Priority.INFORMATION}:
        said["priority"] = (place.priority, {Priority.INFORMATION})
    if received and since[-1] is Priority.CONTACT:
        said["priority"] = (place.priority, {Priority.CONTACT})
    return [
        f"{place.id} {name}: {kept!r} instead of {counted!r}"
        for name, (kept, counted) in said.items()
        if kept not in counted
    ]


def _wrong_attachment_counts(session: Session) -> list[str]:
    attached = Counter(
        session.execute(
            select(col(MessageAttachment.message_id)).where(
                col(MessageAttachment.message_id).is_not(None)
            )
        ).scalars()
    )
    rows = session.execute(select(col(Message.id), col(Message.attachment_count)))
    return [f"message {key}: {said} files" for key, said in rows if attached[key] != said]
