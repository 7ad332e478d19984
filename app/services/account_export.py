"""Exports of one's own data: asked with a fresh factor, prepared in the background, fetched once (S099)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, or_, select

from app.authz import policies
from app.authz.actor import Actor
from app.db import keyring_of
from app.errors import NotFound
from app.models.account import Account
from app.models.account_export import AccountExport, AccountExportPart, ExportState
from app.services import journal, submission

# How long a prepared file waits for its owner, and how long a slow download may last.
KEEP = timedelta(hours=1)
DOWNLOAD = timedelta(minutes=10)
CLAIM = timedelta(minutes=5)
_UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)


@dataclass(frozen=True)
class ExportView:
    """The last export as its owner sees it."""

    id: UUID
    state: ExportState
    asked_at: datetime
    progress: int
    size_bytes: int
    expires_at: datetime | None


@dataclass(frozen=True)
class Claimed:
    """An export to prepare, and the person it is for as an actor."""

    export_id: UUID
    owner: Actor


@dataclass(frozen=True)
class Fetched:
    """A file on its way out."""

    export_id: UUID
    size_bytes: int
    asked_at: datetime


def ask_export(session: Session, actor: Actor, *, key: UUID, now: datetime) -> UUID:
    """Have one's data prepared. One at a time: a second request under way is the first."""
    account_id = policies.require_fresh_factor(actor, now=now)
    if (before := submission.earlier_result(session, actor, key)) is not None:
        return before
    last = _last(session, account_id)
    if last is not None and last.state in _UNDER_WAY:
        return last.id
    if last is not None and last.state is ExportState.READY:
        _end(session, last, ExportState.EXPIRED, now)
    assert actor.session_id is not None
    row = AccountExport(account_id=account_id, asked_at=now, session_id=actor.session_id)
    session.add(row)
    session.flush()
    journal.record(session, actor, "export.asked", object_id=row.id, now=now)
    if actor.is_patient and actor.patient_id is not None:
        journal.record_read(
            session, actor, "own_record.exported", patient_id=actor.patient_id, now=now
        )
    submission.remember(session, actor, key, row.id, now=now)
    return row.id


def last_export(session: Session, actor: Actor, *, now: datetime) -> ExportView | None:
    """Where the last export stands."""
    row = _last(session, policies.require_own_account(actor))
    if row is None:
        return None
    expires_at = row.ready_at + KEEP if row.ready_at else None
    is_over = row.state is ExportState.READY and expires_at is not None and expires_at <= now
    state = ExportState.EXPIRED if is_over else row.state
    return ExportView(row.id, state, row.asked_at, row.progress, row.size_bytes, expires_at)


def fetch_export(session: Session, actor: Actor, export_id: UUID, *, now: datetime) -> Fetched:
    """Open one's own file, once, with a fresh factor. Another person's does not exist."""
    account_id = policies.require_fresh_factor(actor, now=now)
    row = session.exec(
        select(AccountExport)
        .where(AccountExport.id == export_id, AccountExport.account_id == account_id)
        .with_for_update()
    ).first()
    if row is None or row.state is not ExportState.READY:
        raise NotFound("export.not_found")
    if row.ready_at is None or row.ready_at + KEEP <= now:
        raise NotFound("export.not_found")
    row.state, row.ended_at = ExportState.FETCHED, now
    journal.record(session, actor, "export.fetched", object_id=row.id, now=now)
    return Fetched(row.id, row.size_bytes, row.asked_at)


def read_part(session: Session, actor: Actor, export_id: UUID, number: int) -> bytes:
    """One piece of a file just fetched by its owner; b'' after the last one."""
    account_id = policies.require_own_account(actor)
    part = session.exec(
        select(AccountExportPart)
        .join(AccountExport, col(AccountExport.id) == col(AccountExportPart.export_id))
        .where(
            AccountExportPart.export_id == export_id,
            AccountExportPart.number == number,
            AccountExport.account_id == account_id,
            AccountExport.state == ExportState.FETCHED,
        )
    ).first()
    if part is None:
        return b""
    return keyring_of(session).unseal(part.sealed, owner=_owner(export_id, number))


def is_any_waiting(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Whether there is something to prepare: a look that takes no lock."""
    return session.exec(select(AccountExport.id).where(_due(now)).limit(1)).first() is not None


def claim_next(session: Session, actor: Actor, *, now: datetime) -> Claimed | None:
    """Take the oldest export to prepare; one that a crash left half-way is begun again."""
    row = session.exec(
        select(AccountExport)
        .where(_due(now))
        .order_by(col(AccountExport.asked_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    row.state, row.progress, row.claimed_until = ExportState.RUNNING, 0, now + CLAIM
    _drop_parts(session, row.id)
    account = session.get_one(Account, row.account_id)
    owner = Actor(
        account_id=account.id,
        session_id=row.session_id,
        role=account.role,
        patient_id=account.patient_id,
        reason=actor.reason,
    )
    return Claimed(row.id, owner)


def store_part(
    session: Session,
    actor: Actor,
    export_id: UUID,
    number: int,
    plain: bytes,
    *,
    progress: int,
    now: datetime,
) -> None:
    """Keep one piece, sealed, and say how far it is (per cent)."""
    row = session.get_one(AccountExport, export_id)
    row.claimed_until = now + CLAIM
    row.progress, row.size_bytes = progress, row.size_bytes + len(plain)
    sealed = keyring_of(session).seal(plain, owner=_owner(export_id, number))
    session.add(AccountExportPart(export_id=export_id, number=number, sealed=sealed))


def finish(
    session: Session, actor: Actor, export_id: UUID, *, is_complete: bool, now: datetime
) -> None:
    """The file is there, or could not be made."""
    row = session.get_one(AccountExport, export_id)
    if is_complete:
        row.state, row.progress, row.ready_at = ExportState.READY, 100, now
    else:
        _end(session, row, ExportState.FAILED, now)


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop files nobody fetched in time, and those that were."""
    over = session.exec(
        select(AccountExport).where(
            (col(AccountExport.state) == ExportState.READY)
            & (col(AccountExport.ready_at) <= now - KEEP)
        )
    ).all()
    for row in over:
        _end(session, row, ExportState.EXPIRED, now)
    fetched = select(AccountExport.id).where(
        AccountExport.state == ExportState.FETCHED, col(AccountExport.ended_at) <= now - DOWNLOAD
    )
    session.execute(delete(AccountExportPart).where(col(AccountExportPart.export_id).in_(fetched)))


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(
        col(AccountExport.state) == ExportState.WAITING,
        (col(AccountExport.state) == ExportState.RUNNING)
        & (col(AccountExport.claimed_until) <= now),
    )


def _last(session: Session, account_id: UUID) -> AccountExport | None:
    return session.exec(
        select(AccountExport)
        .where(AccountExport.account_id == account_id)
        .order_by(col(AccountExport.asked_at).desc())
        .limit(1)
    ).first()


def _end(session: Session, row: AccountExport, state: ExportState, now: datetime) -> None:
    row.state, row.ended_at = state, now
    _drop_parts(session, row.id)


def _drop_parts(session: Session, export_id: UUID) -> None:
    session.get_one(AccountExport, export_id).size_bytes = 0
    session.execute(delete(AccountExportPart).where(col(AccountExportPart.export_id) == export_id))


def _owner(export_id: UUID, number: int) -> str:
    return f"export/{export_id}/{number}"
