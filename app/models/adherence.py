"""Adherence to a followed treatment (CX-30 to CX-33, D-15)."""

from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum

MAX_SCORE = 6
MAX_SLIGHT = 2


class ScoreDirection(StrEnum):
    """Two opposite ways of scoring circulate (FD-02): what was typed keeps its own."""

    YES_COUNT = "yes_count"
    NO_COUNT = "no_count"


class AdherenceClass(StrEnum):
    """The class both directions agree on."""

    GOOD = "good"
    SLIGHT_PROBLEM = "slight_problem"
    POOR = "poor"

    @classmethod
    def of(cls, yes_count: int) -> "AdherenceClass":
        """Class of a number of « oui » out of six: 0, 1 or 2, 3 and more (FD-02)."""
        if yes_count == 0:
            return cls.GOOD
        return cls.SLIGHT_PROBLEM if yes_count <= MAX_SLIGHT else cls.POOR


class Questionnaire(SQLModel, table=True):
    """Wording of one version of a questionnaire: data, so that a team may mend it (FD-03)."""

    __table_args__ = (UniqueConstraint("code", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str = Field(max_length=40)
    version: int
    title: str = Field(max_length=120)
    source: str = Field(default="", max_length=200)
    items: list[str] = Field(sa_type=JSON)


class AdherenceEntry(SQLModel, table=True):
    """A score of 0 to 6 with its direction, and the answers when the questionnaire was filled in."""

    __tablename__ = "adherence_entry"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 6", name="score_range"),
        CheckConstraint("yes_count BETWEEN 0 AND 6", name="yes_count_range"),
    )

    entry_id: UUID = Field(primary_key=True, foreign_key="entry.id")
    score: int
    direction: ScoreDirection = Field(sa_type=stored_enum(ScoreDirection, "adherence_direction"))
    yes_count: int = Field(description="the same score counted in « oui », 0 best")
    questionnaire_id: UUID | None = Field(default=None, foreign_key="questionnaire.id")
    answers: list[bool] | None = Field(
        default=None,
        sa_type=JSON(none_as_null=True),
        description="True is « oui »",
    )
