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

SHELF = Shelf("Patients", (OWN_SPACE,))
