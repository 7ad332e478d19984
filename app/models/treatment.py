"""Treatments (FHIR MedicationStatement): one list per patient (U-18)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class TreatmentOrigin(StrEnum):
    PROFESSIONAL = "professional"
    PATIENT = "patient"


class TreatmentAct(StrEnum):
    """What happened to a treatment, as the chronology tells it."""

    ADDED = "added"
    CHANGED = "changed"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    ENDED = "ended"
    RESUMED = "resumed"
    REMOVED = "removed"


class Treatment(SQLModel, table=True):
    """A medicine one patient takes. Follow-up entries are tied to a followed one (CX-19, CX-23).

    The last four columns copy the latest adherence entries, for lists and alerts.
    """

    __table_args__ = (CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="period"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    label: str = Field(max_length=250)
    substances: str = Field(default="", max_length=250, description="DCI, comma separated")
    medicine_cis: str | None = Field(default=None, max_length=8, description="code CIS, if chosen")
    posology: str = Field(default="", max_length=200)
    started_on: date
    ended_on: date | None = None
    end_reason: str = Field(default="", max_length=200)
    origin: TreatmentOrigin = Field(
        default=TreatmentOrigin.PROFESSIONAL,
        sa_type=stored_enum(TreatmentOrigin, "treatment_origin"),
    )
    is_followed: bool = True
    added_by_id: UUID = Field(foreign_key="professional.id")
    added_at: datetime
    removed_at: datetime | None = Field(
        default=None, description="entered by mistake; kept, hidden"
    )
    version: int = 1
    adherence_yes_count: int | None = None
    adherence_on: date | None = None
    previous_yes_count: int | None = None
    is_adherence_falling: bool = False


class TreatmentEntry(SQLModel, table=True):
    """One act on a treatment, told in the chronology by an entry of kind `treatment`."""

    __tablename__ = "treatment_entry"

    entry_id: UUID = Field(primary_key=True, foreign_key="entry.id")
    act: TreatmentAct = Field(sa_type=stored_enum(TreatmentAct, "treatment_act"))
    effective_on: date = Field(description="of the start, the end or the return")
    detail: str = Field(
        default="", max_length=200, description="posology of a start or change, reason of an end"
    )
