"""Sentences of the medicines database and of its import."""

from app.i18n.format import NARROW, day, number, plural
from app.integrations.bdpm import RowFault, RowNote
from app.services.medicine import ReleaseRow
from app.services.medicine_import import ImportResult

MESSAGES = {
    "medicine.import_forbidden": "Seule l’administration peut importer les médicaments.",
}

NOT_FOUND = "Aucun médicament ne porte ce nom. Vous pouvez le saisir librement."
NOT_MARKETED = "non commercialisé"

ROW_FAULTS = {
    RowFault.CODE: "code qui n’est pas un nombre de la longueur attendue",
    RowFault.NAME: "nom absent",
    RowFault.TOO_SHORT: "champs manquants",
    RowFault.TOO_LONG: "texte trop long",
    RowFault.TWICE: "code CIS déjà lu plus haut",
    RowFault.UNKNOWN_SPECIALITY: "code CIS absent du fichier des spécialités",
    RowFault.NATURE: "nature du composant ni SA ni FT",
    RowFault.FIELD_MISSING: "lue malgré des champs manquants",
    RowFault.FIELD_TOO_MANY: "lue malgré un champ en trop",
}


def source_line(release: ReleaseRow) -> str:
    """`Source : Base de données publique des médicaments, 26 janvier 2026`, as its licence asks."""
    line = f"Source{NARROW}: {release.source}, {day(release.data_on)}"
    return f"{line} (liste courte de Liane)" if release.is_builtin else line


def row_note(note: RowNote) -> str:
    """`CIS_COMPO_bdpm.txt, ligne 12 : nom absent`."""
    return f"{note.file}, ligne {number(note.line)}{NARROW}: {ROW_FAULTS[note.fault]}"


def import_summary(result: ImportResult) -> list[str]:
    """What an import did, line by line."""
    earlier = result.earlier_medicines
    lines = [
        f"{plural(result.medicines, 'spécialité', 'spécialités')} et "
        f"{plural(result.substances, 'substance', 'substances')} en service"
        + (f" ({number(earlier)} auparavant)" if earlier else ""),
        f"Données du {day(result.data_on)}",
    ]
    if result.rejected:
        lines.append(plural(result.rejected, "ligne écartée", "lignes écartées"))
    if result.remarked:
        lines.append(
            plural(result.remarked, "ligne lue malgré un défaut", "lignes lues malgré un défaut")
        )
    if not (result.rejected or result.remarked):
        lines.append("Aucune ligne écartée")
    return lines
