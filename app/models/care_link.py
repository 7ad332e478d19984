"""The care circle (FHIR CareTeam): which professionals follow which patient."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, unique_active


class CareLink(SQLModel, table=True):
    """One professional in one patient's circle, from `started_at` until `ended_at`.

    The last columns are a reading copy, kept in the transaction that changes their source, so that a
    professional's lists and counts are index scans whatever the size of the base.
    """

    __tablename__ = "care_link"
    __table_args__ = (
        unique_active("uq_care_link_active", "patient_id", "professional_id"),
        Index(
            "ix_care_link_by_name",
            "professional_id",
            "ended_at",
            "sort_name",
            "patient_id",
        ),
        Index(
            "ix_care_link_by_entry",
            "professional_id",
            "ended_at",
            "last_entry_on",
            "patient_id",
        ),
        Index(
            "ix_care_link_by_opening",
            "professional_id",
            "ended_at",
            "opened_at",
            "patient_id",
        ),
        Index(
            "ix_care_link_unread",
            "professional_id",
            "ended_at",
            "unread_count",
            "patient_id",
        ),
        Index("ix_care_link_severe", "professional_id", "ended_at", "severe_on"),
        Index("ix_care_link_falling", "professional_id", "ended_at", "falling_on"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    professional_id: UUID = Field(foreign_key="professional.id")
    added_by_id: UUID = Field(foreign_key="professional.id")
    started_at: datetime
    ended_at: datetime | None = None
    ended_by_id: UUID | None = Field(default=None, foreign_key="professional.id")
    read_at: datetime
    opened_at: datetime | None = None
    sort_name: str = Field(sa_type=folded_text(260))
    last_entry_on: date | None = None
    unread_count: int = 0
    severe_on: date | None = Field(
        default=None, description="latest tolerance entry of a severe grade"
    )
    falling_on: date | None = Field(
        default=None, description="latest adherence entry of a treatment it falls for"
    )
