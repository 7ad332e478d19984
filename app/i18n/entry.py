"""Sentences and labels common to all entries of the follow-up."""

from datetime import date

from app.i18n.format import day
from app.models.entry import ContactMode, EntryKind

MESSAGES = {
    "entry.not_found": "Cette entrée est introuvable.",
    "entry.record_forbidden": (
        "Votre profession ne permet pas d’écrire une entrée. Un autre membre du cercle peut le faire."
    ),
    "entry.correct_forbidden": (
        "Seul son auteur peut corriger une entrée. Vous pouvez ajouter la vôtre."
    ),
    "entry.superseded": (
        "Cette entrée a été corrigée entre-temps. Rechargez la page : votre saisie est conservée."
    ),
    "entry.treatment_missing": "Choisissez le traitement",
    "entry.treatment_not_followed": (
        "Ce traitement n’est pas suivi. Choisissez un traitement suivi, "
        "ou activez son suivi dans « Traitements »"
    ),
    "entry.occurred_missing": "Saisissez la date du fait",
    "entry.occurred_future": "La date du fait ne peut pas être dans le futur",
    "entry.occurred_too_old": "La date du fait est trop ancienne. Vérifiez l’année",
    "entry.occurred_before_birth": "La date du fait ne peut pas précéder la naissance du patient",
    "entry.contact_future": "La date du contact ne peut pas être dans le futur",
    "entry.contact_too_old": "La date du contact est trop ancienne. Vérifiez l’année",
    "entry.contact_before_birth": "La date du contact ne peut pas précéder la naissance du patient",
    "entry.contact_without_mode": (
        "Choisissez comment le contact a eu lieu, ou effacez la date du contact"
    ),
    "entry.note_too_long": "La note compte 2 000 caractères au plus. Raccourcissez-la",
}

KINDS = {
    EntryKind.ENROLMENT: "Inscription",
    EntryKind.TREATMENT: "Traitement",
    EntryKind.TOLERANCE: "Tolérance",
    EntryKind.INTERACTION: "Interaction médicamenteuse",
    EntryKind.ADHERENCE: "Observance",
}

CONTACT_MODES = {
    ContactMode.ON_SITE: "Sur place",
    ContactMode.PHONE: "Téléphone",
    ContactMode.VIDEO: "Téléconsultation",
    ContactMode.NONE: "Aucun contact",
}


def entry_label(kind: EntryKind, on: date) -> str:
    """`Observance du 3 mars 2026`."""
    return f"{KINDS[kind]} du {day(on)}"
