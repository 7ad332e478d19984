"""A patient as a line of a list names them: what identifies one beside what the line is about."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.models.patient import Patient, Sex


@dataclass(frozen=True)
class PatientLabel:
    """The patient a line is about."""

    id: UUID
    birth_name: str
    used_name: str
    given_name: str
    birth_date: date
    sex: Sex


def label_of(patient: Patient) -> PatientLabel:
    """What names a patient."""
    return PatientLabel(
        patient.id,
        patient.birth_name,
        patient.used_name,
        patient.given_name,
        patient.birth_date,
        patient.sex,
    )
