"""Documents inside an archive a patient received, filed by hand like any file that arrives (FB-13).

Reading the archive takes no session: call it outside any transaction, in a worker thread.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.crypto import Keyring
from app.errors import AppError, RuleViolation
from app.integrations import xdm
from app.integrations.document_store import DocumentStore
from app.integrations.file_check import MAX_BYTES, kind_of_name
from app.integrations.xdm import XdmDocument
from app.models.document import ScanState
from app.services import document_upload, journal, stored_file
from app.services.document_upload import Prepared, Upload
from app.services.message_attachment_reading import access_attachment
from app.services.stored_file import FileRef


@dataclass(frozen=True)
class Archive:
    """An archive its reader may open, and whose record its documents go to."""

    patient_id: UUID
    file: FileRef


def require_archive(
    session: Session, actor: Actor, attachment_id: UUID, *, now: datetime
) -> Archive:
    """An archive in a message the patient holds, and a record with room for a document."""
    held = access_attachment(session, actor, attachment_id, now=now)
    patient_id = policies.require_own_record(actor)
    if not xdm.is_archive(held.attachment.name) or held.file.scan is not ScanState.CLEAN:
        raise RuleViolation("xdm.not_one")
    document_upload.require_room(session, actor, patient_id, now=now)
    return Archive(patient_id, stored_file.file_ref(held.file))


def list_archive(keyring: Keyring, store: DocumentStore, archive: Archive) -> list[XdmDocument]:
    """What it describes. Raises RuleViolation for one beyond the limits of S112."""
    return xdm.list_documents(stored_file.read_content(keyring, store, archive.file))


def may_keep(document: XdmDocument) -> bool:
    """Whether a record takes such a file (ME-138)."""
    try:
        kind_of_name(document.name)
    except AppError:
        return False
    return 0 < document.byte_size <= MAX_BYTES


def prepare_document(
    keyring: Keyring, store: DocumentStore, archive: Archive, number: int
) -> Prepared:
    """One of its documents, judged and in the store as any file that arrives; named by its title."""
    content = stored_file.read_content(keyring, store, archive.file)
    document, body = xdm.extract_document(content, number)
    title = document.title.replace("/", "-").replace("\\", "-")[:200]
    name = f"{title}.{kind_of_name(document.name)}"
    return document_upload.receive(keyring, store, archive.patient_id, name, body)


def keep_document(
    session: Session, actor: Actor, attachment_id: UUID, prepared: Prepared, *, now: datetime
) -> Upload:
    """The document waits for its form, in the patient's own documents."""
    archive = require_archive(session, actor, attachment_id, now=now)
    upload = document_upload.keep_upload(session, actor, archive.patient_id, prepared, now=now)
    journal.record(
        session,
        actor,
        "message.attachment_saved",
        patient_id=archive.patient_id,
        object_id=attachment_id,
        now=now,
    )
    return upload
