"""The chronology: one row per fact of the follow-up, whatever its kind (CX-34).

Each kind keeps its own values in a table of its own, sharing the key of the entry.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class EntryKind(StrEnum):
    ENROLMENT = "enrolment"
    TREATMENT = "treatment"
    TOLERANCE = "tolerance"
    INTERACTION = "interaction"
    ADHERENCE = "adherence"


class ContactMode(StrEnum):
    """How the professional met the patient for this entry (CX-35, D-03)."""

    ON_SITE = "on_site"
    PHONE = "phone"
    VIDEO = "video"
    NONE = "none"


class Entry(SQLModel, table=True):
    """One version of one fact. A correction is a new row that supersedes the earlier one.

    Entries are ordered by the date of the fact, then by when its first version was typed: a correction
    leaves an entry where it was.
    """

    __table_args__ = (
        Index(
            "ix_entry_chronology",
            "patient_id",
            "superseded_at",
            "occurred_on",
            "first_recorded_at",
        ),
        Index(
            "ix_entry_by_kind",
            "patient_id",
            "kind",
            "superseded_at",
            "occurred_on",
            "first_recorded_at",
        ),
        Index(
            "ix_entry_by_treatment",
            "treatment_id",
            "kind",
            "superseded_at",
            "occurred_on",
            "first_recorded_at",
        ),
        Index("ix_entry_recorded", "patient_id", "recorded_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    kind: EntryKind = Field(sa_type=stored_enum(EntryKind, "entry_kind"))
    treatment_id: UUID | None = Field(default=None, foreign_key="treatment.id")
    author_id: UUID = Field(foreign_key="professional.id")
    recorded_by_id: UUID | None = Field(
        default=None,
        foreign_key="account.id",
        description="who typed it for the author, as their delegate (CX-48)",
    )
    recorded_member_id: UUID | None = Field(
        default=None,
        foreign_key="account_member.id",
        description="the person inside that account, when it is shared",
    )
    occurred_on: date
    recorded_at: datetime
    contact_mode: ContactMode = Field(
        default=ContactMode.NONE, sa_type=stored_enum(ContactMode, "entry_contact")
    )
    contact_on: date | None = None
    note: str = Field(default="", max_length=2000)
    supersedes_id: UUID | None = Field(default=None, foreign_key="entry.id", unique=True)
    superseded_at: datetime | None = None
    first_recorded_at: datetime
    version: int = 1
