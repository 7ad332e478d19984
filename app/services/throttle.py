"""Counters that slow guessers down (S024, S032, S033): stored, so shared and kept across restarts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.db import dialect_of, keyring_of
from app.models.base import table_of
from app.models.throttle import Throttle
from app.settings import get_settings


@dataclass(frozen=True)
class Rule:
    """At most `limit` in `window`; with `free_streak`, each failure after it waits, doubling.

    With `shuts`, the last one allowed closes the door for a whole `window` from then on.
    """

    name: str
    limit: int
    window: timedelta
    free_streak: int | None = None
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(minutes=15)
    demo_limit: int | None = None
    shuts: bool = False

    @property
    def in_force(self) -> int:
        """The limit of this installation: the demonstration, where nothing is sent, may be easier."""
        if self.demo_limit is not None and get_settings().is_demo:
            return self.demo_limit
        return self.limit


def blocked_until(session: Session, rule: Rule, subject: str, *, now: datetime) -> datetime | None:
    """When the subject may try again, or None when they may now."""
    counter = session.get(Throttle, _key(session, rule, subject))
    if counter is None:
        return None
    if counter.blocked_until is not None and counter.blocked_until > now:
        return counter.blocked_until
    window_ends_at = counter.window_started_at + rule.window
    if counter.count >= rule.in_force and window_ends_at > now:
        return window_ends_at
    return None


def left(session: Session, rule: Rule, subject: str, *, now: datetime) -> int:
    """How many more tries the present window bears."""
    counter = session.get(Throttle, _key(session, rule, subject))
    if counter is None or counter.window_started_at + rule.window <= now:
        return rule.in_force
    return max(rule.in_force - counter.count, 0)


def network_of(address: str) -> str:
    """Whom an address counts for: itself, or its /64 when it is IPv6 (S024)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004 - IPv4
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))


def hold(session: Session, rule: Rule, subject: str, *, now: datetime) -> None:
    """Lock a counter until the act ends: of tries made at once, each sees what the one before counted."""
    key = _key(session, rule, subject)
    _ensure(session, key, now)
    session.get_one(Throttle, key, with_for_update=True, populate_existing=True)


def count(session: Session, rule: Rule, subject: str, *, now: datetime, weight: int = 1) -> None:
    """Record one more try, or one more failure, of the subject; `weight`: how many it is worth."""
    # Tries made at once are all counted, on every process.
    hold(session, rule, subject, now=now)
    counter = session.get_one(Throttle, _key(session, rule, subject))
    if counter.window_started_at + rule.window <= now:
        counter.count, counter.window_started_at = 0, now
    counter.count += weight
    counter.streak += 1
    if rule.shuts and counter.count - weight < rule.in_force <= counter.count:
        counter.blocked_until = now + rule.window
    if rule.free_streak is not None and counter.streak >= rule.free_streak:
        doublings = min(counter.streak - rule.free_streak, 10)
        counter.blocked_until = now + min(rule.first_wait * 2**doublings, rule.longest_wait)


def forgive(session: Session, rule: Rule, subject: str) -> None:
    """A success ends the streak; the count of the window stays."""
    counter = session.get(Throttle, _key(session, rule, subject))
    if counter is not None:
        counter.streak, counter.blocked_until = 0, None


def _ensure(session: Session, key: bytes, now: datetime) -> None:
    insert = postgresql.insert if dialect_of(session) == "postgresql" else sqlite.insert
    session.flush()
    session.execute(
        insert(table_of(Throttle))
        .values(key=key, count=0, streak=0, window_started_at=now)
        .on_conflict_do_nothing()
    )


def _key(session: Session, rule: Rule, subject: str) -> bytes:
    return keyring_of(session).mac("throttle", f"{rule.name}\x1f{subject}")
