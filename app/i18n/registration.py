"""Sentences of registration."""

MESSAGES = {
    "registration.not_found": "Cette inscription est introuvable.",
    "registration.rpps_taken": "Un autre compte porte déjà ce numéro RPPS.",
    "registration.decided": "Cette inscription a déjà reçu une réponse.",
}
