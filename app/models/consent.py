"""The consent register (FHIR Consent, U-11) and the information notice handed to patients (CX-14)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class ConsentKind(StrEnum):
    ENROLMENT = "enrolment"
    CIRCLE_ADDITION = "circle_addition"


class ConsentMode(StrEnum):
    """How the patient said yes (DM-47)."""

    ORAL = "oral"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


class InformationNotice(SQLModel, table=True):
    """One version of the notice; a published version never changes."""

    __tablename__ = "information_notice"
    __table_args__ = (UniqueConstraint("version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    version: str = Field(max_length=20)
    title: str = Field(max_length=200)
    body: str = Field(
        description="paragraphs apart by a blank line; a line starting with ## is a title"
    )
    published_at: datetime


class Consent(SQLModel, table=True):
    """One agreement of a patient, collected by a professional, or given by the patient on screen."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    kind: ConsentKind = Field(sa_type=stored_enum(ConsentKind, "consent_kind"))
    mode: ConsentMode = Field(sa_type=stored_enum(ConsentMode, "consent_mode"))
    given_on: date
    collected_by_id: UUID | None = Field(
        default=None, foreign_key="professional.id", description="None: the patient's own act"
    )
    for_professional_id: UUID = Field(foreign_key="professional.id")
    notice_id: UUID = Field(foreign_key="information_notice.id")
    notice_handed_on: date
    recorded_at: datetime
    withdrawn_at: datetime | None = None
