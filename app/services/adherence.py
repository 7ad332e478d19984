"""Adherence to a followed treatment: scored, corrected, read as a history and as curves (CX-30 to CX-33)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.adherence import (
    MAX_SCORE,
    AdherenceClass,
    AdherenceEntry,
    Questionnaire,
    ScoreDirection,
)
from app.models.entry import Entry, EntryKind
from app.models.treatment import Treatment
from app.services import journal, reading_copy
from app.services.entry import access_own_entry
from app.services.fact import Fact, correct_fact, record_fact
from app.services.history import EntryPage, read_history

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
        own_faults=_faults(session, score),
        values_of=_values(score),
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
        own_faults=_faults(session, score),
        values_of=_values(score),
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


def fetch_curves(
    session: Session, actor: Actor, patient_id: UUID, since: date | None = None
) -> list[Curve]:
    """The curves of a patient the actor may read, for a reading that writes its own line.

    At most the latest 500 scores: more would not be told apart on a screen.
    """
    statement = (
        select(
            col(Entry.id),
            col(Entry.treatment_id),
            col(Treatment.label),
            col(Entry.occurred_on),
            col(AdherenceEntry.yes_count),
        )
        .join(AdherenceEntry, col(AdherenceEntry.entry_id) == col(Entry.id))
        .join(Treatment, col(Treatment.id) == col(Entry.treatment_id))
        .where(
            col(Entry.patient_id) == patient_id,
            col(Entry.kind) == EntryKind.ADHERENCE,
            col(Entry.superseded_at).is_(None),
        )
        .order_by(col(Entry.occurred_on).desc(), col(Entry.first_recorded_at).desc())
        .limit(_MAX_POINTS)
    )
    if since is not None:
        statement = statement.where(col(Entry.occurred_on) >= since)
    points: dict[tuple[UUID, str], list[CurvePoint]] = {}
    for entry_id, treatment_id, label, day, yes in reversed(session.execute(statement).all()):
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


def _values(score: Score) -> Callable[[UUID], AdherenceEntry]:
    def make(entry_id: UUID) -> AdherenceEntry:
        if score.answers is not None:
            answers = [bool(answer) for answer in score.answers]
            return AdherenceEntry(
                entry_id=entry_id,
                score=sum(answers),
                direction=ScoreDirection.YES_COUNT,
                yes_count=sum(answers),
                questionnaire_id=score.questionnaire_id,
                answers=answers,
            )
        assert score.score is not None
        assert score.direction is not None
        return AdherenceEntry(
            entry_id=entry_id,
            score=score.score,
            direction=score.direction,
            yes_count=yes_count_of(score.score, score.direction),
        )

    return make


def _refresh_treatments(
    session: Session, actor: Actor, patient_id: UUID, treatment_ids: set[UUID | None]
) -> None:
    """Copy the latest two scores of each treatment to it, and tell the circle's lists."""
    for treatment_id in treatment_ids:
        latest_two = session.execute(
            select(col(AdherenceEntry.yes_count), col(Entry.occurred_on))
            .join(Entry, col(Entry.id) == col(AdherenceEntry.entry_id))
            .where(
                col(Entry.treatment_id) == treatment_id,
                col(Entry.kind) == EntryKind.ADHERENCE,
                col(Entry.superseded_at).is_(None),
            )
            .order_by(col(Entry.occurred_on).desc(), col(Entry.first_recorded_at).desc())
            .limit(2)
        ).all()
        latest, day = latest_two[0] if latest_two else (None, None)
        previous = latest_two[1][0] if len(latest_two) > 1 else None
        session.execute(
            update(Treatment)
            .where(col(Treatment.id) == treatment_id)
            .values(
                adherence_yes_count=latest,
                adherence_on=day,
                previous_yes_count=previous,
                is_adherence_falling=latest is not None and is_falling(latest, previous),
            )
            .execution_options(synchronize_session="fetch")
        )
    reading_copy.note_falling(session, actor, patient_id)
