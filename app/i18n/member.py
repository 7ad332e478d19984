"""Sentences of the members of a shared account."""

MESSAGES = {
    "member.not_found": "Cette personne ne fait pas partie de ce compte",
    "member.not_shared": "Ce compte n’est pas partagé : il n’a pas de membres",
    "member.too_many": "Un compte partagé compte 50 personnes au plus",
    "member.last": "Ajoutez d’abord une autre personne : un compte partagé en garde au moins une",
    "member.family_name_missing": "Saisissez le nom de cette personne",
    "member.given_name_missing": "Saisissez le prénom de cette personne",
    "member.code_format": "Choisissez un code personnel de 6 à 12 chiffres",
    "member.code_easy": "Ce code est trop facile à deviner. Choisissez-en un autre",
    "member.code_wrong": "Ce code personnel n’est pas le bon",
    "member.unchosen": "Choisissez votre nom dans la liste",
}
