"""Acts on the treatment list of a patient: adding, changing, ending, resuming, removing (CX-19, U-18)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.entry import EntryKind
from app.models.patient import Patient
from app.models.treatment import Treatment, TreatmentAct, TreatmentEntry
from app.services import journal, submission
from app.services.entry import add_entry
from app.services.fields import clean_line, paris_day
from app.services.text import fold
from app.services.treatment_input import (
    AHEAD,
    NewTreatment,
    PreparedTreatment,
    check_treatments,
    prepare_treatment,
    start_faults,
    text_faults,
)
from app.services.treatment_query import access_treatment, count_entries, is_current, under_way


def add_treatment(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    new: NewTreatment,
    *,
    key: UUID,
    now: datetime,
) -> UUID:
    """Add one treatment to the patient's list; the same `key` adds it once."""
    policies.require_follow_up(session, actor, patient_id)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return earlier
    born_on = _lock_list(session, patient_id)
    prepared, faults = prepare_treatment(session, actor, new, born_on=born_on, now=now)
    if faults:
        raise Invalid(**faults)
    _refuse_duplicate(session, patient_id, prepared, now=now)
    treatment_id = _add(session, actor, patient_id, prepared, now=now)
    submission.remember(session, actor, key, treatment_id, now=now)
    return treatment_id


def create_treatments(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    treatments: Sequence[NewTreatment],
    *,
    now: datetime,
) -> list[UUID]:
    """The first treatments of a patient just enrolled. Their author's care link exists already."""
    policies.require_follow_up(session, actor, patient_id)
    born_on = _lock_list(session, patient_id)
    faults = check_treatments(session, actor, treatments, born_on=born_on, now=now)
    if faults:
        raise Invalid(**faults)
    added = []
    for new in treatments:
        prepared, _ = prepare_treatment(session, actor, new, born_on=born_on, now=now)
        added.append(_add(session, actor, patient_id, prepared, now=now))
    return added


def change_treatment(
    session: Session,
    actor: Actor,
    treatment_id: UUID,
    *,
    posology: str,
    started_on: date | None,
    is_followed: bool,
    version: int,
    now: datetime,
) -> None:
    """Mend or adapt a treatment. Another speciality or dosage is another treatment."""
    treatment = _hold(session, actor, treatment_id, version)
    posology = clean_line(posology)
    born_on = session.get_one(Patient, treatment.patient_id).birth_date
    faults = text_faults(posology=posology) | start_faults(started_on, born_on, paris_day(now))
    if started_on and treatment.ended_on and treatment.ended_on < started_on:
        faults.setdefault("started_on", "treatment.start_after_end")
    if faults or started_on is None:
        raise Invalid(**faults)
    is_adapted = (posology, started_on) != (treatment.posology, treatment.started_on)
    is_switched = is_followed != treatment.is_followed
    if not (is_adapted or is_switched):
        return
    treatment.posology, treatment.started_on = posology, started_on
    treatment.is_followed = is_followed
    treatment.version += 1
    today = paris_day(now)
    if is_adapted:
        _record(
            session, actor, treatment, TreatmentAct.CHANGED, started_on, detail=posology, now=now
        )
    if is_switched:
        act = TreatmentAct.FOLLOWED if is_followed else TreatmentAct.UNFOLLOWED
        _record(session, actor, treatment, act, today, now=now)


def end_treatment(
    session: Session,
    actor: Actor,
    treatment_id: UUID,
    *,
    ended_on: date | None,
    end_reason: str,
    version: int,
    now: datetime,
) -> None:
    """Say when and why a treatment stops. A planned end may lie ahead."""
    treatment = _hold(session, actor, treatment_id, version)
    today = paris_day(now)
    if treatment.ended_on is not None and not is_current(treatment.ended_on, today):
        raise RuleViolation("treatment.already_ended")
    end_reason = clean_line(end_reason)
    faults = text_faults(end_reason=end_reason)
    if ended_on is None:
        faults["ended_on"] = "treatment.end_missing"
    elif ended_on < treatment.started_on:
        faults["ended_on"] = "treatment.end_before_start"
    elif ended_on > today + AHEAD:
        faults["ended_on"] = "treatment.end_too_far"
    if faults or ended_on is None:
        raise Invalid(**faults)
    treatment.ended_on, treatment.end_reason = ended_on, end_reason
    treatment.version += 1
    _record(session, actor, treatment, TreatmentAct.ENDED, ended_on, detail=end_reason, now=now)


