"""Counters that slow guessers down; they survive a restart and are shared by all processes (S024)."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Throttle(SQLModel, table=True):
    """One counter: how many, since when, and until when the door stays shut."""

    key: bytes = Field(primary_key=True, description="HMAC of the rule and its subject")
    count: int = 0
    streak: int = 0
    window_started_at: datetime
    blocked_until: datetime | None = None
