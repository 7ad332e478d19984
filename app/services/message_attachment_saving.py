"""« Enregistrer dans mes documents »: a file of a message becomes a document of its own (ME-142 to ME-147).

The copy is judged, cleaned and sealed as any file that arrives; the message keeps its own.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.crypto import Keyring
from app.errors import RuleViolation, Unusual
from app.integrations.document_store import DocumentStore
from app.services import document_upload, journal, stored_file, submission
from app.services.document_deposit import deposit, find_same, require_depositor
from app.services.document_description import NewDocument
from app.services.document_upload import Prepared
from app.services.message_attachment_reading import access_attachment, is_savable
from app.services.stored_file import FileRef


@dataclass(frozen=True)
class Savable:
    """A file its reader may keep, and what it takes to read it outside a transaction."""

    patient_id: UUID
    name: str
    file: FileRef


@dataclass(frozen=True)
class Kept:
    """The document made of a file. `is_new`: by this very call, so that what was prepared serves."""

    document_id: UUID
    is_new: bool


def require_savable(
    session: Session, actor: Actor, attachment_id: UUID, *, now: datetime
) -> Savable:
    """A file a patient may keep in their own record, which has room for it (ME-138, S100)."""
    held = access_attachment(session, actor, attachment_id, now=now)
    patient_id = policies.require_own_record(actor)
    if not is_savable(held.file):
        raise RuleViolation("message.attachment_not_savable")
    document_upload.require_room(
        session, actor, patient_id, now=now, more_bytes=held.file.byte_size
    )
    stem = held.attachment.name.rpartition(".")[0] or held.attachment.name
    return Savable(patient_id, stem, stored_file.file_ref(held.file))


def prepare_copy(keyring: Keyring, store: DocumentStore, savable: Savable) -> Prepared:
    """The copy, in the store. Takes no session: call it outside any transaction, in a worker thread."""
    content = stored_file.read_content(keyring, store, savable.file)
    name = f"{savable.name}.{savable.file.format.value}"
    return document_upload.receive(keyring, store, savable.patient_id, name, content)


def save_attachment(
    session: Session,
    actor: Actor,
    attachment_id: UUID,
    prepared: Prepared,
    new: NewDocument,
    *,
    key: UUID,
    confirmed: bool = False,
    now: datetime,
) -> Kept:
    """« Ajouter »: the document of a copy. The same form makes one (S143).

    Raises Unusual("document.duplicate") when the record has the same content already, until confirmed.
    """
    earlier = submission.earlier_result(session, actor, key)
    if earlier is not None:
        return Kept(earlier, is_new=False)
    patient_id = require_savable(session, actor, attachment_id, now=now).patient_id
    seen = require_depositor(session, actor, patient_id, now=now)
    if not confirmed and find_same(session, seen, prepared.sealed.content_mac) is not None:
        raise Unusual("document.duplicate")
    upload = document_upload.keep_upload(session, actor, patient_id, prepared, now=now)
    document_id = deposit(
        session, actor, patient_id, upload.id, new, key=key, confirmed=True, now=now
    )
    journal.record(
        session,
        actor,
        "message.attachment_saved",
        patient_id=patient_id,
        object_id=attachment_id,
        now=now,
    )
    return Kept(document_id, is_new=True)
