"""Words of one's own profile."""

from app.i18n.format import NARROW
from app.models.account import Role

MESSAGES = {
    "family_name.missing": "Saisissez le nom",
    "given_name.missing": "Saisissez le prénom",
    "card_number.format": (
        "Le numéro de carte ne contient que des chiffres et des lettres, 20 au plus"
    ),
    "card_number.taken": "Ce numéro de carte est déjà celui d’un autre compte",
    "rpps.taken": "Ce numéro RPPS est déjà celui d’un autre compte",
    "shared_title.missing": "Saisissez l’intitulé du compte",
    "identity_change.patients_never": (
        "Votre identité est tenue par votre équipe de soins. Parlez-en à un professionnel de votre cercle."
    ),
    "identity_change.nothing": "Rien n’a changé : il n’y a rien à demander.",
    "identity_change.already_waiting": (
        "Une demande attend déjà l’administration. Retirez-la pour en faire une autre."
    ),
    "identity_change.not_found": "Cette demande est introuvable. Elle a peut-être déjà reçu une réponse.",
}

ROLES = {
    Role.PROFESSIONAL: "Professionnel de santé",
    Role.SECRETARY: "Secrétariat",
    Role.PATIENT: "Patient",
    Role.ADMINISTRATOR: "Administration",
}

# The traits an administrator answers for, in the order they are read.
TRAITS = {
    "civility": "Civilité",
    "given_name": "Prénom",
    "family_name": "Nom",
    "rpps": "N°\u00a0RPPS",
    "card_number": "Carte CPS ou CPE",
}

SAVED = "Votre profil est à jour."
WAITING = "Votre demande attend l’approbation d’un administrateur."
SAVED_AND_WAITING = (
    "Votre profil est à jour. Le changement d’identité attend l’approbation d’un administrateur."
)
UNCHANGED = "Rien n’a changé."


def refusal(asked: str, reason: str) -> str:
    """Why the last change was refused."""
    return f"Votre demande du {asked} a été refusée. Motif{NARROW}: {reason or 'non précisé'}"
