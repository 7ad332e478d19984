"""Deposits of documents by month and group of types, for each inhabitant of the portal (DM-52, DM-53, DM-57).

Every deposit adds one to a number, in its own transaction: no document is read to draw the chart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.db import dialect_of, select_columns
from app.models.base import table_of
from app.models.document_statistic import DepositCount
from app.models.journal import JournalKind
from app.models.patient import Patient
from app.models.record_access import RecordEvent, RecordEventKind
from app.services import journal
from app.services.document_type import StatisticGroup, all_types
from app.services.fields import PARIS, paris_day

MONTHS = 36
MONTHS_A_YEAR = 12
_COUNT = table_of(DepositCount)
_LEAVING = frozenset({RecordEventKind.OPPOSED, RecordEventKind.CLOSED})
_MOVING = (*_LEAVING, RecordEventKind.REOPENED)


@dataclass(frozen=True)
class MonthLine:
    """One month. `population`: records open at its end, or now while it is not over."""

    month: date
    is_over: bool
    population: int
    deposited: Mapping[StatisticGroup, int]

    @property
    def total(self) -> int:
        """All the deposits of the month."""
        return sum(self.deposited.values())

    def rate(self, group: StatisticGroup | None = None) -> float | None:
        """Deposits × 12 ÷ population, of one group or of all (DM-57); None with nobody to count for."""
        if self.population == 0:
            return None
        deposited = self.total if group is None else self.deposited.get(group, 0)
        return deposited * MONTHS_A_YEAR / self.population


def count_deposit(session: Session, type_code: str, *, now: datetime) -> None:
    """Add one to the deposits of this type in the month of Paris, saved or lost with the deposit."""
    insert = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    month = paris_day(now).replace(day=1)
    session.execute(
        insert(_COUNT)
        .values(month=month, type_code=type_code, deposited=1)
        .on_conflict_do_update(
            index_elements=["month", "type_code"],
            set_={"deposited": _COUNT.c.deposited + 1},
        )
    )


def list_months(session: Session, actor: Actor, *, now: datetime) -> tuple[MonthLine, ...]:
    """The months since the first deposit, the present one included: at most 36, oldest first.

    Empty when nothing was ever deposited.
    """
    policies.require_administrator(actor)
    this_month = paris_day(now).replace(day=1)
    first = session.execute(select(func.min(_COUNT.c.month))).scalar()
    if first is None:
        return ()
    months = [max(first, _months_before(this_month, MONTHS - 1))]
    while months[-1] < this_month:
        months.append(_months_before(months[-1], -1))
    groups = {each.code: each.statistic_group for each in all_types()}
    deposited: dict[date, dict[StatisticGroup, int]] = {month: {} for month in months}
    for month, code, number in session.execute(
        select(_COUNT.c.month, _COUNT.c.type_code, _COUNT.c.deposited).where(
            _COUNT.c.month >= months[0]
        )
    ):
        of_month = deposited.get(month, {})
        group = groups.get(code, StatisticGroup.OTHER)
        of_month[group] = of_month.get(group, 0) + number
    populations = _populations(session, months)
    return tuple(
        MonthLine(month, month < this_month, populations[month], deposited[month])
        for month in months
    )


def export_months(session: Session, actor: Actor, *, now: datetime) -> tuple[MonthLine, ...]:
    """The same months, to keep outside; leaves a line in the journal."""
    lines = list_months(session, actor, now=now)
    journal.record(session, actor, "document_statistic.exported", kind=JournalKind.READ, now=now)
    return lines


def _populations(session: Session, months: list[date]) -> dict[date, int]:
    """Records open at the end of each month: patients there by then, less those who left and stayed away."""
    ends = [_instant(_months_before(month, -1)) for month in months]
    came = session.execute(
        select_columns(*(_count_between(*bounds) for bounds in pairwise([None, *ends])))
    ).one()
    moves = session.execute(
        select(col(RecordEvent.patient_id), col(RecordEvent.kind), col(RecordEvent.at))
        .where(col(RecordEvent.kind).in_(_MOVING))
        .order_by(col(RecordEvent.at), col(RecordEvent.id))
    ).all()
    gone: set[UUID] = set()
    told = there = 0
    populations = {}
    for n, (month, end) in enumerate(zip(months, ends, strict=True)):
        while told < len(moves) and moves[told].at < end:
            change = gone.add if moves[told].kind in _LEAVING else gone.discard
            change(moves[told].patient_id)
            told += 1
        there += came[n]
        populations[month] = there - len(gone)
    return populations


def _count_between(start: datetime | None, end: datetime | None) -> ColumnElement[int]:
    """Patients who came in a month, or before a first one: a range of an index."""
    created_at = col(Patient.created_at)
    bounds = [] if start is None else [created_at >= start]
    return select(func.count(created_at)).where(*bounds, created_at < end).scalar_subquery()


def _months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier; later when negative."""
    years, index = divmod(month.year * MONTHS_A_YEAR + month.month - 1 - count, MONTHS_A_YEAR)
    return date(years, index + 1, 1)


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)
