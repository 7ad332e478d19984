"""The life of a shared record: opposition, closing, deletion, reopening (U-27, DM-07, FC-26 to FC-28).

A closed record is seen by nobody. It is kept ten years, then deleted by the upkeep; an express request of
deletion is carried out within three months, here after thirty days during which reopening takes it all back.
The follow-up is the professionals' own file and stays theirs (FC-31).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, Invalid, RuleViolation
from app.models.document import Document, DocumentUpload, DocumentWord, StoredFile
from app.models.journal import JournalKind
from app.models.record_access import (
    RecordEvent,
    RecordEventKind,
    RecordSettings,
    RecordState,
)
from app.services import journal
from app.services.fields import paris_day
from app.services.membership import end_accesses
from app.services.record_settings import hold_settings, settings_of
from app.services.visibility import Relation, Sight, is_current

KEPT_YEARS: Final = 10
# « Within three months » (FC-27): long enough to change one's mind, far from the limit.
DELETED_AFTER: Final = timedelta(days=30)
MAX_REASON: Final = 500
# Records the upkeep empties in one round.
BATCH: Final = 20
_MAX_EVENTS = 50


@dataclass(frozen=True)
class LifeStep:
    """One recorded step."""

    kind: RecordEventKind
    at: datetime
    reason: str


@dataclass(frozen=True)
class RecordLife:
    """Where a record stands. `kept_until`: of a closed one; `deleted_on`: once deletion was asked for.

    `documents` counts what closing puts out of the patient's sight; one not announced yet is not told of.
    """

    state: RecordState
    since: datetime | None
    kept_until: date | None
    deleted_on: date | None
    documents: int
    steps: tuple[LifeStep, ...]

    @property
    def may_oppose(self) -> bool:
        """Opposition comes before anything was filed; afterwards one closes."""
        return self.state is RecordState.OPEN and self.documents == 0


def get_life(session: Session, actor: Actor) -> RecordLife:
    """The acting patient's own record: its state, and what led to it, newest first."""
    patient_id = policies.require_own_record(actor)
    settings = settings_of(session, patient_id)
    documents = session.execute(
        select(func.count())
        .select_from(Document)
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(Sight(patient_id, Relation.PATIENT).listed(), is_current())
    ).scalar_one()
    steps = session.execute(
        select(col(RecordEvent.kind), col(RecordEvent.at), col(RecordEvent.reason))
        .where(col(RecordEvent.patient_id) == patient_id)
        .order_by(col(RecordEvent.at).desc(), col(RecordEvent.id))
        .limit(_MAX_EVENTS)
    )
    is_over = settings.state is not RecordState.OPEN and settings.state_at is not None
    asked_at = settings.deletion_asked_at
    return RecordLife(
        state=settings.state,
        since=settings.state_at,
        kept_until=_kept_until(settings.state_at) if is_over and settings.state_at else None,
        deleted_on=paris_day(asked_at + DELETED_AFTER) if asked_at else None,
        documents=documents,
        steps=tuple(LifeStep(*row) for row in steps),
    )


def close_record(
    session: Session,
    actor: Actor,
    *,
    knows_nobody_sees: bool,
    knows_what_is_kept: bool,
    reason: str = "",
    now: datetime,
) -> None:
    """Put the record out of everybody's sight; by the patient, both boxes ticked (FC-28). Once."""
    patient_id = policies.require_own_record(actor)
    faults = {}
    if not knows_nobody_sees:
        faults["knows_nobody_sees"] = "record_life.unseen_unticked"
    if not knows_what_is_kept:
        faults["knows_what_is_kept"] = "record_life.kept_unticked"
    if len(reason) > MAX_REASON:
        faults["reason"] = "text.too_long"
    if faults:
        raise Invalid(**faults)
    settings = hold_settings(session, actor, patient_id)
    if settings.state is not RecordState.OPEN:
        return
    _turn(session, actor, settings, RecordState.CLOSED, now)
    _take_step(session, actor, patient_id, "record_life.closed", now, reason)


def oppose_record(session: Session, actor: Actor, *, reason: str = "", now: datetime) -> None:
    """Refuse a shared record before anything was filed in it (ME-013, FC-26). Once."""
    patient_id = policies.require_own_record(actor)
    if len(reason) > MAX_REASON:
        raise Invalid(reason="text.too_long")
    settings = hold_settings(session, actor, patient_id)
    if settings.state is not RecordState.OPEN:
        return
    if _has_documents(session, patient_id):
        raise RuleViolation("record_life.close_instead")
    _turn(session, actor, settings, RecordState.OPPOSED, now)
    _take_step(session, actor, patient_id, "record_life.opposed", now, reason)


