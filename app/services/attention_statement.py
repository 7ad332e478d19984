"""What needs attention among the actor's patients, as statements.

Every figure is an index range over the care links, whose last columns copy what the entries say. Statements
are prepared once: building them costs more than running.
"""

from typing import Any

from sqlalchemy import bindparam, func, or_, select

from app.models.account import Account
from app.models.base import table_of
from app.models.care_link import CareLink
from app.models.entry import EntryKind
from app.models.patient import Patient
from app.models.professional import Professional
from app.models.tolerance import SEVERE_GRADE
from app.models.treatment import Treatment
from app.services.attention import SERIES
from app.services.entry_query import ADHERENCE, ENTRY, TOLERANCE, Statement

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
AFTER_PERSON = len(_PERSON)
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


COUNT_UNREAD = select(func.coalesce(func.sum(_LINK.c.unread_count), 0), func.count()).where(
    *_IS_UNREAD
)
COUNT_PATIENTS = select(func.count()).select_from(_LINK).where(*_MINE)
COUNT_STALE = select(func.count()).select_from(_LINK).where(*_IS_STALE)
COUNT_SEVERE = select(func.count()).select_from(_with_severe(_LINK)).where(*_IS_SEVERE)
COUNT_FALLING = select(func.count()).select_from(_with_treatment(_LINK)).where(*_IS_FALLING)

SEVERE = _part(
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
FALLING = _part(
    select(*_PERSON, _TREATMENT.c.adherence_on, _TREATMENT.c.label, _TREATMENT.c.id)
    .select_from(_with_treatment(_OF_LINK))
    .where(*_IS_FALLING)
    .order_by(
        _TREATMENT.c.adherence_yes_count.desc(),
        _TREATMENT.c.adherence_on.desc(),
        _TREATMENT.c.id,
    )
)
UNREAD = _part(
    select(*_PERSON, _LINK.c.unread_count, _LINK.c.last_entry_on)
    .select_from(_OF_LINK)
    .where(*_IS_UNREAD)
    .order_by(_LINK.c.unread_count.desc(), _LINK.c.patient_id.desc())
)
STALE = _part(
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
SCORES = (
    select(_ranked.c.treatment_id, ADHERENCE.c.yes_count)
    .join(ADHERENCE, ADHERENCE.c.entry_id == _ranked.c.id)
    .where(_ranked.c.rank <= SERIES)
    .order_by(_ranked.c.rank.desc())
)
UNREAD_ENTRIES = (
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
FOLLOWED = (
    select(_TREATMENT.c.patient_id, _TREATMENT.c.label)
    .where(
        _TREATMENT.c.patient_id.in_(bindparam("ids", expanding=True)),
        _TREATMENT.c.is_followed.is_(True),
        _TREATMENT.c.removed_at.is_(None),
        _IS_GOING_ON,
    )
    .order_by(_TREATMENT.c.started_on.desc(), _TREATMENT.c.label)
)
