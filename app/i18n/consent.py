"""Words of the consent register."""

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
