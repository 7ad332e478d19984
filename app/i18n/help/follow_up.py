"""Following a patient together: the guide of CX, on today's screens."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps, Way

ENROLMENT = Chapter(
    "ajouter-un-patient",
    "Ajouter un patient",
    "Trois étapes, et rien n’est créé avant la dernière.",
    (
        Part(
            "1. La fiche",
            (
                (
                    "Depuis « Mon tableau de bord », choisissez « Ajouter un patient ». Saisissez ses traits "
                    "d’identité, au moins un moyen de le joindre et au moins un traitement suivi."
                ),
                Picture("ajouter-un-patient", "La première étape : la fiche du patient."),
                Note(
                    "Ce que vous tapez est conservé : vous pouvez quitter la page et reprendre plus tard."
                ),
                (
                    "Si un patient qui lui ressemble est déjà dans votre cercle, Liane vous le montre avant de "
                    "créer quoi que ce soit."
                ),
            ),
        ),
        Part(
            "2. La notice d’information",
            (
                (
                    "Remettez la notice d’information éclairée : elle s’affiche, s’imprime, et sa version est "
                    "gardée avec la date de remise."
                ),
            ),
        ),
        Part(
            "3. Le consentement",
            (
                (
                    "Recueillez le consentement du patient, écrit, oral ou électronique, avec sa date. Fermer "
                    "la fenêtre sans finir ne crée rien."
                ),
            ),
        ),
    ),
    related=("autour-du-patient", "regles-de-consultation"),
)

AROUND = Chapter(
    "autour-du-patient",
    "Autour du patient",
    "Contacts, traitements, tolérance, interactions, observance et synthèse.",
    (
        Part(
            "Contacts",
            (
                (
                    "Le cercle de soins du patient. « Ajouter un PdS » demande le consentement du patient à "
                    "chaque ajout. Un professionnel retiré ne voit plus rien, sur ses pages ouvertes aussi."
                ),
                Picture("contacts", "Le cercle de soins d’un patient."),
            ),
        ),
        Part(
            "Traitements",
            (
                (
                    "Cherchez un médicament par son nom ou sa substance, dans l’ordre que vous voulez, ou "
                    "saisissez-le librement. Un traitement suivi ouvre les trois suivis ci-dessous."
                ),
            ),
        ),
        Part(
            "Tolérance",
            (
                Steps(
                    (
                        "Choisissez le traitement et le domaine.",
                        "Notez l’appréciation du patient, puis la vôtre : ce sont deux choses différentes.",
                        "Ajoutez une note si elle aide vos collègues.",
                    )
                ),
                Picture("tolerance", "Le formulaire de tolérance à côté de l’historique."),
            ),
        ),
        Part(
            "Interaction médicamenteuse",
            (
                (
                    "Indiquez le traitement, la DCI ou la molécule, et le type d’interaction parmi les quatre "
                    "niveaux nationaux."
                ),
            ),
        ),
        Part(
            "Observance",
            (
                (
                    "Un score de 0 à 6, saisi avec son sens, ou calculé par les six questions de Girerd. La "
                    "courbe montre l’évolution de chaque traitement."
                ),
                Picture("observance", "L’observance et sa courbe."),
            ),
        ),
        Part(
            "Synthèse",
            (
                (
                    "Une seule chronologie de ce que tout le cercle a noté. « Afficher les détails » montre la "
                    "date, le contact avec le patient et le professionnel. Les filtres restent dans l’adresse "
                    "de la page."
                ),
                Picture("synthese", "La synthèse d’un patient."),
                Note("Une entrée se corrige par son auteur ; la version précédente reste lisible."),
            ),
        ),
    ),
    related=("ajouter-un-patient", "ma-delegation"),
)

DELEGATION = Chapter(
    "ma-delegation",
    "Ma délégation",
    "Autoriser un autre professionnel à agir avec votre compte, sous son propre nom.",
    (
        Part(
            "Autoriser quelqu’un",
            (
                Steps(
                    (
                        "Ouvrez « Mes délégations ».",
                        "Saisissez l’identifiant RPPS ou le numéro de carte CPS ou CPE de la personne.",
                        "Choisissez la période et ce qui lui est permis.",
                    )
                ),
                Picture("delegations", "Les délégations d’un médecin."),
                "La personne se connecte avec son propre compte. Chaque acte porte vos deux noms.",
            ),
        ),
        Part(
            "Retirer l’autorisation",
            (
                "« Retirer » agit aussitôt : les pages ouvertes de la personne se ferment en deux secondes.",
            ),
        ),
        Part(
            "Agir pour quelqu’un",
            (
                (
                    "Dans le menu à votre nom, choisissez « Agir pour… ». Une barre le rappelle sur toutes les "
                    "pages jusqu’à ce que vous quittiez ce mode."
                ),
                Note(
                    "Votre compte, le contrat et d’autres délégations restent hors de portée pendant que "
                    "vous agissez pour quelqu’un."
                ),
                Way("Voir mes délégations", "/compte/delegations"),
            ),
        ),
    ),
    related=("mon-compte", "regles-de-consultation"),
)

RULES = Chapter(
    "regles-de-consultation",
    "Les règles de consultation",
    "Qui peut ouvrir un dossier, et ce que la loi demande.",
    (
        Part(
            "Dans l’équipe de soins",
            (
                (
                    "Un membre de l’équipe de soins bénéficie d’un consentement présumé, pour la prise en charge "
                    "du patient (articles L. 1110-4 et R. 1111-46 du code de la santé publique)."
                ),
            ),
        ),
        Part(
            "Hors de l’équipe de soins",
            (
                (
                    "Le consentement explicite du patient est nécessaire à chaque consultation, par tout moyen, "
                    "après information."
                ),
            ),
        ),
        Part(
            "Dans tous les cas",
            (
                Points(
                    (
                        (
                            "Le professionnel déclare avoir recueilli le consentement avant de consulter. Il "
                            "peut être écrit ou oral."
                        ),
                        "Il ne voit que ce que la matrice d’habilitation ouvre à sa profession.",
                        "Seul ce qui est nécessaire aux soins se partage.",
                        "Chaque lecture laisse une trace, que le patient peut consulter.",
                    )
                ),
                Note(
                    "Dans Liane, seul le cercle de soins d’un patient voit son suivi. Pour tous les autres, "
                    "le patient n’existe pas."
                ),
            ),
        ),
    ),
    related=("ajouter-un-patient", "autour-du-patient"),
)

SHELF = Shelf("Suivre un patient", (ENROLMENT, AROUND, DELEGATION, RULES))
