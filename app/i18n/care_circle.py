"""Words of the « Contacts » page."""

MESSAGES = {
    "care_circle.professional_not_found": (
        "Ce professionnel n’a pas de compte actif. Choisissez-le dans la liste."
    ),
    "care_circle.already_member": "Ce professionnel fait déjà partie du cercle de ce patient.",
    "care_circle.not_member": "Ce professionnel ne fait plus partie du cercle de ce patient.",
    "care_circle.remove_forbidden": (
        "Seul le professionnel lui-même, ou celui qui l’a ajouté, peut mettre fin à ce suivi."
    ),
    "care_circle.last_member": (
        "Vous êtes le dernier professionnel de ce cercle. Ajoutez un autre professionnel avant de "
        "le quitter."
    ),
}
