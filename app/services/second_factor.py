"""The second factor of an account, for a sign-in and for an act that asks for one again (S032, S038, S054).

An account chooses among its ways: its application, a code by e-mail or to a proved telephone, a recovery
code. As in `one_time_code`, a wrong code raises nothing: what was counted must be saved.

What a guesser can hope for in a day, from browsers the account does not know, is 10 codes of a million, or
1 chance in 100 000 (S032). A code by e-mail or SMS is worth 1 of the 10. A try at the application meets one
code a step, three with a step of drift each way (S034), so it is worth 3: three tries make 3 × 3 = 9, and
what is left is one try at the code of the present step alone, 9 + 1 = 10. From a browser the account knows,
whose cookie is signed, 25 tries a day slowed as a password's are for its owner's mistypings (S025).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.models.account import Account
from app.models.contact_point import Phone
from app.models.journal import JournalKind
from app.models.outbox import Channel
from app.models.session import SignInMethod
from app.services import journal, one_time_code, recovery_code, totp
from app.services.one_time_code import WRONG, Outcome, Subject, mask_email, mask_phone
from app.services.one_time_code_letter import warn_closed
from app.services.throttle import Rule, blocked_until, count, forgive, hold, left
from app.settings import get_settings

# Who holds a known browser is not shut out by a stranger (S025), and guesses no faster than a password.
WRONG_KNOWN = Rule("code_known", limit=25, window=timedelta(hours=24), free_streak=5)
WRONG_RECOVERY = Rule("code_recovery", limit=20, window=timedelta(hours=1))

SENT = {SignInMethod.EMAIL_CODE: Channel.EMAIL, SignInMethod.SMS_CODE: Channel.SMS}


@dataclass(frozen=True)
class Way:
    """One way to give a second factor. `destination_id`: the telephone; `destination`: masked."""

    method: SignInMethod
    destination_id: UUID | None = None
    destination: str = ""


def list_ways(session: Session, actor: Actor, account_id: UUID) -> tuple[Way, ...]:
    """What an account may give, the application first where it is set (S038)."""
    account = session.get_one(Account, account_id)
    ways = []
    if totp.has_totp(session, actor, account_id):
        ways.append(Way(SignInMethod.TOTP))
    ways.append(Way(SignInMethod.EMAIL_CODE, None, mask_email(account.email)))
    if get_settings().has_sms:
        ways += [
            Way(SignInMethod.SMS_CODE, phone.id, mask_phone(phone.number))
            for phone in _proved_phones(session, account_id)
        ]
    if recovery_code.count_left(session, actor, account_id):
        ways.append(Way(SignInMethod.RECOVERY_CODE))
    return tuple(ways)


def first_way(ways: tuple[Way, ...]) -> Way | None:
    """The application where it is set, else the one place a code can go; None when there is a choice."""
    if ways[0].method is SignInMethod.TOTP:
        return ways[0]
    places = [way for way in ways if way.method in SENT]
    return places[0] if len(places) == 1 else None


def find_way(ways: tuple[Way, ...], text: str) -> Way | None:
    """The way a form names (`totp`, `email_code`, `sms_code/<id>`…), among those of the account."""
    return next((way for way in ways if name_of(way) == text), None)


def name_of(way: Way) -> str:
    """How a form names a way."""
    return f"{way.method.value}/{way.destination_id}" if way.destination_id else way.method.value


def send_code(
    session: Session, actor: Actor, subject: Subject, way: Way, *, now: datetime
) -> Outcome:
    """Send a code where this way says; nothing to send for the others."""
    channel = SENT.get(way.method)
    if channel is None or subject.account_id is None:
        return Outcome()
    to = _address(session, subject.account_id, way)
    if to is None:
        return Outcome("code.missing")
    return one_time_code.send_code(session, actor, subject, channel=channel, to=to, now=now)


def check_code(
    session: Session,
    actor: Actor,
    subject: Subject,
    account_id: UUID,
    method: SignInMethod,
    typed: str,
    *,
    device_id: UUID | None,
    now: datetime,
) -> Outcome:
    """Compare what was typed for one way, then used up. `device_id`: the account's known browser, or None."""
    if method is SignInMethod.RECOVERY_CODE:
        return _check_recovery(session, actor, account_id, typed, now)
    rule, counter = _counter(account_id, device_id)
    # Of many tries made at once, each sees what the one before it counted.
    hold(session, rule, counter, now=now)
    if (shut_until := blocked_until(session, rule, counter, now=now)) is not None:
        return Outcome("code.closed" if device_id is None else "code.wait", shut_until)
    if method is SignInMethod.TOTP:
        outcome = _check_totp(session, actor, account_id, typed, device_id, now)
    else:
        outcome = one_time_code.check_code(
            session, actor, subject, typed, is_known_browser=device_id is not None, now=now
        )
        if outcome.error in {"code.wrong", "code.too_many"} and device_id is not None:
            count(session, rule, counter, now=now)
    if outcome.is_ok and device_id is not None:
        forgive(session, rule, counter)
    return outcome


