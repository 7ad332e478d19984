"""Giving the professional or administrator role: one administrator proposes, another confirms (S067)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.models.account import Role
from app.models.base import stored_enum, unique_active
from app.models.identity_change import Decision


class RoleGrant(SQLModel, table=True):
    """A first « oui » that waits for a second person's. The database refuses the same person twice."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "decision <> 'approved' OR decided_by_id <> proposed_by_id", name="two_people"
        ),
        unique_active("uq_role_grant_waiting", "account_id", where="decision = 'waiting'"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    role: Role = Field(sa_type=stored_enum(Role, "role_grant_role"))
    reason: str = Field(default="", max_length=500)
    proposed_by_id: UUID = Field(foreign_key="account.id")
    proposed_at: datetime
    decision: Decision = Field(
        default=Decision.WAITING, sa_type=stored_enum(Decision, "role_grant_decision")
    )
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
