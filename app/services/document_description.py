"""The description of a document: title, date, type, flags, as typed and as allowed (ME-097 to ME-101)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import Invalid
from app.models.document import MAX_TITLE, PatientCategory
from app.services.document_type import document_type, patient_type, professional_types
from app.services.fields import FieldReader
from app.services.visibility import Sight

_ANNOUNCE_WITHIN = timedelta(days=366)


@dataclass(frozen=True)
class NewDocument:
    """The description of a document. `announce_on`: when its author is reminded to show it (FC-17)."""

    title: str
    type_code: str
    document_date: date
    is_masked: bool = False
    is_hidden_from_patient: bool = False
    announce_on: date | None = None
    is_hidden_from_representatives: bool = False


TITLE_TOO_LONG = "document.title_too_long"


def read_document(fields: Mapping[str, str], *, is_patient: bool, today: date) -> NewDocument:
    """What a form holds: `title`, the date `document`, `category` (patient) or `type`, `visibility`."""
    reader = FieldReader(fields)
    title = reader.text(
        "title", limit=MAX_TITLE, missing="document.title_missing", too_long=TITLE_TOO_LONG
    )
    day = reader.date(
        "document", missing="document.date_missing", future="document.date_future", latest=today
    )
    if is_patient:
        category = reader.choice("category", PatientCategory, missing="document.category_missing")
        code = patient_type(category) if category else ""
    else:
        code = fields.get("type", "")
        if not code:
            reader.fault("type", "document.type_missing")
    visibility = fields.get("visibility", "visible")
    is_hidden = visibility == "hidden_from_patient" and not is_patient
    announce_on = _announce_on(reader, today) if is_hidden else None
    reader.check()
    assert day is not None
    return NewDocument(
        title=title,
        type_code=code,
        document_date=day,
        is_masked=visibility == "masked",
        is_hidden_from_patient=is_hidden,
        announce_on=announce_on,
        is_hidden_from_representatives=not is_patient
        and reader.flag("hidden_from_representatives"),
    )


def read_announcement(fields: Mapping[str, str], *, today: date) -> date | None:
    """The date `announce` of a form, None when it is left empty."""
    reader = FieldReader(fields)
    announce_on = _announce_on(reader, today)
    reader.check()
    return announce_on


def _announce_on(reader: FieldReader, today: date) -> date | None:
    return reader.date(
        "announce",
        missing=None,
        earliest=today,
        too_old="document.announce_past",
        latest=today + _ANNOUNCE_WITHIN,
        future="document.announce_late",
    )


def check(seen: Sight, new: NewDocument, *, today: date) -> None:
    """Refuse a description that cannot be: what the profession does not deposit, both ways of hiding."""
    faults = {}
    kind = document_type(new.type_code)
    if not seen.is_patient and (
        kind not in professional_types() or kind.code not in seen.depositable
    ):
        faults["type"] = "document.type_forbidden"
    if not new.title.strip():
        faults["title"] = "document.title_missing"
    elif len(new.title) > MAX_TITLE:
        faults["title"] = TITLE_TOO_LONG
    if new.document_date > today:
        faults["document"] = "document.date_future"
    if new.is_masked and new.is_hidden_from_patient:
        faults["visibility"] = "document.one_hiding"
    if seen.is_patient and (new.is_hidden_from_patient or new.is_hidden_from_representatives):
        faults["visibility"] = "document.hiding_forbidden"
    if faults:
        raise Invalid(**faults)
