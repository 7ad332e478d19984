"""Delegations: somebody acts with a professional's account, by their own sign-in (CX-46 to CX-48, U-20)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class DelegationScope(StrEnum):
    """How far a delegate may go; each scope holds those before it."""

    READ = "read"
    RECORD = "record"
    MANAGE = "manage"


class Delegation(SQLModel, table=True):
    """What a holder allows to the person who carries this RPPS or card number, from day to day (Paris).

    The number may be nobody's account yet: the delegation then waits for them.
    """

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="professional.id", index=True)
    delegate_number: str = Field(max_length=20, index=True, description="RPPS, or CPS/CPE card")
    delegate_name: str = Field(
        default="", max_length=230, description="as the directory or a shared circle named them"
    )
    scope: DelegationScope = Field(sa_type=stored_enum(DelegationScope, "delegation_scope"))
    starts_on: date
    ends_on: date | None = Field(
        default=None, description="last day included; none: until withdrawn"
    )
    created_at: datetime
    withdrawn_at: datetime | None = None
    last_used_at: datetime | None = Field(
        default=None, description="when the delegate last began to act under it"
    )
