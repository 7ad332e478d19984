"""Browsers that signed in before: their own counter of wrong passwords, a mail for a new one (S025, S037)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.authz.actor import Actor
from app.models.account import Account
from app.models.factor import KnownDevice
from app.models.session import SignInSession
from app.services import security_notice
from app.services.security_notice import Notice

LIFE = timedelta(days=90)


def find_device(
    session: Session, actor: Actor, account_id: UUID, device_ids: Iterable[UUID], *, now: datetime
) -> UUID | None:
    """Which of the devices a cookie names is one of this account's, seen in the last 90 days."""
    named = list(device_ids)
    if not named:
        return None
    return session.exec(
        select(KnownDevice.id).where(
            KnownDevice.account_id == account_id,
            col(KnownDevice.id).in_(named),
            col(KnownDevice.forgotten_at).is_(None),
            KnownDevice.last_seen_at > now - LIFE,
        )
    ).first()


def of_sign_in(session: Session, actor: Actor, *, now: datetime) -> UUID | None:
    """The known browser the actor's sign-in is from, if it is one."""
    if actor.account_id is None:
        return None
    named = session.exec(
        select(SignInSession.device_id).where(SignInSession.id == actor.session_id)
    ).first()
    return find_device(session, actor, actor.account_id, [named] if named else [], now=now)


def remember_device(
    session: Session,
    actor: Actor,
    account: Account,
    device_id: UUID | None,
    *,
    label: str,
    now: datetime,
) -> UUID:
    """Note that a browser signed in; one not known before is told to the owner. Returns its key."""
    known = session.get(KnownDevice, device_id) if device_id else None
    if known is not None and known.account_id == account.id and known.forgotten_at is None:
        known.last_seen_at, known.label = now, label[:120]
        return known.id
    new = KnownDevice(account_id=account.id, label=label[:120], first_seen_at=now, last_seen_at=now)
    session.add(new)
    session.flush()
    security_notice.tell(session, actor, account, Notice.NEW_DEVICE, more=label, now=now)
    return new.id
