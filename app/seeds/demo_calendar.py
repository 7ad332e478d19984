"""When the demonstration happened: everything is dated back from the day of its first start."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
NAMESPACE = UUID("6f9e0c5a-3a54-4f0e-9d2f-1f2b5c7d8e90")


@dataclass(frozen=True)
class Calendar:
    """Days counted back from now."""

    now: datetime

    def day(self, days_ago: int) -> date:
        """The date in Paris."""
        return self.now.astimezone(PARIS).date() - timedelta(days=days_ago)

    def at(self, days_ago: int, *, minutes: int = 0) -> datetime:
        """Twenty to nine in the morning of that day, or now when that is still to come."""
        moment = datetime.combine(self.day(days_ago), time(8, 40), PARIS)
        return min(moment + timedelta(minutes=minutes), self.now)


def key_of(number: int, act: str) -> UUID:
    """The key of a once-only submit: the same at every start."""
    return uuid5(NAMESPACE, f"{number} {act}")
