"""When somebody is told by mail of messages received (CX-43 to CX-45)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum
from app.models.message import Priority


class InformationRhythm(StrEnum):
    """How often « Pour information » is gathered into a mail (CX-44)."""

    DAILY = "daily"
    EVERY_THREE_DAYS = "every_three_days"
    WEEKLY = "weekly"


class NotificationPreference(SQLModel, table=True):
    """The rhythms somebody chose. Without a row, those of a new account: the most frequent ones."""

    __tablename__ = "notification_preference"
    __table_args__ = (
        CheckConstraint("contact_per_day BETWEEN 1 AND 3", name="contact_per_day_range"),
    )

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    information: InformationRhythm = Field(
        default=InformationRhythm.DAILY,
        sa_type=stored_enum(InformationRhythm, "notification_information"),
    )
    contact_per_day: int = Field(default=3, description="mails a day for « besoin de contact »")


class DigestSchedule(SQLModel, table=True):
    """The next digest of one priority for one account: the row is the job.

    It waits from the first message that no digest announced (`new_since`) until the one that does, so that
    what a tick reads grows with the messages and not with the accounts.
    """

    __tablename__ = "digest_schedule"
    __table_args__ = (
        CheckConstraint("(next_at IS NULL) = (new_since IS NULL)", name="waits_for_something"),
    )

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    priority: Priority = Field(
        sa_type=stored_enum(Priority, "digest_priority"),
        primary_key=True,
    )
    next_at: datetime | None = Field(default=None, index=True, description="when its turn comes")
    new_since: datetime | None = Field(
        default=None, description="of the oldest message that no digest announced"
    )
    last_sent_at: datetime | None = None
