"""Drug interactions noticed with a followed treatment (CX-27 to CX-29, FD-10)."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class InteractionLevel(StrEnum):
    """The four national levels of constraint, most severe first."""

    CONTRAINDICATED = "contraindicated"
    DISCOURAGED = "discouraged"
    PRECAUTION = "precaution"
    TO_CONSIDER = "to_consider"


class InteractionEntry(SQLModel, table=True):
    """The other substance, and how much the pair constrains."""

    __tablename__ = "interaction_entry"

    entry_id: UUID = Field(primary_key=True, foreign_key="entry.id")
    substance: str = Field(max_length=250, description="DCI or molecule, as chosen or typed")
    level: InteractionLevel = Field(sa_type=stored_enum(InteractionLevel, "interaction_level"))
