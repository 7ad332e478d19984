"""« Qui a consulté »: the journal of a record as its patient reads it (ME-106, U-23, S132).

Every act on the record by anybody, and the patient's own changes; the patient's own readings are left out.
Lines about a document the patient may not see yet wait with it (FC-15).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.account import Account
from app.models.care_link import CareLink
from app.models.document import Document
from app.models.journal import JournalKind
from app.models.professional import Professional
from app.models.record_access import AccessBlock, RecordAccess
from app.services import journal
from app.services.access_history_line import URGENT, HistoryLine, titles_of, told
from app.services.journal_range import LINE, read_ranges
from app.services.membership import require_keeper
from app.services.professional import ProfessionalCard, list_cards
from app.services.visibility import tells_patient

PAGE_SIZE = 50
EXPORT_MAX = 20_000
EXPORT_PAGE = 1_000
# Lines of an index one page reads at most.
SCAN = 5_000


@dataclass(frozen=True)
class HistoryFilter:
    """What is looked for; every part is optional. `professional_id`: their acts, and those done for them."""

    document_id: UUID | None = None
    professional_id: UUID | None = None
    is_emergency: bool = False


@dataclass(frozen=True)
class HistoryPage:
    """Newest first. `older`: the number to go on from, 0 at the end; `is_cut`: the search stopped there."""

    lines: tuple[HistoryLine, ...]
    older: int
    is_cut: bool


def list_history(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    wanted: HistoryFilter,
    *,
    before: int = 0,
    limit: int = PAGE_SIZE,
    now: datetime,
) -> HistoryPage:
    """One page of acts, those before a number (0: the newest); for the patient, or who has the status."""
    page = fetch_history(session, actor, patient_id, wanted, before=before, limit=limit, now=now)
    journal.record_read(session, actor, "access_history.read", patient_id=patient_id, now=now)
    return page


def fetch_history(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    wanted: HistoryFilter,
    *,
    before: int = 0,
    limit: int = PAGE_SIZE,
    now: datetime,
) -> HistoryPage:
    """The same page when a screen looks again by itself, or an export goes on. Not journaled."""
    require_keeper(session, actor, patient_id)
    own = _own_accounts(session, patient_id)
    rows, older, is_cut = read_ranges(
        session,
        actor,
        _ranges(session, patient_id, wanted, before),
        lambda line: _compared(session, actor, line, patient_id, own, wanted),
        limit=limit,
        scan=SCAN,
    )
    # Lines are numbered as time goes, unless a clock jumped: a page is read by its hours.
    rows.sort(key=lambda row: (row.at, row.seq), reverse=True)
    return HistoryPage(tuple(told(session, actor, patient_id, own, rows, now)), older, is_cut)


def begin_export(
    session: Session, actor: Actor, patient_id: UUID, wanted: HistoryFilter, *, now: datetime
) -> None:
    """Leave the line of an export; what it holds ends with what was there before it."""
    require_keeper(session, actor, patient_id)
    journal.record(
        session,
        actor,
        "access_history.exported",
        kind=JournalKind.READ,
        patient_id=patient_id,
        object_id=wanted.document_id,
        now=now,
    )


def title_of(
    session: Session, actor: Actor, patient_id: UUID, document_id: UUID, *, now: datetime
) -> str:
    """The title of a document whose history is asked for, '' when the reader may not know it."""
    require_keeper(session, actor, patient_id)
    return titles_of(session, actor, patient_id, {document_id}, now).get(document_id, "")


def list_readers(session: Session, actor: Actor, patient_id: UUID) -> list[ProfessionalCard]:
    """Those whose acts one may ask for: they follow the patient, did, opened the record or are blocked."""
    require_keeper(session, actor, patient_id)
    cards = list_cards(session, actor, _known_professionals(session, patient_id))
    return sorted(cards.values(), key=lambda card: (card.family_name, card.given_name, card.rpps))


def _ranges(
    session: Session, patient_id: UUID, wanted: HistoryFilter, before: int
) -> list[list[ColumnElement[bool]]]:
    """Of the record, or of each version of one document."""
    earlier: list[ColumnElement[bool]] = [LINE.c.seq < before] if before else []
    if wanted.document_id is None:
        return [[LINE.c.patient_id == patient_id, *earlier]]
    series = select(col(Document.series_id)).where(
        col(Document.id) == wanted.document_id, col(Document.patient_id) == patient_id
    )
    versions = session.execute(
        select(col(Document.id)).where(col(Document.series_id).in_(series))
    ).scalars()
    return [
        [LINE.c.object_id == document_id, *earlier]
        for document_id in [*versions] or [wanted.document_id]
    ]


def _compared(
    session: Session,
    actor: Actor,
    line: Any,
    patient_id: UUID,
    own: set[UUID],
    wanted: HistoryFilter,
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        line.patient_id == patient_id,
        line.kind != JournalKind.REFUSAL,
        or_(
            line.kind != JournalKind.READ,
            line.account_id.is_(None),
            line.account_id.not_in(own),
        ),
    ]
    if actor.is_patient:
        found.append(tells_patient(line, patient_id))
    if wanted.is_emergency:
        found.append(line.ground.in_(URGENT))
    if wanted.professional_id is not None:
        account = (
            select(col(Professional.account_id))
            .where(col(Professional.id) == wanted.professional_id)
            .scalar_subquery()
        )
        found.append(or_(line.account_id == account, line.on_behalf_of_id == account))
    return found


def _known_professionals(session: Session, patient_id: UUID) -> set[UUID]:
    found: set[UUID] = set()
    for of_patient, professional in (
        (CareLink.patient_id, CareLink.professional_id),
        (RecordAccess.patient_id, RecordAccess.professional_id),
        (AccessBlock.patient_id, AccessBlock.professional_id),
    ):
        statement = select(col(professional)).where(col(of_patient) == patient_id).distinct()
        found.update(session.execute(statement).scalars())
    return found


def _own_accounts(session: Session, patient_id: UUID) -> set[UUID]:
    return set(
        session.execute(
            select(col(Account.id)).where(col(Account.patient_id) == patient_id)
        ).scalars()
    )
