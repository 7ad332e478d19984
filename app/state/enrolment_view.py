"""An enrolment under way in words: whose it is, what was added, what was collected, who looks alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n import enrolment as words
from app.i18n.format import age, bound, day, full_name, years
from app.services.duplicate import DuplicateRow
from app.services.fields import parse_date_parts
from app.state import enrolment_steps as steps
from app.state.clock import today
from app.state.consent_form import mode_label


@dataclass(frozen=True)
class Carried:
    """A field of another step, which travels with the form."""

    name: str
    value: str


@dataclass(frozen=True)
class AddedTreatment:
    """A treatment added so far. `name`: of its row in the form, where its fault leads."""

    name: str
    number: int
    label: str
    detail: str


@dataclass(frozen=True)
class DuplicateView:
    """A record of one's own circle that may be of the same person."""

    href: str
    name: str
    used_name: str
    birth: str
    reason: str
    relevance: str


def carried(fields: Mapping[str, str], step: int) -> list[Carried]:
    """What the form of a step holds of the other steps."""
    shown = steps.SHOWN.get(step, frozenset())
    return [
        Carried(name, value)
        for name, value in sorted(fields.items())
        if name not in shown and value
    ]


def added_treatments(fields: Mapping[str, str]) -> list[AddedTreatment]:
    """The treatments added so far."""
    return [_added(number, row) for number, row in enumerate(steps.rows_of(fields), start=1)]


def _added(number: int, row: Mapping[str, str]) -> AddedTreatment:
    on = steps.started_on(row)
    detail = (bound(row["posology"]), words.since(day(on)) if on else "")
    return AddedTreatment(
        f"treatment_{number}",
        number,
        bound(row["label"]),
        " · ".join(part for part in detail if part),
    )


def patient_name(fields: Mapping[str, str]) -> str:
    """`LEFÈVRE Jeanne`, as typed so far."""
    birth_name = " ".join(fields.get("birth_name", "").split())
    given_name = " ".join(fields.get("birth_given_names", "").replace(",", " ").split()[:1])
    return full_name(birth_name, given_name).strip()


def collected_consent(fields: Mapping[str, str]) -> str:
    """`Consentement oral recueilli le 9 mars 2026`, '' while there is none."""
    mode, on = mode_label(fields.get("consent_mode", "")), parse_date_parts(fields, "consent")
    if not (fields.get("consent_given") and mode) or isinstance(on, str):
        return ""
    return words.collected(mode, day(on))


def duplicate_view(row: DuplicateRow) -> DuplicateView:
    """A likely duplicate in words."""
    return DuplicateView(
        href=f"/patients/{row.patient_id}/synthese",
        name=full_name(row.birth_name, row.given_name),
        used_name=words.used_name(row.used_name),
        birth=f"{day(row.birth_date)} · {years(age(row.birth_date, today()))}",
        reason=words.DUPLICATE_REASONS[row.reason],
        relevance=words.relevance(row.relevance),
    )
