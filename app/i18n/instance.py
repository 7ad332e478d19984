"""Words of the identity of the instance."""

MESSAGES = {
    "instance.name_missing": "Saisissez le nom de l’établissement ou du groupement",
    "instance.changed": (
        "Une autre personne vient de modifier ces paramètres. Relisez-les avant d’enregistrer."
    ),
    "picture.too_large": "Le fichier dépasse 200 ko",
    "picture.kind": "Formats acceptés : PNG, JPG",
    "picture.damaged": "Cette image est incomplète ou endommagée. Choisissez-en une autre",
    "picture.too_many_pixels": "L’image dépasse 2 000 pixels de côté. Réduisez-la",
}

SAVED = "Les paramètres sont enregistrés. Chaque page qui s’ouvre les montre."
FROM_SETTINGS = (
    "Ces valeurs viennent des réglages du serveur. Une fois enregistrées ici, elles les remplacent."
)
