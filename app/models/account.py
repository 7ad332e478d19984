"""Who may sign in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, stored_enum


class Role(StrEnum):
    """What an account is for. Rights come from care links and consents, never from the role alone."""

    PROFESSIONAL = "professional"
    SECRETARY = "secretary"
    PATIENT = "patient"
    ADMINISTRATOR = "administrator"


class AccountState(StrEnum):
    """The life of an account (U-04); before « pending » it is a registration."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Account(SQLModel, table=True):
    """A way in: of one person, or of a secretariat whose members each name themselves (MM-25).

    `email` is what one signs in with and where codes go (MM-17): one of the account's `EmailAddress`.
    """

    __table_args__ = (
        Index("ix_account_sort_name", "sort_name", "id"),
        Index("ix_account_role", "role", "state", "sort_name", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(max_length=254, unique=True, description="lower case")
    login_name: str | None = Field(
        default=None,
        max_length=60,
        unique=True,
        description="« identifiant » of a patient, lower case",
    )
    password_hash: str = Field(max_length=255)
    role: Role = Field(sa_type=stored_enum(Role, "account_role"))
    state: AccountState = Field(
        default=AccountState.ACTIVE, sa_type=stored_enum(AccountState, "account_state")
    )
    civility: str = Field(default="", max_length=20, description="M., Mme, Dr, Dre, Pr…")
    family_name: str = Field(max_length=100)
    given_name: str = Field(max_length=100)
    shared_title: str = Field(
        default="", max_length=100, description="« Intitulé du compte » of a shared one, else empty"
    )
    card_number: str | None = Field(
        default=None, max_length=20, unique=True, description="CPS or CPE card, as on the card"
    )
    identity_certified_at: datetime | None = Field(
        default=None, description="when Pro Santé Connect vouched for names and RPPS"
    )
    psc_unlinked_at: datetime | None = Field(
        default=None,
        description="when its holder detached Pro Santé Connect, until they link it again",
    )
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id", unique=True)
    created_at: datetime
    sort_name: str = Field(
        default="", sa_type=folded_text(255), description="folded names, '' until indexed"
    )


class AccountToken(SQLModel, table=True):
    """One searchable word of the names of an account."""

    __tablename__ = "account_token"
    __table_args__ = (
        Index("ix_account_token_account_id", "account_id"),
        {"sqlite_with_rowid": False},
    )

    token: str = Field(sa_type=folded_text(60), primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
