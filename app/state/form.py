"""What the forms of the pages share: a once-only key, choices of a list, the common part of an entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.models.entry import ContactMode
from app.services.entry_row import EntryRow
from app.services.fact import Fact
from app.services.fields import FieldReader, date_fields, paris_day, parse_key


@dataclass(frozen=True)
class Choice:
    """A line of a native list."""

    value: str
    label: str


def new_key() -> str:
    """The key of a form that was just drawn: its submits make one act (S143)."""
    return str(uuid4())


def key_of(fields: dict[str, str]) -> UUID:
    """The key a form was submitted with; without one, each submit is an act of its own."""
    return parse_key(fields.get("key", "")) or uuid4()


def with_picked(fields: Mapping[str, str], **known: str) -> dict[str, str]:
    """A form, with what was picked: one sent before the page showed it does not hold it yet."""
    return {
        **fields,
        **{name: value for name, value in known.items() if value and not fields.get(name)},
    }


def read_fact(fields: dict[str, str], reader: FieldReader) -> Fact:
    """The common part of an entry, read from its form. Faults wait in the reader and travel with the fact."""
    treatment_id = reader.key("treatment_id", missing=None, unknown="entry.treatment_missing")
    occurred_on = reader.date("occurred_on", missing=None)
    contact_mode = reader.choice("contact_mode", ContactMode, missing=None)
    contact_on = reader.date("contact_on", missing=None)
    return Fact(
        treatment_id=treatment_id,
        occurred_on=occurred_on,
        contact_mode=contact_mode or ContactMode.NONE,
        contact_on=contact_on,
        note=fields.get("note", ""),
        unreadable=reader.faults,
    )


def fresh_fields(now: datetime) -> dict[str, str]:
    """An empty entry: the fact is dated today, the contact is on site."""
    return {**date_fields("occurred_on", paris_day(now)), "contact_mode": ContactMode.ON_SITE.value}


def fields_of(row: EntryRow) -> dict[str, str]:
    """The form of an entry that is being corrected, as it was written."""
    fields = {
        **date_fields("occurred_on", row.occurred_on),
        **date_fields("contact_on", row.contact_on),
        "treatment_id": str(row.treatment.id) if row.treatment else "",
        "contact_mode": row.contact_mode.value,
        "note": row.note,
    }
    if row.tolerance is not None:
        fields |= {
            "domain": row.tolerance.domain.value,
            "patient_appreciation": row.tolerance.patient_appreciation.value,
            "grade": str(row.tolerance.grade),
        }
    if row.interaction is not None:
        fields |= {"substance": row.interaction.substance, "level": row.interaction.level.value}
    if row.adherence is not None:
        fields |= _adherence_fields(row)
    return fields


def _adherence_fields(row: EntryRow) -> dict[str, str]:
    values = row.adherence
    assert values is not None
    if values.answers is None:
        return {
            "way": "score",
            "score": str(values.score),
            "direction": values.direction.value,
        }
    return {"way": "questionnaire"} | {
        f"answer_{n}": "oui" if answer else "non"
        for n, answer in enumerate(values.answers, start=1)
    }
