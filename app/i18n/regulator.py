"""Words of the attachment of a doctor to a regulation centre."""

MESSAGES: dict[str, str] = {
    "regulator.centre_missing": "Saisissez le centre de régulation",
    "regulator.doctors_only": "Seul le compte actif d’un médecin se rattache à un centre de régulation.",
    "regulator.proposed_meanwhile": (
        "Un rattachement existe déjà pour ce compte. Rechargez la page."
    ),
    "regulator.decided_meanwhile": "Ce rattachement a changé entre-temps. Rechargez la page.",
    "regulator.same_person": "Une autre personne de l’administration doit confirmer.",
}
