"""Acting for a holder, and going back: a right of one sign-in, which takes a new token (CX-48, S050)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, update

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Forbidden, NotAuthenticated, NotFound
from app.models.account import Account
from app.models.delegation import Delegation
from app.models.journal import JournalKind
from app.models.session import SignInSession
from app.services import journal, session as sessions
from app.services.delegation import act_for


def enter(session: Session, actor: Actor, delegation_id: UUID, *, now: datetime) -> str:
    """Begin to act under a delegation; returns the new token of this sign-in.

    One that is not theirs, or not in force, is as absent as an unknown one.
    """
    account = session.get_one(Account, policies.require_own_account(actor))
    acting, holder = act_for(session, actor, delegation_id, now=now)
    if holder is None:
        raise NotFound("delegation.not_found")
    if account.shared_title and actor.member_id is None:
        raise Forbidden("delegation.member_first")
    delegation = session.get_one(Delegation, delegation_id)
    delegation.last_used_at = now
    delegation.delegate_name = delegation.delegate_name or actor.name
    _set_mode(session, acting, delegation_id)
    _record(session, acting, "entered", delegation_id, now)
    return sessions.renew(session, acting, now=now)


def leave(session: Session, actor: Actor, *, now: datetime) -> str:
    """Go back to one's own account; returns the new token of this sign-in."""
    if actor.delegation_id is not None:
        _record(session, actor, "left", actor.delegation_id, now)
    _set_mode(session, actor, None)
    return sessions.renew(session, actor, now=now)


def release(session: Session, actor: Actor, *, now: datetime) -> None:
    """Forget a delegation that ended by itself: were it to hold again, the person would choose it anew."""
    _set_mode(session, actor, None)
    _record(session, actor, "over", None, now)


def _set_mode(session: Session, actor: Actor, delegation_id: UUID | None) -> None:
    if actor.session_id is None:
        raise NotAuthenticated
    session.execute(
        update(SignInSession)
        .where(col(SignInSession.id) == actor.session_id)
        .values(delegation_id=delegation_id)
    )


def _record(
    session: Session, actor: Actor, act: str, delegation_id: UUID | None, now: datetime
) -> None:
    journal.record(
        session,
        actor,
        f"delegation.{act}",
        kind=JournalKind.ACCESS,
        object_id=delegation_id,
        now=now,
    )
