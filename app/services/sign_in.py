"""Signing in, first step: an identifier and a password (MM-32, ME-025; S020–S025, S070).

The password is verified between two short transactions, never inside one: a hash takes long enough to
keep every writer waiting. The caller follows the order `prepare` → `judge_password` → `settle_password`;
what comes next is in `sign_in_factor`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, delete, select

from app.authz.actor import ANONYMOUS, Actor
from app.crypto import Keyring, new_token, token_digest
from app.errors import Unavailable
from app.models.account import Account
from app.models.contact_point import EmailAddress
from app.models.journal import JournalKind
from app.models.session import SignInAttempt
from app.services import device, journal, one_time_code, sign_in_factor
from app.services.throttle import Rule, blocked_until, count, forgive, hold, network_of

ATTEMPT_LIFE = timedelta(minutes=30)

PASSWORD_STREAK = Rule("password", limit=25, window=timedelta(hours=24), free_streak=5)
PASSWORD_ADDRESS = Rule("password_address", limit=100, window=timedelta(hours=1))

# Verified when no account answers to the identifier, so that both cases take the same time (S070).
_dummy_hash: dict[int, str] = {}


@dataclass(frozen=True)
class PasswordCheck:
    """What is needed to verify one password outside any transaction."""

    identifier: str
    account_id: UUID | None
    password_hash: str
    counter: str
    retry_at: datetime | None
    device_id: UUID | None = None


def find_account(session: Session, actor: Actor, identifier: str) -> Account | None:
    """Whose address or « identifiant » this is: any proved address signs in (MM-46)."""
    wanted = identifier.strip().lower()[:254]
    account = session.exec(
        select(Account).where(or_(col(Account.email) == wanted, col(Account.login_name) == wanted))
    ).first()
    if account is not None:
        return account
    return session.exec(
        select(Account)
        .join(EmailAddress, col(EmailAddress.account_id) == col(Account.id))
        .where(EmailAddress.address == wanted)
    ).first()


def prepare(
    session: Session,
    actor: Actor,
    identifier: str,
    *,
    device_ids: Iterable[UUID] = (),
    now: datetime,
) -> PasswordCheck:
    """Find the account and whether a wait is running. `device_ids`: those the browser's cookie names."""
    wanted = identifier.strip().lower()[:254]
    account = find_account(session, actor, identifier)
    known = device.find_device(session, actor, account.id, device_ids, now=now) if account else None
    counter = counter_of(account.id if account else wanted, known)
    return PasswordCheck(
        identifier=wanted,
        account_id=account.id if account else None,
        password_hash=account.password_hash if account else "",
        counter=counter,
        retry_at=wait_of(session, actor, counter, now=now),
        device_id=known,
    )


def counter_of(account: UUID | str, device_id: UUID | None) -> str:
    """Whose wrong passwords are counted together: an account's, apart from those of its known browsers."""
    return f"{account}\x1f{device_id or ''}"


def wait_of(session: Session, actor: Actor, counter: str, *, now: datetime) -> datetime | None:
    """Until when passwords of this counter, or from this address, are not looked at (S024)."""
    waits = (
        blocked_until(session, PASSWORD_STREAK, counter, now=now),
        blocked_until(session, PASSWORD_ADDRESS, network_of(actor.address), now=now),
    )
    return max((w for w in waits if w), default=None)


@dataclass(frozen=True)
class Verdict:
    """What a typed password is worth.

    `new_hash`: see `stronger_hash`; `error`: why it could not be verified just now.
    """

    is_right: bool = False
    new_hash: str = ""
    error: str = ""


def judge_password(keyring: Keyring, check: PasswordCheck, password: str) -> Verdict:
    """Verify the password, outside any transaction: hashing takes long, and waits for its turn."""
    try:
        is_right = check_password(keyring, check, password)
        return Verdict(is_right, stronger_hash(keyring, check, password) if is_right else "")
    except Unavailable as busy:
        return Verdict(error=busy.code)


