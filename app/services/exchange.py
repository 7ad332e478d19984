"""The end of the exchanges between somebody and a patient, in all their conversations (ME-167 to ME-169).

Only who treats ends them, and only a new message of theirs opens them again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, NotFound
from app.models.message import Conversation, ExchangeEnd, Participant
from app.services import journal
from app.services.mailbox import Party, PartyKind, require_mailbox
from app.services.membership import hold_patient


def end_exchanges(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> None:
    """« Mettre fin aux échanges » (ME-167): by a professional, with a patient they exchange with.

    Done twice, it changes nothing.
    """
    mailbox = require_mailbox(session, actor)
    if mailbox.is_patient:
        raise Forbidden("action.professionals_only")
    policies.require_link(session, actor, patient_id)
    if not mailbox.may_end:
        raise Forbidden("delegation.out_of_scope")
    if _between(session, patient_id, mailbox.party) is None:
        raise NotFound("message.conversation_not_found")
    end_by(session, actor, patient_id, mailbox.party, now=now)


def end_by(
    session: Session, actor: Actor, patient_id: UUID, party: Party, *, now: datetime
) -> None:
    """The same, for a party whose right was checked: also a correspondent's « FIN » (FB-04)."""
    hold_patient(session, actor, patient_id)
    if list_ended(session, actor, patient_id, [party]):
        return
    is_professional = party.kind is PartyKind.PROFESSIONAL
    session.add(
        ExchangeEnd(
            patient_id=patient_id,
            professional_id=party.id if is_professional else None,
            correspondent_id=None if is_professional else party.id,
            ended_at=now,
        )
    )
    session.flush()
    journal.record(
        session,
        actor,
        "message.exchanges_ended",
        patient_id=patient_id,
        object_id=_between(session, patient_id, party),
        now=now,
    )


def reopen(
    session: Session, actor: Actor, patient_id: UUID, party: Party, *, now: datetime
) -> None:
    """Somebody who had ended the exchanges writes again: the patient may answer."""
    session.execute(
        update(ExchangeEnd)
        .where(
            col(ExchangeEnd.patient_id) == patient_id,
            _of(party),
            col(ExchangeEnd.reopened_at).is_(None),
        )
        .values(reopened_at=now)
    )


def list_ended(
    session: Session, actor: Actor, patient_id: UUID, parties: Iterable[Party]
) -> dict[Party, datetime]:
    """Those of these parties who ended the exchanges with this patient, and since when."""
    wanted = list(parties)
    if not wanted:
        return {}
    rows = session.execute(
        select(
            col(ExchangeEnd.professional_id),
            col(ExchangeEnd.correspondent_id),
            col(ExchangeEnd.ended_at),
        ).where(
            col(ExchangeEnd.patient_id) == patient_id,
            col(ExchangeEnd.reopened_at).is_(None),
            or_(*[_of(party) for party in wanted]),
        )
    )
    return {
        Party(PartyKind.PROFESSIONAL, professional_id)
        if professional_id
        else Party(PartyKind.CORRESPONDENT, correspondent_id): ended_at
        for professional_id, correspondent_id, ended_at in rows
    }


def list_ended_with(
    session: Session, actor: Actor, party: Party, patient_ids: Sequence[UUID]
) -> dict[Party, datetime]:
    """Those of these patients with whom this party ended the exchanges, and since when."""
    if not patient_ids:
        return {}
    rows = session.execute(
        select(col(ExchangeEnd.patient_id), col(ExchangeEnd.ended_at)).where(
            col(ExchangeEnd.patient_id).in_(patient_ids),
            col(ExchangeEnd.reopened_at).is_(None),
            _of(party),
        )
    )
    return {Party(PartyKind.PATIENT, patient_id): ended_at for patient_id, ended_at in rows}


def _of(party: Party) -> ColumnElement[bool]:
    column = (
        ExchangeEnd.professional_id
        if party.kind is PartyKind.PROFESSIONAL
        else ExchangeEnd.correspondent_id
    )
    return col(column) == party.id


def _between(session: Session, patient_id: UUID, party: Party) -> UUID | None:
    """A conversation of this party with this patient, the newest."""
    column = (
        Participant.professional_id
        if party.kind is PartyKind.PROFESSIONAL
        else Participant.correspondent_id
    )
    with_patient = select(col(Participant.conversation_id)).where(
        col(Participant.patient_id) == patient_id
    )
    return session.execute(
        select(col(Participant.conversation_id))
        .join(Conversation, col(Conversation.id) == col(Participant.conversation_id))
        .where(
            col(Conversation.patient_id) == patient_id,
            col(column) == party.id,
            col(Participant.conversation_id).in_(with_patient),
        )
        .order_by(col(Conversation.started_at).desc())
        .limit(1)
    ).scalar_one_or_none()