def resume_treatment(
    session: Session, actor: Actor, treatment_id: UUID, *, version: int, now: datetime
) -> None:
    """Take an ended treatment up again today, or give up its planned end."""
    treatment = _hold(session, actor, treatment_id, version)
    if treatment.ended_on is None:
        raise RuleViolation("treatment.not_ended")
    if not is_current(treatment.ended_on, paris_day(now)):
        same = NewTreatment(
            treatment.started_on, treatment.medicine_cis or "", label=treatment.label
        )
        _refuse_duplicate(session, treatment.patient_id, same, now=now)
    treatment.ended_on, treatment.end_reason = None, ""
    treatment.version += 1
    _record(session, actor, treatment, TreatmentAct.RESUMED, paris_day(now), now=now)


def remove_treatment(
    session: Session, actor: Actor, treatment_id: UUID, *, version: int, now: datetime
) -> None:
    """Take off the list a treatment entered by mistake. One with follow-up entries is ended instead."""
    treatment = _hold(session, actor, treatment_id, version)
    if count_entries(session, [treatment.id]):
        raise RuleViolation("treatment.has_entries")
    treatment.removed_at = now
    treatment.version += 1
    _record(session, actor, treatment, TreatmentAct.REMOVED, paris_day(now), now=now)


def _add(
    session: Session, actor: Actor, patient_id: UUID, prepared: PreparedTreatment, *, now: datetime
) -> UUID:
    author_id = policies.require_professional(actor)
    assert prepared.started_on is not None
    treatment = Treatment(
        patient_id=patient_id,
        label=prepared.label,
        substances=prepared.substances,
        medicine_cis=prepared.medicine_cis or None,
        posology=prepared.posology,
        started_on=prepared.started_on,
        is_followed=prepared.is_followed,
        added_by_id=author_id,
        added_at=now,
    )
    _record(
        session,
        actor,
        treatment,
        TreatmentAct.ADDED,
        treatment.started_on,
        detail=treatment.posology,
        now=now,
    )
    return treatment.id


def _record(
    session: Session,
    actor: Actor,
    treatment: Treatment,
    act: TreatmentAct,
    effective_on: date,
    *,
    detail: str = "",
    now: datetime,
) -> None:
    """Tell an act in the chronology, at the date of the fact, and in the journal.

    What lies ahead, or before the follow-up began, is a fact of the day it was told.
    """
    session.add(treatment)
    session.flush()
    enrolled_on = paris_day(session.get_one(Patient, treatment.patient_id).created_at)
    today = paris_day(now)
    is_dated = act in {TreatmentAct.ADDED, TreatmentAct.ENDED}
    entry = add_entry(
        session,
        actor,
        patient_id=treatment.patient_id,
        kind=EntryKind.TREATMENT,
        treatment_id=treatment.id,
        occurred_on=effective_on if is_dated and enrolled_on <= effective_on <= today else today,
        now=now,
    )
    session.add(
        TreatmentEntry(entry_id=entry.id, act=act, effective_on=effective_on, detail=detail)
    )
    journal.record(
        session,
        actor,
        f"treatment.{act.value}",
        patient_id=treatment.patient_id,
        object_id=treatment.id,
        now=now,
    )


def _hold(session: Session, actor: Actor, treatment_id: UUID, version: int) -> Treatment:
    """A treatment about to change, unchanged since the version on screen."""
    treatment = access_treatment(session, actor, treatment_id)
    policies.require_follow_up(session, actor, treatment.patient_id)
    _lock_list(session, treatment.patient_id)
    session.refresh(treatment)
    if treatment.removed_at is not None:
        raise NotFound("treatment.not_found")
    if treatment.version != version:
        raise Conflict("record.changed")
    return treatment


def _lock_list(session: Session, patient_id: UUID) -> date:
    """Let one act at a time change a patient's list; the patient's birth date."""
    born_on: date = session.execute(
        select(col(Patient.birth_date))
        .where(col(Patient.id) == patient_id)
        .with_for_update(key_share=True)
    ).scalar_one()
    return born_on


def _refuse_duplicate(
    session: Session, patient_id: UUID, new: NewTreatment, *, now: datetime
) -> None:
    present = session.execute(
        select(col(Treatment.label), col(Treatment.medicine_cis)).where(
            col(Treatment.patient_id) == patient_id,
            col(Treatment.removed_at).is_(None),
            under_way(paris_day(now)),
        )
    )
    folded = fold(new.label)
    for label, cis in present:
        if (new.medicine_cis and cis == new.medicine_cis) or fold(label) == folded:
            raise RuleViolation("treatment.duplicate", label=label)
