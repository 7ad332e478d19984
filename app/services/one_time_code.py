"""Single-use codes by e-mail or SMS (S030–S033), and the link that may go with one (U-02).

Nothing here raises for a wrong code or a wait: the counters must be saved with the answer, so both come
back as an `Outcome`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from app.authz.actor import Actor
from app.crypto import new_code, new_token, same, token_digest
from app.db import keyring_of
from app.models.journal import JournalKind
from app.models.one_time_code import CodePurpose, OneTimeCode
from app.models.outbox import Channel
from app.services import journal, outbox
from app.services.one_time_code_letter import LIFE, Letter, post_code, warn_closed
from app.services.throttle import Rule, blocked_until, count, network_of
from app.settings import get_settings

LINK_LIFE = timedelta(hours=24)
MAX_WRONG_TRIES = 5
RESEND_WAITS = (timedelta(seconds=60), timedelta(seconds=120), timedelta(seconds=300))

# Of a million codes one is right: 10 tries a day leave 10 / 10^6 = 1 chance in 100 000 (S032).
WRONG = Rule("code_wrong", limit=10, window=timedelta(hours=24), shuts=True)
TO_HOUR = Rule("code_hour", limit=5, window=timedelta(hours=1), demo_limit=200)
TO_DAY = Rule("code_day", limit=10, window=timedelta(days=1), demo_limit=2_000)
FROM_HOUR = Rule("code_address", limit=20, window=timedelta(hours=1), demo_limit=500)
SMS_HOUR = Rule("sms_hour", limit=3, window=timedelta(hours=1), demo_limit=200)


@dataclass(frozen=True)
class Subject:
    """What a code is bound to: a purpose, and the row that asked for it. A code opens nothing else."""

    purpose: CodePurpose
    id: UUID
    account_id: UUID | None = None

    @property
    def counter(self) -> str:
        """Whose wrong tries are counted together: the account's, or the lone subject's."""
        return str(self.account_id or self.id)


@dataclass(frozen=True)
class Outcome:
    """What came of it. `error`: the code of what went wrong, empty when all is well."""

    error: str = ""
    retry_at: datetime | None = None

    @property
    def is_ok(self) -> bool:
        return not self.error


def send_code(
    session: Session,
    actor: Actor,
    subject: Subject,
    *,
    channel: Channel,
    to: str,
    link_path: str = "",
    instead: Letter | None = None,
    now: datetime,
) -> Outcome:
    """Send a new code; the earlier one of the same subject stops working.

    `link_path`: the page whose fragment carries the token that proves as much as the code (e-mail only).
    `instead`: what the owner of an address that is somebody else's receives; nobody is sent the code.
    """
    if (wait := _resend_wait(session, subject, now)) is not None:
        return Outcome("code.resend_wait", wait)
    limits = [(TO_HOUR, to), (TO_DAY, to), (FROM_HOUR, network_of(actor.address))]
    if channel is Channel.SMS:
        limits += [(SMS_HOUR, to), (_sms_budget(), "site")]
        if not to.startswith(get_settings().sms_prefixes):
            return Outcome("code.country_not_served")
    waits = [blocked_until(session, rule, who, now=now) for rule, who in limits]
    if any(waits):
        return Outcome("code.too_many_sent", max(wait for wait in waits if wait))
    for rule, who in limits:
        count(session, rule, who, now=now)
    _end_live(session, subject, now)
    digits, token = new_code(), new_token() if link_path else ""
    session.add(
        OneTimeCode(
            purpose=subject.purpose,
            subject_id=subject.id,
            account_id=subject.account_id,
            channel=channel,
            sent_to=to,
            code_mac=_mac(session, subject, digits),
            link_digest=token_digest(token) if token else None,
            sent_at=now,
            expires_at=now + LIFE[channel],
        )
    )
    session.flush()
    if instead is not None:
        outbox.post_email(session, to=to, subject=instead.subject, text=instead.text, now=now)
        return Outcome()
    link = f"{get_settings().base_url}{link_path}#{token}" if token else ""
    post_code(session, actor, subject.purpose, channel, to, digits, link, now)
    return Outcome()


def check_code(
    session: Session,
    actor: Actor,
    subject: Subject,
    typed: str,
    *,
    is_known_browser: bool = False,
    now: datetime,
) -> Outcome:
    """Compare a typed code, then used up. Ten wrong ones a day shut unknown browsers out (S032)."""
    shut_until = (
        None if is_known_browser else blocked_until(session, WRONG, subject.counter, now=now)
    )
    if shut_until is not None:
        return Outcome("code.closed", shut_until)
    newest = _newest(session, subject)
    if newest is None or newest.ended_at is not None:
        is_worn_out = newest is not None and newest.wrong_tries >= MAX_WRONG_TRIES
        return Outcome("code.too_many" if is_worn_out else "code.missing")
    if newest.expires_at <= now:
        return Outcome("code.expired")
    digits = "".join(c for c in typed if c.isdigit())
    if not digits:
        return Outcome("code.empty")
    if not same(newest.code_mac, _mac(session, subject, digits)):
        return _count_wrong(session, actor, subject, newest, now)
    newest.ended_at = now
    return Outcome()


def use_link(
    session: Session, actor: Actor, purpose: CodePurpose, token: str, *, now: datetime
) -> OneTimeCode | None:
    """The code whose link carries this token, used up by it; None when it opens nothing (any more)."""
    found = session.exec(
        select(OneTimeCode)
        .where(OneTimeCode.link_digest == token_digest(token), OneTimeCode.purpose == purpose)
        .with_for_update()
    ).first()
    if found is None or found.ended_at is not None or found.sent_at + LINK_LIFE <= now:
        return None
    found.ended_at = now
    return found


def find_live(
    session: Session, actor: Actor, purpose: CodePurpose, account_id: UUID, *, now: datetime
) -> OneTimeCode | None:
    """The code an account waits for, whatever asked for it."""
    return session.exec(
        select(OneTimeCode)
        .where(
            OneTimeCode.account_id == account_id,
            OneTimeCode.purpose == purpose,
            col(OneTimeCode.ended_at).is_(None),
            col(OneTimeCode.expires_at) > now,
        )
        .order_by(col(OneTimeCode.sent_at).desc())
        .limit(1)
    ).first()


def last_sent(session: Session, actor: Actor, subject: Subject) -> OneTimeCode | None:
    """The newest code of a subject: when it left, by which channel, to whom."""
    return _newest(session, subject)


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop codes nobody can use any more."""
    session.execute(
        delete(OneTimeCode).where(col(OneTimeCode.expires_at) < now - timedelta(days=2))
    )


