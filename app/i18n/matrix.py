"""Words of the authorisation matrix."""

from datetime import date

from app.i18n.format import NARROW, day, plural
from app.models.matrix import MatrixRight
from app.services.matrix_reference import CellValue

RIGHTS = {MatrixRight.READ: "Consulter", MatrixRight.DEPOSIT: "Déposer"}
ALLOWED, REFUSED, TO_CONFIRM = "Autorisé", "Refusé", "À confirmer"
# What one cell may say, by the word it has in a form.
CHOICES = {
    "oui": (CellValue(allowed=True, is_confirmed=True), "Autorisé"),
    "oui-a-confirmer": (CellValue(allowed=True), "Autorisé, à confirmer"),
    "non": (CellValue(is_confirmed=True), "Refusé"),
    "non-a-confirmer": (CellValue(), "Refusé, à confirmer"),
}
WORD_OF = {value: word for word, (value, _) in CHOICES.items()}

PUBLISHED = "La version {number} est publiée."
DISCARDED = "Vos changements sont abandonnés."
CAME_WITH = "Livrée avec Liane"

MESSAGES = {
    "matrix.not_found": "Cette version de la matrice est introuvable.",
    "matrix.changed": (
        "La version {number} vient d’être publiée par quelqu’un d’autre. Vos changements sont conservés : "
        "relisez-les à côté des siens, puis publiez."
    ),
    "matrix.no_change": "Aucun changement n’attend d’être publié.",
    "matrix.effective_past": "Choisissez la date d’aujourd’hui ou une date à venir",
    "matrix.effective_far": "Choisissez une date dans les deux ans",
    "matrix.note_missing": "Dites pourquoi cette version est publiée",
    "matrix.source_missing": "Dites sur quel texte cette version s’appuie",
}


def cell_label(value: CellValue) -> str:
    """`Autorisé, à confirmer`."""
    return CHOICES[WORD_OF[value]][1]


def version_line(number: int, effective_on: date, today: date) -> str:
    """`Version 2, applicable depuis le 5 mars 2026`."""
    when = "applicable depuis le" if effective_on <= today else "applicable à partir du"
    return f"Version {number}, {when} {day(effective_on)}"


def state_of(effective_on: date, today: date, *, is_in_force: bool) -> tuple[str, str]:
    """Word and tone of a version."""
    if is_in_force:
        return "En vigueur", "success"
    return ("À venir", "info") if effective_on > today else ("Remplacée", "")


def changes(count: int) -> str:
    """`2 cellules changent`."""
    return f"{plural(count, 'cellule change', 'cellules changent')} par rapport à la version en vigueur"


def types_found(count: int) -> str:
    """`12 types de documents`."""
    return plural(count, "type de document", "types de documents")


def to_confirm(count: int) -> str:
    """`12 à confirmer`."""
    return f"{count} à confirmer" if count else "Tout est confirmé"


def caption(profession: str, category: str) -> str:
    """`Médecin : Synthèses`."""
    return f"{profession}{NARROW}: {category}"
