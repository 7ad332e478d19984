"""Authenticator applications (S034): SHA-1, 30 s, 6 digits, one step of drift, no step taken twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from sqlmodel import Session, col, select, update

from app.authz import policies
from app.authz.actor import Actor
from app.crypto import SealBroken, same
from app.db import changed_rows, keyring_of
from app.errors import Invalid, NotFound
from app.models.account import Account
from app.models.factor import TotpFactor
from app.services import journal, security_notice, sign_out
from app.services.security_notice import Notice

STEP_SECONDS = 30
DRIFT = 1
# With one step of drift each way, as many of the million codes open the door at any one time.
CODES_AT_ONCE = 2 * DRIFT + 1
_SEED_CHARACTERS = 32  # base32 of 160 bits
_ISSUER = "Liane"


@dataclass(frozen=True)
class Enrolment:
    """What the application reads: the seed to type, or the address its QR code holds."""

    seed: str
    address: str


def start_totp(session: Session, actor: Actor, *, now: datetime) -> Enrolment:
    """A new seed that opens nothing until a code of it was given; a factor in use keeps working."""
    account_id = policies.require_fresh_factor(actor, now=now)
    existing = session.get(TotpFactor, account_id)
    if existing is not None and existing.confirmed_at is not None:
        raise Invalid(code="totp.already_set")
    seed = pyotp.random_base32(_SEED_CHARACTERS)
    sealed = keyring_of(session).seal(seed.encode(), owner=_owner(account_id))
    session.merge(TotpFactor(account_id=account_id, sealed_seed=sealed, created_at=now))
    return _enrolment(session.get_one(Account, account_id), seed)


def read_enrolment(session: Session, actor: Actor, *, now: datetime) -> Enrolment:
    """The seed that waits for its first code; once confirmed it is never shown again."""
    account_id = policies.require_fresh_factor(actor, now=now)
    factor = session.get(TotpFactor, account_id)
    if factor is None or factor.confirmed_at is not None:
        raise NotFound("totp.not_started")
    return _enrolment(session.get_one(Account, account_id), _seed(session, factor))


def confirm_totp(session: Session, actor: Actor, typed: str, *, now: datetime) -> None:
    """Take the application into use: its first code proves it. Ends the other sign-ins (S053)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    factor = _locked(session, account_id)
    if factor is None or factor.confirmed_at is not None:
        raise NotFound("totp.not_started")
    if not _digits(typed):
        raise Invalid(code="totp.empty")
    if not _take_step(session, factor, typed, now):
        raise Invalid(code="totp.wrong")
    factor.confirmed_at = now
    journal.record(session, actor, "totp.added", object_id=account_id, now=now)
    _changed(session, actor, account_id, now)


def remove_totp(session: Session, actor: Actor, *, now: datetime) -> None:
    """Stop using the application. Ends the other sign-ins (S053)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    factor = _locked(session, account_id)
    if factor is None:
        raise NotFound("totp.not_set")
    was_confirmed = factor.confirmed_at is not None
    session.delete(factor)
    session.flush()
    if was_confirmed:
        journal.record(session, actor, "totp.removed", object_id=account_id, now=now)
        _changed(session, actor, account_id, now)


def has_totp(session: Session, actor: Actor, account_id: UUID) -> bool:
    """Whether an account has an application in use."""
    return (
        session.exec(
            select(TotpFactor.account_id).where(
                TotpFactor.account_id == account_id, col(TotpFactor.confirmed_at).is_not(None)
            )
        ).first()
        is not None
    )


def check_totp(
    session: Session,
    actor: Actor,
    account_id: UUID,
    typed: str,
    *,
    drift: int = DRIFT,
    now: datetime,
) -> bool:
    """Whether a typed code is the account's, its step used up. Called by `second_factor`, which counts.

    `drift`: how many steps each way are taken, none when little is left of what a day allows.
    """
    factor = _locked(session, account_id)
    if factor is None or factor.confirmed_at is None:
        return False
    return _take_step(session, factor, typed, now, drift)


def _locked(session: Session, account_id: UUID) -> TotpFactor | None:
    return session.exec(
        select(TotpFactor).where(TotpFactor.account_id == account_id).with_for_update()
    ).first()


def _take_step(
    session: Session, factor: TotpFactor, typed: str, now: datetime, drift: int = DRIFT
) -> bool:
    totp = pyotp.TOTP(_seed(session, factor))
    step = int(now.timestamp()) // STEP_SECONDS
    digits = _digits(typed)
    matching = [
        at
        for at in range(step - drift, step + drift + 1)
        if same(totp.generate_otp(at), digits) and at > factor.last_step
    ]
    if not matching:
        return False
    taken = session.execute(
        update(TotpFactor)
        .where(
            col(TotpFactor.account_id) == factor.account_id,
            col(TotpFactor.last_step) < matching[0],
        )
        .values(last_step=matching[0])
    )
    return changed_rows(taken) == 1


def _digits(typed: str) -> str:
    return "".join(c for c in typed if c in "0123456789")


def _seed(session: Session, factor: TotpFactor) -> str:
    try:
        seed = keyring_of(session).unseal(factor.sealed_seed, owner=_owner(factor.account_id))
    except SealBroken:
        # Changed by hand, or restored beside another key: the person has their other ways.
        return pyotp.random_base32(_SEED_CHARACTERS)
    return seed.decode()


def _owner(account_id: UUID) -> str:
    return f"totp/{account_id}"


def _enrolment(account: Account, seed: str) -> Enrolment:
    address = pyotp.TOTP(seed).provisioning_uri(name=account.email, issuer_name=_ISSUER)
    return Enrolment(seed, address)


def _changed(session: Session, actor: Actor, account_id: UUID, now: datetime) -> None:
    sign_out.end_others(session, actor, reason="factor_changed", now=now)
    account = session.get_one(Account, account_id)
    security_notice.tell(session, actor, account, Notice.FACTOR, now=now)
