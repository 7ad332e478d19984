"""Legal texts with their versions, and the proof that they were accepted (U-25)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class LegalTextKind(StrEnum):
    """The notice is handed to patients, and accepted by nobody here: consents name its version."""

    TERMS = "terms"
    CONTRACT = "contract"
    NOTICE = "notice"


class LegalText(SQLModel, table=True):
    """One version of one text. Once published it never changes; the newest published one is in force."""

    __tablename__ = "legal_text"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: LegalTextKind = Field(sa_type=stored_enum(LegalTextKind, "legal_text_kind"))
    version: int
    title: str = Field(max_length=200)
    body: str = Field(description="plain text; « ## » opens a heading, « - » an item")
    published_at: datetime | None = None
    created_at: datetime


class AcceptanceMode(StrEnum):
    """How a text was accepted (D-11)."""

    BOX = "box"
    TYPED_NAME = "typed_name"
    SCAN = "scan"
    PSC = "psc"


class LegalAcceptance(SQLModel, table=True):
    """Who accepted which version, when, how, from where."""

    __tablename__ = "legal_acceptance"
    __table_args__ = (UniqueConstraint("account_id", "legal_text_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    legal_text_id: UUID = Field(foreign_key="legal_text.id", index=True)
    mode: AcceptanceMode = Field(sa_type=stored_enum(AcceptanceMode, "legal_acceptance_mode"))
    signed_name: str = Field(default="", max_length=200)
    text_digest: bytes = Field(description="SHA-256 of what was shown")
    accepted_at: datetime
    address: str = Field(default="", max_length=45)
