"""Labels of the synthesis."""

from datetime import date

from app.i18n.format import NARROW, day, day_without_year, plural
from app.models.entry import EntryKind

ALL_KINDS = "Tout"
ALL_TREATMENTS = "Tous les traitements"
ALL_AUTHORS = "Tout le cercle"
NEW = "Nouveau"

# The filter chips: their word in addresses, their label, the kinds they show.
CHIPS = (
    ("tolerance", "Tolérance", (EntryKind.TOLERANCE,)),
    ("interaction", "Interaction", (EntryKind.INTERACTION,)),
    ("observance", "Observance", (EntryKind.ADHERENCE,)),
    ("soins", "Soins et inscription", (EntryKind.TREATMENT, EntryKind.ENROLMENT)),
)

FIGURE_TITLE = "Observance et traitements"
FIGURE_CAPTION = (
    f"Score de Girerd, nombre de «{NARROW}oui{NARROW}» sur 6{NARROW}: "
    "plus la courbe est haute, meilleure est l’observance."
)
OTHER_ENTRIES = "Autres entrées"
ONGOING = "en cours"


def lead(total: int, professionals: int, enrolled_on: date | None) -> str:
    """`21 entrées de 4 professionnels depuis l’inscription du 2 septembre 2025`."""
    text = f"{plural(total, 'entrée', 'entrées')} de "
    text += plural(professionals, "professionnel", "professionnels")
    return f"{text} depuis l’inscription du {day(enrolled_on)}" if enrolled_on else text


def history_lead(total: int, professionals: int, last_on: date | None) -> str:
    """`5 entrées de 3 professionnels, la dernière le 5 mars 2026`; '' when there is none."""
    if not total or last_on is None:
        return ""
    return f"{lead(total, professionals, None)}, la dernière le {day(last_on)}"


def show_year(year: int, count: int) -> str:
    """`Afficher 2025 (11 entrées)`."""
    return f"Afficher {year} ({plural(count, 'entrée', 'entrées')})"


def period(started_on: date, ended_on: date | None) -> str:
    """`12 au 19 janvier 2026`, `depuis le 2 septembre 2025`: both ends, or « en cours » in words."""
    if ended_on is None:
        return f"depuis le {day(started_on)}, {ONGOING}"
    if started_on == ended_on:
        return f"le {day(ended_on)}"
    if (started_on.year, started_on.month) == (ended_on.year, ended_on.month):
        return f"{day(started_on).split(' ')[0]} au {day(ended_on)}"
    if started_on.year == ended_on.year:
        return f"{day_without_year(started_on)} au {day(ended_on)}"
    return f"{day(started_on)} au {day(ended_on)}"
