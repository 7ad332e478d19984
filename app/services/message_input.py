"""The fields of a message as a browser sends them, and what of them can be kept (ME-151, ME-165)."""

from dataclasses import dataclass
from uuid import UUID

from app.errors import Invalid
from app.models.message import (
    MAX_SUBJECT,
    MAX_TEXT,
    Priority,
)
from app.services.fields import clean_line


@dataclass(frozen=True)
class Typed:
    """The fields of a message as the browser sends them. `revision`: of the draft it knows, 0 for none."""

    text: str = ""
    subject: str = ""
    recipients: tuple[str, ...] = ()
    priority: Priority = Priority.INFORMATION
    conversation_id: UUID | None = None
    reply_to_id: UUID | None = None
    is_reply_all: bool = False
    about_patient_id: UUID | None = None
    treatment_id: UUID | None = None
    entry_id: UUID | None = None
    revision: int = 0

    @property
    def is_blank(self) -> bool:
        return not (self.text.strip() or self.subject.strip() or self.recipients)


def check_lengths(typed: Typed) -> None:
    """What is kept has an end, and nothing a database cannot hold."""
    faults = {}
    if len(typed.text) > MAX_TEXT:
        faults["text"] = "message.too_long"
    elif not _is_storable(typed.text):
        faults["text"] = "message.unsendable"
    if len(clean_line(typed.subject)) > MAX_SUBJECT:
        faults["subject"] = "message.subject_too_long"
    if faults:
        raise Invalid(**faults)


def _is_storable(text: str) -> bool:
    """Whether a database can hold a text: no null character, no half of a character."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
