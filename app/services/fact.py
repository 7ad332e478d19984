"""What every entry says besides the values of its kind: checked, written and corrected once only (S143)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid
from app.models.entry import ContactMode, Entry, EntryKind
from app.models.patient import Patient
from app.models.treatment import Treatment
from app.services import journal, submission
from app.services.entry import access_entry, access_own_entry, add_entry, supersede_entry
from app.services.fields import EARLIEST, clean_text, paris_day

MAX_NOTE = 2_000


@dataclass(frozen=True)
class Fact:
    """What every entry says besides the values of its own kind.

    `unreadable` names the fields whose text could not be read, with the code of their fault: they are
    reported together with the faults found here, and nothing is written.
    """

    treatment_id: UUID | None
    occurred_on: date | None
    contact_mode: ContactMode = ContactMode.NONE
    contact_on: date | None = None
    note: str = ""
    unreadable: Mapping[str, str] = field(default_factory=dict)


def check_fact(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    fact: Fact,
    *,
    kept_treatment_id: UUID | None = None,
    now: datetime,
) -> dict[str, str]:
    """Faults of the common part of an entry, by field; queues writers of this patient's entries.

    `kept_treatment_id`: the treatment of the version being corrected, accepted even if it is no longer
    followed. A treatment of somebody else is reported like an absent one.
    """
    policies.require_follow_up(session, actor, patient_id)
    born_on = _lock_patient(session, patient_id)
    today = paris_day(now)
    faults = dict(fact.unreadable)
    if "occurred_on" not in faults:
        code = "entry.occurred_missing"
        if fact.occurred_on is not None:
            code = _day_fault(fact.occurred_on, born_on, today, _OCCURRED)
        if code:
            faults["occurred_on"] = code
    if fact.contact_on is not None and "contact_on" not in faults:
        code = _day_fault(fact.contact_on, born_on, today, _CONTACT)
        if not code and fact.contact_mode is ContactMode.NONE:
            code = "entry.contact_without_mode"
        if code:
            faults["contact_on"] = code
    if len(clean_text(fact.note)) > MAX_NOTE:
        faults.setdefault("note", "entry.note_too_long")
    if "treatment_id" not in faults:
        code = _treatment_fault(session, patient_id, fact.treatment_id, kept_treatment_id)
        if code:
            faults["treatment_id"] = code
    return faults


def record_fact(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    kind: EntryKind,
    fact: Fact,
    *,
    own_faults: Mapping[str, str],
    values_of: Callable[[UUID], SQLModel],
    key: UUID,
    now: datetime,
) -> Entry:
    """Write an entry and the values of its kind, once per `key`.

    `own_faults`: faults of the values of the kind, reported with those of the common part.
    """
    faults = check_fact(session, actor, patient_id, fact, now=now)
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return access_entry(session, actor, earlier)
    _refuse(own_faults, faults)
    assert fact.occurred_on
    entry = add_entry(
        session,
        actor,
        patient_id=patient_id,
        kind=kind,
        treatment_id=fact.treatment_id,
        occurred_on=fact.occurred_on,
        contact_mode=fact.contact_mode,
        contact_on=fact.contact_on,
        note=fact.note,
        now=now,
    )
    return _seal(session, actor, entry, values_of, "recorded", key=key, now=now)


def correct_fact(
    session: Session,
    actor: Actor,
    entry_id: UUID,
    kind: EntryKind,
    fact: Fact,
    *,
    own_faults: Mapping[str, str],
    values_of: Callable[[UUID], SQLModel],
    key: UUID,
    now: datetime,
) -> Entry:
    """Write a new version of an entry of the actor's, once per `key`."""
    earlier = access_own_entry(session, actor, entry_id, kind)
    faults = check_fact(
        session,
        actor,
        earlier.patient_id,
        fact,
        kept_treatment_id=earlier.treatment_id,
        now=now,
    )
    done = submission.earlier_result(session, actor, key)
    if done is not None:
        return access_entry(session, actor, done)
    _refuse(own_faults, faults)
    assert fact.occurred_on
    entry = supersede_entry(
        session,
        actor,
        entry_id,
        kind=kind,
        treatment_id=fact.treatment_id,
        occurred_on=fact.occurred_on,
        contact_mode=fact.contact_mode,
        contact_on=fact.contact_on,
        note=fact.note,
        now=now,
    )
    return _seal(session, actor, entry, values_of, "corrected", key=key, now=now)


def _refuse(own_faults: Mapping[str, str], faults: Mapping[str, str]) -> None:
    # What could not be read is named as such, not as missing: it is among `faults`.
    # In the order of the form: the treatment, the values of the kind, then the common part.
    found = {name: faults[name] for name in ("treatment_id",) if name in faults}
    found |= {**own_faults, **faults}
    if found:
        raise Invalid(**found)


def _seal(
    session: Session,
    actor: Actor,
    entry: Entry,
    values_of: Callable[[UUID], SQLModel],
    verb: str,
    *,
    key: UUID,
    now: datetime,
) -> Entry:
    session.add(values_of(entry.id))
    session.flush()
    journal.record(
        session,
        actor,
        f"{entry.kind.value}.{verb}",
        patient_id=entry.patient_id,
        object_id=entry.id,
        now=now,
    )
    submission.remember(session, actor, key, entry.id, now=now)
    return entry


@dataclass(frozen=True)
class _DayCodes:
    future: str
    too_old: str
    before_birth: str


_OCCURRED = _DayCodes(
    "entry.occurred_future", "entry.occurred_too_old", "entry.occurred_before_birth"
)
_CONTACT = _DayCodes("entry.contact_future", "entry.contact_too_old", "entry.contact_before_birth")


def _day_fault(day: date, born_on: date, today: date, codes: _DayCodes) -> str:
    if day > today:
        return codes.future
    if day < EARLIEST:
        return codes.too_old
    return codes.before_birth if day < born_on else ""


def _treatment_fault(
    session: Session,
    patient_id: UUID,
    treatment_id: UUID | None,
    kept_treatment_id: UUID | None,
) -> str:
    if treatment_id is None:
        return "entry.treatment_missing"
    found = session.execute(
        select(
            col(Treatment.patient_id),
            col(Treatment.is_followed),
            col(Treatment.removed_at),
        ).where(col(Treatment.id) == treatment_id)
    ).first()
    if found is None or found[0] != patient_id:
        return "entry.treatment_missing"
    if treatment_id == kept_treatment_id:
        return ""
    if found[2] is not None:
        return "entry.treatment_missing"
    return "" if found[1] else "entry.treatment_not_followed"


def _lock_patient(session: Session, patient_id: UUID) -> date:
    """Birth date of the patient, whose entries no other transaction writes until this one ends.

    The reading copies are recomputed from what is in the base: two writers at once would miss each
    other's entry. The embedded database has one writer anyway.
    """
    born_on: date = session.execute(
        select(col(Patient.birth_date))
        .where(col(Patient.id) == patient_id)
        .with_for_update(key_share=True)
    ).scalar_one()
    return born_on
