"""Counters that slow guessers down (S024, S032, S033): stored, so shared and kept across restarts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.db import keyring_of
from app.models.throttle import Throttle
from app.settings import get_settings


@dataclass(frozen=True)
class Rule:
    """At most `limit` in `window`; with `free_streak`, each failure after it waits, doubling."""

    name: str
    limit: int
    window: timedelta
    free_streak: int | None = None
    first_wait: timedelta = timedelta(minutes=1)
    longest_wait: timedelta = timedelta(minutes=15)
    demo_limit: int | None = None

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


def count(session: Session, rule: Rule, subject: str, *, now: datetime) -> None:
    """Record one more try, or one more failure, of the subject."""
    key = _key(session, rule, subject)
    counter = session.get(Throttle, key)
    if counter is None:
        counter = Throttle(key=key, window_started_at=now)
        session.add(counter)
    elif counter.window_started_at + rule.window <= now:
        counter.count, counter.window_started_at = 0, now
    counter.count += 1
    counter.streak += 1
    if rule.free_streak is not None and counter.streak >= rule.free_streak:
        doublings = min(counter.streak - rule.free_streak, 10)
        counter.blocked_until = now + min(rule.first_wait * 2**doublings, rule.longest_wait)


def forgive(session: Session, rule: Rule, subject: str) -> None:
    """A success ends the streak; the count of the window stays."""
    counter = session.get(Throttle, _key(session, rule, subject))
    if counter is not None:
        counter.streak, counter.blocked_until = 0, None


def _key(session: Session, rule: Rule, subject: str) -> bytes:
    return keyring_of(session).mac("throttle", f"{rule.name}\x1f{subject}")
