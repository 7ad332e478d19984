"""Changes of identity an administrator approves or refuses (MM-40)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.account import Account, AccountState, Role
from app.models.identity_change import Decision, IdentityChange
from app.services import journal, outbox
from app.services.fields import clean_text
from app.services.identity_change import IdentityTraits, apply_change, traits_of
from app.settings import get_settings

PAGE_SIZE = 25
MAX_REASON = 500


@dataclass(frozen=True)
class ChangeRow:
    """What somebody asks to be called, beside what they are called today (or were, once decided)."""

    id: UUID
    account_id: UUID
    role: Role
    before: IdentityTraits
    asked: IdentityTraits
    asked_at: datetime
    decision: Decision
    decided_at: datetime | None
    reason: str
    is_own: bool
    loses_certification: bool


@dataclass(frozen=True)
class ChangePage:
    """At most 25 changes that wait, the oldest first."""

    rows: tuple[ChangeRow, ...]
    waiting: int
    page: int
    pages: int


def list_waiting_changes(
    session: Session, actor: Actor, *, page: int = 1, now: datetime
) -> ChangePage:
    """The changes that wait; a page past the end is the last one."""
    policies.require_administrator(actor)
    waits = col(IdentityChange.decision) == Decision.WAITING
    waiting = session.execute(select(func.count()).where(waits)).scalar_one()
    pages = max(1, -(-waiting // PAGE_SIZE))
    page = min(max(page, 1), pages)
    found = session.execute(
        select(IdentityChange, Account)
        .join(Account, col(Account.id) == col(IdentityChange.account_id))
        .where(waits)
        .order_by(col(IdentityChange.asked_at), col(IdentityChange.id))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    rows = tuple(_row(session, actor, change, account) for change, account in found)
    return ChangePage(rows, waiting, page, pages)


def approve_change(session: Session, actor: Actor, change_id: UUID, *, now: datetime) -> None:
    """Make a change true: account, professional, the words they are found by; its owner is told."""
    policies.require_administrator(actor)
    change, account = _lock(session, actor, change_id)
    if account.state is AccountState.CLOSED:
        raise RuleViolation("identity_review.closed")
    apply_change(session, actor, change)
    _decide(session, actor, change, account, Decision.APPROVED, now=now)


def refuse_change(
    session: Session, actor: Actor, change_id: UUID, *, reason: str, now: datetime
) -> None:
    """Leave the account as it is, and tell its owner why."""
    policies.require_administrator(actor)
    said = clean_text(reason)
    if not said:
        raise Invalid(reason="account_admin.reason_missing")
    if len(said) > MAX_REASON:
        raise Invalid(reason="text.too_long")
    change, account = _lock(session, actor, change_id)
    change.reason = said
    _decide(session, actor, change, account, Decision.REFUSED, now=now)


def _lock(session: Session, actor: Actor, change_id: UUID) -> tuple[IdentityChange, Account]:
    change: IdentityChange | None = session.execute(
        select(IdentityChange).where(col(IdentityChange.id) == change_id).with_for_update()
    ).scalar_one_or_none()
    if change is None:
        raise NotFound("identity_change.not_found")
    if change.decision is not Decision.WAITING:
        raise Conflict("identity_review.decided_meanwhile")
    if change.account_id == actor.account_id:
        raise RuleViolation("account_admin.own_account")
    return change, session.get_one(Account, change.account_id)


def _decide(
    session: Session,
    actor: Actor,
    change: IdentityChange,
    account: Account,
    decision: Decision,
    *,
    now: datetime,
) -> None:
    change.decision, change.decided_at, change.decided_by_id = decision, now, actor.account_id
    is_approved = decision is Decision.APPROVED
    done = "approuvé" if is_approved else "refusé"
    reason = "" if is_approved else f"\n\nMotif :\n{change.reason}"
    outbox.post_email(
        session,
        to=account.email,
        subject=f"Votre changement d’identité est {done}",
        text=(
            f"L’administration a {done} le changement d’identité que vous avez demandé.{reason}\n\n"
            f"Votre compte :\n{get_settings().base_url}/compte"
        ),
        now=now,
    )
    journal.record(
        session, actor, f"identity_change.{decision.value}", object_id=account.id, now=now
    )


def _row(session: Session, actor: Actor, change: IdentityChange, account: Account) -> ChangeRow:
    before = traits_of(session, actor, change.account_id)
    asked = IdentityTraits(
        civility=change.civility,
        family_name=change.family_name,
        given_name=change.given_name,
        rpps=change.rpps,
        card_number=change.card_number,
    )
    is_named_otherwise = (before.family_name, before.given_name, before.rpps) != (
        asked.family_name,
        asked.given_name,
        asked.rpps,
    )
    return ChangeRow(
        id=change.id,
        account_id=change.account_id,
        role=account.role,
        before=before,
        asked=asked,
        asked_at=change.asked_at,
        decision=change.decision,
        decided_at=change.decided_at,
        reason=change.reason,
        is_own=change.account_id == actor.account_id,
        loses_certification=account.identity_certified_at is not None and is_named_otherwise,
    )
