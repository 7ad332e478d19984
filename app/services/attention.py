"""Why patients need attention: counted and fetched from the actor's care links (CX-09).

Every figure is an index range over the links, whose last columns copy what the entries say; rows are
fetched for what is shown only.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.adherence import AdherenceEntry
from app.models.care_link import CareLink
from app.models.entry import Entry, EntryKind
from app.models.patient import Patient, Sex, first_given_name
from app.models.professional import Profession, Professional
from app.models.tolerance import SEVERE_GRADE, ToleranceDomain, ToleranceEntry
from app.models.treatment import Treatment
from app.services.fields import paris_day

SEVERE_DAYS = 14
FALLING_DAYS = 30
STALE_DAYS = 60
SERIES = 8


class AttentionKind(StrEnum):
    """Why a patient is on the list, most urgent first."""

    SEVERE = "severe"
    FALLING = "falling"
    UNREAD = "unread"
    STALE = "stale"


@dataclass(frozen=True)
class Person:
    """The patient a row is about."""

    id: UUID
    birth_name: str
    used_name: str
    given_name: str
    birth_date: date
    sex: Sex


@dataclass(frozen=True)
class UnreadAuthor:
    """A colleague who wrote something unread."""

    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str


@dataclass(frozen=True)
class AttentionRow:
    """One reason to look at one patient. `on`: the day of the entry that is the reason.

    `severe`: `domain`, `grade`, `note`. `falling`: `series`, counts of « oui » with the latest last.
    `unread`: `unread_count` and `authors`. `stale`: `days` since the last entry.
    """

    kind: AttentionKind
    person: Person
    on: date
    treatments: tuple[str, ...] = ()
    domain: ToleranceDomain | None = None
    grade: int | None = None
    note: str = ""
    series: tuple[int, ...] = ()
    unread_count: int = 0
    authors: tuple[UnreadAuthor, ...] = ()
    days: int = 0


@dataclass(frozen=True)
class Counters:
    """`falling` counts treatments, `unread` entries, `severe` entries, the others patients."""

    patients: int
    severe: int
    falling: int
    unread: int
    unread_patients: int
    stale: int

    def rows_of(self, kind: AttentionKind) -> int:
        """How many rows the list of one kind has."""
        return {
            AttentionKind.SEVERE: self.severe,
            AttentionKind.FALLING: self.falling,
            AttentionKind.UNREAD: self.unread_patients,
            AttentionKind.STALE: self.stale,
        }[kind]

    @property
    def rows(self) -> int:
        """How many rows the whole list has."""
        return sum(self.rows_of(kind) for kind in AttentionKind)


def _mine(professional_id: UUID) -> Any:
    return and_(col(CareLink.professional_id) == professional_id, col(CareLink.ended_at).is_(None))


def count_attention(session: Session, actor: Actor, *, now: datetime) -> Counters:
    """Every figure of the dashboard."""
    professional_id = policies.require_professional(actor)
    mine = _mine(professional_id)

    def count(statement: Any) -> int:
        return int(session.execute(statement).scalar_one())

    unread = session.execute(
        select(func.coalesce(func.sum(col(CareLink.unread_count)), 0), func.count()).where(
            mine, col(CareLink.unread_count) > 0
        )
    ).one()
    of_links = select(func.count()).select_from(CareLink)
    return Counters(
        patients=count(of_links.where(mine)),
        severe=count(_severe(of_links, professional_id, now)),
        falling=count(_falling(of_links, professional_id, now)),
        unread=int(unread[0]),
        unread_patients=int(unread[1]),
        stale=count(of_links.where(mine, _is_stale(now))),
    )


def _severe(statement: Any, professional_id: UUID, now: datetime) -> Any:
    since = paris_day(now) - timedelta(days=SEVERE_DAYS)
    return (
        statement.join(Entry, col(Entry.patient_id) == col(CareLink.patient_id))
        .join(ToleranceEntry, col(ToleranceEntry.entry_id) == col(Entry.id))
        .where(
            _mine(professional_id),
            col(CareLink.severe_on) >= since,
            col(Entry.kind) == EntryKind.TOLERANCE,
            col(Entry.superseded_at).is_(None),
            col(Entry.occurred_on) >= since,
            col(ToleranceEntry.grade) >= SEVERE_GRADE,
        )
    )


def _falling(statement: Any, professional_id: UUID, now: datetime) -> Any:
    today = paris_day(now)
    since = today - timedelta(days=FALLING_DAYS)
    return statement.join(Treatment, col(Treatment.patient_id) == col(CareLink.patient_id)).where(
        _mine(professional_id),
        col(CareLink.falling_on) >= since,
        col(Treatment.is_adherence_falling).is_(True),
        col(Treatment.adherence_on) >= since,
        col(Treatment.is_followed).is_(True),
        col(Treatment.removed_at).is_(None),
        or_(col(Treatment.ended_on).is_(None), col(Treatment.ended_on) >= today),
    )


def _is_stale(now: datetime) -> Any:
    return col(CareLink.last_entry_on) < paris_day(now) - timedelta(days=STALE_DAYS)


def fetch_attention(
    session: Session,
    actor: Actor,
    counters: Counters,
    kinds: list[AttentionKind],
    *,
    offset: int,
    limit: int,
    now: datetime,
) -> list[AttentionRow]:
    """Part of the lists of these kinds put end to end."""
    fetchers = {
        AttentionKind.SEVERE: _severe_rows,
        AttentionKind.FALLING: _falling_rows,
        AttentionKind.UNREAD: _unread_rows,
        AttentionKind.STALE: _stale_rows,
    }
    rows: list[AttentionRow] = []
    for kind in kinds:
        count = counters.rows_of(kind)
        if offset >= count:
            offset -= count
            continue
        if len(rows) == limit:
            break
        rows += fetchers[kind](session, actor, offset, limit - len(rows), now)
        offset = 0
    return rows


def _severe_rows(
    session: Session, actor: Actor, offset: int, limit: int, now: datetime
) -> list[AttentionRow]:
    professional_id = policies.require_professional(actor)
    statement = _severe(
        select(
            *_PERSON,
            col(Entry.occurred_on),
            col(Treatment.label),
            col(ToleranceEntry.domain),
            col(ToleranceEntry.grade),
            col(Entry.note),
        )
        .select_from(CareLink)
        .join(Patient, col(Patient.id) == col(CareLink.patient_id)),
        professional_id,
        now,
    ).join(Treatment, col(Treatment.id) == col(Entry.treatment_id))
    order = (col(ToleranceEntry.grade).desc(), col(Entry.occurred_on).desc(), col(Entry.id))
    return [
        AttentionRow(
            AttentionKind.SEVERE,
            _person(values),
            values[_REST],
            treatments=(values[_REST + 1],),
            domain=values[_REST + 2],
            grade=values[_REST + 3],
            note=values[_REST + 4],
        )
        for values in session.execute(statement.order_by(*order).offset(offset).limit(limit))
    ]


def _falling_rows(
    session: Session, actor: Actor, offset: int, limit: int, now: datetime
) -> list[AttentionRow]:
    professional_id = policies.require_professional(actor)
    statement = _falling(
        select(*_PERSON, col(Treatment.adherence_on), col(Treatment.label), col(Treatment.id))
        .select_from(CareLink)
        .join(Patient, col(Patient.id) == col(CareLink.patient_id)),
        professional_id,
        now,
    )
    order = (
        col(Treatment.adherence_yes_count).desc(),
        col(Treatment.adherence_on).desc(),
        col(Treatment.id),
    )
    found = session.execute(statement.order_by(*order).offset(offset).limit(limit)).all()
    series = _series(session, [values[_REST + 2] for values in found])
    return [
        AttentionRow(
            AttentionKind.FALLING,
            _person(values),
            values[_REST],
            treatments=(values[_REST + 1],),
            series=tuple(series[values[_REST + 2]]),
        )
        for values in found
    ]


def _series(session: Session, treatment_ids: list[UUID]) -> dict[UUID, list[int]]:
    """The latest scores of each treatment, in « oui », oldest first."""
    series: dict[UUID, list[int]] = defaultdict(list)
    if not treatment_ids:
        return series
    rank = (
        func.row_number()
        .over(
            partition_by=col(Entry.treatment_id),
            order_by=(col(Entry.occurred_on).desc(), col(Entry.first_recorded_at).desc()),
        )
        .label("rank")
    )
    ranked = (
        select(col(Entry.id), col(Entry.treatment_id), rank)
        .where(
            col(Entry.treatment_id).in_(treatment_ids),
            col(Entry.kind) == EntryKind.ADHERENCE,
            col(Entry.superseded_at).is_(None),
        )
        .subquery()
    )
    found = session.execute(
        select(ranked.c.treatment_id, col(AdherenceEntry.yes_count))
        .join(AdherenceEntry, col(AdherenceEntry.entry_id) == ranked.c.id)
        .where(ranked.c.rank <= SERIES)
        .order_by(ranked.c.rank.desc())
    )
    for treatment_id, yes_count in found:
        series[treatment_id].append(yes_count)
    return series


def _unread_rows(
    session: Session, actor: Actor, offset: int, limit: int, now: datetime
) -> list[AttentionRow]:
    professional_id = policies.require_professional(actor)
    found = session.execute(
        select(*_PERSON, col(CareLink.unread_count), col(CareLink.last_entry_on))
        .join(CareLink, col(CareLink.patient_id) == col(Patient.id))
        .where(_mine(professional_id), col(CareLink.unread_count) > 0)
        .order_by(col(CareLink.unread_count).desc(), col(CareLink.patient_id))
        .offset(offset)
        .limit(limit)
    ).all()
    unread = _unread_entries(session, professional_id, [values[0] for values in found])
    rows = []
    for values in found:
        entries = unread[values[0]]
        rows.append(
            AttentionRow(
                AttentionKind.UNREAD,
                _person(values),
                max((entry.on for entry in entries), default=values[_REST + 1]),
                treatments=tuple(dict.fromkeys(e.label for e in entries if e.label)),
                unread_count=values[_REST],
                authors=tuple(dict.fromkeys(entry.author for entry in entries)),
            )
        )
    return rows


@dataclass(frozen=True)
class _Unread:
    on: date
    label: str | None
    author: UnreadAuthor


def _unread_entries(
    session: Session, professional_id: UUID, patient_ids: list[UUID]
) -> dict[UUID, list[_Unread]]:
    unread: dict[UUID, list[_Unread]] = defaultdict(list)
    found = session.execute(
        select(
            col(Entry.patient_id),
            col(Entry.occurred_on),
            col(Treatment.label),
            col(Account.civility),
            col(Account.given_name),
            col(Account.family_name),
            col(Professional.profession),
            col(Professional.speciality),
        )
        .select_from(CareLink)
        .join(Entry, col(Entry.patient_id) == col(CareLink.patient_id))
        .join(Professional, col(Professional.id) == col(Entry.author_id))
        .join(Account, col(Account.id) == col(Professional.account_id))
        .outerjoin(Treatment, col(Treatment.id) == col(Entry.treatment_id))
        .where(
            _mine(professional_id),
            col(CareLink.patient_id).in_(patient_ids),
            col(Entry.recorded_at) > col(CareLink.read_at),
            col(Entry.superseded_at).is_(None),
            col(Entry.author_id) != professional_id,
        )
        .order_by(col(Entry.recorded_at).desc())
    )
    for patient_id, day, label, *author in found:
        unread[patient_id].append(_Unread(day, label, UnreadAuthor(*author)))
    return unread


def _stale_rows(
    session: Session, actor: Actor, offset: int, limit: int, now: datetime
) -> list[AttentionRow]:
    professional_id = policies.require_professional(actor)
    found = session.execute(
        select(*_PERSON, col(CareLink.last_entry_on))
        .join(CareLink, col(CareLink.patient_id) == col(Patient.id))
        .where(_mine(professional_id), _is_stale(now))
        .order_by(col(CareLink.last_entry_on), col(CareLink.patient_id))
        .offset(offset)
        .limit(limit)
    ).all()
    treatments = _followed(session, [values[0] for values in found])
    return [
        AttentionRow(
            AttentionKind.STALE,
            _person(values),
            values[_REST],
            treatments=tuple(treatments[values[0]]),
            days=(paris_day(now) - values[_REST]).days,
        )
        for values in found
    ]


def _followed(session: Session, patient_ids: list[UUID]) -> dict[UUID, list[str]]:
    labels: dict[UUID, list[str]] = defaultdict(list)
    found = session.execute(
        select(col(Treatment.patient_id), col(Treatment.label))
        .where(
            col(Treatment.patient_id).in_(patient_ids),
            col(Treatment.is_followed).is_(True),
            col(Treatment.removed_at).is_(None),
            col(Treatment.ended_on).is_(None),
        )
        .order_by(col(Treatment.started_on).desc(), col(Treatment.label))
    )
    for patient_id, label in found:
        labels[patient_id].append(label)
    return labels


_PERSON = (
    col(Patient.id),
    col(Patient.birth_name),
    col(Patient.used_name),
    col(Patient.used_given_name),
    col(Patient.birth_given_names),
    col(Patient.birth_date),
    col(Patient.sex),
)
_REST = len(_PERSON)


def _person(values: Any) -> Person:
    id_, birth_name, used_name, used_given_name, given_names, birth_date, sex = values[:_REST]
    given_name = used_given_name or first_given_name(given_names)
    return Person(id_, birth_name, used_name, given_name, birth_date, sex)