def _counter(account_id: UUID, device_id: UUID | None) -> tuple[Rule, str]:
    if device_id is None:
        return WRONG, str(account_id)
    return WRONG_KNOWN, f"{account_id}\x1f{device_id}"


def _check_totp(
    session: Session,
    actor: Actor,
    account_id: UUID,
    typed: str,
    device_id: UUID | None,
    now: datetime,
) -> Outcome:
    if not any(c.isdigit() for c in typed):
        return Outcome("totp.empty")
    rule, counter = _counter(account_id, device_id)
    drift, weight = totp.DRIFT, 1
    if device_id is None:
        is_affordable = left(session, rule, counter, now=now) >= totp.CODES_AT_ONCE
        drift, weight = (totp.DRIFT, totp.CODES_AT_ONCE) if is_affordable else (0, 1)
    if totp.check_totp(session, actor, account_id, typed, drift=drift, now=now):
        return Outcome()
    count(session, rule, counter, now=now, weight=weight)
    if device_id is None and blocked_until(session, rule, counter, now=now) is not None:
        warn_closed(session, actor, account_id, now=now)
    _refuse(session, actor, account_id, "totp.wrong", now)
    return Outcome("totp.wrong")


def _check_recovery(
    session: Session, actor: Actor, account_id: UUID, typed: str, now: datetime
) -> Outcome:
    if not typed.strip():
        return Outcome("recovery.empty")
    wait = blocked_until(session, WRONG_RECOVERY, str(account_id), now=now)
    if wait is not None:
        return Outcome("code.wait", wait)
    if recovery_code.use_recovery_code(session, actor, account_id, typed, now=now):
        return Outcome()
    count(session, WRONG_RECOVERY, str(account_id), now=now)
    _refuse(session, actor, account_id, "recovery.wrong", now)
    return Outcome("recovery.wrong")


def _refuse(session: Session, actor: Actor, account_id: UUID, result: str, now: datetime) -> None:
    journal.record(
        session,
        actor,
        "code.refused",
        kind=JournalKind.REFUSAL,
        object_id=account_id,
        result=result,
        now=now,
    )


def _proved_phones(session: Session, account_id: UUID) -> list[Phone]:
    return list(
        session.exec(
            select(Phone)
            .where(Phone.account_id == account_id, col(Phone.verified_at).is_not(None))
            .order_by(col(Phone.created_at))
        )
    )


def _address(session: Session, account_id: UUID, way: Way) -> str | None:
    if way.method is SignInMethod.EMAIL_CODE:
        return session.get_one(Account, account_id).email
    phone = session.get(Phone, way.destination_id)
    is_usable = (
        phone is not None and phone.account_id == account_id and phone.verified_at is not None
    )
    return phone.number if phone is not None and is_usable else None
