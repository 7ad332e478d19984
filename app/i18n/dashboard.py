"""Labels of the dashboard."""

import re

from app.i18n.format import number, plural
from app.services.attention import FALLING_DAYS, SEVERE_DAYS, STALE_DAYS, AttentionKind

# What each counter says, in two lines.
COUNTERS = {
    AttentionKind.SEVERE: ("Tolérances sévères", f"depuis {SEVERE_DAYS} jours"),
    AttentionKind.FALLING: ("Observances en baisse", f"depuis {FALLING_DAYS} jours"),
    AttentionKind.UNREAD: ("Entrées à lire", "écrites par vos collègues"),
    AttentionKind.STALE: ("Sans entrée récente", f"depuis plus de {STALE_DAYS} jours"),
}

# The word of each list in addresses: none says anything of a patient's health.
SLUGS = {
    AttentionKind.SEVERE: "urgent",
    AttentionKind.FALLING: "en-baisse",
    AttentionKind.UNREAD: "a-lire",
    AttentionKind.STALE: "sans-entree",
}

TITLE = "À voir aujourd’hui"
NOTHING = "Rien ne demande votre attention aujourd’hui."
NOTHING_LISTED = "Aucun patient dans cette liste aujourd’hui."
FALLING = "Observance en baisse"
STALE = "Sans entrée récente"
EXTRACT = 80


def lead(weekday: str, patients: int) -> str:
    """`Mardi 10 mars 2026 · 42 patients suivis dans votre cercle`."""
    return f"{weekday} · {plural(patients, 'patient suivi', 'patients suivis')} dans votre cercle"


def severe(grade: int) -> str:
    """`Tolérance de grade 3`."""
    return f"Tolérance de grade {grade}"


def unread(count: int) -> str:
    """`2 entrées de collègues à lire`."""
    return f"{plural(count, 'entrée de collègue', 'entrées de collègues')} à lire"


def days_since(days: int) -> str:
    """`dernière entrée il y a 74 jours`."""
    return f"dernière entrée il y a {plural(days, 'jour', 'jours')}"


def show_all(total: int) -> str:
    """`Tout afficher (12)`."""
    return f"Tout afficher ({number(total)})"


def all_patients(total: int) -> str:
    """`Tous mes patients (42)`."""
    return f"Tous mes patients ({number(total)})"


def shown(first: int, last: int, total: int) -> str:
    """`1 à 25 sur 30`."""
    return f"{number(first)} à {number(last)} sur {number(total)}"


def updated(time: str) -> str:
    """`Mis à jour à 14 h 05, après un changement chez un de vos patients`."""
    return f"Mis à jour à {time}, après un changement chez un de vos patients"


def join(parts: list[str]) -> str:
    """`M. Haddad, pharmacien et Mme Lemaire, infirmière`."""
    *first, last = parts or [""]
    return f"{', '.join(first)} et {last}" if first else last


def extract(note: str) -> str:
    """The beginning of a note, on one line, cut between two words."""
    # Spaces and line ends only: French typography needs its narrow spaces.
    line = " ".join(part for part in re.split(r"[ \t\r\n]+", note) if part).rstrip(".")
    if len(line) <= EXTRACT:
        return line
    end = line.rfind(" ", 0, EXTRACT)
    return line[: end if end > 0 else EXTRACT].rstrip(" ,;:.") + "…"
