"""One account as administrators see and keep it: suspended, reactivated, closed (item 7, S053, S067).

Nothing here shows a patient's record, and nothing signs in as somebody else.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.errors import Conflict, Invalid, NotFound, RuleViolation
from app.models.account import Account, AccountState, Role
from app.models.contact_point import EmailAddress, Phone
from app.models.journal import JournalKind
from app.models.professional import Professional
from app.models.session import SignInMethod, SignInSession
from app.services import journal, outbox, session as sessions, sign_out
from app.services.account_list import ACCOUNT_COLUMNS, AccountRow, account_row
from app.services.fields import clean_text
from app.settings import get_settings

MAX_REASON = 500


@dataclass(frozen=True)
class OpenSignIn:
    """One open sign-in of an account."""

    id: UUID
    device: str
    address: str
    method: SignInMethod
    opened_at: datetime
    last_act_at: datetime


@dataclass(frozen=True)
class AccountView:
    """One account. `emails`: address, starred; `phones`: number, proved."""

    row: AccountRow
    login_name: str
    identity_certified_at: datetime | None
    emails: tuple[tuple[str, bool], ...]
    phones: tuple[tuple[str, bool], ...]
    sign_ins: tuple[OpenSignIn, ...]
    is_own: bool
    is_last_administrator: bool


def read_account(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> AccountView:
    """One account with its open sign-ins. Reading it leaves a line in the journal."""
    policies.require_administrator(actor)
    found = session.execute(
        select(*ACCOUNT_COLUMNS, col(Account.login_name), col(Account.identity_certified_at))
        .outerjoin(Professional, col(Professional.account_id) == col(Account.id))
        .where(col(Account.id) == account_id)
    ).first()
    if found is None:
        raise NotFound("account_admin.not_found")
    row = account_row(found)
    emails = session.execute(
        select(col(EmailAddress.address), col(EmailAddress.is_starred))
        .where(col(EmailAddress.account_id) == account_id)
        .order_by(col(EmailAddress.is_starred).desc(), col(EmailAddress.address))
    ).all()
    phones = session.execute(
        select(col(Phone.number), col(Phone.verified_at))
        .where(col(Phone.account_id) == account_id)
        .order_by(col(Phone.created_at))
    ).all()
    journal.record(
        session, actor, "account.read", kind=JournalKind.READ, object_id=account_id, now=now
    )
    return AccountView(
        row=row,
        login_name=found.login_name or "",
        identity_certified_at=found.identity_certified_at,
        emails=tuple((address, starred) for address, starred in emails),
        phones=tuple((number, verified_at is not None) for number, verified_at in phones),
        sign_ins=_sign_ins(session, row, now),
        is_own=account_id == actor.account_id,
        is_last_administrator=row.role is Role.ADMINISTRATOR
        and row.state is AccountState.ACTIVE
        and _active_administrators(session) == 1,
    )


def end_sign_ins(
    session: Session,
    actor: Actor,
    account_id: UUID,
    *,
    session_id: UUID | None = None,
    now: datetime,
) -> int:
    """End one sign-in of an account, or all of them; its open pages leave within two seconds."""
    policies.require_administrator(actor)
    policies.require_own_account(actor)
    if session_id is None:
        _access(session, account_id)
        return sign_out.end_of_account(session, actor, account_id, reason="administration", now=now)
    owner = session.execute(
        select(col(SignInSession.account_id)).where(
            col(SignInSession.id) == session_id, col(SignInSession.ended_at).is_(None)
        )
    ).scalar_one_or_none()
    if owner != account_id:
        raise NotFound("account_admin.sign_in_not_found")
    sign_out.end_one(session, actor, session_id, reason="administration", now=now)
    return 1


def suspend_account(
    session: Session, actor: Actor, account_id: UUID, *, reason: str, now: datetime
) -> None:
    """Close an account to its owner for now: every sign-in and open page ends within two seconds."""
    account, said = _to_change(session, actor, account_id, reason, now=now)
    if account.state is not AccountState.ACTIVE:
        raise Conflict("account_admin.changed_meanwhile")
    _require_not_last(session, account)
    _end(session, actor, account, AccountState.SUSPENDED, said, now=now)


def reactivate_account(
    session: Session, actor: Actor, account_id: UUID, *, reason: str = "", now: datetime
) -> None:
    """Open a suspended account again, with the rights it had."""
    account, said = _to_change(session, actor, account_id, reason, now=now, is_optional=True)
    if account.state is not AccountState.SUSPENDED:
        raise Conflict("account_admin.changed_meanwhile")
    account.state = AccountState.ACTIVE
    _tell(session, account, said, now=now)
    journal.record(session, actor, "account.reactivated", object_id=account.id, now=now)


def close_account(
    session: Session, actor: Actor, account_id: UUID, *, reason: str, now: datetime
) -> None:
    """Close an account for good. What its owner wrote in records stays there, under their name."""
    account, said = _to_change(session, actor, account_id, reason, now=now)
    if account.state not in {AccountState.ACTIVE, AccountState.SUSPENDED}:
        raise Conflict("account_admin.changed_meanwhile")
    _require_not_last(session, account)
    _end(session, actor, account, AccountState.CLOSED, said, now=now)


def _to_change(
    session: Session,
    actor: Actor,
    account_id: UUID,
    reason: str,
    *,
    now: datetime,
    is_optional: bool = False,
) -> tuple[Account, str]:
    policies.require_administrator(actor)
    policies.require_fresh_factor(actor, now=now)
    if account_id == actor.account_id:
        raise RuleViolation("account_admin.own_account")
    said = clean_text(reason)
    if not said and not is_optional:
        raise Invalid(reason="account_admin.reason_missing")
    if len(said) > MAX_REASON:
        raise Invalid(reason="text.too_long")
    _lock_administrators(session)
    account = _access(session, account_id)
    if account.state is AccountState.PENDING:
        raise RuleViolation("account_admin.pending")
    return account, said


def _end(
    session: Session,
    actor: Actor,
    account: Account,
    state: AccountState,
    said: str,
    *,
    now: datetime,
) -> None:
    account.state = state
    session.add(account)
    sign_out.end_of_account(session, actor, account.id, reason=state.value, now=now)
    _tell(session, account, said, now=now)
    journal.record(session, actor, f"account.{state.value}", object_id=account.id, now=now)


_MAILS = {
    AccountState.ACTIVE: ("Votre compte Liane est ouvert de nouveau", "rouvert"),
    AccountState.SUSPENDED: ("Votre compte Liane est suspendu", "suspendu"),
    AccountState.CLOSED: ("Votre compte Liane est fermé", "fermé"),
}


def _tell(session: Session, account: Account, said: str, *, now: datetime) -> None:
    subject, done = _MAILS[account.state]
    words = f"L’administration a {done} votre compte."
    reason = f"\n\nMotif :\n{said}" if said else ""
    contact = f"\n\nLe portail :\n{get_settings().base_url}"
    outbox.post_email(
        session, to=account.email, subject=subject, text=f"{words}{reason}{contact}", now=now
    )


def _access(session: Session, account_id: UUID) -> Account:
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotFound("account_admin.not_found")
    return account


def _lock_administrators(session: Session) -> None:
    """Two administrators who act on each other at the same moment take turns."""
    session.execute(
        select(col(Account.id))
        .where(col(Account.role) == Role.ADMINISTRATOR)
        .order_by(col(Account.id))
        .with_for_update()
    ).all()


def _active_administrators(session: Session) -> int:
    count: int = session.execute(
        select(func.count()).where(
            col(Account.role) == Role.ADMINISTRATOR, col(Account.state) == AccountState.ACTIVE
        )
    ).scalar_one()
    return count


def _require_not_last(session: Session, account: Account) -> None:
    is_active = account.state is AccountState.ACTIVE
    if account.role is Role.ADMINISTRATOR and is_active and _active_administrators(session) <= 1:
        raise RuleViolation("account_admin.last_administrator")


def _sign_ins(session: Session, row: AccountRow, now: datetime) -> tuple[OpenSignIn, ...]:
    found = session.execute(
        select(
            col(SignInSession.id),
            col(SignInSession.device),
            col(SignInSession.address),
            col(SignInSession.method),
            col(SignInSession.created_at),
            col(SignInSession.last_act_at),
        )
        .where(
            col(SignInSession.account_id) == row.id,
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.expires_at) > now,
            col(SignInSession.last_act_at) > now - sessions.IDLE_LIFE[row.role],
        )
        .order_by(col(SignInSession.last_act_at).desc())
    )
    return tuple(OpenSignIn(*line) for line in found)
