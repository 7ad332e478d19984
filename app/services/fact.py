"""What every entry says besides the values of its kind: checked, written and corrected once only (S143)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Table, bindparam, insert, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid
from app.models.base import table_of
from app.models.entry import ContactMode, Entry, EntryKind
from app.models.treatment import Treatment
from app.services import journal, submission
from app.services.entry import (
    access_entry,
    access_own_entry,
    insert_entry,
    lock_entries,
    supersede_entry,
)
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
    born_on = lock_entries(session, actor, patient_id)
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


@dataclass(frozen=True)
class Written:
    """The entry an act produced, now or when its form was first submitted."""

    id: UUID
    patient_id: UUID
    treatment_id: UUID | None
    occurred_on: date


def record_fact(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    kind: EntryKind,
    fact: Fact,
    *,
    table: Table,
    values: Mapping[str, Any],
    own_faults: Mapping[str, str],
    key: UUID,
    now: datetime,
) -> Written:
    """Write an entry and the values of its kind in their table, once per `key`.

    `own_faults`: faults of the values, reported with those of the common part; then nothing is written.
    """
    faults = check_fact(session, actor, patient_id, fact, now=now)
    earlier = _earlier(session, actor, key)
    if earlier is not None:
        return earlier
    _refuse(own_faults, faults)
    assert fact.occurred_on
    entry_id = insert_entry(
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
    written = Written(entry_id, patient_id, fact.treatment_id, fact.occurred_on)
    session.execute(_insert_into(table), {"entry_id": entry_id, **values})
    _seal(session, actor, written, f"{kind.value}.recorded", key=key, now=now)
    return written


def correct_fact(
    session: Session,
    actor: Actor,
    entry_id: UUID,
    kind: EntryKind,
    fact: Fact,
    *,
    table: Table,
    values: Mapping[str, Any],
    own_faults: Mapping[str, str],
    key: UUID,
    now: datetime,
) -> Written:
    """Write a new version of an entry of the actor's, once per `key`."""
    current = access_own_entry(session, actor, entry_id, kind)
    faults = check_fact(
        session,
        actor,
        current.patient_id,
        fact,
        kept_treatment_id=current.treatment_id,
        now=now,
    )
    earlier = _earlier(session, actor, key)
    if earlier is not None:
        return earlier
    _refuse(own_faults, faults)
    assert fact.occurred_on
    version = supersede_entry(
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
    session.execute(_insert_into(table), {"entry_id": version.id, **values})
    written = _written(version)
    _seal(session, actor, written, f"{kind.value}.corrected", key=key, now=now)
    return written


@cache
def _insert_into(table: Table) -> Insert:
    return insert(table)


def _written(entry: Entry) -> Written:
    return Written(entry.id, entry.patient_id, entry.treatment_id, entry.occurred_on)


def _earlier(session: Session, actor: Actor, key: UUID) -> Written | None:
    entry_id = submission.earlier_result(session, actor, key)
    return _written(access_entry(session, actor, entry_id)) if entry_id else None


def _refuse(own_faults: Mapping[str, str], faults: Mapping[str, str]) -> None:
    # What could not be read is named as such, not as missing: it is among `faults`.
    # In the order of the form: the treatment, the values of the kind, then the common part.
    found = {name: faults[name] for name in ("treatment_id",) if name in faults}
    found |= {**own_faults, **faults}
    if found:
        raise Invalid(**found)


def _seal(
    session: Session, actor: Actor, written: Written, action: str, *, key: UUID, now: datetime
) -> None:
    journal.record(
        session,
        actor,
        action,
        patient_id=written.patient_id,
        object_id=written.id,
        now=now,
    )
    submission.remember(session, actor, key, written.id, now=now)


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


_TREATMENT = table_of(Treatment)
_TREATMENT_STATE = select(
    _TREATMENT.c.patient_id, _TREATMENT.c.is_followed, _TREATMENT.c.removed_at
).where(_TREATMENT.c.id == bindparam("treatment_id"))


def _treatment_fault(
    session: Session,
    patient_id: UUID,
    treatment_id: UUID | None,
    kept_treatment_id: UUID | None,
) -> str:
    if treatment_id is None:
        return "entry.treatment_missing"
    found = session.execute(_TREATMENT_STATE, {"treatment_id": treatment_id}).first()
    if found is None or found[0] != patient_id:
        return "entry.treatment_missing"
    if treatment_id == kept_treatment_id:
        return ""
    if found[2] is not None:
        return "entry.treatment_missing"
    return "" if found[1] else "entry.treatment_not_followed"
