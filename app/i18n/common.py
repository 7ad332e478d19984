"""Sentences that belong to no single feature."""

MESSAGES = {
    "session.missing": "Votre session est terminée. Connectez-vous pour continuer.",
    "page.not_found": "Cette page est introuvable.",
    "action.forbidden": "Cette action ne vous est pas ouverte.",
    "action.professionals_only": "Cette action est réservée aux professionnels de santé.",
    "action.administrators_only": "Cette page est réservée à l’administration.",
    "form.invalid": "Le formulaire contient des erreurs.",
    "form.unusual": "Une valeur est inhabituelle. Vérifiez-la.",
    "rule.violated": "Cette action n’est pas possible pour le moment.",
    "record.changed": (
        "Quelqu’un a modifié cette fiche entre-temps. Rechargez la page : votre saisie est conservée."
    ),
    "service.unavailable": "Le service est momentanément indisponible. Réessayez dans un instant.",
    "page.not_yours": "Cette page n’est pas ouverte à votre compte. Vous voici à votre accueil.",
    "page.not_as_delegate": "Cette page est fermée en délégation. Quittez d’abord ce mode pour l’ouvrir.",
    "request.too_fast": "Trop d’actions en même temps. Attendez une seconde, puis réessayez.",
    "request.too_many": "Trop de demandes depuis votre connexion. Réessayez dans une minute",
    "error.unexpected": "Nous n’avons pas pu terminer cette action. Réessayez. Référence : {reference}",
    "draft.too_large": "La saisie est trop longue pour être conservée.",
    "date.missing": "Saisissez la date",
    "date.format": "Saisissez une date au format jour, mois, année, par exemple 3 3 2025",
    "date.impossible": "Cette date n’existe pas. Vérifiez le jour et le mois",
    "date.future": "La date ne peut pas être dans le futur",
    "date.too_old": "La date est trop ancienne. Vérifiez l’année",
    "choice.unknown": "Choisissez une valeur de la liste",
    "text.too_long": "Le texte est trop long",
}
