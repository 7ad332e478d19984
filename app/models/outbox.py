"""Messages to send, written in the transaction of the act that causes them (S145)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class OutboxState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutboxMessage(SQLModel, table=True):
    """One mail or SMS on its way out."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_due", "state", "next_try_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    channel: Channel = Field(sa_type=stored_enum(Channel, "outbox_channel"))
    to: str = Field(max_length=254)
    subject: str = Field(default="", max_length=200)
    text: str
    state: OutboxState = Field(
        default=OutboxState.WAITING, sa_type=stored_enum(OutboxState, "outbox_state")
    )
    created_at: datetime = Field(index=True)
    next_try_at: datetime
    give_up_at: datetime
    tries: int = 0
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
