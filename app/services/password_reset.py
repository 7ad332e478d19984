"""Forgotten password and forgotten « identifiant » (S036, U-07, MM-34): told by mail, never on the screen.

Asking is answered before anything is looked up: the caller runs `request_reset` and `remind_identifier`
after its answer left. Choosing goes in three steps, so that a hash never holds the database: `prepare` →
`faults` and a hash → `settle`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from app.authz.actor import Actor
from app.crypto import new_token, token_digest
from app.db import changed_rows
from app.models.account import Account, AccountState
from app.models.factor import PasswordReset
from app.services import (
    journal,
    outbox,
    password as passwords,
    security_notice,
    sign_in,
    sign_out,
)
from app.services.security_notice import Notice
from app.services.throttle import Rule, blocked_until, count, forgive, network_of
from app.settings import get_settings

LIFE = timedelta(minutes=30)
PAGE = "/connexion/nouveau-mot-de-passe"

TO_ACCOUNT = Rule("reset_account", limit=5, window=timedelta(hours=1), demo_limit=200)
FROM_ADDRESS = Rule("reset_address", limit=20, window=timedelta(hours=1), demo_limit=500)


@dataclass(frozen=True)
class ResetCheck:
    """A link that still opens: whose password it changes, and what that may not be made of (S021)."""

    reset_id: UUID
    account_id: UUID
    personal: tuple[str, ...]


def request_reset(session: Session, actor: Actor, email: str, *, now: datetime) -> None:
    """Mail a link to a proved address of an account, in place of the earlier link; nothing for any other."""
    found = _reachable(session, actor, email, now)
    if found is None:
        return
    account, address = found
    token = new_token()
    session.execute(
        update(PasswordReset)
        .where(col(PasswordReset.account_id) == account.id, col(PasswordReset.used_at).is_(None))
        .values(used_at=now)
    )
    session.add(
        PasswordReset(
            account_id=account.id,
            token_digest=token_digest(token),
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    journal.record(session, actor, "password.reset_asked", object_id=account.id, now=now)
    outbox.post_email(
        session,
        to=address,
        subject="Choisissez un nouveau mot de passe",
        text=(
            "Quelqu’un, sans doute vous, a demandé à choisir un nouveau mot de passe pour votre compte "
            "Liane. Ouvrez ce lien, valable 30 minutes et une seule fois :\n"
            f"{get_settings().base_url}{PAGE}#{token}\n\n"
            "Votre mot de passe actuel fonctionne jusque-là. Si vous n’avez rien demandé, ignorez ce "
            "message."
        ),
        now=now,
    )


def remind_identifier(session: Session, actor: Actor, email: str, *, now: datetime) -> None:
    """Mail the « identifiant » of the account of a proved address to that address; nothing for any other."""
    found = _reachable(session, actor, email, now)
    if found is None:
        return
    account, address = found
    names = [account.email, *([account.login_name] if account.login_name else [])]
    outbox.post_email(
        session,
        to=address,
        subject="Votre identifiant Liane",
        text=(
            f"Pour vous connecter à Liane, saisissez : {' ou '.join(names)}\n\n"
            "Si vous n’avez rien demandé, ignorez ce message."
        ),
        now=now,
    )


def prepare(session: Session, actor: Actor, token: str, *, now: datetime) -> ResetCheck | None:
    """What a link opens, or None when it opens nothing (any more)."""
    found = session.exec(
        select(PasswordReset).where(
            PasswordReset.token_digest == token_digest(token),
            col(PasswordReset.used_at).is_(None),
            PasswordReset.expires_at > now,
        )
    ).first()
    if found is None:
        return None
    account = session.get_one(Account, found.account_id)
    names = (account.family_name, account.given_name, account.email, account.login_name or "")
    return ResetCheck(found.id, account.id, names)


def faults(check: ResetCheck, password: str, again: str) -> dict[str, str]:
    """Faults of what was typed, by field; empty when it is accepted."""
    found = {}
    if not password:
        found["password"] = "password.missing"  # noqa: S105 - a code
    elif broken := passwords.faults(password, check.personal):
        found["password"] = broken[0]
    if password and password != again:
        found["password_again"] = "password.not_the_same"  # noqa: S105 - a code
    return found


def settle(
    session: Session, actor: Actor, check: ResetCheck, new_hash: str, *, now: datetime
) -> bool:
    """Use the link up and keep the new password; every open sign-in ends. False when it was just used."""
    used = session.execute(
        update(PasswordReset)
        .where(
            col(PasswordReset.id) == check.reset_id,
            col(PasswordReset.used_at).is_(None),
            col(PasswordReset.expires_at) > now,
        )
        .values(used_at=now)
    )
    if not changed_rows(used):
        return False
    account = session.get_one(Account, check.account_id)
    account.password_hash = new_hash
    forgive(session, sign_in.PASSWORD_STREAK, sign_in.counter_of(account.id, None))
    journal.record(session, actor, "password.reset", object_id=account.id, now=now)
    sign_out.end_of_account(session, actor, account.id, reason="password_reset", now=now)
    security_notice.tell(session, actor, account, Notice.PASSWORD, now=now)
    return True


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop links nobody can use any more."""
    session.execute(
        delete(PasswordReset).where(col(PasswordReset.expires_at) < now - timedelta(days=1))
    )


def _reachable(
    session: Session, actor: Actor, email: str, now: datetime
) -> tuple[Account, str] | None:
    """The account of a proved address, unless too much was asked for it or from here."""
    where = network_of(actor.address)
    if blocked_until(session, FROM_ADDRESS, where, now=now) is not None:
        return None
    count(session, FROM_ADDRESS, where, now=now)
    account = sign_in.find_account(session, actor, email)
    if account is None or account.state not in (AccountState.ACTIVE, AccountState.PENDING):
        return None
    if blocked_until(session, TO_ACCOUNT, str(account.id), now=now) is not None:
        return None
    count(session, TO_ACCOUNT, str(account.id), now=now)
    return account, email.strip().lower() if "@" in email else account.email
