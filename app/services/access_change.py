"""Shutting a professional out and letting them in again; the « statut administrateur » (ME-117 to ME-121)."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import NotFound, RuleViolation
from app.models.account import Account, AccountState
from app.models.care_link import CareLink
from app.models.journal import JournalKind
from app.models.professional import Profession, Professional
from app.models.record_access import AccessBlock, AdministratorStatus, RecordAccess
from app.services import journal
from app.services.consent import record_own_consent, withdraw_addition
from app.services.membership import (
    begin_again,
    end_accesses,
    end_membership,
    find_block,
    find_status,
    hold_patient,
    list_links,
    require_keeper,
    withdraw_status,
)


class _About(TypedDict):
    kind: JournalKind
    patient_id: UUID
    object_id: UUID


def block_professional(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID, *, now: datetime
) -> None:
    """Shut a professional out, at once and in every mode (S063, FC-07); already done, it changes nothing.

    By the patient, who may shut out the last member too, or at the patient's request by a doctor with the
    status (FC-10).
    """
    require_keeper(session, actor, patient_id)
    hold_patient(session, actor, patient_id)
    # Asked again once held: somebody may have been shut out meanwhile (S066).
    require_keeper(session, actor, patient_id)
    _require_known(session, professional_id)
    if actor.is_professional and professional_id == actor.professional_id:
        raise RuleViolation("access_list.yourself")
    if find_block(session, actor, patient_id, professional_id) is not None:
        return
    link = _open_link(session, actor, patient_id, professional_id)
    if link is not None:
        end_membership(session, actor, link, now=now)
    theirs = or_(
        col(RecordAccess.professional_id) == professional_id,
        col(RecordAccess.account_id) == _account_of(professional_id),
    )
    end_accesses(session, actor, patient_id, theirs, now=now)
    withdraw_addition(session, actor, patient_id, professional_id, now=now)
    withdraw_status(session, actor, patient_id, professional_id, now=now)
    assert actor.account_id is not None
    session.add(
        AccessBlock(
            patient_id=patient_id,
            professional_id=professional_id,
            was_member=link is not None,
            blocked_at=now,
            blocked_by_id=actor.account_id,
        )
    )
    session.flush()
    journal.record(
        session, actor, "access_list.blocked", **_about(patient_id, professional_id), now=now
    )


def unblock_professional(
    session: Session, actor: Actor, professional_id: UUID, *, now: datetime
) -> None:
    """Let a professional in again, by the patient only; whoever was a member follows the patient again.

    That is an agreement of the patient's, given on screen without anybody between (U-11).
    """
    patient_id = policies.require_own_record(actor)
    hold_patient(session, actor, patient_id)
    found = find_block(session, actor, patient_id, professional_id)
    if found is None:
        return
    found.ended_at = now
    session.flush()
    if found.was_member and _is_active(session, professional_id):
        _let_in_again(session, actor, patient_id, professional_id, now)
    journal.record(
        session, actor, "access_list.unblocked", **_about(patient_id, professional_id), now=now
    )


def give_administrator_status(
    session: Session, actor: Actor, professional_id: UUID, *, now: datetime
) -> None:
    """Let a doctor of the circle see masked documents too; several may (D-08). By the patient only."""
    patient_id = policies.require_own_record(actor)
    hold_patient(session, actor, patient_id)
    if _open_link(session, actor, patient_id, professional_id) is None:
        raise NotFound("access_list.not_authorised")
    if session.get_one(Professional, professional_id).profession is not Profession.DOCTOR:
        raise RuleViolation("access_list.doctors_only")
    if find_status(session, actor, patient_id, professional_id) is not None:
        return
    session.add(
        AdministratorStatus(patient_id=patient_id, professional_id=professional_id, given_at=now)
    )
    session.flush()
    journal.record(
        session, actor, "access_list.status_given", **_about(patient_id, professional_id), now=now
    )


def withdraw_administrator_status(
    session: Session, actor: Actor, professional_id: UUID, *, now: datetime
) -> None:
    """Take the status back (ME-118): the doctor follows the patient still, without masked documents."""
    patient_id = policies.require_own_record(actor)
    hold_patient(session, actor, patient_id)
    if withdraw_status(session, actor, patient_id, professional_id, now=now):
        journal.record(
            session,
            actor,
            "access_list.status_withdrawn",
            **_about(patient_id, professional_id),
            now=now,
        )


def _let_in_again(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID, now: datetime
) -> None:
    ended = (
        session.execute(
            select(CareLink)
            .where(
                col(CareLink.patient_id) == patient_id,
                col(CareLink.professional_id) == professional_id,
            )
            .order_by(col(CareLink.started_at).desc())
            .limit(1)
        )
        .scalars()
        .one()
    )
    begin_again(session, actor, ended, now=now)
    record_own_consent(session, actor, for_professional_id=professional_id, now=now)


def _open_link(
    session: Session, actor: Actor, patient_id: UUID, professional_id: UUID
) -> CareLink | None:
    links = list_links(session, actor, patient_id)
    return next((link for link in links if link.professional_id == professional_id), None)


def _account_of(professional_id: UUID) -> Any:
    """Whose sign-in opens records for others too: a block follows the person."""
    return (
        select(col(Professional.account_id))
        .where(col(Professional.id) == professional_id)
        .scalar_subquery()
    )


def _require_known(session: Session, professional_id: UUID) -> None:
    if session.get(Professional, professional_id) is None:
        raise NotFound("access_list.not_authorised")


def _is_active(session: Session, professional_id: UUID) -> bool:
    state = session.execute(
        select(col(Account.state))
        .join(Professional, col(Professional.account_id) == col(Account.id))
        .where(col(Professional.id) == professional_id)
    ).scalar_one()
    return state is AccountState.ACTIVE


def _about(patient_id: UUID, professional_id: UUID) -> _About:
    """What the line of such an act is about: open pages of both are told to ask again (S062)."""
    return {
        "kind": JournalKind.ACCESS,
        "patient_id": patient_id,
        "object_id": professional_id,
    }
