"""« Mes patients »: the patients of whose circle the actor is a member, listed, sorted and searched (CX-18).

Lists read the actor's care links, and searches the words kept beside each link, so that their cost follows
what is shown and found, not the number of patients of the base.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, insert, intersect, select, union
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.care_link import CareLink
from app.models.patient import Patient, PatientToken, Sex, first_given_name
from app.models.professional import Professional
from app.models.treatment import Treatment
from app.services.fields import clean_line
from app.services.identifiers import is_ins_shape, normalise_ins
from app.services.text import MAX_TOKEN, fold, prefix_end, tokens

PAGE_SIZE = 25
SHOWN_MEMBERS = 4
MAX_QUERY = 120
MAX_CRITERIA = 6

# Words hold letters and digits only: nothing begins with this.
_NOTHING = "!"

_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
)
_DATE = re.compile(r"\b(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NAMED_DATE = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(_MONTHS)})\s+(\d{{4}})\b")
_MONTH = re.compile(r"\b(\d{1,2})[/.\-](\d{4})\b")
_EIGHT_DIGITS = re.compile(r"\b(\d{2})(\d{2})(\d{4})\b")


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
    mine = and_(col(CareLink.professional_id) == professional_id, col(CareLink.ended_at).is_(None))
    found = _matches(session, professional_id, query, now.year)
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
    return PatientPage(_rows(session, links), total, page, pages)


def list_recent(session: Session, actor: Actor, *, limit: int) -> tuple[PatientRow, ...]:
    """The patients the actor opened last, the latest first."""
    professional_id = policies.require_professional(actor)
    links = session.execute(
        _links()
        .where(
            col(CareLink.professional_id) == professional_id,
            col(CareLink.ended_at).is_(None),
            col(CareLink.opened_at).is_not(None),
        )
        .order_by(col(CareLink.opened_at).desc())
        .limit(limit)
    ).all()
    return _rows(session, links)


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


def parse_query(typed: str, *, this_year: int) -> list[list[list[str]]]:
    """What is looked for: criteria that all hold, each one of several lists of word beginnings.

    Dates may be typed 4/6/1958, 04 06 58, 4 juin 1958, 06/1958, 04061958 or 1958.
    """
    criteria: list[list[list[str]]] = []
    rest = " ".join(_plain_months(typed).split())

    def take(pattern: re.Pattern[str], read: Any) -> None:
        nonlocal rest
        for match in pattern.finditer(rest):
            prefixes = read(*match.groups())
            if prefixes:
                criteria.append([[prefix] for prefix in prefixes])
        rest = pattern.sub(" ", rest)

    take(_ISO_DATE, lambda y, m, d: _day_prefixes(d, m, y, this_year))
    take(_NAMED_DATE, lambda d, m, y: _day_prefixes(d, str(_MONTHS.index(m) + 1), y, this_year))
    take(_DATE, lambda d, m, y: _day_prefixes(d, m, y, this_year))
    take(_MONTH, lambda m, y: [f"{y}{int(m):02d}"])
    take(_EIGHT_DIGITS, lambda d, m, y: [f"{y}{m}{d}", f"{d}{m}{y}"])
    for chunk in rest.split():
        words = [word[:MAX_TOKEN] for word in fold(chunk).split()]
        if words:
            joined = "".join(words)[:MAX_TOKEN]
            criteria.append([words] if len(words) == 1 else [words, [joined]])
    return criteria


def _day_prefixes(day: str, month: str, year: str, this_year: int) -> list[str]:
    """The words of a birth date; a year of two digits may be of this century or of the last."""
    years = [int(year)]
    if len(year) == 2:  # noqa: PLR2004 - digits of a short year
        century = this_year - this_year % 100
        years = [y for y in (century + int(year), century - 100 + int(year)) if y <= this_year]
    return [f"{y:04d}{int(month):02d}{int(day):02d}" for y in years]


def _plain_months(typed: str) -> str:
    """Lower case without accents, marks kept: `4 Août 1958` is read as `4 aout 1958`."""
    return "".join(fold(c) or c for c in typed)


@dataclass(frozen=True)
class _Followed:
    label: str
    adherence_on: date | None
    yes_count: int | None
    is_falling: bool


def _rows(session: Session, links: Sequence[Any]) -> tuple[PatientRow, ...]:
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
    treatments = _followed_treatments(session, ids)
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


def _followed_treatments(session: Session, ids: list[UUID]) -> dict[UUID, list[_Followed]]:
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
            col(Treatment.ended_on).is_(None),
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


def sort_name_of(patient: Patient) -> str:
    """What lists are ordered by: folded birth name, then given names."""
    return fold(f"{patient.birth_name} {patient.birth_given_names}")


def words_of(patient: Patient) -> list[str]:
    """Every word a patient is found by: names, compound names in one piece, birth date (year first)."""
    names = (
        patient.birth_name,
        patient.used_name,
        patient.birth_given_names,
        patient.used_given_name,
    )
    words = tokens(" ".join(names))
    for name in names:
        pieces = [fold(piece).replace(" ", "") for piece in (name, *re.split(r"[\s,]+", name))]
        words += [piece[:MAX_TOKEN] for piece in pieces if piece]
    words.append(f"{patient.birth_date:%Y%m%d}")
    return list(dict.fromkeys(words))


def write_words(
    session: Session, actor: Actor, patient: Patient, professional_ids: Iterable[UUID]
) -> None:
    """Let these members of the circle find a patient by their words, in place of earlier ones."""
    ids = list(professional_ids)
    forget_words(session, actor, patient.id, ids)
    rows = [
        {"professional_id": professional_id, "token": word, "patient_id": patient.id}
        for professional_id in ids
        for word in words_of(patient)
    ]
    if rows:
        session.execute(insert(PatientToken), rows)


def forget_words(
    session: Session, actor: Actor, patient_id: UUID, professional_ids: Iterable[UUID]
) -> None:
    """Make a patient impossible to find for these professionals."""
    session.execute(
        delete(PatientToken).where(
            col(PatientToken.patient_id) == patient_id,
            col(PatientToken.professional_id).in_(list(professional_ids)),
        )
    )
