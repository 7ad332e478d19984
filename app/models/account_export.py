"""Exports of one's own data: asked for, prepared in the background, fetched once."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class ExportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    FETCHED = "fetched"
    EXPIRED = "expired"


class AccountExport(SQLModel, table=True):
    """One export, prepared in the background."""

    __tablename__ = "account_export"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    state: ExportState = Field(
        default=ExportState.WAITING,
        index=True,
        sa_type=stored_enum(ExportState, "account_export_state"),
    )
    asked_at: datetime
    session_id: UUID = Field(description="the sign-in that asked")
    progress: int = Field(default=0, description="per cent")
    claimed_until: datetime | None = Field(default=None, description="a crash lets go of it")
    ready_at: datetime | None = None
    size_bytes: int = 0
    ended_at: datetime | None = None


class AccountExportPart(SQLModel, table=True):
    """A piece of the file, sealed (AES-256-GCM), in its order; gone once fetched or too old."""

    __tablename__ = "account_export_part"

    export_id: UUID = Field(primary_key=True, foreign_key="account_export.id")
    number: int = Field(primary_key=True)
    sealed: bytes
