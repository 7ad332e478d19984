"""Messages of the tests: written and sent as people do, through the services."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.authz.actor import Actor
from app.db import keyring_of
from app.models.document import FileFormat, ScanState
from app.services.conversation_list import Box, ConversationPage, list_conversations
from app.services.conversation_reading import ConversationView, open_conversation
from app.services.document_upload import Prepared
from app.services.mailbox import Party, PartyKind
from app.services.message_attaching import attach_file
from app.services.message_input import Typed
from app.services.message_send import Sent, send
from app.services.stored_file import seal_file

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


def prepared(
    session: Session,
    draft_id: UUID,
    name: str = "Bilan",
    *,
    scan: ScanState = ScanState.CLEAN,
    **of_file: Any,
) -> Prepared:
    """A file of the device as it is once judged and sealed; its bytes are nowhere."""
    sealed = seal_file(
        keyring_of(session),
        draft_id,
        b"%PDF",
        file_format=FileFormat.PDF,
        page_count=1,
        is_of_record=False,
    )
    return Prepared(
        name, replace(sealed, **of_file), text="", removed=(), was_converted=False, scan=scan
    )


def write_with_file(
    session: Session, actor: Actor, *recipients: str, now: datetime, **of_file: Any
) -> Sent:
    """Send a new message with a file of the device."""
    key = uuid4()
    attach_file(session, actor, key, Typed(), prepared(session, key, **of_file), now=now)
    return write(session, actor, *recipients, now=now, key=key)


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


def box_page(
    session: Session, actor: Actor, now: datetime, box: Box = Box.RECEIVED, **options: Any
) -> ConversationPage:
    """A page of a box."""
    return list_conversations(session, actor, box, now=now, **options)


def box_ids(
    session: Session, actor: Actor, now: datetime, box: Box = Box.RECEIVED, **options: Any
) -> list[UUID]:
    """The conversations of a page of a box, in its order."""
    return [row.id for row in box_page(session, actor, now, box, **options).rows]
