"""The public medicines database (BDPM), imported by `liane import medicines`."""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import folded_text


class Medicine(SQLModel, table=True):
    """One speciality (FHIR Medication), by its code CIS."""

    cis: str = Field(primary_key=True, max_length=8)
    name: str = Field(max_length=250)
    form: str = Field(default="", max_length=120)
    routes: str = Field(default="", max_length=200)
    holder: str = Field(default="", max_length=150)
    is_marketed: bool = True
    substances: str = Field(default="", max_length=500, description="DCI, comma separated")
    dosages: str = Field(default="", max_length=300)
    weight: int = Field(default=0, description="how usual: orders equal matches, higher first")


class Substance(SQLModel, table=True):
    """One active substance, by its code in the BDPM."""

    code: str = Field(primary_key=True, max_length=8)
    name: str = Field(max_length=250)


class MedicineToken(SQLModel, table=True):
    """One searchable word of a speciality or a substance."""

    __tablename__ = "medicine_token"
    __table_args__ = (Index("ix_medicine_token_target", "kind", "target"),)

    kind: str = Field(primary_key=True, max_length=1, description="m speciality, s substance")
    token: str = Field(primary_key=True, sa_type=folded_text(60))
    target: str = Field(primary_key=True, max_length=8)


class MedicineRelease(SQLModel, table=True):
    """Which edition of the database is loaded: shown with its source, as its licence asks."""

    __tablename__ = "medicine_release"

    id: int = Field(primary_key=True)
    source: str = Field(max_length=200)
    data_on: date
    medicines: int
    rejected: int
