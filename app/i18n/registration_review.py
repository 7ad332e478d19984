"""Words of the queue of registrations."""

from datetime import datetime

from app.i18n.format import moment
from app.models.legal_text import AcceptanceMode
from app.models.registration import IdentitySource, Occupation, RegistrationState
from app.services.practice import PracticeRow
from app.services.registration_queue import ReviewStep

SOURCES = {
    IdentitySource.PSC: "Identité certifiée",
    IdentitySource.DIRECTORY: "Annuaire",
    IdentitySource.MANUAL: "Saisie manuelle",
}
OCCUPATIONS = {
    Occupation.MEDICAL_SECRETARY: "Secrétaire médicale ou médical",
    Occupation.MEDICAL_ASSISTANT: "Assistante ou assistant médical",
    Occupation.ADMINISTRATIVE_ASSISTANT: "Assistante ou assistant administratif",
    Occupation.ADMINISTRATIVE_MANAGER: "Responsable administratif",
    Occupation.OTHER: "Autre fonction",
}
STATES = {
    RegistrationState.DRAFT: ("Commencée", ""),
    RegistrationState.EMAIL_VERIFIED: ("E-mail vérifié", ""),
    RegistrationState.CONTRACT_SIGNED: ("Contrat signé", ""),
    RegistrationState.TO_VALIDATE: ("À vérifier", "info"),
    RegistrationState.APPROVED: ("Approuvée", "success"),
    RegistrationState.REFUSED: ("Refusée", "danger"),
}
CONTRACT_MODES = {
    AcceptanceMode.BOX: "case cochée",
    AcceptanceMode.TYPED_NAME: "nom tapé et code à usage unique",
    AcceptanceMode.SCAN: "exemplaire signé, déposé",
    AcceptanceMode.PSC: "signé avec Pro Santé Connect",
}

MESSAGES = {
    "registration.reason_missing": "Saisissez le motif du refus\u202f: il est envoyé à la personne",
    "registration.same_person": (
        "Vous avez déjà donné votre accord\u202f: une seconde personne de l’administration doit confirmer."
    ),
    "registration.review_changed": (
        "Une autre personne de l’administration vient de donner ou de retirer son accord. Relisez la "
        "demande avant de décider."
    ),
    "registration.decided_meanwhile": (
        "Une autre personne de l’administration a déjà répondu à cette demande."
    ),
}

WAITS_FOR_SECOND = "À confirmer par un second administrateur"
RPPS_TAKEN = "RPPS déjà utilisé"
SECRETARIAT, SHARED_SECRETARIAT = "Secrétariat", "Secrétariat partagé"
REFUSED = "La demande est refusée. Le motif est envoyé à la personne."

DONE = {
    ReviewStep.ACTIVATES: "Le compte est ouvert. La personne est prévenue par e-mail.",
    ReviewStep.FIRST_OF_TWO: (
        "Votre accord est enregistré. Une seconde personne de l’administration doit confirmer."
    ),
    ReviewStep.SECOND_OF_TWO: "Le compte est ouvert. La personne est prévenue par e-mail.",
}
# The button that approves, and what it does.
STEPS = {
    ReviewStep.ACTIVATES: ("Approuver", "Le compte s’ouvre aussitôt et la personne est prévenue."),
    ReviewStep.FIRST_OF_TWO: (
        "Approuver en premier",
        (
            "Donner le rôle de professionnel de santé demande l’accord de deux personnes de "
            "l’administration. Le vôtre sera le premier."
        ),
    ),
    ReviewStep.SECOND_OF_TWO: (
        "Confirmer",
        "Une première personne a approuvé. Votre accord ouvre le compte.",
    ),
    ReviewStep.OWN_FIRST: (
        "",
        "Vous avez donné le premier accord. Une autre personne de l’administration doit confirmer.",
    ),
    ReviewStep.DECIDED: ("", ""),
}
KEY = {True: "Correcte", False: "Fausse", None: ""}
IN_DIRECTORY = {True: "Numéro trouvé", False: "Numéro inconnu de l’annuaire", None: ""}
SAME_NAMES = {True: "Nom et prénom concordent", False: "Nom ou prénom différents", None: ""}
RPPS_FREE = {True: "Non", False: "Oui, par un autre compte", None: ""}
PROVED = {True: "Adresse vérifiée", False: "Adresse non vérifiée"}
PHONE_PROVED = {True: "Vérifié par SMS", False: "Non vérifié"}


def certified(at: datetime | None) -> str:
    """When the provider vouched for the identity."""
    return f"Identité certifiée le {moment(at)}" if at else ""


def contract(
    mode: AcceptanceMode | None, version: int | None, at: datetime | None, name: str
) -> str:
    """How the contract was signed: `Version 1, nom tapé et code à usage unique (Hugo Ferrand), le…`."""
    if at is None or mode is None:
        return "Non signé"
    signed = f" ({name})" if name else ""
    number = f"Version {version}, " if version else ""
    said = f"{number}{CONTRACT_MODES[mode]}{signed}, le {moment(at)}"
    return said[:1].upper() + said[1:]


def place(row: PracticeRow) -> str:
    """`Clinique des Tilleuls, 79000 Niort – laboratoire du Marais`."""
    town = " ".join(part for part in (row.postcode, row.city) if part)
    words = ", ".join(part for part in (row.name, row.address, town) if part)
    return f"{words} – {row.laboratory}" if row.laboratory else words


def first_line(name: str, at: datetime) -> str:
    """Who gave the first approval."""
    return f"Premier accord donné par {name}, le {moment(at)}."


def decided_line(state: RegistrationState, at: datetime | None, reason: str) -> str:
    """What was decided, when, and why."""
    if at is None:
        return ""
    said = f"{STATES[state][0]} le {moment(at)}."
    return f"{said} Motif\u202f: {reason}" if reason else said
