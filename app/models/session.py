"""Open sign-ins, and attempts on the way to one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class SignInMethod(StrEnum):
    """How a sign-in was proved, beside the password (U-05). An operator's is the registered workstation."""

    EMAIL_CODE = "email_code"
    SMS_CODE = "sms_code"
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PSC = "psc"
    OPERATOR = "operator"


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
    method: SignInMethod = Field(
        default=SignInMethod.EMAIL_CODE, sa_type=stored_enum(SignInMethod, "sign_in_session_method")
    )
    factor_at: datetime | None = Field(
        default=None, description="when a second factor was last given (S054)"
    )
    device_id: UUID | None = Field(default=None, foreign_key="known_device.id")
    workstation_id: UUID | None = Field(default=None, foreign_key="workstation.id")
    member_id: UUID | None = Field(default=None, foreign_key="account_member.id")
    delegation_id: UUID | None = Field(
        default=None,
        foreign_key="delegation.id",
        index=True,
        description="while acting for its holder",
    )
    provider_sid: str = Field(default="", max_length=255, index=True, description="FA-11")
    sealed_id_token: bytes | None = None


class SignInAttempt(SQLModel, table=True):
    """A sign-in under way in one browser: what was typed, where the code went, what went wrong.

    `way`: the second factor chosen, none before the person chooses; `destination_id`: the telephone its code
    goes to. `factor_method` and `factor_at`: once it was given, while a shared account waits for its member.
    `faults`: codes by field, for the forms of these pages that have several.
    """

    __tablename__ = "sign_in_attempt"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: bytes = Field(unique=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    identifier: str = Field(default="", max_length=254)
    next_path: str = Field(default="", max_length=500)
    password_ok: bool = False
    way: SignInMethod | None = Field(
        default=None, sa_type=stored_enum(SignInMethod, "sign_in_attempt_way")
    )
    destination_id: UUID | None = None
    device_id: UUID | None = Field(default=None, foreign_key="known_device.id")
    keeps_device: bool = False
    factor_method: SignInMethod | None = Field(
        default=None, sa_type=stored_enum(SignInMethod, "sign_in_attempt_factor_method")
    )
    factor_at: datetime | None = None
    faults: dict[str, str] = Field(sa_type=JSON, default_factory=dict)
    masked_destination: str = Field(default="", max_length=254)
    error: str = Field(default="", max_length=60)
    retry_at: datetime | None = None
    created_at: datetime
    expires_at: datetime = Field(index=True)
