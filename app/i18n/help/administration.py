"""What administrators do."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps, Way

QUEUE = Chapter(
    "valider-les-inscriptions",
    "Valider les inscriptions et les changements",
    "Une identité vérifiée avant chaque ouverture de compte.",
    (
        Part(
            "Les demandes d’inscription",
            (
                Points(
                    (
                        (
                            "« Identité certifiée » : Pro Santé Connect s’en porte garant ; un seul "
                            "administrateur approuve, en un clic."
                        ),
                        "Sinon, deux administrateurs approuvent l’un après l’autre.",
                        "Un refus demande un motif, envoyé à la personne.",
                    )
                ),
                Picture("demandes", "La file des demandes d’inscription."),
                Note("Un petit centre a besoin de deux comptes d’administration au moins."),
            ),
        ),
        Part(
            "Les changements d’identité",
            (
                "Civilité, nom, prénom et RPPS montrent l’avant et l’après. L’accord les applique partout.",
            ),
        ),
    ),
    related=("gerer-la-plateforme",),
)

PLATFORM = Chapter(
    "gerer-la-plateforme",
    "Gérer la plateforme",
    "Comptes, établissements, textes, journal : jamais de donnée de santé.",
    (
        Part(
            "Les comptes",
            (
                Steps(
                    (
                        "Cherchez un compte par nom, e-mail ou numéro RPPS.",
                        "Suspendez-le, rouvrez-le ou fermez ses connexions : l’effet est immédiat.",
                    )
                ),
                Picture("comptes", "La liste des comptes."),
            ),
        ),
        Part(
            "Les textes",
            (
                (
                    "Une nouvelle version des conditions ou du contrat demande à chacun de l’accepter à sa "
                    "prochaine connexion. Les preuves d’acceptation restent avec chaque version."
                ),
                (
                    "La notice remise aux patients s’écrit au même endroit. Ceux qui l’ont reçue gardent la "
                    "version qui leur a été remise."
                ),
            ),
        ),
        Part(
            "La matrice d’habilitation",
            (
                "Elle dit quels types de documents chaque profession consulte et dépose.",
                Steps(
                    (
                        "Choisissez une profession, puis « Modifier ». Vos changements attendent, sans effet.",
                        "Relisez-les à côté de la version en vigueur.",
                        "Publiez avec une date d’effet et un motif. Une version publiée ne change plus.",
                    )
                ),
                Note(
                    "Les valeurs « à confirmer » ne viennent d’aucun texte public : vérifiez-les dans l’annexe "
                    "de l’arrêté du 26 octobre 2023."
                ),
                Way("Ouvrir la matrice", "/admin/matrice"),
            ),
        ),
        Part(
            "Les statistiques",
            (
                (
                    "Les documents mis à disposition chaque mois, par type, pour un habitant et un an. Rien n’est "
                    "ouvert pour les compter."
                ),
            ),
        ),
        Part(
            "La messagerie de santé",
            (
                (
                    "Un message venu de l’extérieur qui ne peut pas être remis attend en quarantaine : expéditeur, "
                    "destinataire, date, motif et taille, jamais son objet ni son contenu."
                ),
                (
                    "« Réessayer » le remet une fois la cause corrigée, par exemple l’identité du patient qualifiée. "
                    "« Écarter » l’efface."
                ),
            ),
        ),
        Part(
            "Le journal",
            (
                (
                    "Chaque lecture, acte et refus y laisse une ligne, qui ne se modifie pas. La vérification "
                    "de la chaîne nomme la première ligne altérée."
                ),
            ),
        ),
    ),
    related=("valider-les-inscriptions", "types-de-documents"),
)

SHELF = Shelf("Administration", (QUEUE, PLATFORM))
