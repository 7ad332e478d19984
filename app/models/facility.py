"""Establishments and partner laboratories (FHIR Organization): national ones (FINESS) and our own."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, stored_enum

MAX_NAME = 200
MAX_ADDRESS = 250
MAX_CITY = 100
MAX_WORDS = 600


class FacilityKind(StrEnum):
    """Where a facility comes from. A partner laboratory may also be one of FINESS: see its flag."""

    FINESS = "finess"
    LOCAL = "local"
    LABORATORY = "laboratory"


class FacilityRelease(SQLModel, table=True):
    """One import of the national facilities."""

    __tablename__ = "facility_release"

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=200)
    data_on: date
    imported_at: datetime
    facilities: int = 0
    closed: int = Field(default=0, description="facilities of earlier imports that it left out")
    rejected: int = 0
    is_builtin: bool = Field(default=False, description="the invented list of the demonstration")
    is_complete: bool = False


class Facility(SQLModel, table=True):
    """One establishment. Those of FINESS keep their key from one import to the next."""

    __table_args__ = (
        Index("ix_facility_laboratory", "is_partner_laboratory", "sort_name"),
        Index("ix_facility_kind", "kind", "sort_name"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: FacilityKind = Field(sa_type=stored_enum(FacilityKind, "facility_kind"))
    is_partner_laboratory: bool = False
    is_open: bool = True
    accepts_first_messages: bool = Field(
        default=False, description="patients may write first to whoever practises there (D-16)"
    )
    finess: str | None = Field(default=None, max_length=9, unique=True)
    name: str = Field(max_length=MAX_NAME)
    category: str = Field(default="", max_length=MAX_NAME, description="label of its category")
    address: str = Field(default="", max_length=MAX_ADDRESS, description="street, in one line")
    postcode: str = Field(default="", max_length=10)
    city: str = Field(default="", max_length=MAX_CITY)
    phone: str = Field(default="", max_length=20)
    release_id: int | None = Field(default=None, foreign_key="facility_release.id", index=True)
    sort_name: str = Field(sa_type=folded_text(MAX_NAME), description="folded, for order")
    words: str = Field(
        sa_type=folded_text(MAX_WORDS), description="folded words, each after a space"
    )
    version: int = 1
    updated_at: datetime


class FacilityToken(SQLModel, table=True):
    """One searchable word of a facility; `sort_name` orders what a word finds."""

    __tablename__ = "facility_token"
    __table_args__ = (
        Index("ix_facility_token_facility_id", "facility_id"),
        {"sqlite_with_rowid": False},
    )

    token: str = Field(primary_key=True, sa_type=folded_text(60))
    sort_name: str = Field(primary_key=True, sa_type=folded_text(MAX_NAME))
    facility_id: UUID = Field(primary_key=True, foreign_key="facility.id")
