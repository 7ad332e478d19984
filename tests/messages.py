"""Messages of the tests: written and sent as people do, through the services."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.authz.actor import Actor
from app.services.conversation_reading import ConversationView, open_conversation
from app.services.mailbox import Party, PartyKind
from app.services.message_draft import Typed
from app.services.message_send import Sent, send

TEXT = "Bonjour, où en est-on ?"
_order = count(1)


def _after(now: datetime) -> datetime:
    """A moment after all those before: no two messages of a test leave at the same instant."""
    return now + timedelta(microseconds=next(_order))


def professional(actor: Actor) -> str:
    """A professional as a recipient."""
    assert actor.professional_id is not None
    return str(Party(PartyKind.PROFESSIONAL, actor.professional_id))


def patient(patient_id: UUID) -> str:
    """A patient as a recipient."""
    return str(Party(PartyKind.PATIENT, patient_id))


def write(session: Session, actor: Actor, *recipients: str, now: datetime, **fields: Any) -> Sent:
    """Send a new message."""
    key = fields.pop("key", None) or uuid4()
    values = {"subject": "Point de suivi", "text": TEXT, **fields}
    return send(session, actor, key, Typed(recipients=recipients, **values), now=_after(now))


def answer(
    session: Session, actor: Actor, conversation_id: UUID, *, now: datetime, **fields: Any
) -> Sent:
    """Reply to the last message received."""
    view = look(session, actor, conversation_id, now=now)
    received = [row for row in view.messages if not row.is_mine]
    values = {
        "text": "Merci, je regarde.",
        "reply_to_id": received[-1].id if received else None,
        **fields,
    }
    typed = Typed(conversation_id=conversation_id, **values)
    return send(session, actor, view.draft_key, typed, now=_after(now))


def look(
    session: Session, actor: Actor, conversation_id: UUID, *, now: datetime
) -> ConversationView:
    """The conversation as it stands, read by nobody."""
    return open_conversation(session, actor, conversation_id, is_reading=False, now=now)
