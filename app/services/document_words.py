"""The words documents are found by: of their title, of their depositor, of their text (issue: search)."""

from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.models.document import Document, DocumentWord, StoredText
from app.services.text import prefix_end, tokens

MAX_QUERY = 120
MAX_WORDS = 6
MAX_TEXT_WORDS = 20_000


def write_words(session: Session, actor: Actor, document: Document) -> None:
    """Let a document be found, in place of its earlier words. The act it belongs to checked the right."""
    forget_words(session, actor, document.id)
    text = session.get(StoredText, document.file_id)
    spoken = f"{document.title} {document.depositor_name} {document.depositor_place}"
    words = dict.fromkeys(tokens(spoken))
    if text is not None:
        words |= dict.fromkeys(islice(tokens(text.text), MAX_TEXT_WORDS))
    rows = [
        {"patient_id": document.patient_id, "token": word, "document_id": document.id}
        for word in words
    ]
    if rows:
        session.execute(insert(DocumentWord), rows)


def forget_words(session: Session, actor: Actor, document_id: UUID) -> None:
    """Let a document be found no more."""
    session.execute(delete(DocumentWord).where(col(DocumentWord.document_id) == document_id))


def containing(patient_id: UUID, query: str) -> list[ColumnElement[bool]]:
    """Conditions on `Document`: each word typed begins a word of it. None when nothing was typed."""
    return [
        col(Document.id).in_(
            select(col(DocumentWord.document_id)).where(
                and_(
                    col(DocumentWord.patient_id) == patient_id,
                    col(DocumentWord.token) >= word,
                    col(DocumentWord.token) < prefix_end(word),
                )
            )
        )
        for word in tokens(query[:MAX_QUERY])[:MAX_WORDS]
    ]
