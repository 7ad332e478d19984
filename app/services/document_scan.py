"""What the scanner says of files that waited for it: seen only once it found them harmless (S101)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.document import ScanState, StoredFile
from app.services import stored_file
from app.services.stored_file import FileRef

BATCH = 20


def list_unscanned(
    session: Session, actor: Actor, *, after: datetime | None = None
) -> list[tuple[datetime, FileRef]]:
    """Some files that still wait for the scanner, oldest first, with when each was kept."""
    waiting = select(StoredFile).where(
        col(StoredFile.scan) == ScanState.PENDING, col(StoredFile.released_at).is_(None)
    )
    if after is not None:
        waiting = waiting.where(col(StoredFile.created_at) > after)
    found = session.execute(waiting.order_by(col(StoredFile.created_at)).limit(BATCH)).scalars()
    return [(file.created_at, stored_file.file_ref(file)) for file in found]


def record_scan(session: Session, actor: Actor, file_id: UUID, *, is_clean: bool) -> None:
    """Show a file that is harmless; a harmful one is never shown to anybody."""
    file = session.get(StoredFile, file_id)
    if file is not None and file.scan is ScanState.PENDING:
        file.scan = ScanState.CLEAN if is_clean else ScanState.REFUSED
        session.add(file)
