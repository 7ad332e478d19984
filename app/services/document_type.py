"""The document types of the national list, and the groupings they are shown in (U-16, FC-22, FC-25)."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from app.errors import Invalid
from app.models.document import DocumentClass, PatientCategory, RecordCategory

_TABLE = Path(__file__).parent / "reference" / "document_types.tsv"


class StatisticGroup(StrEnum):
    """The fifteen of the legend of DM-53, in its order."""

    OTHER = "other"
    CERTIFICATE = "certificate"
    CARE_PRESCRIPTION = "care_prescription"
    LABORATORY_PRESCRIPTION = "laboratory_prescription"
    SUMMARY = "summary"
    OTHER_PRESCRIPTION = "other_prescription"
    VACCINATION_NOTE = "vaccination_note"
    PRODUCT_PRESCRIPTION = "product_prescription"
    OPERATIVE_REPORT = "operative_report"
    SCREENING = "screening"
    DISCHARGE_LETTER = "discharge_letter"
    HOSPITAL_REPORT = "hospital_report"
    CONSULTATION_REPORT = "consultation_report"
    IMAGING_REPORT = "imaging_report"
    LABORATORY_REPORT = "laboratory_report"


class Depositor(StrEnum):
    """Who chooses a type at a deposit."""

    PROFESSIONAL = "professional"
    PATIENT = "patient"
    SYSTEM = "system"


@dataclass(frozen=True)
class DocumentType:
    """One type. `code`: LOINC, A05 or ASTM, as in the national list; `label`: in French, from it too."""

    code: str
    label: str
    document_class: DocumentClass
    patient_category: PatientCategory
    record_category: RecordCategory
    statistic_group: StatisticGroup
    depositor: Depositor


# What a patient's own deposit of each category becomes.
_OF_PATIENT = {
    PatientCategory.SUMMARY: "DOCPAT01",
    PatientCategory.PRESCRIPTIONS: "DOCPAT02",
    PatientCategory.REPORTS: "DOCPAT03",
    PatientCategory.IMAGING: "DOCPAT04",
    PatientCategory.LABORATORY: "DOCPAT05",
    PatientCategory.PREVENTION: "DOCPAT06",
    PatientCategory.CERTIFICATES: "DOCPAT07",
    PatientCategory.OTHER: "EXPPAT_2",
    PatientCategory.ADMINISTRATIVE: "DOCPAT09",
}


def document_type(code: str) -> DocumentType:
    """The type of a code of the national list; fails as the field `type` of a form."""
    found = _by_code().get(code)
    if found is None:
        raise Invalid(type="document.type_unknown")
    return found


def all_types() -> tuple[DocumentType, ...]:
    """Every type, by class, then by label."""
    return tuple(_by_code().values())


def types_of(category: PatientCategory | RecordCategory) -> tuple[str, ...]:
    """The codes shown in one category of a patient, or in one of the record."""
    if isinstance(category, PatientCategory):
        return _codes(each for each in all_types() if each.patient_category is category)
    return _codes(each for each in all_types() if each.record_category is category)


def patient_type(category: PatientCategory) -> str:
    """The code that a patient's own deposit in this category gets."""
    return _OF_PATIENT[category]


def professional_types() -> tuple[DocumentType, ...]:
    """What a professional chooses from: not what is the patient's, nor what only software sends."""
    return tuple(each for each in all_types() if each.depositor is Depositor.PROFESSIONAL)


def _codes(types: Iterable[DocumentType]) -> tuple[str, ...]:
    return tuple(each.code for each in types)


@cache
def _by_code() -> dict[str, DocumentType]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(
        (line for line in lines if not line.startswith("#")),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    return {
        row["code"]: DocumentType(
            code=row["code"],
            label=row["label"],
            document_class=DocumentClass(row["class"]),
            patient_category=PatientCategory(row["patient_category"]),
            record_category=RecordCategory(row["record_category"]),
            statistic_group=StatisticGroup(row["statistic_group"]),
            depositor=Depositor(row["depositor"]),
        )
        for row in rows
    }
