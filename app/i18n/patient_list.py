"""Words of « Mes patients »."""

from app.i18n.format import number, plural
from app.services.patient_list import PatientSort

MESSAGES: dict[str, str] = {}

WARNING = "Attention, vérifiez bien l’identité du patient avant d’accéder à son dossier."

# The word of each order in addresses, and both of its directions, the usual one first.
SORTS = {
    PatientSort.NAME: ("nom", ("Nom, de A à Z", "Nom, de Z à A")),
    PatientSort.ENTRY: (
        "entree",
        ("Dernière entrée, la plus récente d’abord", "Dernière entrée, la plus ancienne d’abord"),
    ),
    PatientSort.UNREAD: ("lecture", ("Entrées à lire d’abord", "Entrées à lire en dernier")),
}


def lead(total: int) -> str:
    """`42 patients suivis dans votre cercle`."""
    return f"{plural(total, 'patient suivi', 'patients suivis')} dans votre cercle"


def found(total: int) -> str:
    """`3 patients correspondent`."""
    return f"{plural(total, 'patient correspond', 'patients correspondent')}"


def span(first: int, last: int, total: int) -> str:
    """`Patients 26 à 50 sur 5 000`."""
    return f"Patients {number(first)} à {number(last)} sur {number(total)}"
