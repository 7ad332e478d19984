"""Sentences of the facilities and of their import."""

from app.i18n.format import NARROW, day, number, plural
from app.integrations.finess_rows import FacilityFault, FacilityNote
from app.services.facility import FacilitySource
from app.services.facility_import import FacilityImportResult

MESSAGES = {
    "facility.not_found": "Cet établissement est introuvable.",
    "facility.changed": "Quelqu’un d’autre vient de modifier cet établissement. Rechargez la page pour voir ses changements.",
    "facility.name_missing": "Indiquez le nom de l’établissement",
    "facility.postcode_missing": "Indiquez le code postal",
    "facility.postcode_form": "Indiquez un code postal de cinq chiffres",
    "facility.city_missing": "Indiquez la commune",
    "facility.finess_key": "Vérifiez le numéro FINESS"
    f"{NARROW}: il a neuf caractères, et sa clé n’est pas bonne",
    "facility.finess_taken": "Ce numéro FINESS est déjà celui d’un autre établissement",
}

ROW_FAULTS = {
    FacilityFault.NUMBER: "numéro FINESS qui n’a pas la bonne forme",
    FacilityFault.NAME: "nom absent",
    FacilityFault.TOO_SHORT: "champs manquants",
    FacilityFault.TOO_LONG: "ligne trop longue",
    FacilityFault.UNREADABLE: "contenu illisible",
    FacilityFault.TWICE: "numéro FINESS déjà lu plus haut",
}


def source_line(source: FacilitySource | None) -> str:
    """`Source : FINESS, 12 mai 2026`."""
    return f"Source{NARROW}: {source.source}, {day(source.as_of)}" if source else ""


def row_note(note: FacilityNote) -> str:
    """`ligne 12 : nom absent`; in FINESS+, the rank of the facility."""
    return f"ligne {number(note.line)}{NARROW}: {ROW_FAULTS[note.fault]}"


def import_summary(result: FacilityImportResult) -> list[str]:
    """What an import of the facilities did, line by line."""
    read = plural(result.facilities, "établissement lu", "établissements lus")
    what = (
        plural(result.new, "nouveau", "nouveaux"),
        plural(result.changed, "modifié", "modifiés"),
        plural(result.closed, "fermé", "fermés"),
    )
    lines = [f"{read}{NARROW}: {', '.join(what)}", f"Données du {day(result.data_on)}"]
    rejected = plural(result.rejected, "ligne écartée", "lignes écartées")
    return [*lines, rejected if result.rejected else "Aucune ligne écartée"]
