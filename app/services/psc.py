"""Signing in with Pro Santé Connect: whose account it is, and what becomes of an identity without one.

An account is found by issuer and subject, then by RPPS number, never by e-mail (S042, FA-19, FA-20, PS-22).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.authz import policies
from app.authz.actor import Actor
from app.crypto import SealBroken, new_token, token_digest
from app.db import keyring_of
from app.errors import Forbidden, NotFound, RuleViolation
from app.integrations.psc_identity import Activity, Exercise, PscIdentity
from app.models.account import Account, AccountState
from app.models.factor import FederatedIdentity
from app.models.professional import Professional
from app.models.psc import PendingIdentity
from app.models.session import SignInMethod, SignInSession
from app.services import device as devices, session as sessions, sign_out
from app.services.psc_link import find_link, is_same_name, link_identity
from app.services.session import SignedIn

# As long as a session at the provider, so that ours never outlives it by more (FA-09, FA-10).
SESSION_LIFE = timedelta(hours=4)
PENDING_LIFE = timedelta(minutes=30)

_CLOSED = {
    AccountState.PENDING: "psc.account_pending",
    AccountState.SUSPENDED: "psc.account_suspended",
    AccountState.CLOSED: "psc.account_closed",
}


@dataclass(frozen=True)
class PendingPerson:
    """Somebody whom the provider vouches for, waiting to link an account or to make one."""

    identity: PscIdentity
    id_token: str


@dataclass(frozen=True)
class Pending:
    """What a browser came back with. `fault`: the code of what to say first."""

    person: PendingPerson | None
    fault: str


def sign_in(
    session: Session,
    actor: Actor,
    identity: PscIdentity,
    id_token: str,
    *,
    device: str,
    device_ids: Iterable[UUID] = (),
    next_path: str = "",
    now: datetime,
) -> SignedIn | None:
    """Open the session of the account this identity belongs to; None when there is none.

    `device_ids`: those the browser's cookie names; the owner is told of one not known before (S037).
    Raises RuleViolation when there is one that may not be opened.
    """
    account = _linked_account(session, actor, identity) or _account_by_rpps(
        session, actor, identity, now=now
    )
    if account is None:
        return None
    if account.state is not AccountState.ACTIVE:
        raise RuleViolation(_CLOSED[account.state])
    known = devices.find_device(session, actor, account.id, device_ids, now=now)
    device_id = devices.remember_device(session, actor, account, known, label=device, now=now)
    proof = sessions.Proof(
        method=SignInMethod.PSC,
        factor_at=now,
        device_id=device_id,
        provider_sid=identity.sid,
        sealed_id_token=keyring_of(session).seal(id_token.encode(), owner=_owner(account.id)),
    )
    row, token = sessions.open_session(
        session, account, device=device, address=actor.address, proof=proof, now=now
    )
    row.expires_at = min(row.expires_at, now + SESSION_LIFE)
    return SignedIn(token, account.id, next_path, account.role.value, device_id)


def keep_pending(
    session: Session,
    actor: Actor,
    *,
    identity: PscIdentity | None = None,
    id_token: str = "",
    fault: str = "",
    now: datetime,
) -> str:
    """Keep what a browser came back with; returns the token of its cookie."""
    token = new_token()
    row = PendingIdentity(
        token_digest=token_digest(token),
        fault=fault,
        created_at=now,
        expires_at=now + PENDING_LIFE,
    )
    if identity is not None:
        plain = json.dumps({"identity": asdict(identity), "id_token": id_token})
        row.sealed = keyring_of(session).seal(plain.encode(), owner=_owner(row.id))
    session.add(row)
    return token


def read_pending(session: Session, actor: Actor, token: str, *, now: datetime) -> Pending | None:
    """What the browser that holds this token came back with, while it is kept."""
    row = _pending_row(session, token, now=now)
    if row is None:
        return None
    return Pending(_person(session, row), row.fault)


def pending_identity(
    session: Session, actor: Actor, token: str, *, now: datetime
) -> PendingPerson | None:
    """The identity waiting in this browser, for a registration to start from (MM-29, MM-30)."""
    found = read_pending(session, actor, token, now=now)
    return found.person if found else None


def note_fault(session: Session, actor: Actor, token: str, fault: str, *, now: datetime) -> None:
    """Leave a fault to say beside the identity that waits."""
    row = _pending_row(session, token, now=now)
    if row is not None:
        row.fault = fault


def drop_pending(session: Session, actor: Actor, token: str) -> None:
    """Forget what waits in this browser: it was linked, registered or given up."""
    if token:
        session.execute(
            delete(PendingIdentity).where(col(PendingIdentity.token_digest) == token_digest(token))
        )


def link_pending(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """Link the waiting identity to one's own account, after a factor given just now (PS-23, S054)."""
    account_id = policies.require_fresh_factor(actor, now=now)
    person = pending_identity(session, actor, token, now=now)
    if person is None:
        raise NotFound("psc.nothing_pending")
    link_identity(session, actor, session.get_one(Account, account_id), person.identity, now=now)
    drop_pending(session, actor, token)


