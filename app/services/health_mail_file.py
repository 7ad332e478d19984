"""Files of a health mail: checked as the vault does; what it refuses is kept to download (ME-140).

No session here: call it outside any transaction, in a worker thread.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from app.crypto import Keyring
from app.errors import AppError
from app.integrations.file_check import check_file
from app.integrations.health_mail_mime import Attached, Mail
from app.integrations.scanner import Scanner
from app.models.document import FileFormat, ScanState
from app.models.message import MAX_TEXT
from app.services import stored_file
from app.services.document_upload import scan_content
from app.services.stored_file import PagePicture, SealedFile

_WHOLE_TEXT = "message.txt"


@dataclass(frozen=True)
class MailFile:
    """One file, sealed, and what its rows will say."""

    name: str
    sealed: SealedFile
    text: str
    scan: ScanState


def fitted(mail: Mail) -> Mail:
    """A text longer than a message holds begins there, and is whole in a file beside it."""
    if len(mail.text) <= MAX_TEXT:
        return mail
    whole = Attached(_WHOLE_TEXT, mail.text.encode())
    return replace(mail, text=mail.text[:MAX_TEXT], attachments=(whole, *mail.attachments))


def seal_files(
    keyring: Keyring, scanner: Scanner | None, owner_id: UUID, mail: Mail
) -> list[MailFile]:
    """Check, scan and seal the files of a mail. Raises RuleViolation for a harmful one (S101)."""
    return [_seal(keyring, scanner, owner_id, attached) for attached in mail.attachments]


def seal_as_it_came(keyring: Keyring, owner_id: UUID, content: bytes) -> SealedFile:
    """A file nothing is known of, or a whole mail: kept, never shown."""
    return stored_file.seal_file(
        keyring,
        owner_id,
        content,
        file_format=FileFormat.OTHER,
        page_count=0,
        is_of_record=False,
    )


def _seal(
    keyring: Keyring, scanner: Scanner | None, owner_id: UUID, attached: Attached
) -> MailFile:
    scan = scan_content(scanner, attached.content)
    try:
        checked = check_file(attached.content, attached.name)
    except AppError:
        # Not one of ours, too large, damaged: it can only be downloaded (ME-141).
        sealed = seal_as_it_came(keyring, owner_id, attached.content)
        return MailFile(attached.name, sealed, "", scan)
    first = checked.first_page
    sealed = stored_file.seal_file(
        keyring,
        owner_id,
        checked.content,
        file_format=checked.format,
        page_count=checked.page_count,
        pages=(PagePicture(1, first.content, first.width, first.height),) if first else (),
        is_of_record=False,
    )
    name = attached.name
    if checked.was_converted:
        name = f"{name.rpartition('.')[0]}.{checked.format.value}"
    return MailFile(name, sealed, checked.text, scan)
