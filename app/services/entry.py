"""Entries of the follow-up, whatever their kind: written, corrected, read by the circle (CX-34 to CX-36)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Forbidden, NotFound
from app.models.base import table_of
from app.models.entry import ContactMode, Entry, EntryKind
from app.models.patient import Patient
from app.services import journal, reading_copy
from app.services.entry_query import ENTRY, IS_CURRENT, fetch_versions
from app.services.entry_row import EntryRow
from app.services.fields import clean_text

_PATIENT = table_of(Patient)
_INSERT = insert(ENTRY)
_LOCK = (
    select(_PATIENT.c.birth_date)
    .where(_PATIENT.c.id == bindparam("patient_id"))
    .with_for_update(key_share=True)
)
_COUNTS = select(ENTRY.c.kind, func.count()).where(*IS_CURRENT).group_by(ENTRY.c.kind)


def lock_entries(session: Session, actor: Actor, patient_id: UUID) -> date:
    """Queue whoever writes entries of one patient; returns the patient's birth date.

    What is copied from the entries is recomputed from the base: two writers at once would miss each
    other's entry. The embedded database has one writer anyway.
    """
    session.flush()
    born_on: date = session.execute(_LOCK, {"patient_id": patient_id}).scalar_one()
    return born_on


def insert_entry(
    session: Session,
    actor: Actor,
    *,
    patient_id: UUID,
    kind: EntryKind,
    treatment_id: UUID | None,
    occurred_on: date,
    contact_mode: ContactMode,
    contact_on: date | None,
    note: str,
    now: datetime,
) -> UUID:
    """Write one entry for a service that has checked the actor's right and holds `lock_entries`."""
    entry_id = uuid4()
    values = {
        "id": entry_id,
        "patient_id": patient_id,
        "kind": kind,
        "treatment_id": treatment_id,
        "author_id": policies.require_professional(actor),
        "recorded_by_id": recorder_of(actor)[0],
        "recorded_member_id": recorder_of(actor)[1],
        "occurred_on": occurred_on,
        "recorded_at": now,
        "first_recorded_at": now,
        "contact_mode": contact_mode,
        "contact_on": contact_on,
        "note": clean_text(note),
        "version": 1,
    }
    session.execute(_INSERT, values)
    reading_copy.note_entry(session, actor, patient_id, occurred_on, now=now)
    return entry_id


def recorder_of(actor: Actor) -> tuple[UUID | None, UUID | None]:
    """Who types an entry when they act for its author (CX-48): the account, the person inside it."""
    return (actor.account_id, actor.member_id) if actor.is_delegate else (None, None)


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

    The values of its kind, the check of its fields and the journal line belong to the service of the kind.
    """
    policies.require_follow_up(session, actor, patient_id)
    lock_entries(session, actor, patient_id)
    entry_id = insert_entry(
        session,
        actor,
        patient_id=patient_id,
        kind=kind,
        treatment_id=treatment_id,
        occurred_on=occurred_on,
        contact_mode=contact_mode,
        contact_on=contact_on,
        note=note,
        now=now,
    )
    return session.get_one(Entry, entry_id)


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
    lock_entries(session, actor, earlier.patient_id)
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
        recorded_by_id=recorder_of(actor)[0],
        recorded_member_id=recorder_of(actor)[1],
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
    reading_copy.note_correction(
        session, actor, earlier.patient_id, earlier_at=earlier.recorded_at, now=now
    )
    return entry


def mark_read(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> datetime:
    """Empty the actor's unread count for this patient; a delegate's reading leaves the holder's as it is.

    Returns until when they had read before: entries written by others after it are new to them.
    """
    link = policies.require_link(session, actor, patient_id)
    before = link.read_at
    if actor.is_delegate:
        return before
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
    found = session.execute(_COUNTS, {"patient_id": patient_id})
    counted = dict(found.all())
    return {kind: counted.get(kind, 0) for kind in EntryKind}
