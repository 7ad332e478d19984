"""« Mes patients »: the patients of whose circle the actor is a member, listed, sorted and searched (CX-18).

Lists read the actor's care links, and searches the words kept beside each link, so that their cost follows
what is shown and found, not the number of patients of the base.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, intersect, select, union
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.care_link import CareLink
from app.models.patient import Patient, PatientToken, Sex, first_given_name
from app.models.professional import Professional
from app.models.treatment import Treatment
from app.services.fields import clean_line, paris_day
from app.services.identifiers import is_ins_shape, normalise_ins
from app.services.patient_words import parse_query
from app.services.text import prefix_end
from app.services.treatment_query import under_way

PAGE_SIZE = 25
SHOWN_MEMBERS = 4
MAX_QUERY = 120
MAX_CRITERIA = 6

# Words hold letters and digits only: nothing begins with this.
_NOTHING = "!"


class PatientSort(StrEnum):
    """Orders an index serves."""

    NAME = "name"
    ENTRY = "entry"
    OPENING = "opening"
    UNREAD = "unread"


_SORT_COLUMNS: dict[PatientSort, Any] = {
    PatientSort.NAME: CareLink.sort_name,
    PatientSort.ENTRY: CareLink.last_entry_on,
    PatientSort.OPENING: CareLink.opened_at,
    PatientSort.UNREAD: CareLink.unread_count,
}


@dataclass(frozen=True)
class PatientRow:
    """One line of the list. `latest_yes_count`: « oui » of the newest adherence entry, None without one."""

    id: UUID
    birth_name: str
    used_name: str
    given_name: str
    birth_date: date
    sex: Sex
    treatments: tuple[str, ...]
    last_entry_on: date | None
    latest_yes_count: int | None
    is_adherence_falling: bool
    unread_count: int
    opened_at: datetime | None
    circle_initials: tuple[str, ...]
    circle_size: int


@dataclass(frozen=True)
class PatientPage:
    """At most 25 rows of a list of `total`, in `pages` pages numbered from 1."""

    rows: tuple[PatientRow, ...]
    total: int
    page: int
    pages: int
    may_enrol: bool


def list_patients(
    session: Session,
    actor: Actor,
    *,
    query: str = "",
    sort: PatientSort = PatientSort.NAME,
    is_descending: bool = False,
    page: int = 1,
    size: int = PAGE_SIZE,
    now: datetime,
) -> PatientPage:
    """The actor's patients whose words begin with those of the query; a page past the end is the last one."""
    professional_id = policies.require_professional(actor)
    mine = and_(
        col(CareLink.professional_id) == professional_id,
        col(CareLink.ended_at).is_(None),
        *_not_shut_out(session, actor),
    )
    found = _matches(session, professional_id, query, now.year)
    if found is not None and actor.is_delegate:
        mine = and_(mine, col(CareLink.patient_id).in_(found))
        found = None
    if found is None:
        counted = select(func.count()).select_from(CareLink).where(mine)
    else:
        counted = select(func.count()).select_from(found.distinct().subquery())
        mine = and_(mine, col(CareLink.patient_id).in_(found))
    total = session.execute(counted).scalar_one()
    size = min(max(size, 1), PAGE_SIZE)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    column, key = col(_SORT_COLUMNS[sort]), col(CareLink.patient_id)
    # Empty values come before all others, on every database.
    order = (
        (column.desc().nulls_last(), key.desc())
        if is_descending
        else (column.asc().nulls_first(), key.asc())
    )
    links = session.execute(
        _links().where(mine).order_by(*order).limit(size).offset((page - 1) * size)
    ).all()
    rows = _rows(session, links, paris_day(now))
    return PatientPage(rows, total, page, pages, may_enrol=policies.may_enrol(actor))


def list_recent(
    session: Session, actor: Actor, *, limit: int, now: datetime
) -> tuple[PatientRow, ...]:
    """The patients the actor opened last, the latest first."""
    professional_id = policies.require_professional(actor)
    links = session.execute(
        _links()
        .where(
            col(CareLink.professional_id) == professional_id,
            col(CareLink.ended_at).is_(None),
            col(CareLink.opened_at).is_not(None),
            *_not_shut_out(session, actor),
        )
        .order_by(col(CareLink.opened_at).desc())
        .limit(limit)
    ).all()
    return _rows(session, links, paris_day(now))


