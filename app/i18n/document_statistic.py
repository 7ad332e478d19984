"""Words of the statistics of deposits, in those of the national chart (DM-52, DM-53)."""

from datetime import date

from app.i18n.format import NARROW, NO_BREAK, month, plural
from app.services.document_statistic import MonthLine
from app.services.document_type import StatisticGroup

GROUPS = {
    StatisticGroup.OTHER: "Autres",
    StatisticGroup.CERTIFICATE: "Certificat, déclaration",
    StatisticGroup.CARE_PRESCRIPTION: "Prescription de soins",
    StatisticGroup.LABORATORY_PRESCRIPTION: "Prescription d’actes de biologie médicale",
    StatisticGroup.SUMMARY: "Synthèse",
    StatisticGroup.OTHER_PRESCRIPTION: "Prescription (autre)",
    StatisticGroup.VACCINATION_NOTE: "Note de vaccination",
    StatisticGroup.PRODUCT_PRESCRIPTION: "Prescription de produits de santé",
    StatisticGroup.OPERATIVE_REPORT: "CR opératoire",
    StatisticGroup.SCREENING: "Attestation de dépistage",
    StatisticGroup.DISCHARGE_LETTER: "Lettre de sortie",
    StatisticGroup.HOSPITAL_REPORT: "CR hospitalier (séjour)",
    StatisticGroup.CONSULTATION_REPORT: "CR ou fiche de consultation ou de visite",
    StatisticGroup.IMAGING_REPORT: "CR d’imagerie médicale",
    StatisticGroup.LABORATORY_REPORT: "CR d’examens biologiques",
}
UNIT = "documents par habitant et par an"


def rate(value: float | None) -> str:
    """`2,31`; a dash when there is nobody to count for."""
    return "–" if value is None else f"{value:.2f}".replace(".", ",")


def month_label(line: MonthLine) -> str:
    """`Mars 2026`, `Mars 2026 (en cours)`."""
    return month(line.month) if line.is_over else f"{month(line.month)} (en cours)"


def summary(lines: tuple[MonthLine, ...]) -> str:
    """What the chart says, in a sentence."""
    last = next((line for line in reversed(lines) if line.is_over), lines[-1])
    top = max(last.deposited, key=lambda group: last.deposited[group], default=None)
    most = f", surtout «{NARROW}{GROUPS[top]}{NARROW}»" if top else ""
    return (
        f"{month_label(last)}{NARROW}: {rate(last.rate())}{NO_BREAK}{UNIT}{most}. "
        "Les valeurs sont dans le tableau qui suit."
    )


def deposits(count: int) -> str:
    """`1 250 documents déposés`."""
    return plural(count, "document déposé", "documents déposés")


def records(count: int) -> str:
    """`120 dossiers ouverts`."""
    return plural(count, "dossier ouvert", "dossiers ouverts")


def csv_heads() -> list[str]:
    """The heads of the exported table: numbers of documents, then their rates."""
    return [
        "Mois",
        "Mois terminé",
        "Dossiers ouverts",
        "Documents déposés",
        "Par habitant et par an",
        *(f"{label} (documents)" for label in GROUPS.values()),
        *(f"{label} (par habitant et par an)" for label in GROUPS.values()),
    ]


def csv_cells(line: MonthLine) -> list[str]:
    """One exported month."""
    return [
        _iso(line.month),
        "oui" if line.is_over else "non",
        str(line.population),
        str(line.total),
        _plain(line.rate()),
        *(str(line.deposited.get(group, 0)) for group in GROUPS),
        *(_plain(line.rate(group)) for group in GROUPS),
    ]


def _iso(value: date) -> str:
    return f"{value:%Y-%m}"


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".replace(".", ",")
