"""The shared medical record (FHIR DocumentReference): documents, their versions, flags and words."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, partial_index, stored_enum, unique_active

MAX_TITLE = 255


class FileFormat(StrEnum):
    """What is stored; a PNG is kept as JPG (ME-094). `OTHER` came by mail: downloaded only (ME-141)."""

    JPG = "jpg"
    PDF = "pdf"
    TXT = "txt"
    RTF = "rtf"
    TIF = "tif"
    OTHER = "other"


class ScanState(StrEnum):
    """What the scanner said, where one is plugged in (S101). Only clean files are shown."""

    CLEAN = "clean"
    PENDING = "pending"
    REFUSED = "refused"


class DocumentClass(StrEnum):
    """The eleven classes of the national list (FC-22)."""

    REPORT = "10"
    SUMMARY = "11"
    IMAGING = "31"
    PRESCRIPTION = "42"
    DISPENSATION = "43"
    CARE_PLAN = "44"
    ADMINISTERED_TREATMENT = "45"
    CERTIFICATE = "52"
    REIMBURSEMENT = "60"
    PATIENT_DEPOSIT = "90"
    MANAGEMENT = "95"


class PatientCategory(StrEnum):
    """How patients find a document (ME-100)."""

    SUMMARY = "summary"
    PRESCRIPTIONS = "prescriptions"
    IMAGING = "imaging"
    LABORATORY = "laboratory"
    REPORTS = "reports"
    PREVENTION = "prevention"
    CERTIFICATES = "certificates"
    OTHER = "other"
    ADMINISTRATIVE = "administrative"


class RecordCategory(StrEnum):
    """How professionals find it (DM-50)."""

    SUMMARIES = "summaries"
    TREATMENTS = "treatments"
    REPORTS = "reports"
    IMAGING = "imaging"
    LABORATORY = "laboratory"
    PREVENTION = "prevention"
    CERTIFICATES = "certificates"
    REIMBURSEMENT = "reimbursement"
    PATIENT_OTHER = "patient_other"
    ADMINISTRATIVE = "administrative"


class StoredFile(SQLModel, table=True):
    """A file in the document store, sealed with a key of its own which a numbered key wraps (S120).

    `owner_id` is what the seal is bound to: the patient of a record's file; the draft of an attachment.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_content", "patient_id", "content_mac"),
        # What waits for the scanner: hardly ever anything.
        partial_index("ix_stored_file_unscanned", "created_at", where="scan = 'pending'"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    owner_id: UUID
    patient_id: UUID | None = Field(
        default=None, foreign_key="patient.id", description="of a record's file, else none"
    )
    store_key: str = Field(max_length=80, unique=True, description="random; never the given name")
    format: FileFormat = Field(sa_type=stored_enum(FileFormat, "stored_file_format"))
    byte_size: int = Field(description="of the content, before sealing")
    page_count: int
    content_mac: bytes = Field(description="finds the same content again for the same patient")
    wrapped_key: bytes
    key_id: str = Field(max_length=40, index=True, description="the key that wraps `wrapped_key`")
    scan: ScanState = Field(
        default=ScanState.CLEAN, sa_type=stored_enum(ScanState, "stored_file_scan")
    )
    created_at: datetime
    released_at: datetime | None = Field(
        default=None, index=True, description="since when nothing refers to it"
    )


class StoredPage(SQLModel, table=True):
    """The picture of one page, made by the server, sealed under the key of its file."""

    __tablename__ = "stored_page"

    file_id: UUID = Field(foreign_key="stored_file.id", primary_key=True)
    page: int = Field(primary_key=True, description="from 1")
    store_key: str = Field(max_length=80, unique=True)
    width: int
    height: int


class StoredText(SQLModel, table=True):
    """The text layer of a file, for search and for showing plain text."""

    __tablename__ = "stored_text"

    file_id: UUID = Field(foreign_key="stored_file.id", primary_key=True)
    text: str


class DocumentUpload(SQLModel, table=True):
    """A file that arrived and waits for its form; forgotten after a day."""

    __tablename__ = "document_upload"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    file_id: UUID = Field(foreign_key="stored_file.id", unique=True)
    name: str = Field(max_length=MAX_TITLE, description="as given, without its extension")
    removed: str = Field(
        default="", max_length=200, description="what was taken out, codes by space"
    )
    was_converted: bool = False
    sent_at: datetime = Field(index=True)


class Document(SQLModel, table=True):
    """One version of one document. A replacement is a new row that supersedes the earlier one (FC-18).

    `professional_id` is who answers for the deposit, None when the patient deposited it.
    """

    __table_args__ = (
        CheckConstraint("NOT (is_masked AND is_hidden_from_patient)", name="one_hiding"),
        UniqueConstraint("series_id", "version", name="uq_document_series_version"),
        unique_active("uq_document_current", "series_id", where="superseded_at IS NULL"),
        Index("ix_document_patient", "patient_id", "document_date", "id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    file_id: UUID = Field(foreign_key="stored_file.id", unique=True)
    series_id: UUID = Field(description="the key of its first version")
    version: int = 1
    type_code: str = Field(max_length=20, description="of the national list (U-16)")
    title: str = Field(max_length=MAX_TITLE)
    title_sort: str = Field(sa_type=folded_text(MAX_TITLE))
    document_date: date
    professional_id: UUID | None = Field(default=None, foreign_key="professional.id", index=True)
    deposited_by_id: UUID = Field(foreign_key="account.id", description="whose sign-in sent it")
    depositor_name: str = Field(max_length=230, description="as at the deposit")
    depositor_place: str = Field(default="", max_length=255)
    depositor_sort: str = Field(sa_type=folded_text(255))
    deposited_at: datetime
    is_masked: bool = Field(default=False, description="MASQUE_PS (ME-101)")
    is_masked_by_patient: bool = Field(
        default=False, description="then only the patient shows it again"
    )
    is_hidden_from_patient: bool = Field(default=False, description="INVISIBLE_PATIENT (FC-15)")
    announce_on: date | None = Field(
        default=None, description="when its author is reminded to show it to the patient (FC-17)"
    )
    is_hidden_from_representatives: bool = Field(
        default=False, description="INVISIBLE_REPRESENTANTS_LEGAUX (FC-11)"
    )
    seen_by_patient_at: datetime | None = None
    superseded_at: datetime | None = None
    deleted_at: datetime | None = Field(default=None, description="logical, never physical (FC-18)")
    revision: int = Field(default=1, description="raised at each change of this row")


class DocumentWord(SQLModel, table=True):
    """One searchable word of a document: of its title, of its author, or of its text."""

    __tablename__ = "document_word"
    __table_args__ = (
        Index("ix_document_word_document_id", "document_id"),
        {"sqlite_with_rowid": False},
    )

    patient_id: UUID = Field(foreign_key="patient.id", primary_key=True)
    token: str = Field(sa_type=folded_text(60), primary_key=True)
    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
