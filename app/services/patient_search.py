"""Finding a record nobody opened to one yet: by INS, carte Vitale, or identity (DM-24 to DM-37, U-10).

Answers only what the rules allow: the record of a patient who shut this professional out, or closed it, does
not exist. Each search leaves a line in the journal, without what was looked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, or_, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Invalid, RuleViolation
from app.models.base import table_of
from app.models.care_link import CareLink
from app.models.journal import JournalKind
from app.models.patient import Patient, PatientNameKey, Sex, first_given_name
from app.models.record_access import AccessBlock, RecordAccess, RecordSettings, RecordState
from app.services import journal, throttle
from app.services.bulk import padded
from app.services.fields import clean_line, paris_day
from app.services.identifiers import (
    is_ins_key_right,
    is_ins_shape,
    is_vitale_card,
    normalise_ins,
    normalise_vitale_card,
)
from app.services.identity import age_on
from app.services.name_match import (
    ONE_SLIP,
    given_likeness,
    spellings,
    swapped_likeness,
    words_of_name,
)
from app.services.patient_criteria import Criteria, Person, department_of, relevance, weigh
from app.services.patient_name_key import SEX_LETTERS

MAX_RESULTS = 50
LEAST_RELEVANCE = 61
# More than these look alike too much to be told apart: a more precise criterion is asked for.
_MAX_READ, _MAX_MEASURED = 12_000, 120
_RULE = throttle.Rule("patient_search", limit=60, window=timedelta(hours=1))


@dataclass(frozen=True)
class Found:
    """One record. `relevance` in percent (DM-37); `has_access`: the actor may open it now."""

    patient_id: UUID
    relevance: int
    birth_name: str
    given_name: str
    used_name: str
    sex: Sex
    birth_date: date
    age: int
    ins: str
    has_access: bool


@dataclass(frozen=True)
class SearchResults:
    """The most relevant first; `has_more`: others correspond too, and the criteria tell them apart badly."""

    rows: tuple[Found, ...]
    has_more: bool = False


def search_by_ins(session: Session, actor: Actor, ins: str, *, now: datetime) -> SearchResults:
    """The records that bear a matricule INS (DM-25)."""
    _begin(session, actor, now=now)
    typed = normalise_ins(clean_line(ins))
    if not typed:
        raise Invalid(ins="patient_search.ins_missing")
    if not (typed.isascii() and is_ins_shape(typed)):
        raise Invalid(ins="ins.format")
    if not is_ins_key_right(typed):
        raise Invalid(ins="ins.key")
    journal.record(session, actor, "patient_search.by_ins", kind=JournalKind.READ, now=now)
    return _with_number(session, actor, col(Patient.ins) == typed, now=now)


def search_by_card_number(
    session: Session, actor: Actor, number: str, *, now: datetime
) -> SearchResults:
    """The records whose sheet holds a carte Vitale number (DM-25), typed, or read by an adapter."""
    _begin(session, actor, now=now)
    typed = normalise_vitale_card(clean_line(number))
    if not typed:
        raise Invalid(vitale_card="patient_search.card_missing")
    if not is_vitale_card(typed):
        raise Invalid(vitale_card="vitale_card.format")
    journal.record(session, actor, "patient_search.by_card", kind=JournalKind.READ, now=now)
    return _with_number(session, actor, col(Patient.vitale_card) == typed, now=now)


def search_by_identity(
    session: Session, actor: Actor, criteria: Criteria, *, now: datetime
) -> SearchResults:
    """The records whose people look like the criteria, most relevant first (DM-27 to DM-37)."""
    _begin(session, actor, now=now)
    today = paris_day(now)
    candidates, has_more = _candidates(session, criteria, today)
    rows = _measured(session, actor, candidates, now) if candidates else ()
    measured = ((row, relevance(criteria, _person(row), today=today)) for row in rows)
    found = [_found(row, percent, today) for row, percent in measured if percent >= LEAST_RELEVANCE]
    found.sort(key=lambda row: (-row.relevance, row.birth_name, row.given_name, row.birth_date))
    journal.record(session, actor, "patient_search.by_identity", kind=JournalKind.READ, now=now)
    return SearchResults(tuple(found[:MAX_RESULTS]), has_more or len(found) > MAX_RESULTS)


def may_be_known(actor: Actor) -> ColumnElement[bool]:
    """Records that exist for the actor: open, of patients who shut none of whom they act as out (FC-07)."""
    people = [key for key in (actor.professional_id, actor.own_professional_id) if key]
    is_blocked = exists().where(
        col(AccessBlock.patient_id) == col(Patient.id),
        col(AccessBlock.professional_id).in_(people),
        col(AccessBlock.ended_at).is_(None),
    )
    is_shut = exists().where(
        col(RecordSettings.patient_id) == col(Patient.id),
        col(RecordSettings.state) != RecordState.OPEN,
    )
    return and_(~is_blocked, ~is_shut)


def _begin(session: Session, actor: Actor, *, now: datetime) -> None:
    """Whoever may search, and does not do so all day."""
    policies.require_searcher(actor)
    who = str(actor.account_id)
    if throttle.blocked_until(session, _RULE, who, now=now) is not None:
        raise RuleViolation("patient_search.too_many")
    throttle.count(session, _RULE, who, now=now)


def _with_number(
    session: Session, actor: Actor, is_it: ColumnElement[bool], *, now: datetime
) -> SearchResults:
    today = paris_day(now)
    rows = session.execute(
        _people(actor, now).where(is_it).order_by(col(Patient.sort_name)).limit(MAX_RESULTS + 1)
    ).all()
    found = tuple(_found(row, 100, today) for row in rows[:MAX_RESULTS])
    return SearchResults(found, len(rows) > MAX_RESULTS)


def _measured(
    session: Session, actor: Actor, candidates: list[UUID], now: datetime
) -> Sequence[Any]:
    return session.execute(_people(actor, now).where(col(Patient.id).in_(padded(candidates)))).all()


def _people(actor: Actor, now: datetime) -> Any:
    has_link = exists().where(
        col(CareLink.patient_id) == col(Patient.id),
        col(CareLink.professional_id) == actor.professional_id,
        col(CareLink.ended_at).is_(None),
    )
    is_open = exists().where(
        col(RecordAccess.patient_id) == col(Patient.id),
        col(RecordAccess.professional_id) == actor.professional_id,
        col(RecordAccess.session_id) == actor.session_id,
        col(RecordAccess.ended_at).is_(None),
        col(RecordAccess.ends_at) > now,
    )
    return select(
        col(Patient.id),
        col(Patient.birth_name),
        col(Patient.used_name),
        col(Patient.birth_given_names),
        col(Patient.used_given_name),
        col(Patient.birth_date),
        col(Patient.birth_place),
        col(Patient.sex),
        col(Patient.ins),
        or_(has_link, is_open).label("has_access"),
    ).where(may_be_known(actor))


def _candidates(session: Session, criteria: Criteria, today: date) -> tuple[list[UUID], bool]:
    """Who is worth measuring, likeliest first, and whether others were left out.

    Spellings of the family name are looked up, then, for names that were exchanged, those of the given name.
    """
    letters = {SEX_LETTERS[criteria.sex], SEX_LETTERS[Sex.UNKNOWN]}
    of_family = _keys(criteria.family_name, letters)
    of_given = _keys(criteria.given_name, letters)
    keys = padded(sorted({*of_family, *of_given}))
    rows = session.execute(_NAME_KEYS, {"keys": keys, "most": _MAX_READ}).all()
    best: dict[UUID, int] = {}
    for key, patient_id, is_whole, given_names, birth_date in rows:
        family, given = 0.0, 0.0
        if key in of_family:
            given = given_likeness(criteria.given_name, given_names)
            family = ONE_SLIP if not (is_whole and of_family[key]) else 1.0
        if not given and key in of_given:
            given = swapped_likeness(given_likeness(criteria.family_name, given_names))
            family = swapped_likeness(1.0)
        percent = weigh(criteria, family=family, given=given, birth_date=birth_date, today=today)
        if percent >= LEAST_RELEVANCE and percent > best.get(patient_id, 0):
            best[patient_id] = percent
    ordered = sorted(best, key=lambda patient_id: -best[patient_id])
    return ordered[:_MAX_MEASURED], len(ordered) > _MAX_MEASURED or len(rows) == _MAX_READ


def _keys(name: str, letters: Iterable[str]) -> dict[str, bool]:
    """The keys a typed name is looked up by, and whether each holds a word as it was typed."""
    keys: dict[str, bool] = {}
    for word in words_of_name(name):
        for spelling, is_whole in spellings(word).items():
            for letter in letters:
                keys[letter + spelling] = keys.get(letter + spelling, False) or is_whole
    return keys


def _person(row: Any) -> Person:
    return Person(
        birth_name=row.birth_name,
        used_name=row.used_name,
        given_names=row.birth_given_names,
        used_given_name=row.used_given_name,
        birth_date=row.birth_date,
        department=department_of(row.ins, row.birth_place, row.birth_date),
    )


def _found(row: Any, percent: int, today: date) -> Found:
    return Found(
        patient_id=row.id,
        relevance=percent,
        birth_name=row.birth_name,
        given_name=row.used_given_name or first_given_name(row.birth_given_names),
        used_name=row.used_name,
        sex=row.sex,
        birth_date=row.birth_date,
        age=age_on(row.birth_date, today),
        ins=row.ins,
        has_access=row.has_access,
    )


# Made once: building a statement costs more than running it.
_KEY = table_of(PatientNameKey).c
_NAME_KEYS = (
    select(_KEY.key, _KEY.patient_id, _KEY.is_whole, _KEY.given_names, _KEY.birth_date)
    .where(_KEY.key.in_(bindparam("keys", expanding=True)))
    .limit(bindparam("most", type_=Integer))
)