def ask_deletion(session: Session, actor: Actor, *, now: datetime) -> date:
    """Have a closed record deleted before its ten years, with a fresh factor (S054). The day it happens."""
    patient_id = policies.require_own_record(actor)
    policies.require_fresh_factor(actor, now=now)
    settings = hold_settings(session, actor, patient_id)
    if settings.state is not RecordState.CLOSED:
        raise RuleViolation("record_life.close_first")
    if settings.deletion_asked_at is None:
        settings.deletion_asked_at = now
        session.flush()
        _take_step(session, actor, patient_id, "record_life.deletion_asked", now)
    return paris_day(settings.deletion_asked_at + DELETED_AFTER)


def reopen_record(session: Session, actor: Actor, *, now: datetime) -> None:
    """Take back what was kept, as it was; a deletion asked for is dropped (FC-27). Once."""
    patient_id = policies.require_own_record(actor)
    settings = hold_settings(session, actor, patient_id)
    if settings.state is RecordState.OPEN:
        return
    _turn(session, actor, settings, RecordState.OPEN, now)
    settings.deletion_asked_at = None
    session.flush()
    _take_step(session, actor, patient_id, "record_life.reopened", now)


def delete_due(session: Session, actor: Actor, *, now: datetime) -> int:
    """Empty the closed records whose time has come: documents, words, texts and files. How many.

    Their journal stays (FG-08). Files leave the store at the next round of the upkeep.
    """
    if not actor.reason:
        raise Forbidden
    due = session.execute(
        select(RecordSettings)
        .where(
            col(RecordSettings.state) != RecordState.OPEN,
            or_(
                col(RecordSettings.deletion_asked_at) <= now - DELETED_AFTER,
                and_(
                    col(RecordSettings.state_at) <= _years_before(now, KEPT_YEARS),
                    exists().where(col(Document.patient_id) == col(RecordSettings.patient_id)),
                ),
            ),
        )
        .order_by(col(RecordSettings.state_at))
        .limit(BATCH)
    ).scalars()
    count = 0
    for settings in list(due):
        _empty(session, actor, settings.patient_id, now)
        settings.deletion_asked_at = None
        settings.revision += 1
        session.flush()
        count += 1
    return count


def _empty(session: Session, actor: Actor, patient_id: UUID, now: datetime) -> None:
    of_patient: ColumnElement[bool] = col(Document.patient_id) == patient_id
    session.execute(delete(DocumentWord).where(col(DocumentWord.patient_id) == patient_id))
    session.execute(delete(DocumentUpload).where(col(DocumentUpload.patient_id) == patient_id))
    session.execute(delete(Document).where(of_patient))
    session.execute(
        update(StoredFile)
        .where(col(StoredFile.patient_id) == patient_id, col(StoredFile.released_at).is_(None))
        .values(released_at=now)
    )
    _take_step(session, actor, patient_id, "record_life.deleted", now)


def _turn(
    session: Session, actor: Actor, settings: RecordSettings, state: RecordState, now: datetime
) -> None:
    settings.state, settings.state_at = state, now
    settings.revision += 1
    if state is not RecordState.OPEN:
        # Whoever opened it from outside the circle would have to ask again.
        end_accesses(session, actor, settings.patient_id, now=now)
    session.flush()


def _take_step(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    action: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Keep a step of the life of a record, and its line: `record_life.closed` is the step « closed »."""
    kind = RecordEventKind(action.partition(".")[2])
    session.add(
        RecordEvent(
            patient_id=patient_id, kind=kind, at=now, account_id=actor.account_id, reason=reason
        )
    )
    session.flush()
    journal.record(session, actor, action, kind=JournalKind.ACCESS, patient_id=patient_id, now=now)


def _has_documents(session: Session, patient_id: UUID) -> bool:
    """Whether anything was ever filed that the patient may know of."""
    found = session.execute(
        select(col(Document.id))
        .where(
            col(Document.patient_id) == patient_id, col(Document.is_hidden_from_patient).is_(False)
        )
        .limit(1)
    )
    return found.first() is not None


def _kept_until(closed_at: datetime) -> date:
    day = paris_day(closed_at)
    return _years_later(day, KEPT_YEARS)


def _years_later(day: date, years: int) -> date:
    """The same day that many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _years_before(moment: datetime, years: int) -> datetime:
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)
