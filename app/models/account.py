"""Who may sign in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class Role(StrEnum):
    """What an account is for. Rights come from care links and consents, never from the role alone."""

    PROFESSIONAL = "professional"
    PATIENT = "patient"
    ADMINISTRATOR = "administrator"


class Account(SQLModel, table=True):
    """One person's way in."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(max_length=254, unique=True, description="lower case")
    password_hash: str = Field(max_length=255)
    role: Role = Field(sa_type=stored_enum(Role, "account_role"))
    civility: str = Field(default="", max_length=20, description="M., Mme, Dr, Dre, Pr…")
    family_name: str = Field(max_length=100)
    given_name: str = Field(max_length=100)
    is_active: bool = True
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id", unique=True)
    created_at: datetime
