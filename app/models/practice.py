"""Places of practice of an account, each with its partner laboratory (MM-11, MM-13)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.facility import MAX_ADDRESS, MAX_CITY, MAX_NAME


class Practice(SQLModel, table=True):
    """One place. Its words are copied: `facility_id` is empty for one that was typed by hand."""

    __table_args__ = (Index("ix_practice_account_id", "account_id", "position"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    facility_id: UUID | None = Field(default=None, foreign_key="facility.id")
    finess: str = Field(default="", max_length=9)
    name: str = Field(max_length=MAX_NAME)
    address: str = Field(default="", max_length=MAX_ADDRESS)
    postcode: str = Field(default="", max_length=10)
    city: str = Field(default="", max_length=MAX_CITY)
    laboratory_id: UUID | None = Field(default=None, foreign_key="facility.id")
    position: int = Field(description="the first one is shown beside the name")
    created_at: datetime
