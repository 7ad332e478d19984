"""Single-use codes (S030–S033)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum
from app.models.outbox import Channel


class CodePurpose(StrEnum):
    """What a code proves; it opens nothing else (S031)."""

    SIGN_IN = "sign_in"
    CONFIRMATION = "confirmation"
    REGISTRATION_EMAIL = "registration_email"
    REGISTRATION_PHONE = "registration_phone"
    CONTRACT = "contract"
    EMAIL_ADDRESS = "email_address"
    PHONE = "phone"


class OneTimeCode(SQLModel, table=True):
    """A code sent to one place for one purpose and one subject. Stored as an HMAC, never in clear.

    `subject_id`: the sign-in attempt, the registration, the session… that asked for it. `link_digest`: of
    the token of a link sent in the same message, which proves as much (U-02).
    """

    __tablename__ = "one_time_code"
    __table_args__ = (Index("ix_one_time_code_subject", "subject_id", "purpose"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    purpose: CodePurpose = Field(sa_type=stored_enum(CodePurpose, "one_time_code_purpose"))
    subject_id: UUID
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    channel: Channel = Field(sa_type=stored_enum(Channel, "one_time_code_channel"))
    sent_to: str = Field(max_length=254)
    code_mac: bytes
    link_digest: bytes | None = Field(default=None, unique=True)
    sent_at: datetime
    expires_at: datetime = Field(index=True)
    ended_at: datetime | None = None
    wrong_tries: int = 0
