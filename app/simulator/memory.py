"""What the simulator remembers while it runs: requests under way, sessions, codes, access tokens.

In memory only: the demonstration is one process, and a restart signs everybody out of it, as it should.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from app.simulator.people import Person

REQUEST_LIFE = timedelta(minutes=10)
PHONE_LIFE = timedelta(seconds=120)
CODE_LIFE = timedelta(seconds=60)
ACCESS_LIFE = timedelta(minutes=2)
SESSION_IDLE, SESSION_LIFE = timedelta(minutes=30), timedelta(hours=4)
MAX_TRIES = 3
_MOST = 1_000

T = TypeVar("T")


class Shelf(Generic[T]):
    """Values by a random name that only its holder knows; the oldest give way to new ones."""

    def __init__(self, life: timedelta) -> None:
        self._life = life
        self._kept: OrderedDict[str, tuple[T, datetime]] = OrderedDict()

    def put(self, value: T, *, now: datetime) -> str:
        """Keep a value; returns its name, of 256 bits."""
        name = secrets.token_urlsafe(32)
        self._kept[name] = (value, now + self._life)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return name

    def get(self, name: str, *, now: datetime) -> T | None:
        """The value of a name, while it lives."""
        value, ends_at = self._kept.get(name, (None, now))
        return value if ends_at > now else None

    def take(self, name: str, *, now: datetime) -> T | None:
        """The value of a name, once."""
        value = self.get(name, now=now)
        self._kept.pop(name, None)
        return value

    def drop(self, name: str) -> None:
        self._kept.pop(name, None)

    def values(self) -> list[T]:
        return [value for value, _ in self._kept.values()]


@dataclass
class Request:
    """An authorization request under way in one browser, and how far its user got."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    acr: str
    person: Person | None = None
    means: str = ""
    number: str = ""
    phone_until: datetime | None = None
    error: str = ""


@dataclass
class Session:
    """Somebody authenticated in one browser: the next service needs no second act (PS-07)."""

    person: Person
    sid: str
    means: str
    started_at: datetime
    last_at: datetime
    is_ended: bool = False

    def is_open(self, now: datetime) -> bool:
        """30 minutes idle, 4 hours in all (FA-09)."""
        return not self.is_ended and now < min(
            self.last_at + SESSION_IDLE, self.started_at + SESSION_LIFE
        )


@dataclass(frozen=True)
class Grant:
    """What a code, then an access token, stands for."""

    request: Request
    session: Session
    authenticated_at: datetime


class Memory:
    """One simulator's."""

    def __init__(self) -> None:
        self.requests: Shelf[Request] = Shelf(REQUEST_LIFE)
        self.sessions: Shelf[Session] = Shelf(SESSION_LIFE)
        self.codes: Shelf[Grant] = Shelf(CODE_LIFE)
        self.access: Shelf[Grant] = Shelf(ACCESS_LIFE)
        self._wrong: dict[tuple[str, str], int] = {}

    def tries_left(self, means: str, person: Person) -> int:
        """How many wrong codes a card or a phone still forgives; 0 when it is blocked."""
        return MAX_TRIES - self._wrong.get((means, person.key), 0)

    def count_wrong(self, means: str, person: Person) -> int:
        """Count a wrong code; returns how many are left."""
        left = max(0, self.tries_left(means, person) - 1)
        self._wrong[means, person.key] = MAX_TRIES - left
        return left

    def forgive(self, means: str, person: Person) -> None:
        """A right code, or an unblocking, gives the three tries back."""
        self._wrong.pop((means, person.key), None)
