"""Entries as screens show them: one shape for the synthesis, the histories and the earlier versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.adherence import (
    AdherenceClass,
    AdherenceEntry,
    ScoreDirection,
)
from app.models.entry import ContactMode, Entry, EntryKind
from app.models.interaction import InteractionEntry, InteractionLevel
from app.models.professional import Profession, Professional
from app.models.tolerance import PatientAppreciation, ToleranceDomain, ToleranceEntry
from app.models.treatment import Treatment, TreatmentAct, TreatmentEntry

Statement = Select[*tuple[Any, ...]]

TYPED_KINDS = frozenset({EntryKind.TOLERANCE, EntryKind.INTERACTION, EntryKind.ADHERENCE})


@dataclass(frozen=True)
class Author:
    """The professional who wrote an entry."""

    id: UUID
    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str
    place_name: str
    place_city: str


@dataclass(frozen=True)
class EntryTreatment:
    """The treatment an entry is about, as it is now."""

    id: UUID
    label: str
    started_on: date
    ended_on: date | None
    end_reason: str
    is_followed: bool
    removed_at: datetime | None


@dataclass(frozen=True)
class TreatmentEvent:
    """What was done to the treatment. `detail`: posology of a start or change, reason of an end."""

    act: TreatmentAct
    effective_on: date
    detail: str


@dataclass(frozen=True)
class ToleranceValues:
    domain: ToleranceDomain
    patient_appreciation: PatientAppreciation
    grade: int


@dataclass(frozen=True)
class InteractionValues:
    substance: str
    level: InteractionLevel


@dataclass(frozen=True)
class AdherenceValues:
    """`score` and `direction` as typed; `yes_count` and the class are what they amount to.

    `previous_*`: the score of the same treatment just before this one, if any.
    """

    score: int
    direction: ScoreDirection
    yes_count: int
    adherence_class: AdherenceClass
    questionnaire_id: UUID | None
    answers: tuple[bool, ...] | None
    previous_yes_count: int | None
    previous_on: date | None


@dataclass(frozen=True)
class EntryRow:
    """One version of one entry. Of the four values, the one of its kind is there."""

    id: UUID
    patient_id: UUID
    kind: EntryKind
    occurred_on: date
    recorded_at: datetime
    first_recorded_at: datetime
    superseded_at: datetime | None
    version: int
    contact_mode: ContactMode
    contact_on: date | None
    note: str
    author: Author
    treatment: EntryTreatment | None
    tolerance: ToleranceValues | None
    interaction: InteractionValues | None
    adherence: AdherenceValues | None
    event: TreatmentEvent | None
    is_mine: bool
    may_correct: bool
    is_new: bool


_Earlier = aliased(Entry)
_Previous = aliased(Entry)
_PreviousScore = aliased(AdherenceEntry)

_ENTRY = (
    col(Entry.id),
    col(Entry.patient_id),
    col(Entry.kind),
    col(Entry.occurred_on),
    col(Entry.recorded_at),
    col(Entry.first_recorded_at),
    col(Entry.superseded_at),
    col(Entry.version),
    col(Entry.contact_mode),
    col(Entry.contact_on),
    col(Entry.note),
)
_AUTHOR = (
    col(Professional.id),
    col(Account.civility),
    col(Account.given_name),
    col(Account.family_name),
    col(Professional.profession),
    col(Professional.speciality),
    col(Professional.place_name),
    col(Professional.place_city),
)
_TREATMENT = (
    col(Treatment.id),
    col(Treatment.label),
    col(Treatment.started_on),
    col(Treatment.ended_on),
    col(Treatment.end_reason),
    col(Treatment.is_followed),
    col(Treatment.removed_at),
)
_EVENT = (
    col(TreatmentEntry.act),
    col(TreatmentEntry.effective_on),
    col(TreatmentEntry.detail),
)
_TOLERANCE = (
    col(ToleranceEntry.domain),
    col(ToleranceEntry.patient_appreciation),
    col(ToleranceEntry.grade),
)
_INTERACTION = (col(InteractionEntry.substance), col(InteractionEntry.level))
_ADHERENCE = (
    col(AdherenceEntry.score),
    col(AdherenceEntry.direction),
    col(AdherenceEntry.yes_count),
    col(AdherenceEntry.questionnaire_id),
    col(AdherenceEntry.answers),
    col(_PreviousScore.yes_count),
    col(_Previous.occurred_on),
)


def _bounds(*groups: Sequence[Any]) -> list[slice]:
    slices, start = [], 0
    for group in groups:
        slices.append(slice(start, start + len(group)))
        start += len(group)
    return slices


_E, _A, _T, _TO, _IN, _AD, _EV = _bounds(
    _ENTRY, _AUTHOR, _TREATMENT, _TOLERANCE, _INTERACTION, _ADHERENCE, _EVENT
)


def _previous_adherence_id() -> Any:
    """The entry of the same treatment just before, among current adherence entries: one index seek."""
    return (
        select(col(_Earlier.id))
        .where(
            col(Entry.kind) == EntryKind.ADHERENCE,
            col(_Earlier.treatment_id) == col(Entry.treatment_id),
            col(_Earlier.kind) == EntryKind.ADHERENCE,
            col(_Earlier.superseded_at).is_(None),
            col(_Earlier.occurred_on) <= col(Entry.occurred_on),
            or_(
                col(_Earlier.occurred_on) < col(Entry.occurred_on),
                col(_Earlier.first_recorded_at) < col(Entry.first_recorded_at),
            ),
        )
        .order_by(col(_Earlier.occurred_on).desc(), col(_Earlier.first_recorded_at).desc())
        .limit(1)
        .correlate(Entry)
        .scalar_subquery()
    )


def entry_statement() -> Statement:
    """Every column of `EntryRow`, over all entries: the caller narrows, orders and limits."""
    statement: Statement = (
        select(*_ENTRY, *_AUTHOR, *_TREATMENT, *_TOLERANCE, *_INTERACTION, *_ADHERENCE, *_EVENT)
        .select_from(Entry)
        .join(Professional, col(Professional.id) == col(Entry.author_id))
        .join(Account, col(Account.id) == col(Professional.account_id))
        .outerjoin(Treatment, col(Treatment.id) == col(Entry.treatment_id))
        .outerjoin(ToleranceEntry, col(ToleranceEntry.entry_id) == col(Entry.id))
        .outerjoin(InteractionEntry, col(InteractionEntry.entry_id) == col(Entry.id))
        .outerjoin(AdherenceEntry, col(AdherenceEntry.entry_id) == col(Entry.id))
        .outerjoin(TreatmentEntry, col(TreatmentEntry.entry_id) == col(Entry.id))
        .outerjoin(_Previous, col(_Previous.id) == _previous_adherence_id())
        .outerjoin(_PreviousScore, col(_PreviousScore.entry_id) == col(_Previous.id))
    )
    return statement


NEWEST_FIRST = (
    col(Entry.occurred_on).desc(),
    col(Entry.first_recorded_at).desc(),
    col(Entry.id).desc(),
)


def fetch_rows(
    session: Session,
    actor: Actor,
    statement: Statement,
    *,
    read_until: datetime | None = None,
) -> list[EntryRow]:
    """Rows of a statement made from `entry_statement`, already narrowed to what the actor may read.

    `read_until`: entries of others written after it are new to the actor; None when nothing is new.
    """
    found = session.execute(statement).all()
    return [_row(actor, tuple(values), read_until) for values in found]


def fetch_versions(session: Session, actor: Actor, entry: Entry) -> list[EntryRow]:
    """Every version of an entry the actor may read, newest first."""
    chain = (
        select(col(Entry.id), col(Entry.supersedes_id))
        .where(col(Entry.id) == entry.id)
        .cte("chain", recursive=True)
    )
    chain = chain.union(
        select(col(_Earlier.id), col(_Earlier.supersedes_id)).join(
            chain,
            or_(
                col(_Earlier.id) == chain.c.supersedes_id,
                col(_Earlier.supersedes_id) == chain.c.id,
            ),
        )
    )
    return fetch_rows(
        session,
        actor,
        entry_statement()
        .where(col(Entry.id).in_(select(chain.c.id)))
        .order_by(col(Entry.version).desc()),
    )


def _row(actor: Actor, values: tuple[Any, ...], read_until: datetime | None) -> EntryRow:
    entry, tolerance, interaction = values[_E], values[_TO], values[_IN]
    author, treatment = Author(*values[_A]), values[_T]
    is_mine = author.id == actor.professional_id
    return EntryRow(
        id=entry[0],
        patient_id=entry[1],
        kind=entry[2],
        occurred_on=entry[3],
        recorded_at=entry[4],
        first_recorded_at=entry[5],
        superseded_at=entry[6],
        version=entry[7],
        contact_mode=entry[8],
        contact_on=entry[9],
        note=entry[10],
        author=author,
        treatment=EntryTreatment(*treatment) if treatment[0] else None,
        tolerance=ToleranceValues(*tolerance) if tolerance[0] else None,
        interaction=InteractionValues(*interaction) if interaction[0] else None,
        adherence=_adherence(values[_AD]),
        event=TreatmentEvent(*values[_EV]) if values[_EV][0] else None,
        is_mine=is_mine,
        may_correct=(
            is_mine
            and entry[6] is None
            and entry[2] in TYPED_KINDS
            and actor.profession in policies.ASSESSING_PROFESSIONS
        ),
        is_new=read_until is not None and not is_mine and entry[4] > read_until,
    )


def _adherence(values: tuple[Any, ...]) -> AdherenceValues | None:
    if values[0] is None:
        return None
    score, direction, yes_count, questionnaire_id, answers, previous, previous_on = values
    return AdherenceValues(
        score=score,
        direction=direction,
        yes_count=yes_count,
        adherence_class=AdherenceClass.of(yes_count),
        questionnaire_id=questionnaire_id,
        answers=tuple(answers) if answers is not None else None,
        previous_yes_count=previous,
        previous_on=previous_on,
    )
