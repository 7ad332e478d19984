"""Words of the information notice."""

MESSAGES = {
    "notice.none": (
        "Aucune notice d’information n’est publiée. L’administration doit en publier une avant "
        "toute inscription."
    ),
    "notice.not_found": "Cette notice d’information est introuvable.",
    "notice.not_shown": "Remettez la notice d’information au patient avant de continuer",
    "notice.outdated": (
        "Une nouvelle version de la notice d’information est parue. Remettez-la au patient"
    ),
    "notice.date_missing": "Saisissez la date de remise de la notice d’information",
    "notice.date_future": "La date de remise de la notice ne peut pas être dans le futur",
    "notice.after_consent": (
        "La notice d’information se remet avant le consentement. Vérifiez les deux dates"
    ),
}
