"""Signing in with a password, then a single-use code received by e-mail (MM-32, MM-33; S020–S033).

The password is verified between two short transactions, never inside one: a hash takes long enough to
keep every writer waiting. The caller follows the order `prepare` → `check_password` → `settle_password`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from app.authz.actor import ANONYMOUS, Actor
from app.crypto import Keyring, new_code, new_token, same, token_digest
from app.db import keyring_of
from app.models.account import Account
from app.models.journal import JournalKind
from app.models.one_time_code import OneTimeCode
from app.models.session import SignInAttempt
from app.services import journal, outbox, session as sessions
from app.services.throttle import Rule, blocked_until, count, forgive

ATTEMPT_LIFE = timedelta(minutes=30)
CODE_LIFE = timedelta(minutes=10)
MAX_WRONG_TRIES = 5
RESEND_WAITS = (timedelta(seconds=60), timedelta(seconds=120), timedelta(seconds=300))

PASSWORD_STREAK = Rule("password", limit=25, window=timedelta(hours=24), free_streak=5)
PASSWORD_ADDRESS = Rule("password_address", limit=100, window=timedelta(hours=1))
CODE_WRONG = Rule("code_wrong", limit=10, window=timedelta(hours=24))
CODE_HOUR = Rule("code_hour", limit=5, window=timedelta(hours=1), demo_limit=200)
CODE_DAY = Rule("code_day", limit=10, window=timedelta(days=1), demo_limit=2_000)
CODE_ADDRESS = Rule("code_address", limit=20, window=timedelta(hours=1), demo_limit=500)

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
        select(Account).where(Account.email == wanted, col(Account.is_active).is_(True))
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
    if not account.is_active:
        attempt.error = "sign_in.start_again"
        return None
    if (shut_until := blocked_until(session, CODE_WRONG, str(account.id), now=now)) is not None:
        attempt.error, attempt.retry_at = "code.closed", shut_until
        return None
    code = _live_code(session, attempt)
    if code is None:
        attempt.error = attempt.error if attempt.error == "code.too_many" else "code.missing"
        return None
    if code.expires_at <= now:
        attempt.error = "code.expired"
        return None
    digits = "".join(c for c in typed if c.isdigit())
    if not digits:
        attempt.error = "code.empty"
        return None
    if not same(code.code_mac, _code_mac(session, attempt, digits)):
        _count_wrong(session, actor, attempt, code, account, now=now)
        return None
    code.ended_at = now
    attempt.expires_at, attempt.error = now, ""
    _, token = sessions.open_session(
        session, account, device=device, address=actor.address, now=now
    )
    return SignedIn(token, account.id, attempt.next_path, account.role.value)


def last_code_sent_at(session: Session, attempt: SignInAttempt) -> datetime | None:
    """When the newest code of this attempt left."""
    return session.exec(
        select(OneTimeCode.sent_at)
        .where(OneTimeCode.attempt_id == attempt.id)
        .order_by(col(OneTimeCode.sent_at).desc())
        .limit(1)
    ).first()


def mask_email(email: str) -> str:
    """`j••••@courriel.example`: enough for its owner to recognise."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}••••@{domain}"


def _send_code(
    session: Session,
    actor: Actor,
    attempt: SignInAttempt,
    account: Account,
    *,
    now: datetime,
) -> None:
    sent = session.exec(
        select(OneTimeCode)
        .where(OneTimeCode.attempt_id == attempt.id)
        .order_by(col(OneTimeCode.sent_at).desc())
    ).all()
    if sent:
        wait = RESEND_WAITS[min(len(sent), len(RESEND_WAITS)) - 1]
        if sent[0].sent_at + wait > now:
            attempt.error, attempt.retry_at = "code.resend_wait", sent[0].sent_at + wait
            return
    limits = (
        (CODE_HOUR, account.email),
        (CODE_DAY, account.email),
        (CODE_ADDRESS, actor.address),
    )
    waits = [blocked_until(session, rule, subject, now=now) for rule, subject in limits]
    if any(waits):
        attempt.error, attempt.retry_at = (
            "code.too_many_sent",
            max(w for w in waits if w),
        )
        return
    for rule, subject in limits:
        count(session, rule, subject, now=now)
    session.execute(
        update(OneTimeCode)
        .where(
            col(OneTimeCode.account_id) == account.id,
            col(OneTimeCode.ended_at).is_(None),
        )
        .values(ended_at=now)
    )
    digits = new_code()
    session.add(
        OneTimeCode(
            attempt_id=attempt.id,
            account_id=account.id,
            code_mac=_code_mac(session, attempt, digits),
            sent_to=account.email,
            sent_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    attempt.error, attempt.retry_at = "", None
    outbox.post_email(
        session,
        to=account.email,
        subject="Votre code de connexion Liane",
        text=(
            f"Votre code à usage unique : {digits}\n\n"
            "Il est valable 10 minutes et ne sert qu’une fois. Ne le communiquez à personne : "
            "notre équipe ne vous le demandera jamais.\n\n"
            "Si vous n’avez pas demandé ce code, changez votre mot de passe."
        ),
        now=now,
    )


def _count_wrong(
    session: Session,
    actor: Actor,
    attempt: SignInAttempt,
    code: OneTimeCode,
    account: Account,
    *,
    now: datetime,
) -> None:
    code.wrong_tries += 1
    count(session, CODE_WRONG, str(account.id), now=now)
    attempt.error = "code.wrong"
    if code.wrong_tries >= MAX_WRONG_TRIES:
        code.ended_at, attempt.error = now, "code.too_many"
    journal.record(
        session,
        actor,
        "code.refused",
        kind=JournalKind.REFUSAL,
        object_id=account.id,
        result=attempt.error,
        now=now,
    )
    if blocked_until(session, CODE_WRONG, str(account.id), now=now) is not None:
        outbox.post_email(
            session,
            to=account.email,
            subject="Connexions par code suspendues pendant 24 heures",
            text=(
                "Plusieurs codes faux ont été saisis pour votre compte Liane. Par prudence, la "
                "connexion par code est suspendue pendant 24 heures.\n\n"
                "Si ce n’était pas vous, changez votre mot de passe dès votre prochaine connexion."
            ),
            now=now,
        )


def _live_code(session: Session, attempt: SignInAttempt) -> OneTimeCode | None:
    return session.exec(
        select(OneTimeCode).where(
            OneTimeCode.attempt_id == attempt.id, col(OneTimeCode.ended_at).is_(None)
        )
    ).first()


def _code_mac(session: Session, attempt: SignInAttempt, digits: str) -> bytes:
    return keyring_of(session).mac("code", f"{attempt.id}\x1f{digits}")


def forget_stale(session: Session, actor: Actor = ANONYMOUS, *, now: datetime) -> None:
    """Drop attempts and codes nobody can use any more."""
    old = select(SignInAttempt.id).where(SignInAttempt.expires_at < now - timedelta(days=1))
    session.execute(delete(OneTimeCode).where(col(OneTimeCode.attempt_id).in_(old)))
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.id).in_(old)))
