"""The one place that reads the clock for the screens; services are given the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def utc_now() -> datetime:
    """Now, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in Paris."""
    return utc_now().astimezone(PARIS).date()
