"""Tolerance of a followed treatment (CX-23 to CX-25; lists of D-04, FD-06 to FD-08)."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum

MAX_GRADE = 5
SEVERE_GRADE = 3


class ToleranceDomain(StrEnum):
    DIGESTIVE = "digestive"
    SKIN = "skin"
    GENERAL = "general"
    PAIN = "pain"
    NEUROLOGICAL = "neurological"
    CARDIOVASCULAR = "cardiovascular"
    RESPIRATORY = "respiratory"
    BLOOD = "blood"
    LIVER_KIDNEY = "liver_kidney"
    MUSCULOSKELETAL = "musculoskeletal"
    PSYCHIC = "psychic"
    OTHER = "other"


class PatientAppreciation(StrEnum):
    WELL_TOLERATED = "well_tolerated"
    SLIGHT = "slight"
    SERIOUS = "serious"
    UNBEARABLE = "unbearable"


class ToleranceEntry(SQLModel, table=True):
    """What the patient feels and how the professional grades it (0 none to 5)."""

    __tablename__ = "tolerance_entry"
    __table_args__ = (CheckConstraint("grade BETWEEN 0 AND 5", name="grade_range"),)

    entry_id: UUID = Field(primary_key=True, foreign_key="entry.id")
    domain: ToleranceDomain = Field(sa_type=stored_enum(ToleranceDomain, "tolerance_domain"))
    patient_appreciation: PatientAppreciation = Field(
        sa_type=stored_enum(PatientAppreciation, "tolerance_appreciation")
    )
    grade: int
