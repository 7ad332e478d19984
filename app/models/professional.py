"""Professionals (FHIR Practitioner)."""

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, stored_enum


class Profession(StrEnum):
    """Professions of the national list G15 (FA-18), and the two the directory has beside it."""

    DOCTOR = "10"
    PHARMACIST = "21"
    HEARING_AID_AUDIOLOGIST = "26"
    OPTICIAN = "28"
    DENTAL_ASSISTANT = "31"
    MEDICAL_PHYSICIST = "32"
    CARE_ASSISTANT = "35"
    AMBULANCE_DRIVER = "36"
    CHILDCARE_ASSISTANT = "37"
    HOSPITAL_PHARMACY_TECHNICIAN = "38"
    PHARMACY_TECHNICIAN = "39"
    DENTIST = "40"
    MIDWIFE = "50"
    NURSE = "60"
    PSYCHIATRIC_NURSE = "69"
    PHYSIOTHERAPIST = "70"
    OSTEOPATH = "71"
    PSYCHOTHERAPIST = "72"
    PODIATRIST = "80"
    ORTHOPROSTHETIST = "81"
    PEDORTHIST = "82"
    ORTHOTIST = "83"
    OCULARIST = "84"
    EPITHESIST = "85"
    LABORATORY_TECHNICIAN = "86"
    SPEECH_THERAPIST = "91"
    ORTHOPTIST = "92"
    PSYCHOLOGIST = "93"
    OCCUPATIONAL_THERAPIST = "94"
    DIETITIAN = "95"
    PSYCHOMOTOR_THERAPIST = "96"
    RADIOGRAPHER = "98"


class Professional(SQLModel, table=True):
    """A professional of a care team and the account they act with."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", unique=True)
    rpps: str = Field(max_length=11, unique=True, description="11 digits, Luhn")
    profession: Profession = Field(sa_type=stored_enum(Profession, "professional_profession"))
    speciality: str = Field(default="", max_length=100, description="as shown: « oncologue »")
    place_name: str = Field(default="", max_length=150)
    place_city: str = Field(default="", max_length=100)
    search_name: str = Field(
        sa_type=folded_text(255), index=True, description="folded, for look-ups"
    )


class ProfessionalToken(SQLModel, table=True):
    """One searchable word of a professional's name."""

    __tablename__ = "professional_token"
    __table_args__ = (
        Index("ix_professional_token_professional_id", "professional_id"),
        {"sqlite_with_rowid": False},
    )

    token: str = Field(sa_type=folded_text(60), primary_key=True)
    professional_id: UUID = Field(foreign_key="professional.id", primary_key=True)
