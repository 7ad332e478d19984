"""Signing in with a password, then a single-use code received by e-mail (MM-32, MM-33; S020–S033).

The password is verified between two short transactions, never inside one: a hash takes long enough to
keep every writer waiting. The caller follows the order `prepare` → `check_password` → `settle_password`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, delete, select

from app.authz.actor import ANONYMOUS, Actor
from app.crypto import Keyring, new_token, token_digest
from app.models.account import Account, AccountState
from app.models.journal import JournalKind
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.models.session import SignInAttempt
from app.services import journal, one_time_code, session as sessions
from app.services.one_time_code import Outcome, Subject, mask_email
from app.services.throttle import Rule, blocked_until, count, forgive

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


def prepare(
    session: Session, actor: Actor, identifier: str, *, device_id: str, now: datetime
) -> PasswordCheck:
    """Find the account and whether a wait is running. `device_id`: a browser known to the account, or ''."""
    wanted = identifier.strip().lower()[:254]
    account = session.exec(
        select(Account).where(
            or_(col(Account.email) == wanted, col(Account.login_name) == wanted),
            col(Account.state).in_((AccountState.ACTIVE, AccountState.PENDING)),
        )
    ).first()
    counter = f"{wanted}\x1f{device_id}"
    waits = (
        blocked_until(session, PASSWORD_STREAK, counter, now=now),
        blocked_until(session, PASSWORD_ADDRESS, actor.address, now=now),
    )
    return PasswordCheck(
        identifier=wanted,
        account_id=account.id if account else None,
        password_hash=account.password_hash if account else "",
        counter=counter,
        retry_at=max((w for w in waits if w), default=None),
    )


def check_password(keyring: Keyring, check: PasswordCheck, password: str) -> bool:
    """Verify the password; takes the time of one hash whether or not the account exists."""
    if check.retry_at is not None:
        return False
    stored = check.password_hash
    if not stored:
        stored = _dummy_hash.setdefault(id(keyring), "") or keyring.hash_password(new_token())
        _dummy_hash[id(keyring)] = stored
    return keyring.verify_password(password, stored) and bool(check.password_hash)


def settle_password(
    session: Session,
    actor: Actor,
    check: PasswordCheck,
    *,
    is_right: bool,
    error: str = "",
    next_path: str,
    now: datetime,
) -> tuple[SignInAttempt, str]:
    """Record the outcome and, when the password was right, send the code. Returns the attempt, its token.

    `error`: the code of what kept the password from being verified (a field left empty, too many hashes at
    once): it counts against nobody.
    """
    token = new_token()
    attempt = SignInAttempt(
        token_digest=token_digest(token),
        identifier=check.identifier,
        next_path=next_path,
        created_at=now,
        expires_at=now + ATTEMPT_LIFE,
    )
    session.add(attempt)
    if check.retry_at is not None:
        attempt.error, attempt.retry_at = "sign_in.wait", check.retry_at
        return attempt, token
    if error:
        attempt.error = error
        return attempt, token
    if not is_right:
        count(session, PASSWORD_STREAK, check.counter, now=now)
        count(session, PASSWORD_ADDRESS, actor.address, now=now)
        attempt.error = "sign_in.wrong"
        journal.record(
            session,
            actor,
            "sign_in.refused",
            kind=JournalKind.REFUSAL,
            object_id=check.account_id,
            result="sign_in.wrong",
            now=now,
        )
        return attempt, token
    forgive(session, PASSWORD_STREAK, check.counter)
    account = session.get_one(Account, check.account_id)
    attempt.account_id, attempt.password_ok = account.id, True
    attempt.masked_destination = mask_email(account.email)
    session.flush()
    _send_code(session, actor, attempt, account, now=now)
    return attempt, token


def access_attempt(session: Session, token: str, *, now: datetime) -> SignInAttempt | None:
    """The attempt of this browser, while it lives."""
    if not token:
        return None
    attempt = session.exec(
        select(SignInAttempt).where(SignInAttempt.token_digest == token_digest(token))
    ).first()
    return attempt if attempt is not None and attempt.expires_at > now else None


def resend_code(session: Session, actor: Actor, attempt: SignInAttempt, *, now: datetime) -> None:
    """Send another code; the earlier one stops working. A wait not yet over is told in the attempt."""
    if not attempt.password_ok or attempt.account_id is None:
        attempt.error = "sign_in.start_again"
        return
    _send_code(session, actor, attempt, session.get_one(Account, attempt.account_id), now=now)


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that succeeded: the cookie's token and where to go."""

    token: str
    account_id: UUID
    next_path: str
    role: str


def submit_code(
    session: Session,
    actor: Actor,
    attempt: SignInAttempt,
    typed: str,
    *,
    device: str,
    now: datetime,
) -> SignedIn | None:
    """Compare a typed code; opens the session, or leaves the reason in `attempt.error`."""
    if not attempt.password_ok or attempt.account_id is None:
        attempt.error = "sign_in.start_again"
        return None
    account = session.get_one(Account, attempt.account_id)
    if account.state is not AccountState.ACTIVE:
        attempt.error = "sign_in.start_again"
        return None
    outcome = one_time_code.check_code(session, actor, _subject(attempt), typed, now=now)
    _note(attempt, outcome)
    if not outcome.is_ok:
        return None
    attempt.expires_at = now
    _, token = sessions.open_session(
        session, account, device=device, address=actor.address, now=now
    )
    return SignedIn(token, account.id, attempt.next_path, account.role.value)


def last_code_sent_at(session: Session, actor: Actor, attempt: SignInAttempt) -> datetime | None:
    """When the newest code of this attempt left."""
    sent = one_time_code.last_sent(session, actor, _subject(attempt))
    return sent.sent_at if sent else None


def _subject(attempt: SignInAttempt) -> Subject:
    return Subject(CodePurpose.SIGN_IN, attempt.id, attempt.account_id)


def _note(attempt: SignInAttempt, outcome: Outcome) -> None:
    attempt.error, attempt.retry_at = outcome.error, outcome.retry_at


def _send_code(
    session: Session, actor: Actor, attempt: SignInAttempt, account: Account, *, now: datetime
) -> None:
    outcome = one_time_code.send_code(
        session, actor, _subject(attempt), channel=Channel.EMAIL, to=account.email, now=now
    )
    _note(attempt, outcome)


def forget_stale(session: Session, actor: Actor = ANONYMOUS, *, now: datetime) -> None:
    """Drop attempts and codes nobody can use any more."""
    session.execute(
        delete(SignInAttempt).where(col(SignInAttempt.expires_at) < now - timedelta(days=1))
    )
    one_time_code.forget_stale(session, actor, now=now)
