"""What the circle's lists copy from the entries, so that they are index scans (`CareLink`, last columns)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, literal, or_, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.care_link import CareLink
from app.models.entry import Entry, EntryKind
from app.models.tolerance import SEVERE_GRADE, ToleranceEntry
from app.models.treatment import Treatment
from app.services.fields import paris_day


def note_entry(session: Session, actor: Actor, entry: Entry, *, now: datetime) -> None:
    """A new entry: one more to read for the other members, and perhaps the last one."""
    seen_on = min(entry.occurred_on, paris_day(now))
    others = col(CareLink.professional_id) != entry.author_id
    _update_links(
        session,
        entry.patient_id,
        last_entry_on=_latest(col(CareLink.last_entry_on), seen_on),
        unread_count=col(CareLink.unread_count) + case((others, 1), else_=0),
    )


def note_correction(session: Session, actor: Actor, earlier: Entry, *, now: datetime) -> None:
    """A new version of an entry: whoever had read the earlier one has something to read again."""
    has_read = col(CareLink.read_at) >= earlier.recorded_at
    others = col(CareLink.professional_id) != earlier.author_id
    _update_links(
        session,
        earlier.patient_id,
        last_entry_on=_last_entry_on(session, earlier.patient_id, now),
        unread_count=col(CareLink.unread_count) + case((has_read & others, 1), else_=0),
    )


def _latest(column: Any, day: date) -> Any:
    return case((or_(column.is_(None), column < day), literal(day)), else_=column)


def _update_links(session: Session, patient_id: UUID, **values: Any) -> None:
    session.execute(
        update(CareLink)
        .where(col(CareLink.patient_id) == patient_id, col(CareLink.ended_at).is_(None))
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )


def _last_entry_on(session: Session, patient_id: UUID, now: datetime) -> date | None:
    return session.execute(
        select(func.max(col(Entry.occurred_on))).where(
            col(Entry.patient_id) == patient_id,
            col(Entry.superseded_at).is_(None),
            col(Entry.occurred_on) <= paris_day(now),
        )
    ).scalar()


def refresh_links(session: Session, actor: Actor, patient_id: UUID, *, now: datetime) -> None:
    """Recompute what the circle's lists copy from the entries: last entry, severe, falling.

    To call when a member joins and after a correction. Unread counts are the members' own and stay.
    """
    policies.require_link(session, actor, patient_id)
    severe_on = session.execute(
        select(func.max(col(Entry.occurred_on)))
        .join(ToleranceEntry, col(ToleranceEntry.entry_id) == col(Entry.id))
        .where(
            col(Entry.patient_id) == patient_id,
            col(Entry.kind) == EntryKind.TOLERANCE,
            col(Entry.superseded_at).is_(None),
            col(ToleranceEntry.grade) >= SEVERE_GRADE,
        )
    ).scalar()
    _update_links(
        session,
        patient_id,
        last_entry_on=_last_entry_on(session, patient_id, now),
        severe_on=severe_on,
        falling_on=_falling_on(session, patient_id),
    )


def _falling_on(session: Session, patient_id: UUID) -> date | None:
    return session.execute(
        select(func.max(col(Treatment.adherence_on))).where(
            col(Treatment.patient_id) == patient_id,
            col(Treatment.is_adherence_falling).is_(True),
        )
    ).scalar()


def note_severe(session: Session, actor: Actor, patient_id: UUID, occurred_on: date) -> None:
    """Tell the circle's lists about a tolerance entry of a severe grade."""
    policies.require_link(session, actor, patient_id)
    _update_links(session, patient_id, severe_on=_latest(col(CareLink.severe_on), occurred_on))


def note_falling(session: Session, actor: Actor, patient_id: UUID) -> None:
    """Tell the circle's lists that adherence to a treatment began or ceased to fall."""
    policies.require_link(session, actor, patient_id)
    _update_links(session, patient_id, falling_on=_falling_on(session, patient_id))
