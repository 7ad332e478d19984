"""Signing in, second step: a factor, the member of a shared account, the open session (U-05, MM-25)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from app.authz.actor import Actor
from app.errors import NotFound
from app.models.account import Account, AccountState
from app.models.one_time_code import CodePurpose
from app.models.registration import Registration
from app.models.session import SignInAttempt, SignInMethod
from app.services import (
    device,
    member,
    one_time_code,
    outbox,
    registration,
    second_factor,
    session as sessions,
)
from app.services.member import MemberCheck, MemberRow
from app.services.one_time_code import Outcome, Subject
from app.services.second_factor import SENT, Way
from app.services.session import Proof, SignedIn

STATES = {
    AccountState.PENDING: "sign_in.pending",
    AccountState.SUSPENDED: "sign_in.suspended",
    AccountState.CLOSED: "sign_in.closed",
}


def begin(session: Session, actor: Actor, attempt: SignInAttempt, *, now: datetime) -> None:
    """After the password: the application is asked for, or a code sent where there is but one place."""
    way = second_factor.first_way(_ways(session, actor, attempt))
    if way is not None:
        _take(session, actor, attempt, way, now)


def list_ways(session: Session, actor: Actor, attempt: SignInAttempt) -> tuple[Way, ...]:
    """What this attempt may give; nothing before the password was right."""
    return _ways(session, actor, attempt) if attempt.password_ok else ()


def choose_way(
    session: Session, actor: Actor, attempt: SignInAttempt, chosen: str, *, now: datetime
) -> None:
    """Take a way, sending its code; with none named, send the code of the present way again (ME-028).

    A wait not yet over is told in the attempt.
    """
    if not attempt.password_ok:
        attempt.error = "sign_in.start_again"
        return
    ways = _ways(session, actor, attempt)
    way = second_factor.find_way(ways, chosen) if chosen else present_way(attempt, ways)
    if way is None:
        attempt.error = "code.way_missing"
        return
    _take(session, actor, attempt, way, now)


def present_way(attempt: SignInAttempt, ways: tuple[Way, ...]) -> Way | None:
    """The way the attempt is on."""
    return next(
        (
            way
            for way in ways
            if (way.method, way.destination_id) == (attempt.way, attempt.destination_id)
        ),
        None,
    )


def submit_code(
    session: Session,
    actor: Actor,
    attempt: SignInAttempt,
    typed: str,
    *,
    device_label: str,
    keeps_device: bool = False,
    now: datetime,
) -> SignedIn | None:
    """Compare a typed code; opens the session, or leaves the reason in `attempt.error`.

    None without a reason: a shared account, whose member says next who they are.
    """
    if not attempt.password_ok or attempt.account_id is None:
        attempt.error = "sign_in.start_again"
        return None
    if attempt.way is None:
        attempt.error = "code.way_missing"
        return None
    outcome = second_factor.check_code(
        session,
        actor,
        _subject(attempt),
        attempt.account_id,
        attempt.way,
        typed,
        device_id=attempt.device_id,
        now=now,
    )
    _note(attempt, outcome)
    if not outcome.is_ok:
        return None
    account = session.get_one(Account, attempt.account_id)
    if account.state in STATES:
        # Told only now, to whoever proved that the account is theirs.
        attempt.error, attempt.password_ok = STATES[account.state], False
        return None
    attempt.factor_method, attempt.factor_at = attempt.way, now
    attempt.keeps_device = keeps_device
    if account.shared_title and member.list_members(session, actor, account.id):
        return None
    return _open(session, actor, attempt, account, device_label, None, now)


def open_pending(session: Session, actor: Actor, attempt: SignInAttempt, *, now: datetime) -> str:
    """For an account still waiting whose password and code were right: the token that opens its registration.

    '' for any other attempt, and for an account no registration made.
    """
    if attempt.error != STATES[AccountState.PENDING]:
        return ""
    waiting = session.exec(
        select(Registration.id).where(Registration.account_id == attempt.account_id)
    ).first()
    return registration.open_browser(session, actor, waiting, now=now) if waiting else ""


def list_attempt_members(
    session: Session, actor: Actor, attempt: SignInAttempt
) -> tuple[MemberRow, ...]:
    """Who may name themselves now: nobody before the factor was given."""
    if attempt.factor_at is None or attempt.account_id is None:
        return ()
    return member.list_members(session, actor, attempt.account_id)


def prepare_member(
    session: Session, actor: Actor, attempt: SignInAttempt, member_id: UUID, *, now: datetime
) -> MemberCheck:
    """What verifying a member's code needs; a member of another account does not exist."""
    if attempt.factor_at is None or attempt.account_id is None:
        raise NotFound("member.not_found")
    return member.prepare(session, actor, attempt.account_id, member_id, now=now)


