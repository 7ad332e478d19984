"""Words of the consent register."""

from datetime import date

from app.i18n.format import NARROW, day
from app.i18n.professional import Named, by_label, short_label
from app.models.consent import ConsentKind, ConsentMode

MESSAGES = {
    "consent.missing": (
        "Cochez la case pour attester le consentement du patient. Sans lui, le suivi ne peut pas "
        "commencer"
    ),
    "consent.mode_missing": "Choisissez comment le patient a donné son consentement",
    "consent.date_missing": "Saisissez la date du consentement",
    "consent.date_future": "La date du consentement ne peut pas être dans le futur",
}

KINDS = {
    ConsentKind.ENROLMENT: "Inscription dans le suivi",
    ConsentKind.CIRCLE_ADDITION: "Ajout d’un professionnel",
}

MODES = {
    ConsentMode.ORAL: "Oral",
    ConsentMode.WRITTEN: "Écrit",
    ConsentMode.ELECTRONIC: "Électronique",
}


def title(kind: ConsentKind, who: Named) -> str:
    """`Ajout d’un professionnel : M. Haddad`."""
    return f"{KINDS[kind]}{NARROW}: {short_label(who)}"


def given(mode: ConsentMode, on: date) -> str:
    """`Oral, le 9 mars 2026`."""
    return f"{MODES[mode]}, le {day(on)}"


def collected_by(who: Named | None) -> str:
    """`recueilli par M. Haddad`, `donné dans l’espace patient`."""
    return f"recueilli {by_label(who)}" if who is not None else "donné dans l’espace patient"


def notice(version: str, on: date) -> str:
    """`Notice version 1, remise le 9 mars 2026`."""
    return f"Notice version {version}, remise le {day(on)}"


def withdrawn(on: date) -> str:
    """`Retiré le 9 mars 2026`."""
    return f"Retiré le {day(on)}"
