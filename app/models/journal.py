"""The access journal: chained, append-only (S130, S131). The database refuses update and delete."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from app.models.base import partial_index, stored_enum


class JournalKind(StrEnum):
    READ = "read"
    CHANGE = "change"
    REFUSAL = "refusal"
    ACCESS = "access"


class JournalEntry(SQLModel, table=True):
    """One line: who, for whom, about which patient and object, did what, when, on which ground.

    Holds identifiers and codes only: no medical content, no token, no search word.
    """

    __tablename__ = "journal_entry"
    # Read from its end, page by page: of an account, for somebody, about an account, about a patient.
    __table_args__ = (
        Index("ix_journal_entry_account_seq", "account_id", "seq"),
        Index("ix_journal_entry_on_behalf_of_seq", "on_behalf_of_id", "seq"),
        Index("ix_journal_entry_object_seq", "object_id", "seq"),
        Index("ix_journal_entry_action_seq", "action", "seq"),
        Index("ix_journal_entry_patient_seq", "patient_id", "seq"),
        partial_index("ix_journal_entry_not_ok", "seq", where="result <> 'ok'"),
    )

    seq: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime
    kind: JournalKind = Field(sa_type=stored_enum(JournalKind, "journal_kind"))
    action: str = Field(max_length=60, description="`adherence.recorded`")
    account_id: UUID | None = None
    session_id: UUID | None = None
    on_behalf_of_id: UUID | None = None
    member_id: UUID | None = Field(default=None, description="the person inside a shared account")
    patient_id: UUID | None = None
    object_id: UUID | None = None
    ground: str = Field(default="", max_length=40, description="consent, own_record, system…")
    result: str = Field(default="ok", max_length=60, description="ok, or the code of the refusal")
    address: str = Field(default="", max_length=45)
    mac: bytes
