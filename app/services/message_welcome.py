"""The first message of a patient's mailbox, from the portal itself (ME-127). Its words are the page's."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import exists, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.account import Account, Role
from app.models.message import Conversation, ConversationKind, Message, Participant
from app.services.mailbox import Party, PartyKind
from app.services.membership import hold_patient
from app.services.message import NewMessage, deliver

_NAMES = UUID("0d6f5b0e-9b1f-4d43-8a55-2f3a7d0c7e21")
_BATCH = 500


def ensure_welcome(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> None:
    """Deliver it, unless it was: once for a patient, also after they deleted it. No mail tells of it."""
    if not actor.reason:
        raise Forbidden
    # Two at once: the second waits here, then finds what the first delivered.
    hold_patient(session, actor, patient_id)
    key = uuid5(_NAMES, str(patient_id))
    if session.execute(select(col(Message.id)).where(col(Message.draft_id) == key)).first():
        return
    welcome = NewMessage(
        author=None, recipients=(Party(PartyKind.PATIENT, patient_id),), text="", draft_id=key
    )
    deliver(session, actor, welcome, now=now)


def ensure_welcomes(session: Session, actor: Actor, *, now: datetime) -> int:
    """Deliver it to some of the patients who have an account and not yet that message; returns how many."""
    if not actor.reason:
        raise Forbidden
    is_welcomed = (
        exists()
        .where(
            col(Participant.patient_id) == col(Account.patient_id),
            col(Participant.conversation_id) == col(Conversation.id),
            col(Conversation.kind) == ConversationKind.WELCOME,
        )
        .correlate(Account)
    )
    waiting = session.execute(
        select(col(Account.patient_id))
        .where(
            col(Account.role) == Role.PATIENT,
            col(Account.patient_id).is_not(None),
            ~is_welcomed,
        )
        .distinct()
        .limit(_BATCH)
    ).scalars()
    found = [patient_id for patient_id in waiting if patient_id is not None]
    for patient_id in sorted(found):
        ensure_welcome(session, actor, patient_id, now=now)
    return len(found)
