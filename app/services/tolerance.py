"""Tolerance of a followed treatment: recorded, corrected, read (CX-23 to CX-25)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.entry import EntryKind
from app.models.tolerance import (
    MAX_GRADE,
    SEVERE_GRADE,
    PatientAppreciation,
    ToleranceDomain,
)
from app.services import reading_copy
from app.services.entry_query import TOLERANCE
from app.services.fact import Fact, correct_fact, record_fact
from app.services.history import EntryPage, Facet, read_history


def record_tolerance(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    fact: Fact,
    *,
    domain: ToleranceDomain | None,
    patient_appreciation: PatientAppreciation | None,
    grade: int | None,
    key: UUID,
    now: datetime,
) -> UUID:
    """Record what the patient feels and the professional's grade (0 none to 5), both distinct (CX-24).

    None is a value not given, which is a fault: all of them are mandatory.
    """
    entry = record_fact(
        session,
        actor,
        patient_id,
        EntryKind.TOLERANCE,
        fact,
        table=TOLERANCE,
        values=_values(domain, patient_appreciation, grade),
        own_faults=_faults(domain, patient_appreciation, grade),
        key=key,
        now=now,
    )
    if grade is not None and grade >= SEVERE_GRADE:
        reading_copy.note_severe(session, actor, patient_id, entry.occurred_on)
    return entry.id


def correct_tolerance(
    session: Session,
    actor: Actor,
    entry_id: UUID,
    fact: Fact,
    *,
    domain: ToleranceDomain | None,
    patient_appreciation: PatientAppreciation | None,
    grade: int | None,
    key: UUID,
    now: datetime,
) -> UUID:
    """Write a new version of one's own entry; the earlier one stays readable."""
    version = correct_fact(
        session,
        actor,
        entry_id,
        EntryKind.TOLERANCE,
        fact,
        table=TOLERANCE,
        values=_values(domain, patient_appreciation, grade),
        own_faults=_faults(domain, patient_appreciation, grade),
        key=key,
        now=now,
    )
    reading_copy.refresh_links(session, actor, version.patient_id, now=now)
    return version.id


def list_tolerance(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    treatment_id: UUID | None = None,
    domain: ToleranceDomain | None = None,
    page: int = 1,
    new_since: datetime | None = None,
    now: datetime,
) -> EntryPage:
    """The history of tolerance, by all professionals, newest first (CX-25, CX-36)."""
    return read_history(
        session,
        actor,
        patient_id,
        EntryKind.TOLERANCE,
        treatment_id=treatment_id,
        facet=Facet(TOLERANCE.c.domain, domain),
        page=page,
        new_since=new_since,
        now=now,
    )


def _faults(
    domain: ToleranceDomain | None,
    patient_appreciation: PatientAppreciation | None,
    grade: int | None,
) -> dict[str, str]:
    faults = {}
    if domain is None:
        faults["domain"] = "tolerance.domain_missing"
    if patient_appreciation is None:
        faults["patient_appreciation"] = "tolerance.appreciation_missing"
    if grade is None:
        faults["grade"] = "tolerance.grade_missing"
    elif not 0 <= grade <= MAX_GRADE:
        faults["grade"] = "tolerance.grade_range"
    return faults


def _values(
    domain: ToleranceDomain | None,
    patient_appreciation: PatientAppreciation | None,
    grade: int | None,
) -> dict[str, object]:
    return {"domain": domain, "patient_appreciation": patient_appreciation, "grade": grade}
