"""Single-use codes (S030–S033)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel


class OneTimeCode(SQLModel, table=True):
    """A code sent to one address for one attempt. Stored as an HMAC, never in clear."""

    __tablename__ = "one_time_code"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    attempt_id: UUID = Field(foreign_key="sign_in_attempt.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    code_mac: bytes
    sent_to: str = Field(max_length=254)
    sent_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    wrong_tries: int = 0
