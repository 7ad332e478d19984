"""Pro Santé Connect and the e-CPS (PS-01 to PS-13, DM-14 to DM-22, MM-01)."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps

ABOUT = Chapter(
    "pro-sante-connect",
    "S’identifier avec Pro Santé Connect",
    "Un seul moyen d’identification pour tous les services numériques de santé.",
    (
        Part(
            "Ce que c’est",
            (
                (
                    "Pro Santé Connect est un service du ministère chargé de la Santé. Il permet aux "
                    "professionnels de s’identifier à tous les services numériques de santé raccordés, avec "
                    "l’application mobile e-CPS ou avec la carte CPS."
                ),
                Points(
                    (
                        "Un seul moyen d’identification pour les services de santé.",
                        "Une authentification rapide et sûre, sur des postes différents.",
                        "Plusieurs services ouverts à la suite sans s’identifier à nouveau.",
                    )
                ),
            ),
        ),
        Part(
            "De quoi il se compose",
            (
                Points(
                    (
                        (
                            "L’application e-CPS, sur le téléphone, protégée par un code choisi par le "
                            "professionnel."
                        ),
                        "La carte CPS, lue par un lecteur, protégée par son code porteur.",
                        (
                            "L’Annuaire Santé, alimenté par les répertoires RPPS et FINESS, d’où viennent les "
                            "identités."
                        ),
                    )
                ),
            ),
        ),
        Part(
            "Se connecter à Liane",
            (
                Steps(
                    (
                        "Sur la page « Connexion », choisissez « S’identifier avec Pro Santé Connect ».",
                        "Choisissez l’onglet « Application e-CPS » ou « Carte CPS ».",
                        (
                            "Avec l’e-CPS, saisissez votre identifiant RPPS, vérifiez le nombre affiché sur "
                            "le téléphone, puis saisissez-y votre code."
                        ),
                        (
                            "Avec la carte, choisissez votre certificat, puis saisissez votre code porteur. "
                            "Après trois codes faux, la carte est bloquée."
                        ),
                        "Vous revenez dans Liane, connecté.",
                    )
                ),
                Picture("pro-sante-connect", "La page d’identification de la démonstration."),
                Note(
                    "Le numéro RPPS de Pro Santé Connect doit être celui de votre compte. S’il n’en a "
                    "pas, Liane vous propose de relier votre compte ou d’en créer un."
                ),
            ),
        ),
        Part(
            "Se déconnecter",
            (
                (
                    "« Se déconnecter » ferme aussi votre session Pro Santé Connect : sur un poste partagé, "
                    "personne ne peut continuer à votre place."
                ),
            ),
        ),
        Part(
            "Préparateurs en pharmacie",
            (
                (
                    "Avec un numéro RPPS, un préparateur obtient gratuitement une e-CPS. Son usage est "
                    "personnel, sûr et tracé, dans la pharmacie, sous la responsabilité du pharmacien."
                ),
                "L’identification par code opérateur et mot de passe reste ouverte à toute l’équipe.",
            ),
        ),
    ),
    related=("activer-l-e-cps", "code-operateur", "inscription-pro-sante-connect"),
)

ACTIVATION = Chapter(
    "activer-l-e-cps",
    "Activer l’application e-CPS",
    "Une fois pour toutes, sur le téléphone du professionnel.",
    (
        Part(
            "Installer l’application",
            (
                (
                    "L’application « e-CPS » de l’Agence du numérique en santé se trouve sur Google Play et "
                    "sur l’App Store. Cherchez « e-CPS » et vérifiez l’éditeur avant d’installer."
                ),
            ),
        ),
        Part(
            "L’activer",
            (
                Steps(
                    (
                        "Ouvrez l’application et choisissez l’activation.",
                        (
                            "Identifiez-vous avec votre carte CPS dans un lecteur, ou avec les coordonnées "
                            "que porte l’annuaire national."
                        ),
                        (
                            "Choisissez votre code confidentiel. Vous seul le connaissez : il ne vous sera "
                            "jamais demandé ailleurs que dans l’application."
                        ),
                        "L’application indique qu’elle est activée.",
                    )
                ),
            ),
        ),
        Part(
            "Si la connexion échoue",
            (
                Note(
                    "Des échecs répétés avec l’e-CPS viennent souvent d’une horloge fausse. Réglez la "
                    "date et l’heure du téléphone sur « automatique », puis recommencez.",
                    is_warning=True,
                ),
                Points(
                    (
                        "La demande expire après deux minutes : demandez-en une autre.",
                        (
                            "Le nombre affiché par l’ordinateur doit être celui que montre le téléphone. S’il "
                            "diffère, refusez : quelqu’un d’autre essaie peut-être de se connecter."
                        ),
                        (
                            "Sans réseau sur le téléphone, utilisez la carte CPS, ou l’e-mail et le mot de "
                            "passe."
                        ),
                    )
                ),
            ),
        ),
        Part(
            "Source",
            (
                (
                    "Agence du numérique en santé : pages Pro Santé Connect et e-CPS ; Ségur du numérique, "
                    "couloir Officine."
                ),
            ),
        ),
    ),
    related=("pro-sante-connect", "se-connecter"),
)

SHELF = Shelf("Pro Santé Connect", (ABOUT, ACTIVATION))
