"""Patients (FHIR Patient): one record for every view of the same person (U-09)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, stored_enum


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class IdentityStatus(StrEnum):
    """Trust in an identity, computed from recorded facts, never typed (FE-03, FE-06)."""

    PROVISIONAL = "provisional"
    VALIDATED = "validated"
    RETRIEVED = "retrieved"
    QUALIFIED = "qualified"


class IdentityProof(StrEnum):
    """The document with which a professional checked the identity."""

    NONE = "none"
    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    FAMILY_RECORD = "family_record"


class Patient(SQLModel, table=True):
    """Strict identity traits (FE-02) and contact details of one person."""

    __table_args__ = (
        CheckConstraint("email <> '' OR phone <> ''", name="reachable"),
        Index("ix_patient_identity", "birth_date", "match_name"),
        Index("ix_patient_created_at", "created_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    birth_name: str = Field(max_length=100)
    used_name: str = Field(default="", max_length=100)
    birth_given_names: str = Field(max_length=150, description="all of them, first one first")
    used_given_name: str = Field(default="", max_length=100)
    birth_date: date
    sex: Sex = Field(sa_type=stored_enum(Sex, "patient_sex"))
    birth_place: str = Field(default="", max_length=100)
    ins: str = Field(default="", max_length=15, index=True, description="13 characters + key")
    vitale_card: str = Field(
        default="", max_length=20, index=True, description="serial number of the card, digits"
    )
    proof: IdentityProof = Field(
        default=IdentityProof.NONE, sa_type=stored_enum(IdentityProof, "patient_proof")
    )
    proof_checked_at: datetime | None = None
    ins_retrieved_at: datetime | None = Field(
        default=None, description="when the national service gave the matricule"
    )
    phone: str = Field(default="", max_length=20, description="E.164")
    email: str = Field(default="", max_length=254)
    address: str = Field(default="", max_length=300)
    match_name: str = Field(
        sa_type=folded_text(260), description="folded birth name, first given name"
    )
    sort_name: str = Field(sa_type=folded_text(260), description="folded, for ordering")
    version: int = 1
    created_at: datetime

    @property
    def given_name(self) -> str:
        """The name to call them by."""
        return self.used_given_name or first_given_name(self.birth_given_names)


def first_given_name(birth_given_names: str) -> str:
    """The first of several birth given names: up to the first comma, else the first word."""
    first, comma, _ = birth_given_names.partition(",")
    return first.strip() if comma else first.strip().split(" ")[0]


class PatientMatch(SQLModel, table=True):
    """Two records that may be one person, found where their author could not be told (FE-12)."""

    __tablename__ = "patient_match"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    other_id: UUID = Field(foreign_key="patient.id", index=True)
    reason: str = Field(max_length=40)
    found_at: datetime


class PatientToken(SQLModel, table=True):
    """One searchable word of a patient, beside the professional who may find it.

    Search narrows by professional and by the beginning of words in one index, so its cost follows the
    matches, not the number of patients.
    """

    __tablename__ = "patient_token"
    __table_args__ = (
        Index("ix_patient_token_patient_id", "patient_id"),
        {"sqlite_with_rowid": False},
    )

    professional_id: UUID = Field(foreign_key="professional.id", primary_key=True)
    token: str = Field(sa_type=folded_text(60), primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", primary_key=True)


class PatientNameKey(SQLModel, table=True):
    """One spelling a patient's family name is found by, right or with a letter missing (DM-27 to DM-37).

    Every record has its own, whoever follows it. A row carries what a first choice is made on, so that
    hundreds of them are read in one range, without their records.
    """

    __tablename__ = "patient_name_key"
    __table_args__ = (
        Index("ix_patient_name_key_patient_id", "patient_id"),
        {"sqlite_with_rowid": False},
    )

    key: str = Field(
        sa_type=folded_text(16), primary_key=True, description="sex, then letters of one word"
    )
    patient_id: UUID = Field(foreign_key="patient.id", primary_key=True)
    is_whole: bool = Field(description="no letter is missing")
    given_names: str = Field(max_length=260, description="folded, birth and used")
    birth_date: date
