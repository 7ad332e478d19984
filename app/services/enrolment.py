"""Enrolling a patient in three steps (CX-10 to CX-17, D-01): identity, treatments, notice and consent.

Until the last step nothing exists but the author's draft; then everything is written in one act.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid, Unusual
from app.models.care_link import CareLink
from app.models.consent import ConsentKind
from app.models.entry import EntryKind
from app.models.patient import Patient
from app.services import draft, journal, submission
from app.services.consent import NewConsent, check_consent, read_consent, record_consent
from app.services.duplicate import (
    DuplicateRow,
    find_duplicates,
    record_matches,
    refuse_same_ins,
)
from app.services.entry import add_entry
from app.services.fields import FieldReader, paris_day, parse_date_parts
from app.services.identity import PatientSheet, check_sheet, read_sheet, require_usual
from app.services.patient import write_sheet
from app.services.patient_name_key import write_name_keys
from app.services.patient_words import write_words
from app.services.treatment import create_treatments
from app.services.treatment_input import NewTreatment, check_treatments

FORM = "enrolment"
MAX_TREATMENTS = 6
_MAX_TEXT = 250


@dataclass(frozen=True)
class IdentityStep:
    """A first step that holds: the sheet as it would be stored, and records it may already describe."""

    sheet: PatientSheet
    duplicates: tuple[DuplicateRow, ...]


def check_identity_step(
    session: Session,
    actor: Actor,
    fields: Mapping[str, str],
    *,
    confirmed: bool = False,
    now: datetime,
) -> IdentityStep:
    """Identity and contact details. Raises Invalid with every fault, then Unusual for what is to confirm."""
    policies.require_enroller(actor)
    today = paris_day(now)
    sheet = read_sheet(fields, today=today)
    refuse_same_ins(session, actor, sheet)
    require_usual(sheet, today=today, confirmed=confirmed)
    return IdentityStep(sheet, tuple(find_duplicates(session, actor, sheet)))


def check_treatment_step(
    session: Session, actor: Actor, fields: Mapping[str, str], *, now: datetime
) -> list[NewTreatment]:
    """The followed treatments, at least one. Faults carry the numbers of the rows of the form."""
    policies.require_enroller(actor)
    rows, faults = read_treatments(fields)
    numbers = list(rows)
    birth = parse_date_parts(fields, "birth")
    born_on = birth if isinstance(birth, date) else None
    found = check_treatments(session, actor, list(rows.values()), born_on=born_on, now=now)
    faults = _renumbered(found, numbers) | faults
    if faults:
        raise Invalid(**faults)
    return list(rows.values())


def enrol_from_fields(
    session: Session,
    actor: Actor,
    fields: Mapping[str, str],
    *,
    key: UUID,
    confirmed: bool = False,
    duplicate_confirmed: bool = False,
    now: datetime,
) -> UUID:
    """The last step: the whole form is read again, whatever the earlier steps said, and every fault told."""
    policies.require_enroller(actor)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    today = paris_day(now)
    faults: dict[str, str] = {}
    try:
        consent = read_consent(fields, today=today)
    except Invalid as found:
        faults |= found.fields
    try:
        treatments = check_treatment_step(session, actor, fields, now=now)
    except Invalid as found:
        faults |= found.fields
    try:
        sheet = read_sheet(fields, today=today)
    except Invalid as found:
        faults |= found.fields
    if faults:
        raise Invalid(**faults)
    return enrol_patient(
        session,
        actor,
        key=key,
        sheet=sheet,
        treatments=treatments,
        consent=consent,
        confirmed=confirmed,
        duplicate_confirmed=duplicate_confirmed,
        now=now,
    )


def enrol_patient(
    session: Session,
    actor: Actor,
    *,
    key: UUID,
    sheet: PatientSheet,
    treatments: Sequence[NewTreatment],
    consent: NewConsent,
    confirmed: bool = False,
    duplicate_confirmed: bool = False,
    now: datetime,
) -> UUID:
    """Create the record, its first member, treatments, consent and chronology in one act, once per `key`.

    Raises Unusual `enrolment.duplicate_possible` while likely duplicates of the actor's own circle are not
    confirmed to be other people. Likenesses outside it change nothing here.
    """
    author_id = policies.require_enroller(actor)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    today = paris_day(now)
    sheet = check_sheet(sheet, today=today)
    faults = check_treatments(session, actor, treatments, born_on=sheet.birth_date, now=now)
    if faults:
        raise Invalid(**faults)
    check_consent(session, actor, consent, now=now)
    require_usual(sheet, today=today, confirmed=confirmed)
    refuse_same_ins(session, actor, sheet)
    duplicates = find_duplicates(session, actor, sheet)
    if duplicates and not duplicate_confirmed:
        raise Unusual("enrolment.duplicate_possible", field="duplicate", count=len(duplicates))
    patient = _create(session, sheet, now=now)
    link = CareLink(
        patient_id=patient.id,
        professional_id=author_id,
        added_by_id=author_id,
        started_at=now,
        read_at=now,
        opened_at=now,
        sort_name=patient.sort_name,
        last_entry_on=today,
    )
    session.add(link)
    session.flush()
    write_words(session, actor, patient, [author_id])
    write_name_keys(session, actor, patient)
    record_matches(session, actor, patient, now=now)
    add_entry(
        session,
        actor,
        patient_id=patient.id,
        kind=EntryKind.ENROLMENT,
        occurred_on=today,
        now=now,
    )
    create_treatments(session, actor, patient.id, treatments, now=now)
    record_consent(
        session,
        actor,
        patient.id,
        consent,
        kind=ConsentKind.ENROLMENT,
        for_professional_id=author_id,
        now=now,
    )
    draft.drop_draft(session, actor, FORM, "")
    submission.remember(session, actor, key, patient.id, now=now)
    journal.record(
        session, actor, "patient.enrolled", patient_id=patient.id, object_id=patient.id, now=now
    )
    return patient.id


def read_treatments(fields: Mapping[str, str]) -> tuple[dict[int, NewTreatment], dict[str, str]]:
    """The treatments of a form by the number of their row, blank rows left out, and what cannot be read.

    Row `n` is `treatment_n_label`, `_cis`, `_posology` and the date `_started_on`.
    """
    reader = FieldReader(fields)
    rows: dict[int, NewTreatment] = {}
    for number in range(1, MAX_TREATMENTS + 1):
        name = f"treatment_{number}"
        label = reader.text(f"{name}_label", limit=_MAX_TEXT)
        cis = reader.text(f"{name}_cis", limit=8)
        posology = reader.text(f"{name}_posology", limit=200)
        has_date = any(
            fields.get(f"{name}_started_on_{part}", "").strip() for part in ("day", "month", "year")
        )
        if not (label or cis or posology or has_date):
            continue
        started_on = reader.date(f"{name}_started_on", missing="treatment.start_missing")
        rows[number] = NewTreatment(
            started_on, medicine_cis=cis, label=label, posology=posology, is_followed=True
        )
    return rows, reader.faults


def _renumbered(faults: Mapping[str, str], numbers: Sequence[int]) -> dict[str, str]:
    """Faults numbered by place in the list, given the numbers of their rows in the form."""
    renamed = {}
    for name, code in faults.items():
        place, _, rest = name.removeprefix("treatment_").partition("_")
        number = numbers[int(place) - 1] if int(place) <= len(numbers) else int(place)
        renamed[f"treatment_{number}_{rest}"] = code
    return renamed


def _create(session: Session, sheet: PatientSheet, *, now: datetime) -> Patient:
    patient = Patient(
        birth_name=sheet.birth_name,
        birth_given_names=sheet.birth_given_names,
        birth_date=sheet.birth_date,
        sex=sheet.sex,
        match_name="",
        sort_name="",
        created_at=now,
    )
    write_sheet(patient, sheet, now=now, is_identity_changed=True)
    session.add(patient)
    session.flush()
    return patient
