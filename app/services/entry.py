"""Entries of the follow-up, whatever their kind: written, corrected, read by the circle (CX-34 to CX-36)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Forbidden, NotFound
from app.models.entry import ContactMode, Entry, EntryKind
from app.models.patient import Patient
from app.models.treatment import Treatment
from app.services import journal, reading_copy
from app.services.entry_row import EntryRow, fetch_versions
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
        code = _day_fault(fact.occurred_on, born_on, today, "occurred")
        if fact.occurred_on is None:
            code = "entry.occurred_missing"
        if code:
            faults["occurred_on"] = code
    if fact.contact_on is not None and "contact_on" not in faults:
        code = _day_fault(fact.contact_on, born_on, today, "contact")
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


def _day_fault(day: date | None, born_on: date, today: date, name: str) -> str:
    if day is None:
        return ""
    if day > today:
        return f"entry.{name}_future"
    if day < EARLIEST:
        return f"entry.{name}_too_old"
    if day < born_on:
        return f"entry.{name}_before_birth"
    return ""


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


def add_entry(
    session: Session,
    actor: Actor,
    *,
    patient_id: UUID,
    kind: EntryKind,
    treatment_id: UUID | None = None,
    occurred_on: date,
    contact_mode: ContactMode = ContactMode.NONE,
    contact_on: date | None = None,
    note: str = "",
    now: datetime,
) -> Entry:
    """Write one entry of the chronology and tell the circle's lists about it.

    The values of its kind, the check of its fields (`check_fact`) and the journal line belong to the
    service of the kind.
    """
    policies.require_follow_up(session, actor, patient_id)
    author_id = policies.require_professional(actor)
    entry = Entry(
        patient_id=patient_id,
        kind=kind,
        treatment_id=treatment_id,
        author_id=author_id,
        occurred_on=occurred_on,
        recorded_at=now,
        first_recorded_at=now,
        contact_mode=contact_mode,
        contact_on=contact_on,
        note=clean_text(note),
    )
    session.add(entry)
    session.flush()
    reading_copy.note_entry(session, actor, entry, now=now)
    return entry


def access_entry(
    session: Session, actor: Actor, entry_id: UUID, kind: EntryKind | None = None
) -> Entry:
    """The only loader by id, superseded versions included. Another kind than asked is absent too."""
    policies.require_professional(actor)
    entry = session.get(Entry, entry_id)
    if (
        entry is None
        or (kind is not None and entry.kind is not kind)
        or not policies.may_read_patient(session, actor, entry.patient_id)
    ):
        raise NotFound("entry.not_found")
    return entry


def access_own_entry(session: Session, actor: Actor, entry_id: UUID, kind: EntryKind) -> Entry:
    """The current version of an entry that the actor may correct: its author, still in the circle."""
    entry = access_entry(session, actor, entry_id, kind)
    if not policies.may_correct(actor, entry):
        raise Forbidden("entry.correct_forbidden")
    policies.require_follow_up(session, actor, entry.patient_id)
    return entry


def supersede_entry(
    session: Session,
    actor: Actor,
    entry_id: UUID,
    *,
    kind: EntryKind,
    treatment_id: UUID | None,
    occurred_on: date,
    contact_mode: ContactMode,
    contact_on: date | None,
    note: str,
    now: datetime,
) -> Entry:
    """Write a new version of an entry; the earlier one stays as it was.

    Raises `Conflict` when the entry was corrected meanwhile.
    """
    earlier = access_own_entry(session, actor, entry_id, kind)
    claimed = session.execute(
        update(Entry)
        .where(col(Entry.id) == entry_id, col(Entry.superseded_at).is_(None))
        .values(superseded_at=now)
        .execution_options(synchronize_session="fetch")
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("entry.superseded")
    entry = Entry(
        patient_id=earlier.patient_id,
        kind=kind,
        treatment_id=treatment_id,
        author_id=earlier.author_id,
        occurred_on=occurred_on,
        recorded_at=now,
        first_recorded_at=earlier.first_recorded_at,
        contact_mode=contact_mode,
        contact_on=contact_on,
        note=clean_text(note),
        supersedes_id=earlier.id,
        version=earlier.version + 1,
    )
    session.add(entry)
    session.flush()
    reading_copy.note_correction(session, actor, earlier, now=now)
    return entry


def mark_read(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> datetime:
    """Empty the actor's unread count for this patient.

    Returns until when they had read before: entries written by others after it are new to them.
    """
    link = policies.require_link(session, actor, patient_id)
    before = link.read_at
    if now > before:
        link.read_at = now
    link.unread_count = 0
    session.flush()
    return before


def list_versions(
    session: Session, actor: Actor, entry_id: UUID, *, now: datetime
) -> list[EntryRow]:
    """Every version of an entry, newest first, with the values of its kind. Any version's id will do."""
    entry = access_entry(session, actor, entry_id)
    journal.record_read(session, actor, "entry.versions_read", patient_id=entry.patient_id, now=now)
    return fetch_versions(session, actor, entry)


def count_entries(session: Session, actor: Actor, patient_id: UUID) -> dict[EntryKind, int]:
    """How many current entries there are of each kind: the figures of the patient's sub-menu."""
    policies.require_link(session, actor, patient_id)
    found = session.execute(
        select(col(Entry.kind), func.count())
        .where(col(Entry.patient_id) == patient_id, col(Entry.superseded_at).is_(None))
        .group_by(col(Entry.kind))
    )
    counted = dict(found.all())
    return {kind: counted.get(kind, 0) for kind in EntryKind}
