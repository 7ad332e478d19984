"""Doctors of a SAMU regulation centre: named by one administrator, confirmed by another (U-24, S067)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class Regulator(SQLModel, table=True):
    """A professional attached to a regulation centre, from its confirmation to its end."""

    __table_args__ = (
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),
        Index(
            "uq_regulator_live",
            "professional_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    professional_id: UUID = Field(foreign_key="professional.id")
    centre: str = Field(max_length=500, description="which centre, as typed")
    proposed_by_id: UUID = Field(foreign_key="account.id")
    proposed_at: datetime
    confirmed_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    confirmed_at: datetime | None = None
    ended_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