def mask_email(email: str) -> str:
    """`j••••@courriel.example`: enough for its owner to recognise."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}••••@{domain}"


def mask_phone(number: str) -> str:
    """`•• •• •• •• 78`."""
    return f"•• •• •• •• {number[-2:]}"


def _newest(session: Session, subject: Subject) -> OneTimeCode | None:
    return session.exec(
        select(OneTimeCode)
        .where(OneTimeCode.subject_id == subject.id, OneTimeCode.purpose == subject.purpose)
        .order_by(col(OneTimeCode.sent_at).desc())
        .limit(1)
        .with_for_update()
    ).first()


def _resend_wait(session: Session, subject: Subject, now: datetime) -> datetime | None:
    sent = session.exec(
        select(OneTimeCode.sent_at)
        .where(OneTimeCode.subject_id == subject.id, OneTimeCode.purpose == subject.purpose)
        .order_by(col(OneTimeCode.sent_at).desc())
    ).all()
    if not sent:
        return None
    again_at = sent[0] + RESEND_WAITS[min(len(sent), len(RESEND_WAITS)) - 1]
    return again_at if again_at > now else None


def _end_live(session: Session, subject: Subject, now: datetime) -> None:
    """End the subject's earlier codes, and the account's of the same purpose from another browser."""
    of_subject = col(OneTimeCode.subject_id) == subject.id
    if subject.account_id is not None:
        of_subject = of_subject | (col(OneTimeCode.account_id) == subject.account_id)
    session.execute(
        update(OneTimeCode)
        .where(
            of_subject,
            col(OneTimeCode.purpose) == subject.purpose,
            col(OneTimeCode.ended_at).is_(None),
        )
        .values(ended_at=now)
    )


def _count_wrong(
    session: Session, actor: Actor, subject: Subject, code: OneTimeCode, now: datetime
) -> Outcome:
    code.wrong_tries += 1
    was_shut = blocked_until(session, WRONG, subject.counter, now=now) is not None
    count(session, WRONG, subject.counter, now=now)
    error = "code.wrong"
    if code.wrong_tries >= MAX_WRONG_TRIES:
        code.ended_at, error = now, "code.too_many"
    journal.record(
        session,
        actor,
        "code.refused",
        kind=JournalKind.REFUSAL,
        object_id=subject.account_id or subject.id,
        result=error,
        now=now,
    )
    is_shut = blocked_until(session, WRONG, subject.counter, now=now) is not None
    if subject.account_id and is_shut and not was_shut:
        warn_closed(session, actor, subject.account_id, now=now)
    return Outcome(error)


def _sms_budget() -> Rule:
    return Rule("sms_day", limit=get_settings().sms_daily_budget, window=timedelta(days=1))


def _mac(session: Session, subject: Subject, digits: str) -> bytes:
    return keyring_of(session).mac("code", f"{subject.purpose}\x1f{subject.id}\x1f{digits}")
