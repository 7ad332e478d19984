"""Adherence to a followed treatment: scored, corrected, read as a history and as curves (CX-30 to CX-33)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.adherence import (
    MAX_SCORE,
    AdherenceClass,
    Questionnaire,
    ScoreDirection,
)
from app.models.base import forget_loaded, table_of
from app.models.entry import EntryKind
from app.models.treatment import Treatment
from app.services import journal, reading_copy
from app.services.entry import access_own_entry
from app.services.entry_query import ADHERENCE, ENTRY, IS_CURRENT
from app.services.fact import Fact, correct_fact, record_fact
from app.services.history import EntryPage, read_history

_TREATMENT = table_of(Treatment)
_FALL = 2
_MAX_POINTS = 500
_SEVERITY = {AdherenceClass.GOOD: 0, AdherenceClass.SLIGHT_PROBLEM: 1, AdherenceClass.POOR: 2}


@dataclass(frozen=True)
class Score:
    """What was given of a score: a number with its direction, or the answers to a questionnaire.

    With `answers` the number is their count of « oui »; None among them is a question left unanswered.
    """

    score: int | None = None
    direction: ScoreDirection | None = None
    questionnaire_id: UUID | None = None
    answers: Sequence[bool | None] | None = None


@dataclass(frozen=True)
class CurvePoint:
    entry_id: UUID
    occurred_on: date
    yes_count: int
    adherence_class: AdherenceClass


@dataclass(frozen=True)
class Curve:
    """Scores of one treatment, oldest first."""

    treatment_id: UUID
    label: str
    points: tuple[CurvePoint, ...]


def yes_count_of(score: int, direction: ScoreDirection) -> int:
    """The score counted in « oui », 0 best: both directions are mirror images (FD-02)."""
    return score if direction is ScoreDirection.YES_COUNT else MAX_SCORE - score


def is_falling(latest: int, previous: int | None) -> bool:
    """Whether adherence falls: the latest class is worse than the one before, or counts 2 « oui » more.

    Both in « oui »; without a score before, nothing falls.
    """
    if previous is None:
        return False
    worse = _SEVERITY[AdherenceClass.of(latest)] > _SEVERITY[AdherenceClass.of(previous)]
    return worse or latest >= previous + _FALL


def record_adherence(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    fact: Fact,
    score: Score,
    *,
    key: UUID,
    now: datetime,
) -> UUID:
    """Record a score; what was typed is kept with its direction (D-15)."""
    entry = record_fact(
        session,
        actor,
        patient_id,
        EntryKind.ADHERENCE,
        fact,
        table=ADHERENCE,
        values=_values(score),
        own_faults=_faults(session, score),
        key=key,
        now=now,
    )
    _refresh_treatments(session, actor, entry.patient_id, {entry.treatment_id})
    return entry.id


def correct_adherence(
    session: Session,
    actor: Actor,
    entry_id: UUID,
    fact: Fact,
    score: Score,
    *,
    key: UUID,
    now: datetime,
) -> UUID:
    """Write a new version of one's own entry; the earlier one stays readable."""
    earlier = access_own_entry(session, actor, entry_id, EntryKind.ADHERENCE)
    version = correct_fact(
        session,
        actor,
        entry_id,
        EntryKind.ADHERENCE,
        fact,
        table=ADHERENCE,
        values=_values(score),
        own_faults=_faults(session, score),
        key=key,
        now=now,
    )
    treatments = {earlier.treatment_id, version.treatment_id}
    _refresh_treatments(session, actor, earlier.patient_id, treatments)
    return version.id


@dataclass(frozen=True)
class AdherencePage:
    """One page of the history, and the curves over all of it."""

    history: EntryPage
    curves: list[Curve]


def list_adherence(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    treatment_id: UUID | None = None,
    page: int = 1,
    new_since: datetime | None = None,
    now: datetime,
) -> AdherencePage:
    """The history of adherence, by all professionals, newest first, with its curves (CX-33, CX-36)."""
    history = read_history(
        session,
        actor,
        patient_id,
        EntryKind.ADHERENCE,
        treatment_id=treatment_id,
        page=page,
        new_since=new_since,
        now=now,
    )
    return AdherencePage(history, fetch_curves(session, actor, patient_id))


