"""One line of « Qui a consulté », as its patient reads it: who, for whom, about what, why (ME-106, U-23)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.document import Document, StoredFile
from app.models.journal import JournalKind
from app.models.record_access import AccessKind, RecordAccess
from app.services.journal_person import JournalPerson, list_members, list_people
from app.services.professional import ProfessionalCard, list_cards
from app.services.visibility import Relation, sight

URGENT = frozenset({Relation.EMERGENCY.value, Relation.REGULATION.value})


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
    by: JournalPerson | None
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
    people = list_people(
        session, actor, {key for row in rows for key in (row.account_id, row.on_behalf_of_id)}
    )
    members = list_members(session, actor, {row.member_id for row in rows})
    objects = {row.object_id for row in rows if row.object_id}
    titles = titles_of(session, actor, patient_id, objects, now)
    cards = list_cards(session, actor, objects)
    reasons = _reasons(session, patient_id, [row for row in rows if row.ground in URGENT])
    for row in rows:
        behalf = people.get(row.on_behalf_of_id) if row.on_behalf_of_id else None
        yield HistoryLine(
            seq=row.seq,
            at=row.at,
            kind=row.kind,
            action=row.action,
            ground=row.ground,
            is_own=row.account_id in own,
            by=members.get(row.member_id) or people.get(row.account_id),
            behalf=behalf.card if behalf else None,
            about=cards.get(row.object_id),
            document=titles.get(row.object_id, ""),
            reason=reasons.get(row.seq, ""),
        )


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
