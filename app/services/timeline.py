"""The figure « Observance et traitements »: curves, other entries and treatments on one axis of time."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.entry import Entry, EntryKind
from app.models.interaction import InteractionEntry, InteractionLevel
from app.models.tolerance import SEVERE_GRADE, ToleranceDomain, ToleranceEntry
from app.models.treatment import Treatment
from app.services import journal
from app.services.adherence import Curve, fetch_curves
from app.services.fields import paris_day

MONTHS = 6
MAX_MONTHS = 12
_MAX_MARKS = 300
_MAX_BARS = 20


@dataclass(frozen=True)
class Mark:
    """A tolerance entry (`domain`, `grade`) or an interaction (`substance`, `level`) on its day."""

    entry_id: UUID
    kind: EntryKind
    occurred_on: date
    treatment_label: str
    domain: ToleranceDomain | None
    grade: int | None
    substance: str | None
    level: InteractionLevel | None

    @property
    def is_severe(self) -> bool:
        """A grade of 3 and more, or a contraindication."""
        return (self.grade or 0) >= SEVERE_GRADE or self.level is InteractionLevel.CONTRAINDICATED


@dataclass(frozen=True)
class Bar:
    """A treatment that was taken in the period. `ended_on` None: it goes on."""

    treatment_id: UUID
    label: str
    started_on: date
    ended_on: date | None
    is_followed: bool


@dataclass(frozen=True)
class Timeline:
    """What happened from `start_on`, the first of a month, to `end_on`, today."""

    start_on: date
    end_on: date
    curves: list[Curve]
    marks: list[Mark]
    bars: list[Bar]


def timeline(
    session: Session, actor: Actor, patient_id: UUID, *, months: int = MONTHS, now: datetime
) -> Timeline:
    """The figure alone, with its read line. `months`: how far back, 12 at most."""
    policies.require_link(session, actor, patient_id)
    journal.record_read(session, actor, "synthesis.timeline_read", patient_id=patient_id, now=now)
    return fetch_timeline(session, actor, patient_id, months=months, now=now)


def fetch_timeline(
    session: Session, actor: Actor, patient_id: UUID, *, months: int = MONTHS, now: datetime
) -> Timeline:
    """The figure of a patient the actor may read, for a reading that writes its own line."""
    today = paris_day(now)
    start = months_before(today, min(max(months, 1), MAX_MONTHS)).replace(day=1)
    return Timeline(
        start_on=start,
        end_on=today,
        curves=fetch_curves(session, actor, patient_id, since=start),
        marks=_fetch_marks(session, patient_id, start),
        bars=_fetch_bars(session, patient_id, start, today),
    )


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _fetch_marks(session: Session, patient_id: UUID, start: date) -> list[Mark]:
    found = session.execute(
        select(
            col(Entry.id),
            col(Entry.kind),
            col(Entry.occurred_on),
            col(Treatment.label),
            col(ToleranceEntry.domain),
            col(ToleranceEntry.grade),
            col(InteractionEntry.substance),
            col(InteractionEntry.level),
        )
        .join(Treatment, col(Treatment.id) == col(Entry.treatment_id))
        .outerjoin(ToleranceEntry, col(ToleranceEntry.entry_id) == col(Entry.id))
        .outerjoin(InteractionEntry, col(InteractionEntry.entry_id) == col(Entry.id))
        .where(
            col(Entry.patient_id) == patient_id,
            col(Entry.kind).in_([EntryKind.TOLERANCE, EntryKind.INTERACTION]),
            col(Entry.superseded_at).is_(None),
            col(Entry.occurred_on) >= start,
        )
        .order_by(col(Entry.occurred_on).desc(), col(Entry.first_recorded_at).desc())
        .limit(_MAX_MARKS)
    ).all()
    return [Mark(*values) for values in reversed(found)]


def _fetch_bars(session: Session, patient_id: UUID, start: date, today: date) -> list[Bar]:
    found = session.execute(
        select(
            col(Treatment.id),
            col(Treatment.label),
            col(Treatment.started_on),
            col(Treatment.ended_on),
            col(Treatment.is_followed),
        )
        .where(
            col(Treatment.patient_id) == patient_id,
            col(Treatment.removed_at).is_(None),
            col(Treatment.started_on) <= today,
            or_(col(Treatment.ended_on).is_(None), col(Treatment.ended_on) >= start),
        )
        .order_by(
            col(Treatment.is_followed).desc(), col(Treatment.started_on), col(Treatment.label)
        )
        .limit(_MAX_BARS)
    )
    return [Bar(*values) for values in found]
