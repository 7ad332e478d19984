"""What a professional may deposit in a record, and who would read it: asked before the form is validated."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.document import Document, StoredFile
from app.models.professional import Profession
from app.services import matrix
from app.services.document_deposit import require_depositor
from app.services.document_type import DocumentType, professional_types
from app.services.fields import paris_day
from app.services.text import fold, tokens
from app.services.visibility import is_current, sight


@dataclass(frozen=True)
class Announcement:
    """One's own document that the patient does not see yet, whose day has come (FC-17)."""

    id: UUID
    title: str


def list_depositable(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> tuple[DocumentType, ...]:
    """The types the actor may deposit here, by class, then by label; none where they may not deposit."""
    seen = sight(session, actor, patient_id, now=now)
    if not seen.may_deposit:
        return ()
    return tuple(kind for kind in professional_types() if kind.code in seen.depositable)


def find_types(
    session: Session, actor: Actor, patient_id: UUID, query: str, *, now: datetime
) -> tuple[DocumentType, ...]:
    """Those with words that begin as each word typed, or whose code does; all for nothing typed."""
    require_depositor(session, actor, patient_id, now=now)
    wanted, code = tokens(query), fold(query.strip())
    kinds = list_depositable(session, actor, patient_id, now=now)
    return tuple(kind for kind in kinds if _matches(kind, wanted, code))


def list_reading_professions(
    session: Session, actor: Actor, patient_id: UUID, type_code: str, *, now: datetime
) -> tuple[Profession, ...]:
    """The professions that read this type of document by the matrix in force (DM-45)."""
    require_depositor(session, actor, patient_id, now=now)
    today = paris_day(now)
    return tuple(
        profession
        for profession in Profession
        if type_code in matrix.readable_types(session, profession, on=today)
    )


def list_to_announce(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime
) -> tuple[Announcement, ...]:
    """The actor's own documents kept from the patient until a day that has come: a reminder, nothing more."""
    seen = sight(session, actor, patient_id, now=now)
    rows = session.execute(
        select(col(Document.id), col(Document.title))
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(
            seen.clause(),
            seen.mine(),
            is_current(),
            col(Document.is_hidden_from_patient).is_(True),
            col(Document.announce_on) <= paris_day(now),
        )
        .order_by(col(Document.announce_on), col(Document.id))
    )
    return tuple(Announcement(key, title) for key, title in rows)


def _matches(kind: DocumentType, wanted: list[str], code: str) -> bool:
    if fold(kind.code).startswith(code):
        return True
    words = tokens(kind.label)
    return all(any(word.startswith(part) for word in words) for part in wanted)