def adherence_curves(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> list[Curve]:
    """One curve for each treatment that has scores, with a read line."""
    policies.require_link(session, actor, patient_id)
    journal.record_read(session, actor, "adherence.curves_read", patient_id=patient_id, now=now)
    return fetch_curves(session, actor, patient_id)


_SCORES = (
    select(
        ENTRY.c.id,
        ENTRY.c.treatment_id,
        _TREATMENT.c.label,
        ENTRY.c.occurred_on,
        ADHERENCE.c.yes_count,
    )
    .join(ADHERENCE, ADHERENCE.c.entry_id == ENTRY.c.id)
    .join(_TREATMENT, _TREATMENT.c.id == ENTRY.c.treatment_id)
    .where(
        *IS_CURRENT,
        ENTRY.c.kind == EntryKind.ADHERENCE,
        ENTRY.c.occurred_on >= bindparam("since"),
    )
    .order_by(ENTRY.c.occurred_on.desc(), ENTRY.c.first_recorded_at.desc())
    .limit(_MAX_POINTS)
)


def fetch_curves(
    session: Session, actor: Actor, patient_id: UUID, since: date | None = None
) -> list[Curve]:
    """The curves of a patient the actor may read, for a reading that writes its own line.

    At most the latest 500 scores: more would not be told apart on a screen.
    """
    parameters = {"patient_id": patient_id, "since": since or date.min}
    found = session.execute(_SCORES, parameters).all()
    points: dict[tuple[UUID, str], list[CurvePoint]] = {}
    for entry_id, treatment_id, label, day, yes in reversed(found):
        point = CurvePoint(entry_id, day, yes, AdherenceClass.of(yes))
        points.setdefault((treatment_id, label), []).append(point)
    return [Curve(id_, label, tuple(found)) for (id_, label), found in points.items()]


def _faults(session: Session, score: Score) -> dict[str, str]:
    if score.answers is not None:
        return _answer_faults(session, score.questionnaire_id, score.answers)
    faults = {}
    if score.score is None:
        faults["score"] = "adherence.score_missing"
    elif not 0 <= score.score <= MAX_SCORE:
        faults["score"] = "adherence.score_range"
    if score.direction is None:
        faults["direction"] = "adherence.direction_missing"
    return faults


def _answer_faults(
    session: Session, questionnaire_id: UUID | None, answers: Sequence[bool | None]
) -> dict[str, str]:
    items = session.execute(
        select(col(Questionnaire.items)).where(col(Questionnaire.id) == questionnaire_id)
    ).scalar()
    if items is None or len(items) != MAX_SCORE or len(answers) > MAX_SCORE:
        return {"questionnaire_id": "adherence.questionnaire_missing"}
    given = [*answers, *[None] * (MAX_SCORE - len(answers))]
    return {
        f"answer_{number}": "adherence.answer_missing"
        for number, answer in enumerate(given, start=1)
        if answer is None
    }


def _values(score: Score) -> dict[str, object]:
    """What is stored; read only once no fault was found."""
    if score.answers is not None:
        yes_count = sum(answer is True for answer in score.answers)
        return {
            "score": yes_count,
            "direction": ScoreDirection.YES_COUNT,
            "yes_count": yes_count,
            "questionnaire_id": score.questionnaire_id,
            "answers": list(score.answers),
        }
    if score.score is None or score.direction is None:
        return {}
    return {
        "score": score.score,
        "direction": score.direction,
        "yes_count": yes_count_of(score.score, score.direction),
        "questionnaire_id": None,
        "answers": None,
    }


_LATEST_TWO = (
    select(ADHERENCE.c.yes_count, ENTRY.c.occurred_on)
    .join(ENTRY, ENTRY.c.id == ADHERENCE.c.entry_id)
    .where(
        ENTRY.c.treatment_id == bindparam("treatment_id"),
        ENTRY.c.kind == EntryKind.ADHERENCE,
        ENTRY.c.superseded_at.is_(None),
    )
    .order_by(ENTRY.c.occurred_on.desc(), ENTRY.c.first_recorded_at.desc())
    .limit(2)
)
_COPY = (
    update(_TREATMENT)
    .where(_TREATMENT.c.id == bindparam("of_treatment"))
    .values(
        adherence_yes_count=bindparam("latest"),
        adherence_on=bindparam("latest_on"),
        previous_yes_count=bindparam("previous"),
        is_adherence_falling=bindparam("falls"),
    )
)


def _refresh_treatments(
    session: Session, actor: Actor, patient_id: UUID, treatment_ids: set[UUID | None]
) -> None:
    """Copy the latest two scores of each treatment to it, and tell the circle's lists."""
    for treatment_id in treatment_ids:
        found = session.execute(_LATEST_TWO, {"treatment_id": treatment_id}).all()
        latest, latest_on = found[0] if found else (None, None)
        previous = found[1][0] if len(found) > 1 else None
        session.execute(
            _COPY,
            {
                "of_treatment": treatment_id,
                "latest": latest,
                "latest_on": latest_on,
                "previous": previous,
                "falls": latest is not None and is_falling(latest, previous),
            },
        )
    forget_loaded(session, Treatment)
    reading_copy.note_falling(session, actor, patient_id)
