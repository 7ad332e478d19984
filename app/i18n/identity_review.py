"""Words of the changes of identity an administrator answers."""

MESSAGES = {
    "identity_review.decided_meanwhile": (
        "Cette demande a déjà reçu une réponse, ou la personne l’a retirée."
    ),
    "identity_review.closed": "Ce compte est fermé\u202f: son identité ne change plus.",
}

APPROVED = "Le changement est fait. La personne est prévenue par e-mail."
REFUSED = "La demande est refusée. Le motif est envoyé à la personne."
LOSES_CERTIFICATION = (
    "L’identité de ce compte était certifiée par Pro Santé Connect\u202f: elle ne le sera plus."
)
OWN = "C’est votre propre demande\u202f: une autre personne de l’administration y répond."


def lead(waiting: int) -> str:
    """`2 modifications à approuver`."""
    if not waiting:
        return "Aucune modification à approuver"
    return f"{waiting} modification{'s' if waiting > 1 else ''} à approuver"
