"""What documents are, and where each is found."""

from app.i18n.document import CLASSES, PATIENT_CATEGORIES, RECORD_CATEGORIES
from app.i18n.help.block import Chapter, Note, Part, Picture, Points, Shelf, Steps, Table
from app.i18n.help.patient_search import SEARCH
from app.models.document import RecordCategory
from app.services.document_type import document_type, types_of


def _table(category: RecordCategory) -> Table:
    types = [document_type(code) for code in types_of(category)]
    return Table(
        f"Types de documents de la rubrique « {RECORD_CATEGORIES[category]} »",
        ("Type de document", "Chez le patient", "Classe nationale", "Code"),
        tuple(
            (
                each.label,
                PATIENT_CATEGORIES[each.patient_category],
                CLASSES[each.document_class],
                each.code,
            )
            for each in types
        ),
    )


TYPES = Chapter(
    "types-de-documents",
    "Types de documents",
    "Chaque document a un seul type, choisi dans la liste nationale. Ce type dit où il se range.",
    (
        Part(
            "Comment lire ce tableau",
            (
                (
                    "Un professionnel range les documents d’un dossier en dix rubriques ; un patient les "
                    "trouve en neuf catégories. Les deux se déduisent du type : rien n’est classé deux fois, et "
                    "aucun document ne reste hors de vue."
                ),
                (
                    "Les types et leurs codes sont ceux de la liste nationale « typeCode » du 27 septembre "
                    "2024 (114 types, Agence du numérique en santé). Les classes sont les onze classes "
                    "nationales ; pour les 35 types auxquels la correspondance nationale n’en donne pas, et "
                    "pour le rangement en rubriques et en catégories, le choix est celui de Liane."
                ),
                "CR veut dire compte rendu. Pour trouver un mot : Ctrl + F, ou ⌘ + F sur un Mac.",
            ),
        ),
        *(Part(RECORD_CATEGORIES[category], (_table(category),)) for category in RecordCategory),
    ),
)

RECORD = Chapter(
    "dossier-medical-partage",
    "Dossier médical partagé",
    "Lire les documents d’un patient, en déposer, et choisir qui les voit.",
    (
        Part(
            "Trouver un document",
            (
                Picture("dossier-partage", "Le tableau des documents, par rubrique et par année."),
                (
                    "Le tableau compte les documents par rubrique et par année : chaque nombre ouvre la liste "
                    "correspondante. La recherche porte sur le titre, l’auteur et le texte des documents. Vous "
                    "ne voyez, et ne comptez, que ce que votre profession et le patient permettent."
                ),
                Note("Chaque lecture est inscrite, et le patient peut la voir."),
            ),
        ),
        Part(
            "Déposer un document",
            (
                Steps(
                    (
                        "Choisissez le fichier : 5 Mo au plus, vérifié avant d’entrer dans le dossier.",
                        "Cherchez son type par les premières lettres d’un mot.",
                        "Relisez « Qui le verra ? », puis déposez.",
                    )
                ),
                (
                    "Une nouvelle version remplace la vôtre dans la liste ; l’ancienne reste lisible par les "
                    "professionnels, avec « Afficher : Versions remplacées ». Seule la personne qui a déposé un "
                    "document peut le modifier ou le supprimer."
                ),
            ),
        ),
        Part(
            "Choisir qui le voit",
            (
                Points(
                    (
                        (
                            "« Masqué aux professionnels » : à la demande du patient. Vous, qui l’avez déposé, le "
                            "voyez encore, et le médecin qui a le statut administrateur aussi."
                        ),
                        (
                            "« Non visible par le patient jusqu’à l’annonce » : le temps d’une consultation. Le jour "
                            "prévu, la page vous le rappelle ; « Montrer au patient » le lui ouvre."
                        ),
                        "« Non visible des représentants légaux » : pour un mineur, à sa demande.",
                    )
                ),
                (
                    "Un document ne peut pas être à la fois masqué aux professionnels et non visible par le "
                    "patient."
                ),
            ),
        ),
        Part(
            "Avec le statut administrateur",
            (
                (
                    "Le patient peut donner ce statut à un médecin, qui voit alors aussi les documents masqués. "
                    "« Accès au dossier » lui montre qui a consulté, et permet de bloquer un professionnel à la "
                    "demande du patient."
                ),
            ),
        ),
    ),
    related=("types-de-documents", "regles-de-consultation"),
)

SHELF = Shelf("Documents", (SEARCH, RECORD, TYPES))
