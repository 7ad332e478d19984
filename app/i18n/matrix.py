"""Words of the authorisation matrix."""

from datetime import date

from app.i18n.format import day, plural
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


def lead(number: int, effective_on: date) -> str:
    """What is in force, and since when."""
    return (
        "Les types de documents que chaque profession consulte et dépose. "
        f"La version {number} s’applique depuis le {day(effective_on)}."
    )


def version(number: int, effective_on: date) -> str:
    """`Version 2, date d’effet : 5 mars 2026`."""
    return f"Version {number}, date d’effet\u202f: {day(effective_on)}"


def coming(number: int, effective_on: date) -> str:
    """What is shown and changed when the newest version does not hold yet."""
    return (
        f"La version {number} s’appliquera le {day(effective_on)}. C’est elle qui se lit et se modifie "
        "ci-dessous."
    )


def waiting(count: int) -> str:
    """`2 changements attendent d’être publiés`; nothing when none does."""
    if count == 0:
        return ""
    return plural(count, "changement attend d’être publié", "changements attendent d’être publiés")


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
