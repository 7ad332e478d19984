"""Open sign-ins, and attempts on the way to one."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel


class SignInSession(SQLModel, table=True):
    """One browser of one person. Only the digest of its cookie is stored (S050)."""

    __tablename__ = "sign_in_session"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: bytes = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime
    last_act_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    end_reason: str = Field(default="", max_length=40)
    device: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=45)


class SignInAttempt(SQLModel, table=True):
    """A sign-in under way in one browser: what was typed, where the code went, what went wrong."""

    __tablename__ = "sign_in_attempt"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: bytes = Field(unique=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    identifier: str = Field(default="", max_length=254)
    next_path: str = Field(default="", max_length=500)
    password_ok: bool = False
    masked_destination: str = Field(default="", max_length=254)
    error: str = Field(default="", max_length=60)
    retry_at: datetime | None = None
    created_at: datetime
    expires_at: datetime = Field(index=True)
