"""The figure « Observance et traitements »: curves, other entries and treatments on one axis of time."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.base import table_of
from app.models.entry import EntryKind
from app.models.interaction import InteractionLevel
from app.models.tolerance import SEVERE_GRADE, ToleranceDomain
from app.models.treatment import Treatment
from app.services import journal
from app.services.adherence import Curve, fetch_curves
from app.services.entry_query import ENTRY, INTERACTION, IS_CURRENT, TOLERANCE
from app.services.fields import paris_day

MONTHS = 6
MAX_MONTHS = 12
_MAX_MARKS = 300
_MAX_BARS = 20
_TREATMENT = table_of(Treatment)

_MARKS = (
    select(
        ENTRY.c.id,
        ENTRY.c.kind,
        ENTRY.c.occurred_on,
        _TREATMENT.c.label,
        TOLERANCE.c.domain,
        TOLERANCE.c.grade,
        INTERACTION.c.substance,
        INTERACTION.c.level,
    )
    .join(_TREATMENT, _TREATMENT.c.id == ENTRY.c.treatment_id)
    .outerjoin(TOLERANCE, TOLERANCE.c.entry_id == ENTRY.c.id)
    .outerjoin(INTERACTION, INTERACTION.c.entry_id == ENTRY.c.id)
    .where(
        *IS_CURRENT,
        ENTRY.c.kind.in_([EntryKind.TOLERANCE, EntryKind.INTERACTION]),
        ENTRY.c.occurred_on >= bindparam("start"),
    )
    .order_by(ENTRY.c.occurred_on.desc(), ENTRY.c.first_recorded_at.desc())
    .limit(_MAX_MARKS)
)
_BARS = (
    select(
        _TREATMENT.c.id,
        _TREATMENT.c.label,
        _TREATMENT.c.started_on,
        _TREATMENT.c.ended_on,
        _TREATMENT.c.is_followed,
    )
    .where(
        _TREATMENT.c.patient_id == bindparam("patient_id"),
        _TREATMENT.c.removed_at.is_(None),
        _TREATMENT.c.started_on <= bindparam("today"),
        or_(_TREATMENT.c.ended_on.is_(None), _TREATMENT.c.ended_on >= bindparam("start")),
    )
    .order_by(_TREATMENT.c.is_followed.desc(), _TREATMENT.c.started_on, _TREATMENT.c.label)
    .limit(_MAX_BARS)
)


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
    parameters = {"patient_id": patient_id, "start": start, "today": today}
    return Timeline(
        start_on=start,
        end_on=today,
        curves=fetch_curves(session, actor, patient_id, since=start),
        marks=[Mark(*values) for values in reversed(session.execute(_MARKS, parameters).all())],
        bars=[Bar(*values) for values in session.execute(_BARS, parameters)],
    )


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
