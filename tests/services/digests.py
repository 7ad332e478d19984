"""What the tests of digests share: unread messages, a look of the scheduler, the row that is the job."""

from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor, system
from app.models.message import Conversation, ConversationKind, Participant, Priority
from app.models.notification import DigestSchedule
from app.services import digest

ROBOT = system("test")
CONTACT, INFORMATION = Priority.CONTACT, Priority.INFORMATION
# 10 a.m. in Paris is the clock of the tests: the next turns of a new account.
NOON, FIVE = datetime(2026, 3, 10, 11, tzinfo=UTC), datetime(2026, 3, 10, 16, tzinfo=UTC)
TOMORROW = datetime(2026, 3, 11, 7, tzinfo=UTC)


def receive(
    session: Session,
    professional_id: UUID,
    priority: Priority = CONTACT,
    *,
    at: datetime,
    messages: int = 1,
    is_scheduled: bool = True,
) -> Participant:
    """Unread messages in a conversation of their own."""
    conversation = Conversation(
        kind=ConversationKind.TEAM, subject="Jeanne Lefèvre, IBRANCE", started_at=at
    )
    session.add(conversation)
    session.flush()
    place = Participant(
        conversation_id=conversation.id,
        professional_id=professional_id,
        joined_at=at,
        last_at=at,
        received_at=at,
        priority=priority,
        unread_count=messages,
    )
    session.add(place)
    if is_scheduled:
        digest.schedule_digests(session, ROBOT, [place.id], now=at)
    session.flush()
    return place


def tick(session: Session, at: datetime, limit: int = 100) -> int:
    served = digest.send_due(session, ROBOT, now=at, limit=limit)
    session.flush()
    return served


def row_of(session: Session, actor: Actor, priority: Priority = CONTACT) -> DigestSchedule:
    return session.get_one(DigestSchedule, (actor.account_id, priority))
