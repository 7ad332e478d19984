"""Ending sign-ins (S053): one's own, an account's, those of a member, a workstation or an operator."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from app.authz.actor import Actor
from app.errors import NotAuthenticated, NotFound
from app.models.journal import JournalKind
from app.models.session import SignInSession
from app.services import journal


def end(session: Session, actor: Actor, *, reason: str, now: datetime) -> None:
    """End the sign-in the actor is using."""
    if actor.session_id is not None:
        _end_told(session, actor, [actor.session_id], reason, now)


def end_everywhere(session: Session, actor: Actor, *, now: datetime) -> int:
    """End every sign-in of the actor's account; returns how many there were."""
    if actor.account_id is None:
        raise NotAuthenticated
    return end_of_account(session, actor, actor.account_id, reason="everywhere", now=now)


def end_others(session: Session, actor: Actor, *, reason: str, now: datetime) -> int:
    """End every other sign-in of the actor's account, after a factor or a password changed (S053)."""
    if actor.account_id is None:
        raise NotAuthenticated
    return end_of_account(
        session, actor, actor.account_id, keep=actor.session_id, reason=reason, now=now
    )


def end_of_account(
    session: Session,
    actor: Actor,
    account_id: UUID,
    *,
    keep: UUID | None = None,
    reason: str,
    now: datetime,
) -> int:
    """End the sign-ins of an account. Called by the services that suspend, close or reset it."""
    ids = [session_id for session_id in _open_ids(session, account_id) if session_id != keep]
    _end_told(session, actor, ids, reason, now)
    return len(ids)


def end_chosen(
    session: Session, actor: Actor, session_id: UUID, *, reason: str, now: datetime
) -> None:
    """End one sign-in of the actor's account; one of somebody else, or ended already, does not exist."""
    if actor.account_id is None:
        raise NotAuthenticated
    if session_id not in _open_ids(session, actor.account_id):
        raise NotFound("session.not_found")
    _end_told(session, actor, [session_id], reason, now)


def end_where(
    session: Session, actor: Actor, condition: ColumnElement[bool], *, reason: str, now: datetime
) -> int:
    """End the open sign-ins that meet a condition: of a member, of a workstation, of an operator."""
    open_ones = select(SignInSession.id).where(condition, col(SignInSession.ended_at).is_(None))
    ids = list(session.exec(open_ones))
    _end_told(session, actor, ids, reason, now)
    return len(ids)


def end_one(
    session: Session, actor: Actor, session_id: UUID, *, reason: str, now: datetime
) -> None:
    """End one sign-in, whoever's it is. Called by the services that checked it may be."""
    _end_told(session, actor, [session_id], reason, now)


def end_oldest(
    session: Session, actor: Actor, account_id: UUID, *, keep: int, now: datetime
) -> None:
    """End the oldest sign-ins of an account, so that at most `keep` stay open (S053)."""
    _end_told(session, actor, _open_ids(session, account_id)[keep:], "too_many", now)


def _end_told(session: Session, actor: Actor, ids: list[UUID], reason: str, now: datetime) -> None:
    """End sign-ins and leave the lines that close their open pages (S053)."""
    if not ids:
        return
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.id).in_(ids))
        .values(ended_at=now, end_reason=reason)
    )
    for session_id in ids:
        journal.record(
            session,
            actor,
            "session.ended",
            kind=JournalKind.ACCESS,
            object_id=session_id,
            result=reason,
            now=now,
        )


def _open_ids(session: Session, account_id: UUID) -> list[UUID]:
    return list(
        session.exec(
            select(SignInSession.id)
            .where(
                SignInSession.account_id == account_id,
                col(SignInSession.ended_at).is_(None),
            )
            .order_by(col(SignInSession.created_at).desc())
        )
    )
