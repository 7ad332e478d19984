"""Sentences of addresses and telephones."""

MESSAGES = {
    "email.missing": "Saisissez l’adresse e-mail à ajouter",
    "email.already_yours": "Cette adresse est déjà dans votre compte",
    "email.too_many": "Votre compte a déjà dix adresses. Supprimez-en une pour en ajouter une autre.",
    "email.last": ("C’est votre seule adresse e-mail. Ajoutez-en une autre avant de la supprimer."),
    "email.is_login": (
        "Vous vous connectez avec cette adresse. Choisissez-en une autre pour vous connecter, puis "
        "supprimez celle-ci."
    ),
    "email.not_found": "Cette adresse est introuvable dans votre compte.",
    "phone.missing": "Saisissez le numéro de téléphone à ajouter",
    "phone.already_yours": "Ce numéro est déjà dans votre compte",
    "phone.too_many": "Votre compte a déjà dix téléphones. Supprimez-en un pour en ajouter un autre.",
    "phone.not_found": "Ce téléphone est introuvable dans votre compte.",
}

# The forms whose codes are posted outside page state, and the mark of a ticked application in them.
EMAIL_FORM, PHONE_FORM = "account_email", "account_phone"
APPLICATION_MARK = "app_"

DONE = {
    "email": "Votre adresse est ajoutée.",
    "phone": "Votre téléphone est ajouté.",
    "starred": "Les notifications partiront à cette adresse.",
    "login": "Vous vous connecterez désormais avec cette adresse. Vos autres connexions sont fermées.",
    "remove-email": "L’adresse est supprimée.",
    "remove-phone": "Le téléphone est supprimé. Vos autres connexions sont fermées.",
    "uses": "Les applications de cette adresse sont à jour.",
}
