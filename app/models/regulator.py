"""Doctors of a SAMU regulation centre: named by one administrator, confirmed by another (U-24, S067)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.models.base import unique_active


class Regulator(SQLModel, table=True):
    """A professional attached to a regulation centre, from its confirmation to its end."""

    __table_args__ = (
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),
        unique_active("uq_regulator_live", "professional_id"),
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
