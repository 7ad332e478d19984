"""The public medicines database (BDPM), imported by `liane import medicines`.

Every row belongs to a release. A new release is written beside the one in use, a batch at a time, and
put in use by one small write: whoever works meanwhile never waits for the import, and a failure leaves
the earlier release as it was.
"""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, unique_active

CIS_LENGTH = 8
MAX_NAME = 400
MAX_SUBSTANCES = 1_000
MAX_SUBSTANCE_NAME = 300


class MedicineRelease(SQLModel, table=True):
    """One edition of the database: shown with its source and date, as its licence asks."""

    __tablename__ = "medicine_release"
    __table_args__ = (
        unique_active("uq_medicine_release_current", "is_current", where="is_current"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=200)
    data_on: date = Field(description="latest date found in the data")
    imported_at: datetime
    medicines: int = 0
    substances: int = 0
    rejected: int = Field(default=0, description="rows that could not be read")
    is_builtin: bool = Field(default=False, description="the short list that comes with Liane")
    is_current: bool = False


class Medicine(SQLModel, table=True):
    """One speciality (FHIR Medication), by its code CIS."""

    __table_args__ = (Index("ix_medicine_rank", "release_id", "rank", "words"),)

    release_id: int = Field(primary_key=True, foreign_key="medicine_release.id")
    cis: str = Field(primary_key=True, max_length=CIS_LENGTH)
    name: str = Field(max_length=MAX_NAME)
    form: str = Field(default="", max_length=120)
    substances: str = Field(
        default="", max_length=MAX_SUBSTANCES, description="DCI, comma separated"
    )
    is_marketed: bool = True
    rank: int = Field(description="orders equal matches, the most usual first; unique in a release")
    words: str = Field(
        sa_type=folded_text(MAX_NAME + MAX_SUBSTANCES),
        description="folded words of name and substances, each after a space",
    )


class Substance(SQLModel, table=True):
    """One active substance, by its code in the BDPM."""

    release_id: int = Field(primary_key=True, foreign_key="medicine_release.id")
    code: str = Field(primary_key=True, max_length=8)
    name: str = Field(max_length=MAX_SUBSTANCE_NAME)


class MedicineToken(SQLModel, table=True):
    """One searchable word, beside what it finds. Kinds are those of `services/medicine.py`."""

    __tablename__ = "medicine_token"
    __table_args__ = ({"sqlite_with_rowid": False},)

    release_id: int = Field(primary_key=True, foreign_key="medicine_release.id")
    kind: str = Field(primary_key=True, max_length=1)
    token: str = Field(primary_key=True, sa_type=folded_text(60))
    rank: int = Field(primary_key=True, description="orders what a word finds, best first")
    target: str = Field(primary_key=True, max_length=8, description="code CIS or of a substance")
