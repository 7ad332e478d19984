"""Words of a professional's deposit: the form, and who will read what it makes."""

from collections.abc import Sequence

from app.i18n.document import CLASSES, FORMATS, PATIENT_CATEGORIES, RECORD_CATEGORIES
from app.i18n.format import NARROW, file_size, plural
from app.i18n.patient import THE_PATIENT
from app.i18n.professional import profession_label
from app.models.document import FileFormat
from app.models.patient import Sex
from app.models.professional import Profession
from app.services.document_type import DocumentType

TITLES = {
    "new": "Déposer un document",
    "version": "Déposer une nouvelle version",
    "edit": "Modifier le document",
}
VERBS = {
    "new": "Déposer le document",
    "version": "Déposer la nouvelle version",
    "edit": "Enregistrer les modifications",
}
DONE = {
    "new": "Le document est dans le dossier.",
    "version": "La nouvelle version est dans le dossier. L’ancienne reste lisible par les professionnels.",
    "edit": "Le document est modifié.",
}
VISIBLE, MASKED, HIDDEN = "visible", "masked", "hidden_from_patient"


def visibility_choices(sex: Sex) -> list[tuple[str, str]]:
    """What the depositor chooses between, with the patient's word."""
    whom = THE_PATIENT[sex]
    return [
        (VISIBLE, "Visible"),
        (MASKED, f"Masqué aux professionnels, à la demande {_of(sex)}"),
        (HIDDEN, f"Non visible par {whom} jusqu’à l’annonce"),
    ]


def type_words(kind: DocumentType) -> str:
    """`Compte rendu · dossier : Biologie · patient : Résultats de biologie`: its class and both groupings."""
    record = RECORD_CATEGORIES[kind.record_category]
    patient = PATIENT_CATEGORIES[kind.patient_category]
    return f"{CLASSES[kind.document_class]} · dossier{NARROW}: {record} · côté patient{NARROW}: {patient}"


def types_found(count: int) -> str:
    """`12 types`, read out as one types."""
    return plural(count, "type", "types") if count else "Aucun type ne correspond"


def about_file(file_format: FileFormat, byte_size: int) -> str:
    """`PDF, 312 Ko`."""
    return f"{FORMATS[file_format]}, {file_size(byte_size)}"


def who_will_see(visibility: str, professions: Sequence[Profession], sex: Sex) -> list[str]:
    """Who will read the document, one line each, and who will not."""
    whom = THE_PATIENT[sex]
    named = _listed([profession_label(each) for each in professions])
    team = (
        f"Les professionnels autorisés par {whom}, selon leur profession{NARROW}: {named}"
        if named
        else "Aucun autre professionnel, par la matrice d’habilitation"
    )
    patient = f"{whom[:1].upper()}{whom[1:]}"
    lines = ["Vous"]
    if visibility == MASKED:
        administrator = "Le médecin qui a le statut administrateur, s’il y en a un"
        return [
            patient,
            *lines,
            administrator,
            f"Aucun autre professionnel, tant que {whom} le masque",
        ]
    if visibility == HIDDEN:
        return [*lines, team, f"Pas {whom}, jusqu’à ce que vous le lui montriez"]
    return [patient, *lines, team]


def _of(sex: Sex) -> str:
    return "de la patiente" if sex is Sex.FEMALE else "du patient"


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(names)
    return f"{', '.join(names[:-1])} et {names[-1]}"
