"""Words of what a patient decides about their record: who sees it, in an emergency, and for how long."""

from app.i18n.format import NARROW, day, local_day, plural
from app.models.record_access import RecordState
from app.services.record_settings import SettingsView

MESSAGES = {
    "record.closed": (
        "Votre dossier partagé est fermé. Rouvrez-le dans Paramètres, « Clôture du dossier », pour "
        "y revenir."
    ),
    "record_settings.changed": (
        "Ce réglage vient d’être changé ailleurs. Rechargez la page, puis recommencez."
    ),
}

CLOSED_SETTING = "Dossier fermé"


def visibility(settings: SettingsView, authorised: int, blocked: int) -> str:
    """`Visibles · 4 professionnels autorisés, 1 bloqué`."""
    if settings.state is not RecordState.OPEN:
        return CLOSED_SETTING
    first = "Masquées" if settings.is_confidential else "Visibles"
    who = plural(authorised, "professionnel autorisé", "professionnels autorisés")
    out = f", {plural(blocked, 'bloqué', 'bloqués')}" if blocked else ""
    return f"{first} · {who}{out}"


def emergency(settings: SettingsView) -> str:
    """`SAMU : oui · autres professionnels : oui · documents masqués : non`."""
    if settings.state is not RecordState.OPEN:
        return CLOSED_SETTING
    parts = (
        ("SAMU", settings.allows_regulation),
        ("autres professionnels", settings.allows_emergency),
        ("documents masqués", settings.allows_masked_in_emergency),
    )
    return " · ".join(f"{name}{NARROW}: {'oui' if is_on else 'non'}" for name, is_on in parts)


def last_act(who: str, what: str, when: str) -> str:
    """`Dre Claire Martin a lu votre synthèse de suivi · Hier, 9 mars 2026, 18 h 12`."""
    return f"{who} {what} · {when}"


def life(settings: SettingsView) -> str:
    """`Ouvert`, `Clôturé le 3 mars 2026`."""
    if settings.state is RecordState.OPEN or settings.state_at is None:
        return "Ouvert"
    words = "Clôturé" if settings.state is RecordState.CLOSED else "Refusé"
    return f"{words} le {day(local_day(settings.state_at))}"
