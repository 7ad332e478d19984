"""Words of the three steps of an enrolment."""

from app.i18n.format import NARROW, bound
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

STEPS = (
    ("Identité et coordonnées", "traits d’identité, téléphone ou e-mail"),
    ("Traitements suivis", "un au moins"),
    ("Notice et consentement", "remise au patient, puis accord"),
)

CONSENT_MISSING = "Recueillez le consentement du patient"
ABANDONED = "L’inscription est abandonnée. Rien n’a été créé."


def created(name: str) -> str:
    """`La fiche de LEFÈVRE Jeanne est créée`."""
    return f"La fiche de {name} est créée."


def resumed(name: str) -> str:
    """What is said to somebody who comes back to an enrolment left half-way."""
    whose = f" de {name}" if name else ""
    return f"Vous reprenez l’inscription{whose} là où vous l’aviez laissée."


def added(label: str) -> str:
    """`Létrozole 2,5 mg est ajouté`."""
    return f"{bound(label)} est ajouté."


def removed(label: str) -> str:
    """`Létrozole 2,5 mg est retiré`."""
    return f"{bound(label)} est retiré."


def since(day: str) -> str:
    """`depuis le 3 mars 2026`."""
    return f"depuis le {day}"


def collected(mode: str, day: str) -> str:
    """`Consentement oral recueilli le 9 mars 2026`."""
    return f"Consentement {mode.lower()} recueilli le {day}"


def relevance(percent: int) -> str:
    """`ressemblance 98 %`."""
    return f"ressemblance {percent}{NARROW}%"


def used_name(name: str) -> str:
    """`nom utilisé : BESSON`."""
    return f"nom utilisé{NARROW}: {name.upper()}" if name else ""
