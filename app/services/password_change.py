"""Changing one's own password (S023, S053): the present one is asked, the other sign-ins end.

In three steps, so that a hash never holds the database: look, verify, settle.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.crypto import Keyring
from app.models.account import Account
from app.models.journal import JournalKind
from app.services import (
    journal,
    password as passwords,
    security_notice,
    session as sessions,
    sign_out,
)
from app.services.security_notice import Notice
from app.services.throttle import Rule, blocked_until, count, forgive

# Whoever sits at an open browser guesses no faster here than on the sign-in page (S024).
WRONG = Rule("password_change", limit=25, window=timedelta(hours=24), free_streak=5)


@dataclass(frozen=True)
class PasswordCheck:
    """What verifying needs of the base. `personal`: what a password may not be made of (S021)."""

    account_id: UUID
    password_hash: str
    personal: tuple[str, ...]
    retry_at: datetime | None


@dataclass(frozen=True)
class Verified:
    """What was typed, verified: faults by field, or the hash to keep."""

    faults: dict[str, str]
    new_hash: str = ""
    is_wrong: bool = False


def prepare(session: Session, actor: Actor, *, now: datetime) -> PasswordCheck:
    """The hash to compare with; refused without a factor given in the last five minutes (S054)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    account = session.get_one(Account, account_id)
    return PasswordCheck(
        account_id,
        account.password_hash,
        (account.family_name, account.given_name, account.email, account.login_name or ""),
        blocked_until(session, WRONG, str(account_id), now=now),
    )


def verify(
    keyring: Keyring, check: PasswordCheck, current: str, wanted: str, again: str
) -> Verified:
    """Compare and hash, outside any transaction. Every fault is found at once."""
    faults = {}
    if check.retry_at is not None:
        return Verified({"current": "password.wait"})
    found = passwords.faults(wanted, check.personal) if wanted else ["password.missing"]
    if found:
        faults["password"] = found[0]
    elif wanted != again:
        faults["password_again"] = "password.not_the_same"  # noqa: S105 - a code
    if not current:
        return Verified({**faults, "current": "password.current_missing"})
    if not keyring.verify_password(current, check.password_hash):
        return Verified({**faults, "current": "password.current_wrong"}, is_wrong=True)
    if not faults and keyring.verify_password(wanted, check.password_hash):
        faults["password"] = "password.same"  # noqa: S105 - a code
    return Verified(faults) if faults else Verified({}, keyring.hash_password(wanted))


def settle(
    session: Session, actor: Actor, check: PasswordCheck, verified: Verified, *, now: datetime
) -> str:
    """Count a wrong one; keep a new hash, end the other sign-ins, tell the owner.

    Returns the new token of this sign-in, '' when nothing changed.
    """
    if verified.is_wrong:
        count(session, WRONG, str(check.account_id), now=now)
        journal.record(
            session,
            actor,
            "password.refused",
            kind=JournalKind.REFUSAL,
            object_id=check.account_id,
            result="password.current_wrong",
            now=now,
        )
    account_id = policies.require_own_account(actor)
    if not verified.new_hash or account_id != check.account_id:
        return ""
    forgive(session, WRONG, str(account_id))
    account = session.get_one(Account, account_id)
    account.password_hash = verified.new_hash
    journal.record(session, actor, "password.changed", object_id=account_id, now=now)
    sign_out.end_others(session, actor, reason="password_changed", now=now)
    security_notice.tell(session, actor, account, Notice.PASSWORD, now=now)
    return sessions.renew(session, actor, now=now)
