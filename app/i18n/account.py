"""Sentences of accounts and passwords."""

MESSAGES = {
    "account.create_forbidden": "Seule l’administration peut créer un compte.",
    "email.format": "Saisissez une adresse e-mail, par exemple nom@exemple.fr",
    "email.taken": "Cette adresse e-mail est déjà celle d’un compte",
    "rpps.format": "Le numéro RPPS compte 11 chiffres. Vérifiez-le sur votre carte",
    "rpps.key": "Un chiffre au moins de ce numéro RPPS n’est pas le bon. Vérifiez-le sur votre carte",
    "password.too_short": "Choisissez un mot de passe d’au moins 8 caractères",
    "password.too_long": "Choisissez un mot de passe de 128 caractères au plus",
    "password.no_special": "Ajoutez un caractère spécial, par exemple ! # @ ; %",
    "password.no_digit": "Ajoutez un chiffre",
    "password.no_upper": "Ajoutez une majuscule",
    "password.no_lower": "Ajoutez une minuscule",
    "password.known": (
        "Ce mot de passe est trop connu ou trop proche de vos données. Choisissez-en un autre"
    ),
}
