"""What is typed to add or change a treatment: read, completed from the medicines database, checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.services.fields import EARLIEST, clean_line, paris_day
from app.services.medicine import MedicineRow, find_medicine
from app.services.text import fold, tokens

MAX_LABEL = 250
MAX_SUBSTANCES = 250
MAX_POSOLOGY = 200
MAX_REASON = 200
MAX_NEW = 20
# A course may be prescribed, or its end planned, ahead of time.
AHEAD = timedelta(days=366)

_LIMITS = {
    "label": (MAX_LABEL, "treatment.label_too_long"),
    "posology": (MAX_POSOLOGY, "treatment.posology_too_long"),
    "end_reason": (MAX_REASON, "treatment.end_reason_too_long"),
}


@dataclass(frozen=True)
class NewTreatment:
    """What is typed to add a treatment: a speciality by its code CIS, or free text.

    Both may be given: then the text is how the team calls that speciality, and begins with a word of its
    name or of its DCI.
    """

    started_on: date | None
    medicine_cis: str = ""
    label: str = ""
    posology: str = ""
    is_followed: bool = True


@dataclass(frozen=True)
class PreparedTreatment(NewTreatment):
    """A treatment as it would be stored."""

    substances: str = ""


def check_treatments(
    session: Session,
    actor: Actor,
    treatments: Sequence[NewTreatment],
    *,
    born_on: date | None,
    now: datetime,
) -> dict[str, str]:
    """Faults of the treatments of an enrolment: `{"treatment_1_label": code}`, numbered from 1.

    At least one followed treatment is asked for (CX-12, D-01).
    """
    policies.require_professional(actor)
    if not any(new.is_followed for new in treatments):
        return {"treatment_1_label": "treatment.label_missing"}
    if len(treatments) > MAX_NEW:
        return {f"treatment_{MAX_NEW + 1}_label": "treatment.too_many"}
    faults: dict[str, str] = {}
    seen: set[str] = set()
    for number, new in enumerate(treatments, start=1):
        prepared, own = prepare_treatment(session, actor, new, born_on=born_on, now=now)
        names = {name for name in (prepared.medicine_cis, fold(prepared.label)) if name}
        if names & seen:
            own.setdefault("label", "treatment.twice")
        seen |= names
        faults |= {f"treatment_{number}_{field}": code for field, code in own.items()}
    return faults


def prepare_treatment(
    session: Session, actor: Actor, new: NewTreatment, *, born_on: date | None, now: datetime
) -> tuple[PreparedTreatment, dict[str, str]]:
    """The treatment as it would be stored, and every fault of what was typed."""
    prepared = PreparedTreatment(
        new.started_on,
        new.medicine_cis.strip(),
        clean_line(new.label),
        clean_line(new.posology),
        new.is_followed,
    )
    faults = text_faults(label=prepared.label, posology=prepared.posology)
    faults |= start_faults(new.started_on, born_on, paris_day(now))
    if prepared.medicine_cis:
        medicine = find_medicine(session, actor, prepared.medicine_cis)
        if medicine is None:
            faults.setdefault("label", "treatment.medicine_unknown")
            return prepared, faults
        if prepared.label and not _names(prepared.label, medicine):
            faults.setdefault("label", "treatment.label_other_medicine")
        prepared = replace(
            prepared,
            label=prepared.label or _shorten(medicine.name, MAX_LABEL),
            substances=_shorten(medicine.substances, MAX_SUBSTANCES),
        )
    elif not fold(prepared.label):
        faults.setdefault("label", "treatment.label_missing")
    return prepared, faults


def text_faults(**typed: str) -> dict[str, str]:
    """Faults of the lengths of texts."""
    return {
        field: _LIMITS[field][1] for field, text in typed.items() if len(text) > _LIMITS[field][0]
    }


def start_faults(started_on: date | None, born_on: date | None, today: date) -> dict[str, str]:
    """Faults of the day a treatment starts."""
    if started_on is None:
        return {"started_on": "treatment.start_missing"}
    if born_on is not None and started_on < born_on:
        return {"started_on": "treatment.start_before_birth"}
    if started_on < EARLIEST:
        return {"started_on": "date.too_old"}
    if started_on > today + AHEAD:
        return {"started_on": "treatment.start_too_far"}
    return {}


def _names(label: str, medicine: MedicineRow) -> bool:
    words = tokens(label)
    return bool(words) and words[0] in tokens(f"{medicine.name} {medicine.substances}")


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip(" ,") + "…"
