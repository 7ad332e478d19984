"""The authorisation matrix: which professions read and deposit which types of documents (DM-45, FC-21)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum
from app.models.professional import Profession

MAX_NOTE, MAX_SOURCE = 500, 300


class MatrixRight(StrEnum):
    """What a profession may do with the documents of a type."""

    READ = "read"
    DEPOSIT = "deposit"


class MatrixVersion(SQLModel, table=True):
    """One published table, which never changes. In force on a day: the highest number effective by then."""

    __tablename__ = "matrix_version"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    effective_on: date
    note: str = Field(default="", max_length=MAX_NOTE, description="why it was made")
    source: str = Field(default="", max_length=MAX_SOURCE, description="the text it rests on")
    published_at: datetime
    published_by_id: UUID | None = Field(
        default=None, foreign_key="account.id", description="nobody: came with the product"
    )


class MatrixCell(SQLModel, table=True):
    """One value of a version. A cell without a row is the most careful one: refused, to be confirmed."""

    __tablename__ = "matrix_cell"
    __table_args__ = {"sqlite_with_rowid": False}

    version_id: UUID = Field(primary_key=True, foreign_key="matrix_version.id")
    profession: Profession = Field(
        primary_key=True, sa_type=stored_enum(Profession, "matrix_cell_profession")
    )
    right: MatrixRight = Field(
        primary_key=True, sa_type=stored_enum(MatrixRight, "matrix_cell_right")
    )
    type_code: str = Field(primary_key=True, max_length=30)
    allowed: bool
    is_confirmed: bool = Field(description="read in the official text, not inferred")
