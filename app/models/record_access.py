"""Who may see a shared record: the patient's settings, blocks, statuses, and accesses beside the circle."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum, unique_active
from app.models.consent import ConsentMode


class RecordState(StrEnum):
    """The life of a shared record (U-27): opposed at activation, closed later, reopened at will."""

    OPEN = "open"
    OPPOSED = "opposed"
    CLOSED = "closed"


class RecordSettings(SQLModel, table=True):
    """One patient's choices. Without a row the record is open, and every switch is as here."""

    __tablename__ = "record_settings"

    patient_id: UUID = Field(foreign_key="patient.id", primary_key=True)
    state: RecordState = Field(
        default=RecordState.OPEN, sa_type=stored_enum(RecordState, "record_settings_state")
    )
    state_at: datetime | None = Field(default=None, index=True, description="since when")
    deletion_asked_at: datetime | None = Field(
        default=None, description="an express request, granted within three months (FC-27)"
    )
    is_confidential: bool = Field(default=False, description="everything masked (ME-113)")
    allows_regulation: bool = Field(default=True, description="SAMU (ME-123)")
    allows_emergency: bool = Field(default=True, description="any professional (ME-124)")
    allows_masked_in_emergency: bool = Field(default=True, description="ME-125")
    revision: int = 1


class RecordEventKind(StrEnum):
    OPPOSED = "opposed"
    CLOSED = "closed"
    REOPENED = "reopened"
    DELETION_ASKED = "deletion_asked"
    DELETED = "deleted"


class RecordEvent(SQLModel, table=True):
    """One recorded step of the life of a record (U-27)."""

    __tablename__ = "record_event"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    kind: RecordEventKind = Field(sa_type=stored_enum(RecordEventKind, "record_event_kind"))
    at: datetime
    account_id: UUID | None = Field(default=None, description="None: the portal itself")
    reason: str = Field(default="", max_length=500)


class AccessBlock(SQLModel, table=True):
    """A professional the patient shut out; it wins over every consent and emergency (S063, FC-07).

    Blocking a member of the circle ends their care link; `was_member` says that unblocking opens it again.
    """

    __tablename__ = "access_block"
    __table_args__ = (unique_active("uq_access_block_active", "patient_id", "professional_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    professional_id: UUID = Field(foreign_key="professional.id", index=True)
    was_member: bool
    blocked_at: datetime
    blocked_by_id: UUID = Field(foreign_key="account.id")
    ended_at: datetime | None = None


class AdministratorStatus(SQLModel, table=True):
    """« Statut administrateur »: a doctor who sees masked documents too (ME-117, FC-10, D-08)."""

    __tablename__ = "administrator_status"
    __table_args__ = (
        unique_active("uq_administrator_status_active", "patient_id", "professional_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    professional_id: UUID = Field(foreign_key="professional.id", index=True)
    given_at: datetime
    ended_at: datetime | None = None


class AccessKind(StrEnum):
    """How somebody outside the circle opened a record (DM-38 to DM-41, U-24)."""

    DECLARED = "declared"
    EMERGENCY = "emergency"
    REGULATION = "regulation"


class RecordAccess(SQLModel, table=True):
    """One access outside the circle: a declared consent of that sign-in, or an emergency (FC-03, FC-04)."""

    __tablename__ = "record_access"
    __table_args__ = (
        Index("ix_record_access_patient", "patient_id", "began_at"),
        Index("ix_record_access_professional", "professional_id", "patient_id", "ends_at"),
        Index("ix_record_access_session", "session_id", "ends_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    professional_id: UUID = Field(foreign_key="professional.id")
    account_id: UUID = Field(foreign_key="account.id", description="whose sign-in")
    session_id: UUID = Field(description="ends with that sign-in")
    kind: AccessKind = Field(sa_type=stored_enum(AccessKind, "record_access_kind"))
    mode: ConsentMode | None = Field(
        default=None, sa_type=stored_enum(ConsentMode, "record_access_mode"), nullable=True
    )
    notice_id: UUID | None = Field(
        default=None, foreign_key="information_notice.id", description="what the patient was told"
    )
    reason: str = Field(default="", max_length=500, description="of an emergency")
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None = Field(default=None, description="left or withdrawn before its end")
