"""« Qui a consulté »: the journal of a record as its patient reads it (ME-106, U-23, S132).

Every act on the record by anybody, and the patient's own changes; the patient's own readings are left out.
Lines about a document the patient may not see yet wait with it (FC-15).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.models.account import Account, Role
from app.models.care_link import CareLink
from app.models.document import Document, StoredFile
from app.models.journal import JournalKind
from app.models.professional import Professional
from app.models.record_access import AccessBlock, AccessKind, RecordAccess
from app.models.team import AccountMember
from app.services import journal
from app.services.journal_range import LINE, read_ranges
from app.services.membership import require_keeper
from app.services.professional import CARD_COLUMNS, ProfessionalCard, list_cards
from app.services.visibility import Relation, sight, tells_patient

PAGE_SIZE = 50
EXPORT_MAX = 20_000
EXPORT_PAGE = 1_000
# Lines of an index one page reads at most.
SCAN = 5_000
URGENT = frozenset({Relation.EMERGENCY.value, Relation.REGULATION.value})


@dataclass(frozen=True)
class HistoryFilter:
    """What is looked for; every part is optional. `professional_id`: their acts, and those done for them."""

    document_id: UUID | None = None
    professional_id: UUID | None = None
    is_emergency: bool = False


@dataclass(frozen=True)
class Reader:
    """Somebody of a line. `card`: of a professional; `role`: of anybody else."""

    civility: str
    given_name: str
    family_name: str
    shared_title: str = ""
    role: Role | None = None
    card: ProfessionalCard | None = None


@dataclass(frozen=True)
class HistoryLine:
    """One act. `is_own`: the patient's; `by` is None for the portal itself.

    `behalf`: for whom a delegate acted; `about`: the professional the act is about; `document`: its title
    where the reader may know it; `reason`: of an emergency, as it was typed.
    """

    seq: int
    at: datetime
    kind: JournalKind
    action: str
    ground: str
    is_own: bool
    by: Reader | None
    behalf: ProfessionalCard | None
    about: ProfessionalCard | None
    document: str
    reason: str

    @property
    def is_urgent(self) -> bool:
        return self.ground in URGENT


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
    return HistoryPage(tuple(_told(session, actor, patient_id, own, rows, now)), older, is_cut)


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
    return _titles(session, actor, patient_id, {document_id}, now).get(document_id, "")


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


def _told(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    own: set[UUID],
    rows: list[Any],
    now: datetime,
) -> Iterable[HistoryLine]:
    readers = _readers(
        session, {key for row in rows for key in (row.account_id, row.on_behalf_of_id) if key}
    )
    members = _members(session, {row.member_id for row in rows if row.member_id})
    objects = {row.object_id for row in rows if row.object_id}
    titles = _titles(session, actor, patient_id, objects, now)
    cards = list_cards(session, actor, objects)
    reasons = _reasons(session, patient_id, [row for row in rows if row.ground in URGENT])
    for row in rows:
        behalf = readers.get(row.on_behalf_of_id) if row.on_behalf_of_id else None
        yield HistoryLine(
            seq=row.seq,
            at=row.at,
            kind=row.kind,
            action=row.action,
            ground=row.ground,
            is_own=row.account_id in own,
            by=members.get(row.member_id) or readers.get(row.account_id),
            behalf=behalf.card if behalf else None,
            about=cards.get(row.object_id),
            document=titles.get(row.object_id, ""),
            reason=reasons.get(row.seq, ""),
        )


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


def _readers(session: Session, ids: set[UUID]) -> dict[UUID, Reader]:
    """People by account, with the card of those who are professionals."""
    if not ids:
        return {}
    rows = session.execute(
        select_columns(
            col(Account.id),
            col(Account.civility),
            col(Account.given_name),
            col(Account.family_name),
            col(Account.shared_title),
            col(Account.role),
            *CARD_COLUMNS,
        )
        .join(Professional, col(Professional.account_id) == col(Account.id), isouter=True)
        .where(col(Account.id).in_(ids))
    )
    return {
        row[0]: Reader(
            civility=row[1],
            given_name=row[2],
            family_name=row[3],
            shared_title=row[4],
            role=row[5],
            card=ProfessionalCard(*row[6:]) if row[6] else None,
        )
        for row in rows
    }


def _members(session: Session, ids: set[UUID]) -> dict[UUID, Reader]:
    """People inside shared accounts, which are secretariats'."""
    if not ids:
        return {}
    rows = session.execute(
        select_columns(
            col(AccountMember.id),
            col(AccountMember.civility),
            col(AccountMember.given_name),
            col(AccountMember.family_name),
        ).where(col(AccountMember.id).in_(ids))
    )
    return {row[0]: Reader(row[1], row[2], row[3], role=Role.SECRETARY) for row in rows}


def _titles(
    session: Session, actor: Actor, patient_id: UUID, ids: set[UUID], now: datetime
) -> dict[UUID, str]:
    """Titles the reader may know: the patient's, deleted ones too; a doctor's, of what they see today."""
    if not ids:
        return {}
    statement = select(col(Document.id), col(Document.title)).where(
        col(Document.id).in_(ids), col(Document.patient_id) == patient_id
    )
    if actor.is_patient:
        statement = statement.where(col(Document.is_hidden_from_patient).is_(False))
    else:
        statement = statement.join(StoredFile, col(StoredFile.id) == col(Document.file_id)).where(
            sight(session, actor, patient_id, now=now).clause()
        )
    return {row[0]: row[1] for row in session.execute(statement)}


def _reasons(session: Session, patient_id: UUID, rows: list[Any]) -> dict[int, str]:
    """The reason typed for the emergency under which each of these lines was written."""
    if not rows:
        return {}
    accesses = list(
        session.execute(
            select(RecordAccess).where(
                col(RecordAccess.patient_id) == patient_id,
                col(RecordAccess.session_id).in_({row.session_id for row in rows}),
                col(RecordAccess.kind) != AccessKind.DECLARED,
            )
        ).scalars()
    )
    return {
        row.seq: access.reason
        for row in rows
        for access in accesses
        if access.session_id == row.session_id and access.began_at <= row.at <= access.ends_at
    }
