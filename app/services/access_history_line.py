"""One line of « Qui a consulté », as its patient reads it: who, for whom, about what, why (ME-106, U-23)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import select_columns
from app.models.account import Account, Role
from app.models.document import Document, StoredFile
from app.models.journal import JournalKind
from app.models.professional import Professional
from app.models.record_access import AccessKind, RecordAccess
from app.models.team import AccountMember
from app.services.professional import CARD_COLUMNS, ProfessionalCard, list_cards
from app.services.visibility import Relation, sight

URGENT = frozenset({Relation.EMERGENCY.value, Relation.REGULATION.value})


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


def told(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    own: set[UUID],
    rows: list[Any],
    now: datetime,
) -> Iterable[HistoryLine]:
    """The lines of these rows of the journal. `own`: the accounts of the patient."""
    readers = _readers(
        session, {key for row in rows for key in (row.account_id, row.on_behalf_of_id) if key}
    )
    members = _members(session, {row.member_id for row in rows if row.member_id})
    objects = {row.object_id for row in rows if row.object_id}
    titles = titles_of(session, actor, patient_id, objects, now)
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


def titles_of(
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
