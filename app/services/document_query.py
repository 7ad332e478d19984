"""The documents of a record as a list, and their counts (ME-108, ME-109, DM-48 to DM-51, FC-19).

Everything here narrows through `visibility.Sight`; nothing a reader may not see is counted.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.models.document import Document, PatientCategory, RecordCategory, StoredFile
from app.models.journal import JournalKind
from app.models.record_access import RecordState
from app.services import journal
from app.services.document_row import COLUMNS, DocumentRow, row_of
from app.services.document_type import types_of
from app.services.document_words import containing
from app.services.record_settings import settings_of
from app.services.visibility import Sight, is_current, sight

PAGE = 50
Category = PatientCategory | RecordCategory


class DocumentSort(StrEnum):
    """How a list is ordered (ME-109)."""

    DATE = "date"
    TITLE = "name"
    DEPOSITOR = "depositor"


class Showing(StrEnum):
    """Boxes of the search (FC-19): narrow to documents that carry a flag, or show earlier versions too."""

    CURRENT = "current"
    MASKED = "masked"
    HIDDEN_FROM_PATIENT = "hidden_from_patient"
    HIDDEN_FROM_REPRESENTATIVES = "hidden_from_representatives"
    EARLIER = "earlier"


@dataclass(frozen=True)
class DocumentFilter:
    """What a list is narrowed to. `query` looks in title, depositor and text."""

    category: Category | None = None
    year: int | None = None
    query: str = ""
    sort: DocumentSort = DocumentSort.DATE
    showing: Showing = Showing.CURRENT


@dataclass(frozen=True)
class DocumentCounts:
    """How many of the documents seen carry each type in each year, whatever category or year is chosen."""

    cells: dict[tuple[str, int], int]

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    def of(self, category: Category | None = None, year: int | None = None) -> int:
        """Those of a category, of a year, of both, or all."""
        codes = None if category is None else set(types_of(category))
        return sum(
            count
            for (code, in_year), count in self.cells.items()
            if (codes is None or code in codes) and year in (None, in_year)
        )

    def years(self, category: Category | None = None) -> dict[int, int]:
        """Documents of each year, oldest first, years without any between two left out."""
        found = sorted({year for _, year in self.cells})
        counted = {year: self.of(category, year) for year in found}
        return {year: count for year, count in counted.items() if count}


@dataclass(frozen=True)
class DocumentList:
    """One page of a list. `found`: how many the filter leaves, on all pages."""

    patient_id: UUID
    rows: tuple[DocumentRow, ...]
    found: int
    page: int
    pages: int
    counts: DocumentCounts
    may_deposit: bool
    is_patient: bool
    has_administrator_status: bool
    reads_nothing: bool


def open_documents(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    chosen: DocumentFilter,
    *,
    page: int = 1,
    now: datetime,
) -> DocumentList:
    """The list of a record somebody opens: the reading is journaled."""
    seen = sight(session, actor, patient_id, now=now)
    record_reading(session, actor, seen, "document.listed", None, now=now)
    return _list(session, seen, chosen, page)


def list_documents(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    chosen: DocumentFilter,
    *,
    page: int = 1,
    now: datetime,
) -> DocumentList:
    """The same list narrowed, paged or refreshed on a page whose opening was journaled."""
    return _list(session, sight(session, actor, patient_id, now=now), chosen, page)


def list_ids(
    session: Session, actor: Actor, patient_id: UUID, chosen: DocumentFilter, *, now: datetime
) -> list[UUID]:
    """Every document a filter leaves, in its order: « tout sélectionner »."""
    seen = sight(session, actor, patient_id, now=now)
    return ids_of(session, seen, chosen)


def count_unseen(session: Session, actor: Actor, *, now: datetime) -> int:
    """Documents deposited for the patient that they have not opened yet; 0 for anybody else.

    A closed record awaits nobody.
    """
    if actor.patient_id is None or not actor.is_patient:
        return 0
    if settings_of(session, actor.patient_id).state is not RecordState.OPEN:
        return 0
    seen = sight(session, actor, actor.patient_id, now=now)
    counted = session.execute(
        select(func.count())
        .select_from(Document)
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(seen.clause(), is_current(), _is_unseen())
    )
    return int(counted.scalar_one())


def record_reading(
    session: Session,
    actor: Actor,
    seen: Sight,
    action: str,
    document_id: UUID | None,
    *,
    now: datetime,
) -> None:
    """The journal line of something read, with the ground it is read on (S130)."""
    journal.record(
        session,
        actor,
        action,
        kind=JournalKind.READ,
        patient_id=seen.patient_id,
        object_id=document_id,
        ground=seen.ground,
        now=now,
    )


def _is_unseen() -> ColumnElement[bool]:
    return col(Document.seen_by_patient_at).is_(None) & col(Document.professional_id).is_not(None)


def _narrowed(statement: Any, seen: Sight, chosen: DocumentFilter) -> Any:
    """Every condition of a filter but its category and year, which counts leave open."""
    statement = statement.join(StoredFile, col(StoredFile.id) == col(Document.file_id)).where(
        seen.listed(), *containing(seen.patient_id, chosen.query)
    )
    flags = {
        Showing.MASKED: col(Document.is_masked),
        Showing.HIDDEN_FROM_PATIENT: col(Document.is_hidden_from_patient),
        Showing.HIDDEN_FROM_REPRESENTATIVES: col(Document.is_hidden_from_representatives),
    }
    if chosen.showing in flags:
        statement = statement.where(flags[chosen.showing].is_(True))
    if chosen.showing is Showing.EARLIER and not seen.is_patient:
        return statement.where(~is_current())
    return statement.where(is_current())


def _chosen(statement: Any, seen: Sight, chosen: DocumentFilter) -> Any:
    statement = _narrowed(statement, seen, chosen)
    if chosen.category is not None:
        statement = statement.where(col(Document.type_code).in_(types_of(chosen.category)))
    if chosen.year is not None:
        first, last = date(chosen.year, 1, 1), date(chosen.year, 12, 31)
        statement = statement.where(col(Document.document_date).between(first, last))
    return statement.order_by(*_ORDERS[chosen.sort])


_NEWEST_FIRST = (col(Document.document_date).desc(), col(Document.id))
_ORDERS: dict[DocumentSort, tuple[Any, ...]] = {
    DocumentSort.DATE: _NEWEST_FIRST,
    DocumentSort.TITLE: (col(Document.title_sort), *_NEWEST_FIRST),
    DocumentSort.DEPOSITOR: (col(Document.depositor_sort), *_NEWEST_FIRST),
}


def _list(session: Session, seen: Sight, chosen: DocumentFilter, page: int) -> DocumentList:
    session.flush()
    year = extract("year", col(Document.document_date))
    grouped = _narrowed(
        select_columns(col(Document.type_code), year, func.count()), seen, chosen
    ).group_by(col(Document.type_code), year)
    counts = DocumentCounts(
        {(code, int(in_year)): count for code, in_year, count in session.execute(grouped)}
    )
    found = counts.of(chosen.category, chosen.year)
    pages = max(1, -(-found // PAGE))
    page = min(max(1, page), pages)
    statement = _chosen(select_columns(*COLUMNS), seen, chosen)
    rows = session.execute(statement.limit(PAGE).offset((page - 1) * PAGE)).all()
    return DocumentList(
        patient_id=seen.patient_id,
        rows=tuple(row_of(seen, row) for row in rows),
        found=found,
        page=page,
        pages=pages,
        counts=counts,
        may_deposit=seen.may_deposit,
        is_patient=seen.is_patient,
        has_administrator_status=seen.has_administrator_status,
        reads_nothing=not seen.is_patient and not seen.readable,
    )


def ids_of(session: Session, seen: Sight, chosen: DocumentFilter) -> list[UUID]:
    """The keys a filter leaves, in its order."""
    return list(session.execute(_chosen(select_columns(col(Document.id)), seen, chosen)).scalars())
