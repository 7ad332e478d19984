"""Sentences of the national directory and of its import."""

from app.i18n.format import NARROW, day, number, plural
from app.integrations.rpps_rows import RowFault, RowNote
from app.services.directory import DirectoryHit, DirectoryPage
from app.services.directory_import import ImportResult
from app.services.professions import PROFESSIONS

MESSAGES = {
    "directory.import_forbidden": "Seule l’administration peut importer l’annuaire.",
    "directory.unavailable": "L’annuaire national ne répond pas. Réessayez dans un moment, ou saisissez vos informations vous-même.",
    "directory.too_many_searches": "Trop de recherches depuis cette adresse. Réessayez dans une heure, ou saisissez vos informations vous-même.",
}

NOT_FOUND = "Personne ne porte ce nom dans l’annuaire. Vérifiez l’orthographe, ou inscrivez-vous manuellement."

ROW_FAULTS = {
    RowFault.TYPE: "type d’identifiant inconnu",
    RowFault.NUMBER: "numéro absent ou d’une autre longueur",
    RowFault.NAME: "nom absent",
    RowFault.TOO_SHORT: "champs manquants",
    RowFault.TOO_LONG: "ligne trop longue",
    RowFault.CUT: "ligne coupée à la fin du fichier",
    RowFault.KEY: "lue malgré une clé de numéro qui n’est pas bonne",
    RowFault.FIELD_MISSING: "lue malgré des champs manquants",
    RowFault.FIELD_TOO_MANY: "lue malgré un champ en trop",
}


def source_line(page: DirectoryPage) -> str:
    """`Source : ANS, RPPS, 12 novembre 2026`, as the licence of the data asks; '' without a directory."""
    if page.as_of is None:
        return ""
    return f"Source{NARROW}: {page.source}, {day(page.as_of)}"


def profession_label(code: str, label: str) -> str:
    """The national label of a profession code; of an unknown one, the label it came with."""
    return PROFESSIONS.get(code) or label or code


def detail_line(hit: DirectoryHit) -> str:
    """`Médecin · Oncologie · Clinique des Tilleuls, Niort`."""
    first = hit.places[0] if hit.places else None
    place = ", ".join(part for part in (first.name, first.city) if part) if first else ""
    parts = (profession_label(hit.profession, hit.profession_label), hit.speciality, place)
    return " · ".join(part for part in parts if part)


def row_note(note: RowNote) -> str:
    """`ligne 12 : nom absent`."""
    return f"ligne {number(note.line)}{NARROW}: {ROW_FAULTS[note.fault]}"


def import_summary(result: ImportResult) -> list[str]:
    """What an import of the directory did, line by line."""
    earlier = result.earlier_people
    lines = [
        f"{plural(result.people, 'inscription', 'inscriptions')} et "
        f"{plural(result.places, 'lieu d’exercice', 'lieux d’exercice')} en service"
        + (f" ({plural(earlier, 'inscription', 'inscriptions')} auparavant)" if earlier else ""),
        f"Données du {day(result.data_on)}",
    ]
    if earlier > 2 * result.people:
        lines.append("Moins de la moitié d’auparavant\u202f: vérifiez que le fichier est entier")
    if result.rejected:
        lines.append(plural(result.rejected, "ligne écartée", "lignes écartées"))
    if result.remarked:
        lines.append(
            plural(result.remarked, "ligne lue malgré un défaut", "lignes lues malgré un défaut")
        )
    if not (result.rejected or result.remarked):
        lines.append("Aucune ligne écartée")
    return lines