def check_password(keyring: Keyring, check: PasswordCheck, password: str) -> bool:
    """Verify the password; takes the time of one hash whether or not the account exists."""
    if check.retry_at is not None:
        return False
    # Made at the first sign-in of the process, whoever's: it costs a hash.
    if id(keyring) not in _dummy_hash:
        _dummy_hash[id(keyring)] = keyring.hash_password(new_token())
    stored = check.password_hash or _dummy_hash[id(keyring)]
    return keyring.verify_password(password, stored) and bool(check.password_hash)


def stronger_hash(keyring: Keyring, check: PasswordCheck, password: str) -> str:
    """A hash of today's strength to keep in place of a weaker one; '' when there is none to renew (S022)."""
    return keyring.hash_password(password) if keyring.needs_rehash(check.password_hash) else ""


def settle_password(
    session: Session,
    actor: Actor,
    check: PasswordCheck,
    *,
    is_right: bool,
    error: str = "",
    new_hash: str = "",
    next_path: str,
    now: datetime,
) -> tuple[SignInAttempt, str]:
    """Record the outcome and, when the password was right, send the code. Returns the attempt, its token.

    `error`: the code of what kept the password from being verified (a field left empty, too many hashes at
    once): it counts against nobody. `new_hash`: see `stronger_hash`.
    """
    attempt, token = new_attempt(session, actor, identifier=check.identifier, now=now)
    attempt.next_path = next_path
    if error:
        attempt.error = error
        return attempt, token
    hold(session, PASSWORD_STREAK, check.counter, now=now)
    # Looked at again: of many tries made at once, those that end after the wait began tell nothing.
    retry_at = check.retry_at or wait_of(session, actor, check.counter, now=now)
    if retry_at is not None:
        attempt.error, attempt.retry_at = "sign_in.wait", retry_at
        return attempt, token
    if not is_right:
        attempt.error = "sign_in.wrong"
        count_wrong(session, actor, check, now=now)
        return attempt, token
    forgive(session, PASSWORD_STREAK, check.counter)
    account = session.get_one(Account, check.account_id)
    if new_hash and account.password_hash == check.password_hash:
        account.password_hash = new_hash
    attempt.account_id, attempt.password_ok = account.id, True
    attempt.device_id = check.device_id
    session.flush()
    sign_in_factor.begin(session, actor, attempt, now=now)
    return attempt, token


def count_wrong(session: Session, actor: Actor, check: PasswordCheck, *, now: datetime) -> None:
    """Count a wrong password against the account and the address it came from."""
    count(session, PASSWORD_STREAK, check.counter, now=now)
    count(session, PASSWORD_ADDRESS, network_of(actor.address), now=now)
    journal.record(
        session,
        actor,
        "sign_in.refused",
        kind=JournalKind.REFUSAL,
        object_id=check.account_id,
        result="sign_in.wrong",
        now=now,
    )


def new_attempt(
    session: Session, actor: Actor, *, identifier: str = "", error: str = "", now: datetime
) -> tuple[SignInAttempt, str]:
    """An attempt of this browser, and the token its cookie will hold."""
    token = new_token()
    attempt = SignInAttempt(
        token_digest=token_digest(token),
        identifier=identifier,
        error=error,
        created_at=now,
        expires_at=now + ATTEMPT_LIFE,
    )
    session.add(attempt)
    return attempt, token


def access_attempt(session: Session, token: str, *, now: datetime) -> SignInAttempt | None:
    """The attempt of this browser, while it lives."""
    if not token:
        return None
    attempt = session.exec(
        select(SignInAttempt).where(SignInAttempt.token_digest == token_digest(token))
    ).first()
    return attempt if attempt is not None and attempt.expires_at > now else None


def forget_stale(session: Session, actor: Actor = ANONYMOUS, *, now: datetime) -> None:
    """Drop attempts and codes nobody can use any more."""
    session.execute(
        delete(SignInAttempt).where(col(SignInAttempt.expires_at) < now - timedelta(days=1))
    )
    one_time_code.forget_stale(session, actor, now=now)
