"""People who share a workplace account or workstation, each named: pharmacy teams, secretariats (U-20)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import unique_active


class TeamMember(SQLModel, table=True):
    """An account that signs in with a code opérateur under a responsible professional (PS-11, PS-16).

    Invited at an address, whether or not an account has it; the account that proved it accepts.
    """

    __tablename__ = "team_member"
    __table_args__ = (
        unique_active("uq_team_member_operator_code", "responsible_id", "operator_code"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    responsible_id: UUID = Field(foreign_key="professional.id")
    account_id: UUID | None = Field(
        default=None, foreign_key="account.id", index=True, description="once accepted"
    )
    invited_email: str = Field(max_length=254, index=True, description="lower case")
    operator_code: str = Field(max_length=20, description="lower case")
    created_at: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None


class Workstation(SQLModel, table=True):
    """A browser registered for a team: the first factor of its operators (S038)."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    responsible_id: UUID = Field(foreign_key="professional.id", index=True)
    name: str = Field(max_length=100)
    token_digest: bytes = Field(unique=True)
    registered_at: datetime
    last_seen_at: datetime | None = None
    ended_at: datetime | None = None


class AccountMember(SQLModel, table=True):
    """A person inside a shared account, who names themselves with a code of their own (MM-25, U-20)."""

    __tablename__ = "account_member"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    civility: str = Field(default="", max_length=20)
    family_name: str = Field(max_length=100)
    given_name: str = Field(max_length=100)
    code_hash: str = Field(max_length=255)
    created_at: datetime
    ended_at: datetime | None = None
