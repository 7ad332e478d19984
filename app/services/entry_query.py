"""Fetching entries as screens show them. Statements are prepared once: building them costs more than running.

Callers narrow, order and limit `entry_statement`, and have checked that the actor may read the patient.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Account
from app.models.adherence import AdherenceClass, AdherenceEntry
from app.models.base import table_of
from app.models.entry import Entry, EntryKind
from app.models.interaction import InteractionEntry
from app.models.professional import Professional
from app.models.team import AccountMember
from app.models.tolerance import ToleranceEntry
from app.models.treatment import Treatment, TreatmentEntry
from app.services.entry_row import (
    TYPED_KINDS,
    AdherenceValues,
    Author,
    EntryRow,
    EntryTreatment,
    InteractionValues,
    Recorder,
    ToleranceValues,
    TreatmentEvent,
)

Statement = Select[*tuple[Any, ...]]

ENTRY = table_of(Entry)
TOLERANCE = table_of(ToleranceEntry)
INTERACTION = table_of(InteractionEntry)
ADHERENCE = table_of(AdherenceEntry)
_EVENT = table_of(TreatmentEntry)
_ACCOUNT = table_of(Account)
_PROFESSIONAL = table_of(Professional)
_TREATMENT = table_of(Treatment)
_MEMBER = table_of(AccountMember)

# The patient's current entries: what almost every statement starts from.
IS_CURRENT = (
    ENTRY.c.patient_id == bindparam("patient_id"),
    ENTRY.c.superseded_at.is_(None),
)
NEWEST_FIRST = (
    ENTRY.c.occurred_on.desc(),
    ENTRY.c.first_recorded_at.desc(),
    ENTRY.c.id.desc(),
)

_earlier = ENTRY.alias("earlier")
_previous = ENTRY.alias("previous")
_previous_score = ADHERENCE.alias("previous_score")


def _columns(table: Any, names: str) -> list[Any]:
    return [table.c[name] for name in names.split()]


_GROUPS: tuple[list[Any], ...] = (
    _columns(
        ENTRY,
        "id kind occurred_on recorded_at first_recorded_at superseded_at version "
        "contact_mode contact_on note author_id treatment_id recorded_by_id recorded_member_id",
    ),
    _columns(TOLERANCE, "domain patient_appreciation grade"),
    _columns(INTERACTION, "substance level"),
    [
        *_columns(ADHERENCE, "score direction yes_count questionnaire_id answers"),
        _previous_score.c.yes_count,
        _previous.c.occurred_on,
    ],
    _columns(_EVENT, "act effective_on detail"),
)


def _bounds(groups: Sequence[Sequence[Any]]) -> list[slice]:
    slices, start = [], 0
    for group in groups:
        slices.append(slice(start, start + len(group)))
        start += len(group)
    return slices


_OF_ENTRY, _OF_TOLERANCE, _OF_INTERACTION, _OF_ADHERENCE, _OF_EVENT = _bounds(_GROUPS)

# The entry of the same treatment just before, among current adherence entries: one index seek.
_PREVIOUS_ID = (
    select(_earlier.c.id)
    .where(
        ENTRY.c.kind == EntryKind.ADHERENCE,
        _earlier.c.treatment_id == ENTRY.c.treatment_id,
        _earlier.c.kind == EntryKind.ADHERENCE,
        _earlier.c.superseded_at.is_(None),
        _earlier.c.occurred_on <= ENTRY.c.occurred_on,
        or_(
            _earlier.c.occurred_on < ENTRY.c.occurred_on,
            _earlier.c.first_recorded_at < ENTRY.c.first_recorded_at,
        ),
    )
    .order_by(_earlier.c.occurred_on.desc(), _earlier.c.first_recorded_at.desc())
    .limit(1)
    .correlate(ENTRY)
    .scalar_subquery()
)


def entry_statement() -> Statement:
    """What `EntryRow` is made of, over all entries."""
    statement: Statement = (
        select(*(column for group in _GROUPS for column in group))
        .select_from(ENTRY)
        .outerjoin(TOLERANCE, TOLERANCE.c.entry_id == ENTRY.c.id)
        .outerjoin(INTERACTION, INTERACTION.c.entry_id == ENTRY.c.id)
        .outerjoin(ADHERENCE, ADHERENCE.c.entry_id == ENTRY.c.id)
        .outerjoin(_EVENT, _EVENT.c.entry_id == ENTRY.c.id)
        .outerjoin(_previous, _previous.c.id == _PREVIOUS_ID)
        .outerjoin(_previous_score, _previous_score.c.entry_id == _previous.c.id)
    )
    return statement


_AUTHORS = (
    select(
        _PROFESSIONAL.c.id,
        *_columns(_ACCOUNT, "civility given_name family_name"),
        *_columns(_PROFESSIONAL, "profession speciality place_name place_city"),
    )
    .join(_ACCOUNT, _ACCOUNT.c.id == _PROFESSIONAL.c.account_id)
    .where(_PROFESSIONAL.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_PROFESSIONAL.c.search_name)
)
_RECORDERS = tuple(
    select(*_columns(table, "id civility given_name family_name")).where(
        table.c.id.in_(bindparam("ids", expanding=True))
    )
    for table in (_ACCOUNT, _MEMBER)
)
_TREATMENTS = select(
    *_columns(_TREATMENT, "id label started_on ended_on end_reason is_followed removed_at")
).where(_TREATMENT.c.patient_id == bindparam("patient_id"))


def fetch_authors(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, Author]:
    """The professionals of these keys, by name."""
    found = session.execute(_AUTHORS, {"ids": list(ids)})
    return {values[0]: Author(*values) for values in found}


def fetch_recorders(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, Recorder]:
    """The delegates of these keys, of accounts or of people inside shared ones; no query without a key."""
    if not ids:
        return {}
    parameters = {"ids": list(ids)}
    return {
        values[0]: Recorder(*values[1:])
        for statement in _RECORDERS
        for values in session.execute(statement, parameters)
    }


def fetch_treatments(
    session: Session, actor: Actor, patient_id: UUID
) -> dict[UUID, EntryTreatment]:
    """All treatments of a patient, removed ones included: entries keep naming them."""
    found = session.execute(_TREATMENTS, {"patient_id": patient_id})
    return {values[0]: EntryTreatment(*values) for values in found}


def fetch_rows(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    statement: Statement,
    parameters: Mapping[str, Any],
    *,
    authors: Mapping[UUID, Author] | None = None,
    treatments: Mapping[UUID, EntryTreatment] | None = None,
    read_until: datetime | None = None,
) -> list[EntryRow]:
    """Rows of one patient, from a statement narrowed to `:patient_id`.

    `authors` and `treatments`: when already at hand. `read_until`: entries of others written after it
    are new to the actor; None when nothing is new.
    """
    found = session.execute(statement, {"patient_id": patient_id, **parameters}).all()
    if authors is None:
        authors = fetch_authors(session, actor, {values.author_id for values in found})
    if treatments is None:
        treatments = fetch_treatments(session, actor, patient_id)
    recorders = fetch_recorders(
        session,
        actor,
        {values.recorded_member_id or values.recorded_by_id for values in found} - {None},
    )
    people = _People(authors, recorders)
    return [
        _row(actor, patient_id, tuple(values), people, treatments, read_until) for values in found
    ]


@dataclass(frozen=True)
class _People:
    """Everybody named by the rows, by key."""

    authors: Mapping[UUID, Author]
    recorders: Mapping[UUID, Recorder]


_CHAIN = (
    select(ENTRY.c.id, ENTRY.c.supersedes_id)
    .where(ENTRY.c.id == bindparam("entry_id"))
    .cte("chain", recursive=True)
)
_WHOLE_CHAIN = _CHAIN.union(
    select(_earlier.c.id, _earlier.c.supersedes_id).join(
        _CHAIN,
        or_(_earlier.c.id == _CHAIN.c.supersedes_id, _earlier.c.supersedes_id == _CHAIN.c.id),
    )
)
_VERSIONS = (
    entry_statement()
    .where(ENTRY.c.patient_id == bindparam("patient_id"), ENTRY.c.id.in_(select(_WHOLE_CHAIN.c.id)))
    .order_by(ENTRY.c.version.desc())
)


def fetch_versions(session: Session, actor: Actor, entry: Entry) -> list[EntryRow]:
    """Every version of an entry, newest first."""
    return fetch_rows(session, actor, entry.patient_id, _VERSIONS, {"entry_id": entry.id})


def _row(
    actor: Actor,
    patient_id: UUID,
    values: tuple[Any, ...],
    people: _People,
    treatments: Mapping[UUID, EntryTreatment],
    read_until: datetime | None,
) -> EntryRow:
    entry, tolerance, interaction = (
        values[_OF_ENTRY],
        values[_OF_TOLERANCE],
        values[_OF_INTERACTION],
    )
    event = values[_OF_EVENT]
    kind, recorded_at, superseded_at, author_id = entry[1], entry[3], entry[5], entry[10]
    recorder_id = entry[13] or entry[12]
    is_mine = author_id == actor.professional_id
    return EntryRow(
        id=entry[0],
        patient_id=patient_id,
        kind=kind,
        occurred_on=entry[2],
        recorded_at=recorded_at,
        first_recorded_at=entry[4],
        superseded_at=superseded_at,
        version=entry[6],
        contact_mode=entry[7],
        contact_on=entry[8],
        note=entry[9],
        author=people.authors[author_id],
        recorder=people.recorders[recorder_id] if recorder_id else None,
        treatment=treatments[entry[11]] if entry[11] else None,
        tolerance=ToleranceValues(*tolerance) if tolerance[0] else None,
        interaction=InteractionValues(*interaction) if interaction[0] else None,
        adherence=_adherence(values[_OF_ADHERENCE]),
        event=TreatmentEvent(*event) if event[0] else None,
        is_mine=is_mine,
        may_correct=(
            is_mine and superseded_at is None and kind in TYPED_KINDS and policies.may_assess(actor)
        ),
        is_new=read_until is not None and not is_mine and recorded_at > read_until,
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
