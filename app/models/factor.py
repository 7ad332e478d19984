"""What proves a person beside their password: authenticator, recovery codes, federated identity, browser."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class TotpFactor(SQLModel, table=True):
    """An authenticator application (S034). `last_step`: the newest 30 s step used, never taken again."""

    __tablename__ = "totp_factor"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    sealed_seed: bytes = Field(description="160 bits, AES-256-GCM")
    last_step: int = 0
    confirmed_at: datetime | None = Field(default=None, description="until then it opens nothing")
    created_at: datetime


class RecoveryCode(SQLModel, table=True):
    """One of ten codes shown once (S035); kept as an HMAC."""

    __tablename__ = "recovery_code"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    code_mac: bytes = Field(unique=True)
    created_at: datetime
    used_at: datetime | None = None


class FederatedIdentity(SQLModel, table=True):
    """An identity of a provider linked to an account (S042, FA-19): found by issuer and subject."""

    __tablename__ = "federated_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    issuer: str = Field(max_length=200)
    subject: str = Field(max_length=255)
    national_id: str = Field(max_length=40, description="SubjectNameID: 8 + RPPS")
    linked_at: datetime


class KnownDevice(SQLModel, table=True):
    """A browser that signed in before (S025, S037): its cookie names it and is signed."""

    __tablename__ = "known_device"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    label: str = Field(default="", max_length=120, description="Firefox sur Linux")
    first_seen_at: datetime
    last_seen_at: datetime
    forgotten_at: datetime | None = None


class PasswordReset(SQLModel, table=True):
    """A link to choose another password (S036); only the digest of its token is kept."""

    __tablename__ = "password_reset"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    token_digest: bytes = Field(unique=True)
    created_at: datetime
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None