def id_token_of(session: Session, actor: Actor) -> str:
    """The id token kept with the actor's sign-in, for its sign-out (FA-11); '' without one."""
    if actor.session_id is None or actor.account_id is None:
        return ""
    sealed = session.exec(
        select(SignInSession.sealed_id_token).where(SignInSession.id == actor.session_id)
    ).first()
    if not sealed:
        return ""
    try:
        return keyring_of(session).unseal(sealed, owner=_owner(actor.account_id)).decode()
    except SealBroken:
        return ""


def end_from_provider(
    session: Session, actor: Actor, issuer: str, subject: str, sid: str, *, now: datetime
) -> int:
    """End the sign-ins of a session closed at the provider, or, without its name, all of a subject's.

    Returns how many.
    """
    if not actor.reason:
        raise Forbidden("action.forbidden")
    wanted = select(SignInSession).where(
        SignInSession.method == SignInMethod.PSC, col(SignInSession.ended_at).is_(None)
    )
    if sid:
        wanted = wanted.where(SignInSession.provider_sid == sid)
    else:
        linked = select(FederatedIdentity.account_id).where(
            FederatedIdentity.issuer == issuer, FederatedIdentity.subject == subject
        )
        wanted = wanted.where(col(SignInSession.account_id).in_(linked))
    rows = session.exec(wanted).all()
    for row in rows:
        whose = Actor(account_id=row.account_id, session_id=row.id, reason=actor.reason)
        sign_out.end(session, whose, reason="provider", now=now)
    return len(rows)


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop identities nobody came back for."""
    session.execute(delete(PendingIdentity).where(col(PendingIdentity.expires_at) < now))


def _linked_account(session: Session, actor: Actor, identity: PscIdentity) -> Account | None:
    linked = find_link(session, actor, identity)
    if linked is None:
        return None
    rpps = session.exec(
        select(Professional.rpps).where(Professional.account_id == linked.account_id)
    ).first()
    # A subject given to another person is no proof: the number decides (FA-19).
    if identity.rpps and rpps != identity.rpps:
        return None
    return session.get_one(Account, linked.account_id)


def _account_by_rpps(
    session: Session, actor: Actor, identity: PscIdentity, *, now: datetime
) -> Account | None:
    """The account of this number, when it also bears the name: else its holder signs in to it first.

    So does whoever detached it: what they undid is not done again behind their back.
    """
    if not identity.rpps:
        return None
    account = session.exec(
        select(Account)
        .join(Professional, col(Professional.account_id) == col(Account.id))
        .where(Professional.rpps == identity.rpps)
    ).first()
    if account is None or account.state is not AccountState.ACTIVE:
        return account
    if account.psc_unlinked_at is not None or not is_same_name(account, identity):
        return None
    whose = Actor(account_id=account.id, role=account.role, address=actor.address)
    link_identity(session, whose, account, identity, now=now)
    return account


def _pending_row(session: Session, token: str, *, now: datetime) -> PendingIdentity | None:
    if not token:
        return None
    row = session.exec(
        select(PendingIdentity).where(PendingIdentity.token_digest == token_digest(token))
    ).first()
    return row if row is not None and row.expires_at > now else None


def _person(session: Session, row: PendingIdentity) -> PendingPerson | None:
    if row.sealed is None:
        return None
    try:
        kept = json.loads(keyring_of(session).unseal(row.sealed, owner=_owner(row.id)))
    except SealBroken:
        return None
    return PendingPerson(_identity(kept["identity"]), str(kept["id_token"]))


def _identity(kept: dict[str, Any]) -> PscIdentity:
    """An identity as it was written down: JSON knows lists only."""
    exercises = tuple(
        Exercise(**{**one, "activities": tuple(Activity(**place) for place in one["activities"])})
        for one in kept.pop("exercises")
    )
    lists: dict[str, Any] = {
        name: tuple(kept.pop(name)) for name in ("profession_codes", "organisations")
    }
    return PscIdentity(**kept, **lists, exercises=exercises)


def _owner(owner_id: UUID) -> str:
    return f"psc/{owner_id}"
