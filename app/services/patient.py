"""One patient's record: opened, its banner, its sheet and the editing of it (CX-18, CX-22)."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, NotFound, RuleViolation
from app.models.base import table_of
from app.models.care_link import CareLink
from app.models.entry import Entry, EntryKind
from app.models.patient import IdentityProof, IdentityStatus, Patient, Sex, first_given_name
from app.models.treatment import Treatment
from app.services import journal
from app.services.duplicate import record_matches, refuse_same_ins
from app.services.fields import paris_day
from app.services.identity import (
    STRICT_TRAITS,
    PatientSheet,
    check_sheet,
    identity_status,
    require_usual,
    status_of,
)
from app.services.patient_name_key import write_name_keys
from app.services.patient_words import sort_name_of, write_words
from app.services.text import fold

_FIELDS = tuple(field.name for field in fields(PatientSheet))

# Prepared once: every page of a record begins with them.
_PATIENT, _LINK, _TREATMENT, _ENTRY = (
    table_of(model) for model in (Patient, CareLink, Treatment, Entry)
)
_OF_PATIENT = bindparam("patient_id", type_=_PATIENT.c.id.type)
_HEADER = select(
    _PATIENT,
    select(func.count())
    .select_from(_LINK)
    .where(_LINK.c.patient_id == _OF_PATIENT, _LINK.c.ended_at.is_(None))
    .scalar_subquery()
    .label("members"),
    select(func.count())
    .select_from(_TREATMENT)
    .where(_TREATMENT.c.patient_id == _OF_PATIENT, _TREATMENT.c.removed_at.is_(None))
    .scalar_subquery()
    .label("treatments"),
).where(_PATIENT.c.id == _OF_PATIENT)
_KINDS = (
    select(_ENTRY.c.kind, func.count())
    .where(_ENTRY.c.patient_id == _OF_PATIENT, _ENTRY.c.superseded_at.is_(None))
    .group_by(_ENTRY.c.kind)
)
_NOTE_OPENING = (
    update(_LINK)
    .where(
        _LINK.c.patient_id == bindparam("of_patient"),
        _LINK.c.professional_id == bindparam("mine"),
        _LINK.c.ended_at.is_(None),
    )
    .values(opened_at=bindparam("now"))
)


@dataclass(frozen=True)
class PatientCounts:
    """Figures of the sub-menu: members, treatments on the list, current entries of each kind, all entries."""

    members: int
    treatments: int
    tolerance: int
    interaction: int
    adherence: int
    entries: int


@dataclass(frozen=True)
class PatientHeader:
    """The banner of every clinical screen. `counts`: None for whoever has no part in the follow-up."""

    id: UUID
    birth_name: str
    used_name: str
    given_name: str
    birth_given_names: str
    birth_date: date
    sex: Sex
    identity_status: IdentityStatus
    has_ins: bool
    enrolled_at: datetime
    unread_count: int
    may_record: bool
    may_manage: bool
    version: int
    counts: PatientCounts | None


@dataclass(frozen=True)
class PatientFile:
    """The sheet as stored, to read or edit. With `is_locked` the strict traits are read-only (FE-10)."""

    id: UUID
    sheet: PatientSheet
    identity_status: IdentityStatus
    proof_checked_at: datetime | None
    is_locked: bool
    version: int


def access_patient(session: Session, actor: Actor, patient_id: UUID) -> Patient:
    """The only loader by id: a patient the actor may not read is reported as absent."""
    policies.require_reader(session, actor, patient_id)
    patient = session.get(Patient, patient_id)
    if patient is None:
        raise NotFound("patient.not_found")
    return patient


def open_patient(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> PatientHeader:
    """The banner of a record somebody opens: the reading is journaled, the opening remembered."""
    header = get_header(session, actor, patient_id)
    journal.record_read(session, actor, "patient.opened", patient_id=patient_id, now=now)
    if actor.is_professional and not actor.is_delegate:
        parameters = {"of_patient": patient_id, "mine": actor.professional_id, "now": now}
        session.connection().execute(_NOTE_OPENING, parameters)
    return header


def get_header(session: Session, actor: Actor, patient_id: UUID) -> PatientHeader:
    """The same banner without a journal line: for a page whose opening was journaled, and its refreshes."""
    link = policies.care_link(session, actor, patient_id)
    if link is None:
        policies.require_reader(session, actor, patient_id)
    session.flush()
    found = session.connection().execute(_HEADER, {"patient_id": patient_id}).first()
    if found is None:
        raise NotFound("patient.not_found")
    counts = _counts(session, patient_id, members=found.members, treatments=found.treatments)
    return header_of(found, actor, link, counts)


def header_of(
    found: Any, actor: Actor, link: CareLink | None, counts: PatientCounts | None
) -> PatientHeader:
    """The banner of a row of `patient`. `link`: that of the actor, None for whoever is not in the circle."""
    return PatientHeader(
        id=found.id,
        birth_name=found.birth_name,
        used_name=found.used_name,
        given_name=found.used_given_name or first_given_name(found.birth_given_names),
        birth_given_names=found.birth_given_names,
        birth_date=found.birth_date,
        sex=found.sex,
        identity_status=identity_status(
            ins=found.ins, ins_retrieved_at=found.ins_retrieved_at, proof=found.proof
        ),
        has_ins=bool(found.ins),
        enrolled_at=found.created_at,
        unread_count=link.unread_count if link else 0,
        may_record=link is not None and policies.may_assess(actor),
        may_manage=link is not None and policies.may_manage(actor),
        version=found.version,
        counts=counts,
    )


def _counts(session: Session, patient_id: UUID, *, members: int, treatments: int) -> PatientCounts:
    found = session.connection().execute(_KINDS, {"patient_id": patient_id}).all()
    by_kind: dict[EntryKind, int] = dict(found)
    return PatientCounts(
        members=members,
        treatments=treatments,
        tolerance=by_kind.get(EntryKind.TOLERANCE, 0),
        interaction=by_kind.get(EntryKind.INTERACTION, 0),
        adherence=by_kind.get(EntryKind.ADHERENCE, 0),
        entries=sum(by_kind.values()),
    )


def get_file(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> PatientFile:
    """The whole sheet, contact details included; the reading is journaled."""
    patient = access_patient(session, actor, patient_id)
    journal.record_read(session, actor, "patient.sheet_read", patient_id=patient_id, now=now)
    status = status_of(patient)
    return PatientFile(
        id=patient.id,
        sheet=sheet_of(patient),
        identity_status=status,
        proof_checked_at=patient.proof_checked_at,
        is_locked=status is IdentityStatus.QUALIFIED,
        version=patient.version,
    )


def sheet_of(patient: Patient) -> PatientSheet:
    """The sheet of a record as it is stored."""
    return PatientSheet(
        birth_name=patient.birth_name,
        birth_given_names=patient.birth_given_names,
        birth_date=patient.birth_date,
        sex=patient.sex,
        birth_place=patient.birth_place,
        used_name=patient.used_name,
        used_given_name=patient.used_given_name,
        ins=patient.ins,
        vitale_card=patient.vitale_card,
        proof=patient.proof,
        phone=patient.phone,
        email=patient.email,
        address=patient.address,
    )


def edit_patient(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    sheet: PatientSheet,
    version: int,
    confirmed: bool = False,
    now: datetime,
) -> int:
    """Change the sheet, by any member of the circle; returns its new version.

    `version` is the one the form was filled from. Unusual values are asked about only when they changed.
    """
    policies.require_management(session, actor, patient_id)
    patient: Patient = session.execute(
        select(Patient).where(col(Patient.id) == patient_id).with_for_update()
    ).scalar_one()
    today = paris_day(now)
    sheet = check_sheet(sheet, today=today)
    stored = sheet_of(patient)
    if patient.version != version:
        raise Conflict
    changed = {name for name in _FIELDS if getattr(sheet, name) != getattr(stored, name)}
    if not changed:
        return patient.version
    is_identity_changed = bool(changed.intersection(STRICT_TRAITS))
    is_locked = status_of(patient) is IdentityStatus.QUALIFIED
    if is_locked and (is_identity_changed or "proof" in changed):
        raise RuleViolation("identity.qualified_locked")
    if is_identity_changed:
        require_usual(sheet, today=today, confirmed=confirmed)
        refuse_same_ins(session, actor, sheet, except_id=patient_id)
    write_sheet(patient, sheet, now=now, is_identity_changed=is_identity_changed)
    patient.version += 1
    session.flush()
    if changed.intersection({*STRICT_TRAITS, "used_name", "used_given_name"}):
        _follow_names(session, actor, patient)
    if is_identity_changed:
        record_matches(session, actor, patient, now=now)
    journal.record(session, actor, "patient.edited", patient_id=patient_id, now=now)
    return patient.version


def write_sheet(
    patient: Patient, sheet: PatientSheet, *, now: datetime, is_identity_changed: bool
) -> None:
    """Copy a checked sheet into a record. A proof is dated anew whenever it or what it proves changes."""
    if patient.proof is not sheet.proof or is_identity_changed:
        patient.proof_checked_at = now if sheet.proof is not IdentityProof.NONE else None
    if patient.ins != sheet.ins:
        patient.ins_retrieved_at = None
    for name in _FIELDS:
        setattr(patient, name, getattr(sheet, name))
    patient.match_name = fold(f"{sheet.birth_name} {first_given_name(sheet.birth_given_names)}")
    patient.sort_name = sort_name_of(patient)


def _follow_names(session: Session, actor: Actor, patient: Patient) -> None:
    """Keep the circle's lists and searches in step with the names of a record."""
    members = session.execute(
        select(col(CareLink.professional_id)).where(
            col(CareLink.patient_id) == patient.id, col(CareLink.ended_at).is_(None)
        )
    ).scalars()
    write_words(session, actor, patient, members)
    write_name_keys(session, actor, patient)
    session.execute(
        update(CareLink)
        .where(col(CareLink.patient_id) == patient.id, col(CareLink.ended_at).is_(None))
        .values(sort_name=patient.sort_name)
    )
