"""How fast one socket or one address may ask (S072): kept in memory, by each process for itself."""

import time
from collections.abc import Callable

from app.settings import get_settings

_MOST_KEYS = 20_000


class Pace:
    """Buckets that fill at `per_second` up to `burst`; each request takes one unit."""

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_second = per_second
        self.burst = burst
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> bool:
        """Whether one more is within the pace."""
        now = self._clock()
        left, seen_at = self._buckets.get(key, (float(self.burst), now))
        left = min(self.burst, left + (now - seen_at) * self.per_second)
        is_within = left >= 1
        if len(self._buckets) >= _MOST_KEYS and key not in self._buckets:
            self._forget_full(now)
        self._buckets[key] = (left - 1 if is_within else left, now)
        return is_within

    def wait_seconds(self) -> int:
        """When to try again, in whole seconds."""
        return max(1, round(1 / self.per_second))

    def _forget_full(self, now: float) -> None:
        """Drop those who waited long enough to have a full bucket again."""
        self._buckets = {
            key: (left, seen_at)
            for key, (left, seen_at) in self._buckets.items()
            if left + (now - seen_at) * self.per_second < self.burst
        }


def socket_pace() -> Pace:
    """20 events a second for each socket, 40 at once."""
    rate = get_settings().event_rate
    return Pace(rate, 2 * rate)


def address_pace() -> Pace:
    """300 posts a minute for each address."""
    rate = get_settings().request_rate
    return Pace(rate / 60, rate)
