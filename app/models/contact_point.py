"""E-mail addresses and telephones of an account (FHIR ContactPoint). Each is proved before it is used."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import unique_active


class EmailAddress(SQLModel, table=True):
    """One proved address of one account; the starred one receives notifications (MM-44, MM-47)."""

    __tablename__ = "email_address"
    __table_args__ = (unique_active("uq_email_address_starred", "account_id", where="is_starred"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    address: str = Field(max_length=254, unique=True, description="lower case")
    is_starred: bool = False
    verified_at: datetime


class Phone(SQLModel, table=True):
    """One telephone of one account; codes go only to a verified one (U-03, S038)."""

    __table_args__ = (Index("uq_phone_account_id_number", "account_id", "number", unique=True),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    number: str = Field(max_length=16, description="E.164: +33612345678")
    verified_at: datetime | None = None
    created_at: datetime
