"""One document of a list, as its reader sees it, and what they may do with it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.models.document import (
    Document,
    FileFormat,
    PatientCategory,
    RecordCategory,
    ScanState,
    StoredFile,
)
from app.services.document_type import document_type
from app.services.visibility import Sight


@dataclass(frozen=True)
class DocumentRow:
    """One document of a list, and what its reader may do with it."""

    id: UUID
    title: str
    type_code: str
    document_date: date
    deposited_at: datetime
    depositor_name: str
    depositor_place: str
    is_mine: bool
    is_of_patient: bool
    format: FileFormat
    byte_size: int
    page_count: int
    is_masked: bool
    is_hidden_from_patient: bool
    announce_on: date | None
    is_hidden_from_representatives: bool
    is_new: bool
    is_pending: bool
    is_superseded: bool
    version: int
    revision: int
    may_change: bool
    may_mask: bool
    may_replace: bool

    @property
    def patient_category(self) -> PatientCategory:
        return document_type(self.type_code).patient_category

    @property
    def record_category(self) -> RecordCategory:
        return document_type(self.type_code).record_category


COLUMNS = (
    *(getattr(Document, name) for name in Document.model_fields),
    StoredFile.format,
    StoredFile.byte_size,
    StoredFile.page_count,
    StoredFile.scan,
)


def row_of(seen: Sight, found: Any) -> DocumentRow:
    """One row as its reader sees it. `found`: the columns `COLUMNS`."""
    is_mine = found.professional_id == seen.professional_id
    is_pending = found.scan is ScanState.PENDING
    is_superseded = found.superseded_at is not None
    may_change = is_mine and not is_superseded and (seen.is_patient or seen.may_deposit)
    return DocumentRow(
        id=found.id,
        title=found.title,
        type_code=found.type_code,
        document_date=found.document_date,
        deposited_at=found.deposited_at,
        depositor_name=found.depositor_name,
        depositor_place=found.depositor_place,
        is_mine=is_mine,
        is_of_patient=found.professional_id is None,
        format=found.format,
        byte_size=found.byte_size,
        page_count=found.page_count,
        is_masked=found.is_masked,
        is_hidden_from_patient=found.is_hidden_from_patient,
        announce_on=found.announce_on,
        is_hidden_from_representatives=found.is_hidden_from_representatives,
        is_new=seen.is_patient
        and found.professional_id is not None
        and found.seen_by_patient_at is None,
        is_pending=is_pending,
        is_superseded=is_superseded,
        version=found.version,
        revision=found.revision,
        may_change=may_change,
        may_mask=not is_superseded and (seen.is_patient or may_change),
        may_replace=may_change and not seen.is_patient,
    )
