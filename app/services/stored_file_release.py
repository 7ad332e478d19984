"""Files that nothing refers to any more: released, then removed by the upkeep with what no row names."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, delete, exists, select

from app.authz.actor import Actor
from app.models.document import Document, DocumentUpload, StoredFile, StoredPage, StoredText
from app.models.message import MessageAttachment

# How long an object without a row is left alone: far longer than any upload takes.
ORPHAN = timedelta(hours=24)
BATCH = 100


def release(session: Session, actor: Actor, file_id: UUID, *, now: datetime) -> None:
    """Say that nothing refers to a file any more: the upkeep removes it."""
    row = session.get_one(StoredFile, file_id)
    row.released_at = row.released_at or now


def release_unused(
    session: Session, actor: Actor, file_ids: Collection[UUID], *, now: datetime
) -> None:
    """The same, of those of these files that neither a record nor another message names."""
    session.execute(
        update(StoredFile)
        .where(
            col(StoredFile.id).in_(file_ids), col(StoredFile.released_at).is_(None), _is_unused()
        )
        .values(released_at=now)
    )


def list_released(session: Session, actor: Actor, *, now: datetime) -> dict[UUID, list[str]]:
    """Some released files that no row refers to, and their objects."""
    files = session.exec(
        select(StoredFile.id, StoredFile.store_key)
        .where(col(StoredFile.released_at) <= now, _is_unused())
        .limit(BATCH)
    ).all()
    found = {file_id: [key] for file_id, key in files}
    pages = select(StoredPage.file_id, StoredPage.store_key).where(
        col(StoredPage.file_id).in_(found)
    )
    for file_id, key in session.exec(pages):
        found[file_id].append(key)
    return found


def forget_files(session: Session, actor: Actor, file_ids: Collection[UUID]) -> None:
    """Drop the rows of released files whose objects are gone."""
    for model in (StoredPage, StoredText):
        session.execute(delete(model).where(col(model.file_id).in_(file_ids)))
    session.execute(
        delete(StoredFile).where(
            col(StoredFile.id).in_(file_ids), col(StoredFile.released_at).is_not(None)
        )
    )


def list_unnamed(session: Session, actor: Actor, keys: Collection[str]) -> list[str]:
    """Which of these objects no row names."""
    named: set[str] = set()
    for column in (col(StoredFile.store_key), col(StoredPage.store_key)):
        named.update(session.exec(select(column).where(column.in_(keys))))
    return [key for key in keys if key not in named]


def _is_unused() -> ColumnElement[bool]:
    return and_(
        ~exists().where(col(Document.file_id) == col(StoredFile.id)),
        ~exists().where(col(DocumentUpload.file_id) == col(StoredFile.id)),
        ~exists().where(col(MessageAttachment.file_id) == col(StoredFile.id)),
    )