def _not_shut_out(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    shut = policies.shut_out_of(session, actor)
    return [col(CareLink.patient_id).not_in(shut)] if shut else []


def _links() -> Select[UUID, date | None, int, datetime | None]:
    return select(
        col(CareLink.patient_id),
        col(CareLink.last_entry_on),
        col(CareLink.unread_count),
        col(CareLink.opened_at),
    )


def _matches(
    session: Session, professional_id: UUID, query: str, this_year: int
) -> Select[Any] | None:
    """The keys of the patients a query finds in the circle, some twice; None when nothing is typed."""
    typed = clean_line(query[:MAX_QUERY])
    if not typed:
        return None
    ins = normalise_ins(typed)
    if ins.isascii() and is_ins_shape(ins):
        return (
            select(col(CareLink.patient_id))
            .join(Patient, col(Patient.id) == col(CareLink.patient_id))
            .where(
                col(Patient.ins) == ins,
                col(CareLink.professional_id) == professional_id,
                col(CareLink.ended_at).is_(None),
            )
        )
    criteria = [
        _one_of([_all_of([_begins(professional_id, p) for p in prefixes]) for prefixes in choice])
        for choice in parse_query(typed, this_year=this_year)[:MAX_CRITERIA]
    ]
    return _all_of(criteria) if criteria else _begins(professional_id, _NOTHING)


def _begins(professional_id: UUID, prefix: str) -> Select[Any]:
    return select(col(PatientToken.patient_id)).where(
        col(PatientToken.professional_id) == professional_id,
        col(PatientToken.token) >= prefix,
        col(PatientToken.token) < prefix_end(prefix),
    )


def _all_of(parts: list[Select[Any]]) -> Select[Any]:
    return parts[0] if len(parts) == 1 else select(*intersect(*parts).subquery().c)


def _one_of(parts: list[Select[Any]]) -> Select[Any]:
    return parts[0] if len(parts) == 1 else select(*union(*parts).subquery().c)


@dataclass(frozen=True)
class _Followed:
    label: str
    adherence_on: date | None
    yes_count: int | None
    is_falling: bool


def _rows(session: Session, links: Sequence[Any], today: date) -> tuple[PatientRow, ...]:
    ids = [link.patient_id for link in links]
    if not ids:
        return ()
    people = {
        row.id: row
        for row in session.execute(
            select(
                col(Patient.id),
                col(Patient.birth_name),
                col(Patient.used_name),
                col(Patient.birth_given_names),
                col(Patient.used_given_name),
                col(Patient.birth_date),
                col(Patient.sex),
            ).where(col(Patient.id).in_(ids))
        )
    }
    treatments = _followed_treatments(session, ids, today)
    circles = _circles(session, ids)
    return tuple(
        _row(link, people[link.patient_id], treatments[link.patient_id], circles[link.patient_id])
        for link in links
    )


def _row(
    link: Any, person: Any, treatments: list[_Followed], circle: list[tuple[str, str]]
) -> PatientRow:
    latest = max(
        (t for t in treatments if t.adherence_on is not None),
        key=lambda t: (t.adherence_on or date.min, t.yes_count or 0),
        default=None,
    )
    return PatientRow(
        id=person.id,
        birth_name=person.birth_name,
        used_name=person.used_name,
        given_name=person.used_given_name or first_given_name(person.birth_given_names),
        birth_date=person.birth_date,
        sex=person.sex,
        treatments=tuple(t.label for t in treatments),
        last_entry_on=link.last_entry_on,
        latest_yes_count=latest.yes_count if latest else None,
        is_adherence_falling=any(t.is_falling for t in treatments),
        unread_count=link.unread_count,
        opened_at=link.opened_at,
        circle_initials=tuple(
            f"{given[:1]}{family[:1]}".upper() for given, family in circle[:SHOWN_MEMBERS]
        ),
        circle_size=len(circle),
    )


def _followed_treatments(
    session: Session, ids: list[UUID], today: date
) -> dict[UUID, list[_Followed]]:
    found = session.execute(
        select(
            col(Treatment.patient_id),
            col(Treatment.label),
            col(Treatment.adherence_on),
            col(Treatment.adherence_yes_count),
            col(Treatment.is_adherence_falling),
        )
        .where(
            col(Treatment.patient_id).in_(ids),
            col(Treatment.is_followed).is_(True),
            under_way(today),
            col(Treatment.removed_at).is_(None),
        )
        .order_by(col(Treatment.started_on).desc(), col(Treatment.label))
    )
    by_patient: dict[UUID, list[_Followed]] = {patient_id: [] for patient_id in ids}
    for patient_id, *values in found:
        by_patient[patient_id].append(_Followed(*values))
    return by_patient


def _circles(session: Session, ids: list[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    found = session.execute(
        select(col(CareLink.patient_id), col(Account.given_name), col(Account.family_name))
        .join(Professional, col(Professional.id) == col(CareLink.professional_id))
        .join(Account, col(Account.id) == col(Professional.account_id))
        .where(col(CareLink.patient_id).in_(ids), col(CareLink.ended_at).is_(None))
        .order_by(
            col(CareLink.started_at),
            col(CareLink.professional_id) != col(CareLink.added_by_id),
            col(CareLink.id),
        )
    )
    by_patient: dict[UUID, list[tuple[str, str]]] = {patient_id: [] for patient_id in ids}
    for patient_id, given_name, family_name in found:
        by_patient[patient_id].append((given_name, family_name))
    return by_patient
