"""The catalogue of applications, the address used in each, and the consents to exchange with them (U-21)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum, unique_active


class ApplicationAudience(StrEnum):
    """Whose tile it is."""

    ALL = "all"
    PATIENTS = "patients"
    TEAMS = "teams"


class Application(SQLModel, table=True):
    """An application of another publisher (DM-01), opened from its tile."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    publisher: str = Field(max_length=120)
    description: str = Field(max_length=400)
    url: str = Field(max_length=300, description="https only")
    audience: ApplicationAudience = Field(
        sa_type=stored_enum(ApplicationAudience, "application_audience")
    )
    is_labelled: bool = Field(default=False, description="« labellisée par l'État »")
    shared_data: str = Field(
        default="", max_length=400, description="what a synchronisation would exchange; '' for none"
    )
    version: int = 1
    updated_at: datetime
    withdrawn_at: datetime | None = Field(default=None, description="no tile any more")


class ApplicationIdentifier(SQLModel, table=True):
    """Which of somebody's addresses is their identifier in an application (MM-46, MM-50)."""

    __tablename__ = "application_identifier"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    application_id: UUID = Field(primary_key=True, foreign_key="application.id")
    email_id: UUID = Field(foreign_key="email_address.id", index=True)
    chosen_at: datetime


class LinkMode(StrEnum):
    """Which way data would go (DM-02)."""

    READ = "read"
    BOTH = "both"


class ApplicationLink(SQLModel, table=True):
    """A consent to exchange with an application: given, in force, withdrawn. It never changes otherwise."""

    __tablename__ = "application_link"
    __table_args__ = (
        unique_active(
            "uq_application_link_open", "account_id", "application_id", where="withdrawn_at IS NULL"
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    application_id: UUID = Field(foreign_key="application.id", index=True)
    mode: LinkMode = Field(sa_type=stored_enum(LinkMode, "application_link_mode"))
    consented_at: datetime
    withdrawn_at: datetime | None = None
