"""Words of the mails that tell of messages: rhythms, hours, the next one (CX-43 to CX-45, ME-166)."""

from datetime import datetime

from app.i18n.format import NARROW, NO_BREAK, PARIS, local_day, weekday
from app.models.notification import InformationRhythm
from app.services.digest_rhythm import CONTACT_HOURS, MORNING
from app.services.notification import NextDigest

MESSAGES = {
    "notification.contact": (
        "Choisissez combien de fois par jour vous prévenir «\u202fPour besoin de contact\u202f»."
    ),
    "notification.information": (
        "Choisissez à quel rythme vous prévenir «\u202fPour information\u202f»."
    ),
    "notification.professionals_only": (
        "Seuls les professionnels choisissent un rythme\u202f: vous recevez un e-mail pour chaque message."
    ),
}

SAVED = "Vos notifications sont enregistrées."


def _hour(hour: int) -> str:
    return f"{hour}{NO_BREAK}h"


def _hours(hours: tuple[int, ...]) -> str:
    """`8 h, 12 h et 17 h`."""
    *first, last = map(_hour, hours)
    return f"{', '.join(first)} et {last}" if first else last


CONTACT_CHOICES = [
    (str(times), f"{times}{NO_BREAK}fois par jour", f"À {_hours(hours)}")
    for times, hours in CONTACT_HOURS.items()
]
INFORMATION_CHOICES = [
    (InformationRhythm.DAILY.value, f"1{NO_BREAK}fois par jour", f"À {_hour(MORNING)}"),
    (
        InformationRhythm.EVERY_THREE_DAYS.value,
        f"Tous les 3{NO_BREAK}jours",
        f"À {_hour(MORNING)}, trois jours après le dernier e-mail",
    ),
    (InformationRhythm.WEEKLY.value, "Hebdomadaire", f"Le lundi à {_hour(MORNING)}"),
]


def next_digest(found: NextDigest, now: datetime) -> str:
    """`Prochain e-mail : aujourd’hui à 12 h`, and on what condition."""
    if found.at <= now:
        return "Un e-mail part à l’instant."
    lead = (
        f"Prochain e-mail{NARROW}: {_day(found.at, now)} à {_hour(found.at.astimezone(PARIS).hour)}"
    )
    if found.is_waited_for:
        return f"{lead}, pour les messages arrivés que vous n’aurez pas lus d’ici là."
    return f"{lead}, si un message arrive d’ici là."


def _day(at: datetime, now: datetime) -> str:
    """`aujourd’hui`, `demain`, `lundi 23 novembre 2026`."""
    apart = (local_day(at) - now.astimezone(PARIS).date()).days
    if apart < 2:  # noqa: PLR2004 - the day after tomorrow has a date
        return ("aujourd’hui", "demain")[apart]
    return weekday(at.astimezone(PARIS).date()).lower()
