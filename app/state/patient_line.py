"""A patient as a line of a list, in words: on the dashboard and in « Mes patients »."""

from dataclasses import dataclass
from datetime import date

from app.i18n.adherence import NOT_RECORDED, SHORT_CLASSES
from app.i18n.format import NARROW, age, bound, full_name, plural, short_day, years
from app.models.adherence import AdherenceClass
from app.services.patient_list import PatientRow

ADHERENCE_TONES = {
    AdherenceClass.GOOD: "success",
    AdherenceClass.SLIGHT_PROBLEM: "",
    AdherenceClass.POOR: "warning",
}


@dataclass(frozen=True)
class PatientLine:
    """One line. `birth`: « 4 juin 1958 · 67 ans »; `circle`: « 4 PdS » beside the first initials."""

    id: str
    name: str
    used_name: str
    href: str
    birth: str
    treatments: str
    last_entry: str
    adherence: str
    adherence_tone: str
    unread: int
    initials: tuple[str, ...]
    circle: str


def patient_line(row: PatientRow, today: date) -> PatientLine:
    """The words of a line, on that day."""
    adherence, tone = NOT_RECORDED, "line"
    if row.latest_yes_count is not None:
        adherence_class = AdherenceClass.of(row.latest_yes_count)
        adherence = SHORT_CLASSES[adherence_class]
        tone = ADHERENCE_TONES[adherence_class]
    return PatientLine(
        id=str(row.id),
        name=full_name(row.birth_name, row.given_name),
        used_name=f"nom utilisé{NARROW}: {row.used_name.upper()}" if row.used_name else "",
        href=f"/patients/{row.id}/synthese",
        birth=f"{short_day(row.birth_date)} · {years(age(row.birth_date, today))}",
        treatments=" · ".join(bound(label) for label in row.treatments) or "Aucun traitement suivi",
        last_entry=short_day(row.last_entry_on) if row.last_entry_on else "Aucune",
        adherence=adherence,
        adherence_tone=tone,
        unread=row.unread_count,
        initials=row.circle_initials,
        circle=plural(row.circle_size, "PdS", "PdS"),
    )
