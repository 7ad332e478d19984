"""Going to Pro Santé Connect and coming back, in the same browser and once (S040, S044)."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from app.authz.actor import Actor
from app.crypto import Keyring, new_token, same, token_digest
from app.db import keyring_of
from app.errors import Forbidden
from app.models.psc import PscTrip, TripPurpose
from app.services.throttle import Rule, blocked_until, count

TRIP_LIFE = timedelta(minutes=10)
STARTS = Rule("psc_start", limit=60, window=timedelta(hours=1), demo_limit=1_000)


@dataclass(frozen=True)
class Trip:
    """What goes with a browser: the token of its cookie, and three values of 256 bits drawn from it."""

    token: str
    state: str
    nonce: str
    verifier: str
    purpose: TripPurpose
    next_path: str


def start_trip(
    session: Session,
    actor: Actor,
    purpose: TripPurpose,
    *,
    next_path: str = "",
    now: datetime,
) -> Trip:
    """Prepare one trip. Raises Forbidden when one address starts too many."""
    if blocked_until(session, STARTS, actor.address, now=now) is not None:
        raise Forbidden("psc.too_many")
    count(session, STARTS, actor.address, now=now)
    token = new_token()
    session.add(
        PscTrip(
            token_digest=token_digest(token),
            purpose=purpose,
            next_path=next_path[:500],
            created_at=now,
            expires_at=now + TRIP_LIFE,
        )
    )
    return _trip(keyring_of(session), token, purpose, next_path[:500])


def finish_trip(
    session: Session,
    actor: Actor,
    token: str,
    state: str,
    purposes: frozenset[TripPurpose],
    *,
    now: datetime,
) -> Trip:
    """The trip this browser returns from, which is over from now on.

    Raises Forbidden for another browser, another state, a second return or a late one. A forged return does
    not end the trip: whoever is on it still comes back.
    """
    if not token:
        raise Forbidden("psc.other_browser")
    row = session.exec(select(PscTrip).where(PscTrip.token_digest == token_digest(token))).first()
    if row is None or row.purpose not in purposes:
        raise Forbidden("psc.other_browser")
    trip = _trip(keyring_of(session), token, row.purpose, row.next_path)
    if not same(state, trip.state):
        raise Forbidden("psc.other_browser")
    if row.expires_at <= now:
        raise Forbidden("psc.expired")
    ended = session.execute(
        update(PscTrip)
        .where(col(PscTrip.id) == row.id, col(PscTrip.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(PscTrip.id))
    ).first()
    if ended is None:
        raise Forbidden("psc.used")
    return trip


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop trips nobody can return from any more."""
    session.execute(delete(PscTrip).where(col(PscTrip.expires_at) < now - timedelta(days=1)))


def _trip(keyring: Keyring, token: str, purpose: TripPurpose, next_path: str) -> Trip:
    state, nonce, verifier = (_drawn(keyring, use, token) for use in ("state", "nonce", "verifier"))
    return Trip(token, state, nonce, verifier, purpose, next_path)


def _drawn(keyring: Keyring, use: str, token: str) -> str:
    mac = keyring.mac("psc-trip", f"{use}\x1f{token}")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
