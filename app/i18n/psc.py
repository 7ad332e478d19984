"""Sentences of signing in with Pro Santé Connect."""

MESSAGES = {
    "psc.unavailable": (
        "Pro Santé Connect ne répond pas. Réessayez dans un instant, ou connectez-vous avec votre "
        "e-mail et votre mot de passe"
    ),
    "psc.untrusted": (
        "La réponse de Pro Santé Connect n’a pas pu être vérifiée. Recommencez, ou connectez-vous "
        "avec votre e-mail et votre mot de passe"
    ),
}
