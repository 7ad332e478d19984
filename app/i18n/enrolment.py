"""Words of the three steps of an enrolment."""

from app.services.duplicate import DuplicateReason

MESSAGES = {
    "enrolment.forbidden": (
        "Un préparateur en pharmacie ne peut pas inscrire un patient. Demandez au pharmacien."
    ),
    "enrolment.duplicate_possible": (
        "Ce patient figure peut-être déjà dans votre liste. Ouvrez la fiche proposée, ou confirmez "
        "qu’il s’agit d’une autre personne."
    ),
}

DUPLICATE_REASONS = {
    DuplicateReason.SAME_INS: "Même matricule INS",
    DuplicateReason.SAME_IDENTITY: "Mêmes noms et même date de naissance",
    DuplicateReason.NEAR_DATE: "Mêmes noms, date de naissance proche",
    DuplicateReason.NEAR_NAME: "Même date de naissance, noms proches",
}
