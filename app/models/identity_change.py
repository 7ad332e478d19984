"""Changes of civility, names, RPPS or card number that wait for an administrator (MM-40)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum, unique_active


class Decision(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class IdentityChange(SQLModel, table=True):
    """What somebody asks to be called from now on; the account stays as it is until approved."""

    __tablename__ = "identity_change"
    __table_args__ = (
        unique_active("uq_identity_change_waiting", "account_id", where="decision = 'waiting'"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    civility: str = Field(default="", max_length=20)
    family_name: str = Field(max_length=100)
    given_name: str = Field(max_length=100)
    rpps: str = Field(default="", max_length=11)
    card_number: str = Field(
        default="", max_length=20, description="a delegation may name it: it is checked too"
    )
    asked_at: datetime
    decision: Decision = Field(
        default=Decision.WAITING, sa_type=stored_enum(Decision, "identity_change_decision")
    )
    decided_at: datetime | None = None
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    reason: str = Field(default="", max_length=500)
