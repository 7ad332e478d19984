"""A membership of a circle: how one ends, and how one that ended begins again.

Called by use cases that checked who may: a colleague's removal, a patient's block and its end.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden
from app.models.care_link import CareLink
from app.models.message import Conversation, Participant
from app.models.patient import Patient
from app.models.record_access import AccessBlock, AdministratorStatus, RecordAccess
from app.services.patient_words import forget_words, write_words
from app.services.reading_copy import copy_of


def hold_patient(session: Session, actor: Actor, patient_id: UUID) -> Patient:
    """The record, kept from other changes of its circle and of its accesses until the end of the act."""
    patient: Patient = session.execute(
        select(Patient).where(col(Patient.id) == patient_id).with_for_update()
    ).scalar_one()
    return patient


def hold_circles(session: Session, actor: Actor, patient_ids: Iterable[UUID]) -> None:
    """Nobody leaves these circles until the act ends; acts that only rely on them wait for none of them."""
    session.execute(
        select(col(Patient.id))
        .where(col(Patient.id).in_(list(patient_ids)))
        .order_by(col(Patient.id))
        .with_for_update(read=True)
    )


def list_links(session: Session, actor: Actor, patient_id: UUID) -> list[CareLink]:
    """The open links of a circle, in the order they began."""
    return list(
        session.execute(
            select(CareLink)
            .where(col(CareLink.patient_id) == patient_id, col(CareLink.ended_at).is_(None))
            .order_by(
                col(CareLink.started_at),
                col(CareLink.professional_id) != col(CareLink.added_by_id),
                col(CareLink.id),
            )
        ).scalars()
    )


def members_among(
    session: Session, actor: Actor, patient_id: UUID, ids: Iterable[UUID]
) -> set[UUID]:
    """Those of these professionals who follow the patient now."""
    return set(
        session.execute(
            select(col(CareLink.professional_id)).where(
                col(CareLink.patient_id) == patient_id,
                col(CareLink.professional_id).in_(list(ids)),
                col(CareLink.ended_at).is_(None),
            )
        ).scalars()
    )


def require_keeper(session: Session, actor: Actor, patient_id: UUID) -> None:
    """The patient, or a doctor of the circle to whom the patient gave the status (FC-10), in person."""
    if actor.is_patient:
        policies.require_reader(session, actor, patient_id)
        return
    link = policies.require_link(session, actor, patient_id)
    if actor.is_delegate:
        raise Forbidden("delegation.out_of_scope")
    if find_status(session, actor, patient_id, link.professional_id) is None:
        raise Forbidden("access_list.status_needed")


def end_membership(session: Session, actor: Actor, link: CareLink, *, now: datetime) -> None:
    """End a link at once: for its holder the patient no longer exists, nor can be found."""
    link.ended_at, link.ended_by_id = now, actor.professional_id
    session.flush()
    show_conversations(session, actor, link.patient_id, link.professional_id, are_shown=False)
    forget_words(session, actor, link.patient_id, [link.professional_id])


def end_accesses(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *which: ColumnElement[bool],
    now: datetime,
) -> None:
    """End accesses from outside the circle that are under way: none begins again by itself (S062)."""
    session.execute(
        update(RecordAccess)
        .where(
            col(RecordAccess.patient_id) == patient_id,
            *which,
            col(RecordAccess.ended_at).is_(None),
            col(RecordAccess.ends_at) > now,
        )
        .values(ended_at=now)
    )


def find_block(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID
) -> AccessBlock | None:
    """The patient's block of this professional, if they are shut out now."""
    found: AccessBlock | None = session.execute(
        select(AccessBlock).where(
            col(AccessBlock.patient_id) == patient_id,
            col(AccessBlock.professional_id) == professional_id,
            col(AccessBlock.ended_at).is_(None),
        )
    ).scalar_one_or_none()
    return found


def find_status(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID
) -> AdministratorStatus | None:
    """The « statut administrateur » this doctor holds now, if any."""
    found: AdministratorStatus | None = session.execute(
        select(AdministratorStatus).where(
            col(AdministratorStatus.patient_id) == patient_id,
            col(AdministratorStatus.professional_id) == professional_id,
            col(AdministratorStatus.ended_at).is_(None),
        )
    ).scalar_one_or_none()
    return found


def withdraw_status(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID, *, now: datetime
) -> bool:
    """End the « statut administrateur » of whoever leaves the circle. Whether there was one."""
    status = find_status(session, actor, patient_id, professional_id)
    if status is None:
        return False
    status.ended_at = now
    session.flush()
    return True


def begin_again(session: Session, actor: Actor, ended: CareLink, *, now: datetime) -> CareLink:
    """A new link in place of one that ended, with what lists copy as it is today."""
    patient = session.get_one(Patient, ended.patient_id)
    copy = copy_of(session, actor, ended.patient_id, now=now)
    link = CareLink(
        patient_id=ended.patient_id,
        professional_id=ended.professional_id,
        added_by_id=ended.added_by_id,
        started_at=now,
        read_at=now,
        sort_name=patient.sort_name,
        last_entry_on=copy.last_entry_on,
        severe_on=copy.severe_on,
        falling_on=copy.falling_on,
    )
    session.add(link)
    session.flush()
    write_words(session, actor, patient, [link.professional_id])
    show_conversations(session, actor, link.patient_id, link.professional_id, are_shown=True)
    return link


def show_conversations(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID, *, are_shown: bool
) -> None:
    """Conversations with or about a patient are there for who follows them, and come back with the link."""
    about = select(col(Conversation.id)).where(col(Conversation.patient_id) == patient_id)
    session.execute(
        update(Participant)
        .where(
            col(Participant.professional_id) == professional_id,
            col(Participant.conversation_id).in_(about),
        )
        .values(is_hidden=not are_shown)
    )
