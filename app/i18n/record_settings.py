"""Words of what a patient decides about their record: who sees it, in an emergency, and for how long."""

MESSAGES = {
    "record.closed": (
        "Votre dossier partagé est fermé. Rouvrez-le dans Paramètres, « Clôture du dossier », pour "
        "y revenir."
    ),
    "record_settings.changed": (
        "Ce réglage vient d’être changé ailleurs. Rechargez la page, puis recommencez."
    ),
}
