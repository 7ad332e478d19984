"""What the circle's lists copy from the entries, so that they are index scans (`CareLink`, last columns).

Everything here follows an act whose service has checked the actor's right.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, case, func, or_, select, update
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.base import forget_loaded, table_of
from app.models.care_link import CareLink
from app.models.entry import Entry, EntryKind
from app.models.tolerance import SEVERE_GRADE, ToleranceEntry
from app.models.treatment import Treatment
from app.services.fields import paris_day

_LINK = table_of(CareLink)
_ENTRY = table_of(Entry)
_TOLERANCE = table_of(ToleranceEntry)
_TREATMENT = table_of(Treatment)

_OF_CIRCLE = update(_LINK).where(
    _LINK.c.patient_id == bindparam("of_patient"), _LINK.c.ended_at.is_(None)
)
_IS_OTHER = _LINK.c.professional_id != bindparam("by")


def _latest(column: Any) -> Any:
    day = bindparam("day", type_=Date())
    return case((or_(column.is_(None), column < day), day), else_=column)


_NOTE_ENTRY = _OF_CIRCLE.values(
    last_entry_on=_latest(_LINK.c.last_entry_on),
    unread_count=_LINK.c.unread_count + case((_IS_OTHER, 1), else_=0),
)
_NOTE_CORRECTION = _OF_CIRCLE.values(
    last_entry_on=bindparam("day"),
    unread_count=_LINK.c.unread_count
    + case((_IS_OTHER & (_LINK.c.read_at >= bindparam("earlier_at")), 1), else_=0),
)
_NOTE_SEVERE = _OF_CIRCLE.values(severe_on=_latest(_LINK.c.severe_on))
_NOTE_FALLING = _OF_CIRCLE.values(falling_on=bindparam("day"))
_NOTE_ALL = _OF_CIRCLE.values(
    last_entry_on=bindparam("last_on"),
    severe_on=bindparam("severe_day"),
    falling_on=bindparam("falling_day"),
)

_LAST_ENTRY_ON = select(func.max(_ENTRY.c.occurred_on)).where(
    _ENTRY.c.patient_id == bindparam("patient_id"),
    _ENTRY.c.superseded_at.is_(None),
    _ENTRY.c.occurred_on <= bindparam("today"),
)
_SEVERE_ON = (
    select(func.max(_ENTRY.c.occurred_on))
    .join(_TOLERANCE, _TOLERANCE.c.entry_id == _ENTRY.c.id)
    .where(
        _ENTRY.c.patient_id == bindparam("patient_id"),
        _ENTRY.c.kind == EntryKind.TOLERANCE,
        _ENTRY.c.superseded_at.is_(None),
        _TOLERANCE.c.grade >= SEVERE_GRADE,
    )
)
_FALLING_ON = select(func.max(_TREATMENT.c.adherence_on)).where(
    _TREATMENT.c.patient_id == bindparam("patient_id"),
    _TREATMENT.c.is_adherence_falling.is_(True),
)


def note_entry(
    session: Session, actor: Actor, patient_id: UUID, occurred_on: date, *, now: datetime
) -> None:
    """A new entry of the actor's: one more to read for the other members, and perhaps the last one."""
    day = min(occurred_on, paris_day(now))
    _update(session, _NOTE_ENTRY, patient_id, day=day, by=actor.professional_id)


def note_correction(
    session: Session, actor: Actor, patient_id: UUID, *, earlier_at: datetime, now: datetime
) -> None:
    """A new version by its author: whoever had read the one of `earlier_at` has to read again."""
    _update(
        session,
        _NOTE_CORRECTION,
        patient_id,
        day=_last_entry_on(session, patient_id, now),
        by=actor.professional_id,
        earlier_at=earlier_at,
    )


def note_severe(session: Session, actor: Actor, patient_id: UUID, occurred_on: date) -> None:
    """A new tolerance entry of a severe grade."""
    _update(session, _NOTE_SEVERE, patient_id, day=occurred_on)


def note_falling(session: Session, actor: Actor, patient_id: UUID) -> None:
    """Adherence to a treatment may have begun or ceased to fall."""
    _update(session, _NOTE_FALLING, patient_id, day=_falling_on(session, patient_id))


def refresh_links(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> None:
    """Recompute every copy from the entries: when a member joins, and after a correction.

    Unread counts are the members' own and stay.
    """
    policies.require_link(session, actor, patient_id)
    found = copy_of(session, actor, patient_id, now=now)
    _update(
        session,
        _NOTE_ALL,
        patient_id,
        last_on=found.last_entry_on,
        severe_day=found.severe_on,
        falling_day=found.falling_on,
    )


@dataclass(frozen=True)
class ReadingCopy:
    """The copies as the entries say today."""

    last_entry_on: date | None
    severe_on: date | None
    falling_on: date | None


def copy_of(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> ReadingCopy:
    """The copies a link that begins takes."""
    return ReadingCopy(
        last_entry_on=_last_entry_on(session, patient_id, now),
        severe_on=session.execute(_SEVERE_ON, {"patient_id": patient_id}).scalar(),
        falling_on=_falling_on(session, patient_id),
    )


def _update(session: Session, statement: Any, patient_id: UUID, **values: object) -> None:
    session.flush()
    session.execute(statement, {"of_patient": patient_id, **values})
    forget_loaded(session, CareLink)


def _last_entry_on(session: Session, patient_id: UUID, now: datetime) -> date | None:
    parameters = {"patient_id": patient_id, "today": paris_day(now)}
    return session.execute(_LAST_ENTRY_ON, parameters).scalar()


def _falling_on(session: Session, patient_id: UUID) -> date | None:
    return session.execute(_FALLING_ON, {"patient_id": patient_id}).scalar()
