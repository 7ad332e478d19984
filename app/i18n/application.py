"""Words of the catalogue of applications."""

from app.i18n.format import plural
from app.models.application import ApplicationAudience, LinkMode

MESSAGES = {
    "application.not_found": "Cette application est introuvable dans votre catalogue.",
    "application.shares_nothing": "Cette application n’échange rien avec le portail.",
    "application.name_missing": "Saisissez le nom de l’application",
    "application.name_taken": "Une application porte déjà ce nom",
    "application.publisher_missing": "Saisissez l’éditeur",
    "application.description_missing": "Décrivez à quoi sert l’application",
    "application.url_missing": "Saisissez l’adresse de l’application",
    "application.url_format": "L’adresse doit commencer par https://",
    "application.audience_missing": "Choisissez qui voit cette application",
}

AUDIENCES = {
    ApplicationAudience.ALL: "Tout le monde",
    ApplicationAudience.PATIENTS: "Les patients",
    ApplicationAudience.TEAMS: "Les professionnels et secrétariats",
}

MODES = {
    LinkMode.READ: "L’application pourra lire ces données",
    LinkMode.BOTH: "L’application pourra lire ces données et en ajouter",
}

CONSENTED = "Votre accord est enregistré. Aucune donnée ne part avant l’ouverture des échanges."
WITHDRAWN = "Votre accord est retiré."

_DONE_MODES = {LinkMode.READ: "lecture", LinkMode.BOTH: "lecture et ajout"}


def consent_line(mode: LinkMode, at: str) -> str:
    """`Accord donné le 5 mars 2026 à 14 h 05 (lecture)`."""
    return f"Accord donné le {at} ({_DONE_MODES[mode]})"


def consents_in_force(count: int) -> str:
    """`3 accords en cours`."""
    return plural(count, "accord en cours", "accords en cours")
