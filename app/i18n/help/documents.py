"""What documents are, and where each is found."""

from app.i18n.document import CLASSES, PATIENT_CATEGORIES, RECORD_CATEGORIES
from app.i18n.help.block import Chapter, Part, Shelf, Table
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

SHELF = Shelf("Documents", (SEARCH, TYPES))
