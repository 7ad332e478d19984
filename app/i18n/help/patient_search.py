"""Finding a patient one does not follow, and opening their documents."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Steps, Way

SEARCH = Chapter(
    "rechercher-un-patient",
    "Rechercher un patient",
    "Trouver le DMP d’un patient que vous ne suivez pas, et demander à l’ouvrir.",
    (
        Part(
            "Trois façons de le trouver",
            (
                Picture("rechercher", "La recherche d’un patient par son identité."),
                Points(
                    (
                        "Par le numéro de sa carte Vitale, tel qu’il est imprimé.",
                        "Par son matricule INS, 15 caractères avec la clé.",
                        "Par son identité : nom, prénom et sexe ; l’âge ou la naissance affinent.",
                    )
                ),
                (
                    "Accents, traits d’union, ordre des prénoms et une faute de frappe par nom ne gênent pas. La "
                    "pertinence dit à quel point la personne correspond : 100 % quand tout est exact."
                ),
                Note("Vérifiez l’identité du patient avant d’ouvrir son dossier.", is_warning=True),
                Way("Rechercher un patient", "/dossiers"),
            ),
        ),
        Part(
            "Avec l’accord du patient",
            (
                Steps(
                    (
                        "Informez le patient, puis recueillez son accord, à l’oral ou par écrit.",
                        "Choisissez « Demander l’accès », déclarez son accord et dites comment il l’a donné.",
                        "Ses documents s’ouvrent jusqu’à votre déconnexion, 24 heures au plus.",
                    )
                ),
                "Si vous faites partie de son équipe de soins, rien n’est à déclarer : son dossier vous est ouvert.",
            ),
        ),
        Part(
            "En urgence",
            (
                (
                    "Pour un patient hors d’état de s’exprimer et exposé à un risque immédiat : dites le motif, "
                    "confirmez votre identité par un code. L’accès dure 60 minutes et un bandeau rouge le rappelle."
                ),
                (
                    "Le patient est prévenu aussitôt et lit votre motif. Il a pu s’y opposer, ou vous bloquer : "
                    "l’accès est alors impossible."
                ),
            ),
        ),
    ),
    related=("types-de-documents", "se-connecter"),
)
