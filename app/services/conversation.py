"""One conversation of a mailbox: whether it is one's own to open, who is in it, whom it is about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import NotFound
from app.models.message import Conversation, Participant
from app.models.patient import Patient
from app.services.exchange import list_ended, list_ended_with
from app.services.mailbox import Mailbox, Party, PartyKind, seen
from app.services.message import party_of
from app.services.patient_label import PatientLabel, label_of

_GONE = "message.conversation_not_found"


def access_conversation(
    session: Session,
    actor: Actor,
    mailbox: Mailbox,
    conversation_id: UUID,
    *,
    is_held: bool = False,
) -> tuple[Participant, Conversation]:
    """The only loader by id: a conversation one has no place in, or no longer sees, is absent.

    `is_held`: until the act ends no message comes; asked before any line of the journal, as who sends does.
    """
    statement = (
        select(Participant, Conversation)
        .join(Conversation, col(Conversation.id) == col(Participant.conversation_id))
        .where(col(Participant.conversation_id) == conversation_id, seen(session, actor, mailbox))
    )
    if is_held:
        statement = statement.with_for_update(of=Participant).execution_options(
            populate_existing=True
        )
    found = session.execute(statement).first()
    if found is None:
        raise NotFound(_GONE)
    return found[0], found[1]


def list_others(
    session: Session, actor: Actor, mailbox: Mailbox, conversation_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, Party]]:
    """The other participants of each conversation, by their place."""
    rows = session.execute(
        select(Participant)
        .where(col(Participant.conversation_id).in_(conversation_ids))
        .order_by(col(Participant.joined_at), col(Participant.id))
    ).scalars()
    found: dict[UUID, dict[UUID, Party]] = {}
    for row in rows:
        party = party_of(row)
        if party != mailbox.party:
            found.setdefault(row.conversation_id, {})[row.id] = party
    return found


def list_labels(
    session: Session, actor: Actor, mailbox: Mailbox, ids: Sequence[UUID | None]
) -> dict[UUID, PatientLabel]:
    """The patients of a page; patients themselves need none."""
    wanted = {key for key in ids if key is not None}
    if mailbox.is_patient or not wanted:
        return {}
    rows = session.execute(select(Patient).where(col(Patient.id).in_(wanted))).scalars()
    return {patient.id: label_of(patient) for patient in rows}


def who_ended(
    session: Session, actor: Actor, mailbox: Mailbox, parties: set[Party]
) -> dict[Party, datetime]:
    """For a patient, who of these ended the exchanges; for a professional, with which patients they did."""
    if mailbox.patient_id is not None:
        return list_ended(session, actor, mailbox.patient_id, parties)
    patients = [party.id for party in parties if party.kind is PartyKind.PATIENT]
    return list_ended_with(session, actor, mailbox.party, patients)
