"""Once-only keys: a double click, a retry or a reconnection makes one act (S143)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel


class Submission(SQLModel, table=True):
    """The key a form was submitted with and what the act produced."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    key: UUID = Field(primary_key=True)
    result_id: UUID
    made_at: datetime = Field(index=True)