def settle_member(
    session: Session,
    actor: Actor,
    attempt: SignInAttempt,
    check: MemberCheck,
    *,
    is_right: bool,
    device_label: str,
    now: datetime,
) -> SignedIn | None:
    """Open the session of the member whose code was right, or leave the reason in `attempt.error`."""
    session.refresh(attempt, with_for_update=True)
    if attempt.factor_at is None or attempt.account_id is None or attempt.expires_at <= now:
        attempt.error = "sign_in.start_again"
        return None
    _note(attempt, member.settle(session, actor, check, is_right=is_right, now=now))
    if attempt.error:
        return None
    account = session.get_one(Account, attempt.account_id)
    if account.state in STATES:
        attempt.error, attempt.password_ok = STATES[account.state], False
        return None
    return _open(session, actor, attempt, account, device_label, check.member_id, now)


def last_code_sent_at(session: Session, actor: Actor, attempt: SignInAttempt) -> datetime | None:
    """When the newest code of this attempt left."""
    sent = one_time_code.last_sent(session, actor, _subject(attempt))
    return sent.sent_at if sent else None


def is_code_late(session: Session, actor: Actor, attempt: SignInAttempt, *, now: datetime) -> bool:
    """Whether the attempt's code still waits for a mail server or gateway that does not answer."""
    sent = one_time_code.last_sent(session, actor, _subject(attempt))
    return sent is not None and outbox.is_late(session, actor, sent.channel, sent.sent_to, now=now)


def _open(
    session: Session,
    actor: Actor,
    attempt: SignInAttempt,
    account: Account,
    label: str,
    member_id: UUID | None,
    now: datetime,
) -> SignedIn:
    attempt.expires_at = now
    device_id = device.remember_device(
        session, actor, account, attempt.device_id, label=label, now=now
    )
    proof = Proof(
        method=attempt.factor_method or SignInMethod.EMAIL_CODE,
        factor_at=attempt.factor_at,
        device_id=device_id,
        member_id=member_id,
    )
    _, token = sessions.open_session(
        session, account, device=label, address=actor.address, proof=proof, now=now
    )
    return SignedIn(
        token,
        account.id,
        attempt.next_path,
        account.role.value,
        device_id,
        attempt.keeps_device,
    )


def _take(session: Session, actor: Actor, attempt: SignInAttempt, way: Way, now: datetime) -> None:
    outcome = Outcome()
    if way.method in SENT:
        outcome = second_factor.send_code(session, actor, _subject(attempt), way, now=now)
    _note(attempt, outcome)
    is_same = (attempt.way, attempt.destination_id) == (way.method, way.destination_id)
    if outcome.is_ok or attempt.way is None or is_same:
        attempt.way, attempt.destination_id = way.method, way.destination_id
        attempt.masked_destination = way.destination


def _ways(session: Session, actor: Actor, attempt: SignInAttempt) -> tuple[Way, ...]:
    if attempt.account_id is None:
        return ()
    return second_factor.list_ways(session, actor, attempt.account_id)


def _subject(attempt: SignInAttempt) -> Subject:
    return Subject(CodePurpose.SIGN_IN, attempt.id, attempt.account_id)


def _note(attempt: SignInAttempt, outcome: Outcome) -> None:
    attempt.error, attempt.retry_at = outcome.error, outcome.retry_at
