"""The open sign-ins and the known browsers of one's own account (S053, S025)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz import policies
from app.authz.actor import Actor
from app.errors import NotFound
from app.models.account import Account
from app.models.factor import FederatedIdentity, KnownDevice, RecoveryCode, TotpFactor
from app.models.session import SignInMethod, SignInSession
from app.services import journal, session as sessions, sign_out


@dataclass(frozen=True)
class SignInRow:
    """One open sign-in: device, place, time, and how it was proved."""

    id: UUID
    device: str
    address: str
    method: SignInMethod
    opened_at: datetime
    last_act_at: datetime
    is_this_one: bool


@dataclass(frozen=True)
class DeviceRow:
    """A browser that signed in before and was not forgotten."""

    id: UUID
    label: str
    first_seen_at: datetime
    last_seen_at: datetime
    is_this_one: bool


@dataclass(frozen=True)
class SecurityView:
    """How an account is kept. `is_fresh`: changes are open, a factor was just given (S054)."""

    sign_ins: tuple[SignInRow, ...]
    devices: tuple[DeviceRow, ...]
    totp_since: datetime | None
    recovery_left: int
    recovery_made_at: datetime | None
    psc_since: datetime | None
    psc_unlinked_at: datetime | None
    is_fresh: bool


def read_security(session: Session, actor: Actor, *, now: datetime) -> SecurityView:
    """The state of one's own account: factors, open sign-ins, known browsers."""
    account_id = policies.require_own_account(actor)
    totp = session.get(TotpFactor, account_id)
    codes = session.exec(
        select(RecoveryCode.created_at).where(
            RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None)
        )
    ).all()
    psc = session.exec(
        select(FederatedIdentity.linked_at)
        .where(FederatedIdentity.account_id == account_id)
        .order_by(col(FederatedIdentity.linked_at))
    ).first()
    return SecurityView(
        sign_ins=_sign_ins(session, actor, account_id, now),
        devices=_devices(session, actor, account_id),
        totp_since=totp.confirmed_at if totp else None,
        recovery_left=len(codes),
        recovery_made_at=max(codes, default=None),
        psc_since=psc,
        psc_unlinked_at=session.get_one(Account, account_id).psc_unlinked_at,
        is_fresh=policies.is_factor_fresh(actor, now=now),
    )


def close_sign_in(session: Session, actor: Actor, session_id: UUID, *, now: datetime) -> None:
    """End one of one's own sign-ins; its open pages leave within two seconds."""
    policies.require_own_account(actor)
    sign_out.end_chosen(session, actor, session_id, reason="closed", now=now)


def close_others(session: Session, actor: Actor, *, now: datetime) -> int:
    """End every other sign-in; returns how many there were."""
    policies.require_own_account(actor)
    return sign_out.end_others(session, actor, reason="closed", now=now)


def forget_device(session: Session, actor: Actor, device_id: UUID, *, now: datetime) -> None:
    """Know a browser no more: its next sign-in is that of a new one, and is told (S037)."""
    account_id = policies.require_own_account(actor)
    row = session.get(KnownDevice, device_id)
    if row is None or row.account_id != account_id or row.forgotten_at is not None:
        raise NotFound("device.not_found")
    row.forgotten_at = now
    journal.record(session, actor, "device.forgotten", object_id=row.id, now=now)


def _sign_ins(
    session: Session, actor: Actor, account_id: UUID, now: datetime
) -> tuple[SignInRow, ...]:
    assert actor.role is not None
    rows = session.exec(
        select(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.expires_at) > now,
            col(SignInSession.last_act_at) > now - sessions.IDLE_LIFE[actor.role],
        )
        .order_by(col(SignInSession.id) != actor.session_id, col(SignInSession.last_act_at).desc())
        .limit(sessions.MAX_OPEN)
    )
    return tuple(
        SignInRow(
            row.id,
            row.device,
            row.address,
            row.method,
            row.created_at,
            row.last_act_at,
            row.id == actor.session_id,
        )
        for row in rows
    )


def _devices(session: Session, actor: Actor, account_id: UUID) -> tuple[DeviceRow, ...]:
    here = session.exec(
        select(SignInSession.device_id).where(SignInSession.id == actor.session_id)
    ).first()
    rows = session.exec(
        select(KnownDevice)
        .where(KnownDevice.account_id == account_id, col(KnownDevice.forgotten_at).is_(None))
        .order_by(col(KnownDevice.last_seen_at).desc())
    )
    return tuple(
        DeviceRow(row.id, row.label, row.first_seen_at, row.last_seen_at, row.id == here)
        for row in rows
    )
