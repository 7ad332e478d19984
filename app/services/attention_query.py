"""Counting and fetching what needs attention among the actor's patients.

Every figure is an index range over the care links, whose last columns copy what the entries say; rows
are fetched for what is shown only. Statements are prepared once: building them costs more than running.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.base import table_of
from app.models.care_link import CareLink
from app.models.entry import EntryKind
from app.models.patient import Patient, first_given_name
from app.models.professional import Professional
from app.models.tolerance import SEVERE_GRADE
from app.models.treatment import Treatment
from app.services.attention import (
    FALLING_DAYS,
    SERIES,
    SEVERE_DAYS,
    STALE_DAYS,
    AttentionKind,
    AttentionRow,
    Counters,
    UnreadAuthor,
)
from app.services.entry_query import ADHERENCE, ENTRY, TOLERANCE, Statement
from app.services.fields import paris_day
from app.services.patient_label import PatientLabel

_LINK = table_of(CareLink)
_PATIENT = table_of(Patient)
_TREATMENT = table_of(Treatment)
_PROFESSIONAL = table_of(Professional)
_ACCOUNT = table_of(Account)
_PERSON = [
    _PATIENT.c[name]
    for name in (
        "id",
        "birth_name",
        "used_name",
        "used_given_name",
        "birth_given_names",
        "birth_date",
        "sex",
    )
]
_REST = len(_PERSON)
_OF_LINK = _LINK.join(_PATIENT, _PATIENT.c.id == _LINK.c.patient_id)

_MINE = (
    _LINK.c.professional_id == bindparam("professional_id"),
    _LINK.c.ended_at.is_(None),
    _LINK.c.patient_id.not_in(bindparam("shut_out", expanding=True)),
)
_IS_UNREAD = (*_MINE, _LINK.c.unread_count > 0)
_IS_STALE = (*_MINE, _LINK.c.last_entry_on < bindparam("stale_before"))
_IS_SEVERE = (
    *_MINE,
    _LINK.c.severe_on >= bindparam("severe_since"),
    ENTRY.c.kind == EntryKind.TOLERANCE,
    ENTRY.c.superseded_at.is_(None),
    ENTRY.c.occurred_on >= bindparam("severe_since"),
    TOLERANCE.c.grade >= SEVERE_GRADE,
)
# A planned end is still ahead: the treatment goes on until then.
_IS_GOING_ON = or_(_TREATMENT.c.ended_on.is_(None), _TREATMENT.c.ended_on > bindparam("today"))
_IS_FALLING = (
    *_MINE,
    _LINK.c.falling_on >= bindparam("falling_since"),
    _TREATMENT.c.is_adherence_falling.is_(True),
    _TREATMENT.c.adherence_on >= bindparam("falling_since"),
    _TREATMENT.c.is_followed.is_(True),
    _TREATMENT.c.removed_at.is_(None),
    _IS_GOING_ON,
)


def _with_severe(joined: Any) -> Any:
    return joined.join(ENTRY, ENTRY.c.patient_id == _LINK.c.patient_id).join(
        TOLERANCE, TOLERANCE.c.entry_id == ENTRY.c.id
    )


def _with_treatment(joined: Any) -> Any:
    return joined.join(_TREATMENT, _TREATMENT.c.patient_id == _LINK.c.patient_id)


def _part(statement: Statement) -> Statement:
    return statement.offset(bindparam("offset")).limit(bindparam("limit"))


_COUNT_UNREAD = select(func.coalesce(func.sum(_LINK.c.unread_count), 0), func.count()).where(
    *_IS_UNREAD
)
_COUNT_PATIENTS = select(func.count()).select_from(_LINK).where(*_MINE)
_COUNT_STALE = select(func.count()).select_from(_LINK).where(*_IS_STALE)
_COUNT_SEVERE = select(func.count()).select_from(_with_severe(_LINK)).where(*_IS_SEVERE)
_COUNT_FALLING = select(func.count()).select_from(_with_treatment(_LINK)).where(*_IS_FALLING)

_SEVERE = _part(
    select(
        *_PERSON,
        ENTRY.c.occurred_on,
        _TREATMENT.c.label,
        TOLERANCE.c.domain,
        TOLERANCE.c.grade,
        ENTRY.c.note,
    )
    .select_from(_with_severe(_OF_LINK).join(_TREATMENT, _TREATMENT.c.id == ENTRY.c.treatment_id))
    .where(*_IS_SEVERE)
    .order_by(TOLERANCE.c.grade.desc(), ENTRY.c.occurred_on.desc(), ENTRY.c.id)
)
_FALLING = _part(
    select(*_PERSON, _TREATMENT.c.adherence_on, _TREATMENT.c.label, _TREATMENT.c.id)
    .select_from(_with_treatment(_OF_LINK))
    .where(*_IS_FALLING)
    .order_by(
        _TREATMENT.c.adherence_yes_count.desc(),
        _TREATMENT.c.adherence_on.desc(),
        _TREATMENT.c.id,
    )
)
_UNREAD = _part(
    select(*_PERSON, _LINK.c.unread_count, _LINK.c.last_entry_on)
    .select_from(_OF_LINK)
    .where(*_IS_UNREAD)
    .order_by(_LINK.c.unread_count.desc(), _LINK.c.patient_id.desc())
)
_STALE = _part(
    select(*_PERSON, _LINK.c.last_entry_on)
    .select_from(_OF_LINK)
    .where(*_IS_STALE)
    .order_by(_LINK.c.last_entry_on, _LINK.c.patient_id)
)

_rank = (
    func.row_number()
    .over(
        partition_by=ENTRY.c.treatment_id,
        order_by=(ENTRY.c.occurred_on.desc(), ENTRY.c.first_recorded_at.desc()),
    )
    .label("rank")
)
_ranked = (
    select(ENTRY.c.id, ENTRY.c.treatment_id, _rank)
    .where(
        ENTRY.c.treatment_id.in_(bindparam("ids", expanding=True)),
        ENTRY.c.kind == EntryKind.ADHERENCE,
        ENTRY.c.superseded_at.is_(None),
    )
    .subquery()
)
_SERIES = (
    select(_ranked.c.treatment_id, ADHERENCE.c.yes_count)
    .join(ADHERENCE, ADHERENCE.c.entry_id == _ranked.c.id)
    .where(_ranked.c.rank <= SERIES)
    .order_by(_ranked.c.rank.desc())
)
_UNREAD_ENTRIES = (
    select(
        ENTRY.c.patient_id,
        ENTRY.c.occurred_on,
        _TREATMENT.c.label,
        _ACCOUNT.c.civility,
        _ACCOUNT.c.given_name,
        _ACCOUNT.c.family_name,
        _PROFESSIONAL.c.profession,
        _PROFESSIONAL.c.speciality,
    )
    .select_from(
        _LINK.join(ENTRY, ENTRY.c.patient_id == _LINK.c.patient_id)
        .join(_PROFESSIONAL, _PROFESSIONAL.c.id == ENTRY.c.author_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == _PROFESSIONAL.c.account_id)
        .outerjoin(_TREATMENT, _TREATMENT.c.id == ENTRY.c.treatment_id)
    )
    .where(
        *_MINE,
        _LINK.c.patient_id.in_(bindparam("ids", expanding=True)),
        ENTRY.c.recorded_at > _LINK.c.read_at,
        ENTRY.c.superseded_at.is_(None),
        ENTRY.c.author_id != bindparam("professional_id"),
    )
    .order_by(ENTRY.c.recorded_at.desc())
)
_FOLLOWED = (
    select(_TREATMENT.c.patient_id, _TREATMENT.c.label)
    .where(
        _TREATMENT.c.patient_id.in_(bindparam("ids", expanding=True)),
        _TREATMENT.c.is_followed.is_(True),
        _TREATMENT.c.removed_at.is_(None),
        _IS_GOING_ON,
    )
    .order_by(_TREATMENT.c.started_on.desc(), _TREATMENT.c.label)
)


def count_attention(session: Session, actor: Actor, *, now: datetime) -> Counters:
    """Every figure of the dashboard."""
    bounds = _bounds(session, actor, now)

    def count(statement: Any) -> int:
        return int(session.execute(statement, bounds).scalar_one())

    unread = session.execute(_COUNT_UNREAD, bounds).one()
    return Counters(
        patients=count(_COUNT_PATIENTS),
        severe=count(_COUNT_SEVERE),
        falling=count(_COUNT_FALLING),
        unread=int(unread[0]),
        unread_patients=int(unread[1]),
        stale=count(_COUNT_STALE),
    )


def _bounds(session: Session, actor: Actor, now: datetime) -> dict[str, object]:
    today = paris_day(now)
    return {
        "professional_id": policies.require_professional(actor),
        "shut_out": policies.shut_out_of(session, actor),
        "today": today,
        "severe_since": today - timedelta(days=SEVERE_DAYS),
        "falling_since": today - timedelta(days=FALLING_DAYS),
        "stale_before": today - timedelta(days=STALE_DAYS),
    }


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
    bounds = _bounds(session, actor, now)
    for kind in kinds:
        count = counters.rows_of(kind)
        if offset >= count:
            offset -= count
            continue
        if len(rows) == limit:
            break
        part = {**bounds, "offset": offset, "limit": limit - len(rows)}
        rows += fetchers[kind](session, part)
        offset = 0
    return rows


def _person(values: Any) -> PatientLabel:
    id_, birth_name, used_name, used_given_name, given_names, birth_date, sex = values[:_REST]
    given_name = used_given_name or first_given_name(given_names)
    return PatientLabel(id_, birth_name, used_name, given_name, birth_date, sex)


def _severe_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    rows = []
    for values in session.execute(_SEVERE, part):
        day, label, domain, grade, note = values[_REST:]
        rows.append(
            AttentionRow(
                AttentionKind.SEVERE,
                _person(values),
                day,
                treatments=(label,),
                domain=domain,
                grade=grade,
                note=note,
            )
        )
    return rows


def _falling_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    found = session.execute(_FALLING, part).all()
    series: dict[UUID, list[int]] = defaultdict(list)
    for treatment_id, yes_count in session.execute(_SERIES, {"ids": [row[-1] for row in found]}):
        series[treatment_id].append(yes_count)
    rows = []
    for values in found:
        day, label, treatment_id = values[_REST:]
        rows.append(
            AttentionRow(
                AttentionKind.FALLING,
                _person(values),
                day,
                treatments=(label,),
                series=tuple(series[treatment_id]),
            )
        )
    return rows


def _unread_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    found = session.execute(_UNREAD, part).all()
    unread = defaultdict(list)
    for patient_id, *entry in session.execute(_UNREAD_ENTRIES, part | {"ids": _ids(found)}):
        unread[patient_id].append(entry)
    rows = []
    for values in found:
        count, last_entry_on = values[_REST:]
        entries = unread[values[0]]
        rows.append(
            AttentionRow(
                AttentionKind.UNREAD,
                _person(values),
                max((entry[0] for entry in entries), default=last_entry_on),
                treatments=tuple(dict.fromkeys(entry[1] for entry in entries if entry[1])),
                unread_count=count,
                authors=tuple(dict.fromkeys(UnreadAuthor(*entry[2:]) for entry in entries)),
            )
        )
    return rows


def _stale_rows(session: Session, part: dict[str, Any]) -> list[AttentionRow]:
    found = session.execute(_STALE, part).all()
    labels = defaultdict(list)
    for patient_id, label in session.execute(_FOLLOWED, part | {"ids": _ids(found)}):
        labels[patient_id].append(label)
    rows = []
    for values in found:
        (last_entry_on,) = values[_REST:]
        rows.append(
            AttentionRow(
                AttentionKind.STALE,
                _person(values),
                last_entry_on,
                treatments=tuple(labels[values[0]]),
                days=(part["today"] - last_entry_on).days,
            )
        )
    return rows


def _ids(found: Sequence[Any]) -> list[UUID]:
    return [values[0] for values in found]
