"""Correcting and deleting one's own documents (ME-110, FC-18, FC-20), and what every change of one shares."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import Conflict, Forbidden, NotFound, RuleViolation
from app.models.base import table_of
from app.models.document import (
    MAX_TITLE,
    Document,
    StoredFile,
)
from app.models.journal import JournalKind
from app.services import journal
from app.services.document_description import NewDocument, check
from app.services.document_words import forget_words, write_words
from app.services.fields import paris_day
from app.services.text import fold
from app.services.visibility import Sight, is_current, sight

UNDO_WITHIN = timedelta(days=1)
MAX_AT_ONCE = 500
_DOCUMENT = table_of(Document)


def edit(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_id: UUID,
    new: NewDocument,
    *,
    revision: int,
    now: datetime,
) -> None:
    """Correct the description of one's own document. `revision`: what the form was filled from."""
    seen = sight(session, actor, patient_id, now=now)
    document = own_document(session, seen, document_id)
    if not (seen.is_patient or seen.may_deposit):
        raise Forbidden("document.deposit_forbidden")
    if document.revision != revision:
        raise Conflict
    check(seen, new, today=paris_day(now))
    document.title, document.title_sort = new.title, fold(new.title)[:MAX_TITLE]
    document.document_date, document.type_code = new.document_date, new.type_code
    document.revision += 1
    session.add(document)
    session.flush()
    write_words(session, actor, document)
    note(session, actor, seen, "document.edited", document.id, now)


def delete(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_ids: Iterable[UUID],
    *,
    now: datetime,
) -> int:
    """Take one's own documents out of the record, every version; nothing is erased (FC-18, FC-20).

    All or none: somebody else's among them is refused. Returns how many.
    """
    seen = sight(session, actor, patient_id, now=now)
    documents = chosen_documents(session, seen, document_ids)
    if not all(may_change(seen, document) for document in documents):
        raise Forbidden("document.delete_forbidden")
    for document in documents:
        set_on_series(session, seen, document, deleted_at=now)
        forget_words(session, actor, document.id)
        note(session, actor, seen, "document.deleted", document.id, now)
    return len(documents)


def restore(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    document_ids: Iterable[UUID],
    *,
    now: datetime,
) -> int:
    """Undo a deletion, within a day, by whoever may have made it."""
    seen = sight(session, actor, patient_id, now=now)
    ids = list(document_ids)[:MAX_AT_ONCE]
    found = session.execute(
        select(Document).where(
            col(Document.id).in_(ids),
            col(Document.patient_id) == patient_id,
            col(Document.deleted_at) > now - UNDO_WITHIN,
            is_current(),
            seen.mine(),
        )
    ).scalars()
    documents = [each for each in found if may_change(seen, each)]
    if not ids or len(documents) != len(set(ids)):
        raise NotFound("document.not_found")
    for document in documents:
        set_on_series(session, seen, document, deleted_at=None)
        document.deleted_at = None
        write_words(session, actor, document)
        note(session, actor, seen, "document.restored", document.id, now)
    return len(documents)


def may_change(seen: Sight, document: Document) -> bool:
    """Only its depositor changes or deletes a document."""
    return seen.is_mine(document) and (seen.is_patient or seen.may_deposit)


def own_document(session: Session, seen: Sight, document_id: UUID) -> Document:
    """The last version of a document of the actor's own; somebody else's is visible, not theirs to change."""
    (document,) = chosen_documents(session, seen, [document_id])
    if not may_change(seen, document):
        raise Forbidden("document.change_forbidden")
    return document


def chosen_documents(session: Session, seen: Sight, ids: Iterable[UUID]) -> list[Document]:
    """Current documents by key, held until the end of the act; one that is not seen makes all absent."""
    wanted = set(list(ids)[: MAX_AT_ONCE + 1])
    if len(wanted) > MAX_AT_ONCE:
        raise RuleViolation("document.too_many")
    session.flush()
    found = list(
        session.execute(
            select(Document)
            .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
            .where(col(Document.id).in_(wanted), seen.listed(), is_current())
            .order_by(col(Document.id))
            .with_for_update(of=Document)
        ).scalars()
    )
    if not wanted or len(found) != len(wanted):
        raise NotFound("document.not_found")
    return found


def note(
    session: Session, actor: Actor, seen: Sight, action: str, document_id: UUID, now: datetime
) -> None:
    """The journal line of a change of a document; open pages of the record ask again."""
    journal.record(
        session,
        actor,
        action,
        kind=JournalKind.CHANGE,
        patient_id=seen.patient_id,
        object_id=document_id,
        ground=seen.ground,
        now=now,
    )


def set_on_series(session: Session, seen: Sight, document: Document, **values: Any) -> None:
    """Change every version of a document, so that none tells what another hides."""
    session.flush()
    # On the table: an update of the class would look at every document loaded, for each of them.
    session.execute(
        update(_DOCUMENT)
        .where(_DOCUMENT.c.series_id == document.series_id)
        .values(revision=_DOCUMENT.c.revision + 1, **values)
    )
    session.refresh(document)
