"""What a patient finds here today."""

from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Way

OWN_SPACE = Chapter(
    "mon-espace",
    "Mon espace de patient",
    "Qui vous suit, ce que vous avez accepté, et comment en garder la main.",
    (
        Part(
            "En cas d’urgence",
            (
                Note(
                    "Liane ne remplace pas un appel aux secours. Composez le 15 (Samu), le 112 (numéro "
                    "européen) ou le 114 par SMS si vous ne pouvez pas parler.",
                    is_warning=True,
                ),
            ),
        ),
        Part(
            "Mon cercle de soins",
            (
                (
                    "L’accueil montre les professionnels qui vous suivent et ce que vous avez accepté, avec les "
                    "dates."
                ),
                Picture("accueil", "L’accueil d’un patient."),
            ),
        ),
        Part(
            "Ma sécurité",
            (
                Points(
                    (
                        "Choisissez de recevoir vos codes par e-mail ou par téléphone.",
                        (
                            "Regardez qui s’est connecté à votre compte, et fermez ce que vous ne "
                            "reconnaissez pas."
                        ),
                        "Téléchargez vos données quand vous le souhaitez.",
                    )
                ),
                Way("Ouvrir mon compte", "/compte"),
            ),
        ),
    ),
    related=("se-connecter", "mon-compte"),
)

OWN_DOCUMENTS = Chapter(
    "mes-documents",
    "Mes documents",
    "Retrouver, ajouter, masquer et partager les documents de votre dossier.",
    (
        Part(
            "Trouver un document",
            (
                Picture("documents", "Les documents d’un patient, et l’un d’eux ouvert."),
                Points(
                    (
                        "Choisissez une catégorie, puis une année au-dessus de la liste.",
                        "Cherchez un mot du titre, de l’auteur ou du texte du document.",
                        "Triez par date, par nom ou par auteur.",
                    )
                ),
            ),
        ),
        Part(
            "Ajouter un document",
            (
                Points(
                    (
                        "« Ajouter un document », ou déposez vos fichiers dans la zone prévue.",
                        "Formats : JPG, PDF, PNG, TXT, RTF, TIF, 5 Mo au plus par fichier.",
                        "Donnez un nom, une date et une catégorie, puis « Valider pour continuer ».",
                    )
                ),
                "Un fichier envoyé dont la fiche n’est pas validée est gardé un jour.",
            ),
        ),
        Part(
            "Masquer un document",
            (
                (
                    "Un document masqué reste visible de vous, de la personne qui l’a déposé et du médecin à qui "
                    "vous avez donné le statut administrateur. Personne d’autre ne voit qu’il existe."
                ),
            ),
        ),
        Part(
            "Choisir qui voit vos informations",
            (
                Picture("acces", "Qui peut voir vos informations, et qui les a lues."),
                Points(
                    (
                        "Bloquez un professionnel : il ne voit plus rien, même en urgence.",
                        "Donnez à un médecin le statut administrateur : il voit aussi vos documents masqués.",
                        "Décidez de ce qui s’ouvre en urgence, et clôturez votre dossier si vous le souhaitez.",
                    )
                ),
            ),
        ),
        Part(
            "Fin de parcours",
            (
                Way("Ouvrir mes documents", "/documents"),
                Way("Voir qui les a consultés", "/parametres/consultations"),
                Way("Régler qui y a accès", "/parametres/confidentialite"),
            ),
        ),
    ),
    related=("mon-espace", "types-de-documents"),
)

SHELF = Shelf("Patients", (OWN_SPACE, OWN_DOCUMENTS))
