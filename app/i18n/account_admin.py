"""Words of the accounts as administrators keep them."""

from datetime import datetime

from app.i18n.format import moment, plural
from app.models.account import AccountState, Role
from app.models.session import SignInMethod

ROLES = {
    Role.PROFESSIONAL: "Professionnel de santé",
    Role.SECRETARY: "Secrétariat",
    Role.PATIENT: "Patient",
    Role.ADMINISTRATOR: "Administration",
}
STATES = {
    AccountState.PENDING: ("En attente de vérification", "info"),
    AccountState.ACTIVE: ("Actif", "success"),
    AccountState.SUSPENDED: ("Suspendu", "warning"),
    AccountState.CLOSED: ("Fermé", ""),
}
METHODS = {
    SignInMethod.EMAIL_CODE: "Code par e-mail",
    SignInMethod.SMS_CODE: "Code par SMS",
    SignInMethod.TOTP: "Application d’authentification",
    SignInMethod.RECOVERY_CODE: "Code de secours",
    SignInMethod.PSC: "Pro Santé Connect",
    SignInMethod.OPERATOR: "Code opérateur",
}

# Title, explanation, button, whether a reason is asked, of each act on an account.
DIALOGS = {
    "suspendre": (
        "Suspendre ce compte",
        (
            "La personne ne peut plus se connecter et ses pages ouvertes se ferment aussitôt. Le motif lui est "
            "envoyé par e-mail. Vous pourrez réactiver le compte."
        ),
        "Suspendre le compte",
        True,
    ),
    "reactiver": (
        "Réactiver ce compte",
        "La personne retrouve ses droits et peut se connecter de nouveau. Elle est prévenue par e-mail.",
        "Réactiver le compte",
        False,
    ),
    "fermer": (
        "Fermer ce compte",
        (
            "La fermeture est définitive. Ce que la personne a écrit dans les dossiers y reste, à son nom. Le "
            "motif lui est envoyé par e-mail."
        ),
        "Fermer le compte",
        True,
    ),
    "proposer": (
        "Proposer le rôle d’administration",
        (
            "Une autre personne de l’administration devra confirmer. La personne perd alors son rôle de "
            "secrétariat et se connecte de nouveau."
        ),
        "Proposer ce rôle",
        True,
    ),
    "regulateur": (
        "Rattacher à un centre de régulation",
        (
            "Une autre personne de l’administration devra confirmer. Le médecin pourra alors ouvrir en "
            "régulation le dossier d’un patient qui ne s’y est pas opposé."
        ),
        "Proposer ce rattachement",
        True,
    ),
    "confirmer-regulateur": (
        "Confirmer le rattachement à un centre de régulation",
        "Le médecin pourra ouvrir en régulation le dossier d’un patient qui ne s’y est pas opposé.",
        "Confirmer le rattachement",
        False,
    ),
    "retirer-regulateur": (
        "Retirer le rattachement à un centre de régulation",
        "Le médecin ne pourra plus ouvrir de dossier en régulation.",
        "Retirer le rattachement",
        False,
    ),
}
# What is asked for where it is not a reason.
ASKED = {"regulateur": "Centre de régulation"}
DONE = {
    "regulateur": "Votre proposition attend qu’une autre personne de l’administration la confirme.",
    "confirmer-regulateur": "Le médecin est rattaché au centre de régulation.",
    "retirer-regulateur": "Le rattachement est retiré.",
    "suspendre": "Le compte est suspendu. Ses connexions sont fermées.",
    "reactiver": "Le compte est de nouveau ouvert.",
    "fermer": "Le compte est fermé. Ses connexions sont fermées.",
    "proposer": "Votre proposition attend qu’une autre personne de l’administration la confirme.",
}
ROLE_GIVEN = "Le rôle d’administration est donné."
PROPOSAL_ENDED = "La proposition est abandonnée."


def total(accounts: int) -> str:
    """`14 comptes`."""
    return plural(accounts, "compte", "comptes")


def ended(sign_ins: int) -> str:
    """`2 connexions fermées.`."""
    return f"{plural(sign_ins, 'connexion fermée', 'connexions fermées')}."


def proposed(name: str, at: datetime) -> str:
    """Who proposed, and when."""
    return f"Proposé par {name}, le {moment(at)}"


def regulates(centre: str, by: str, at: datetime, *, is_confirmed: bool) -> str:
    """An attachment to a regulation centre, waiting or not."""
    if is_confirmed:
        return f"{centre}, depuis le {moment(at)}"
    return f"{centre}, à confirmer. {proposed(by, at)}"


def certified(at: datetime) -> str:
    """When Pro Santé Connect vouched for the identity."""
    return f"Certifiée par Pro Santé Connect le {moment(at)}"


def explanation(state: AccountState, *, is_own: bool, is_last: bool) -> str:
    """Why nothing, or not everything, may be done to this account."""
    if is_own:
        return MESSAGES["account_admin.own_account"]
    if is_last:
        return MESSAGES["account_admin.last_administrator"]
    if state is AccountState.PENDING:
        return MESSAGES["account_admin.pending"]
    if state is AccountState.CLOSED:
        return "Ce compte est fermé pour toujours."
    return ""


MESSAGES = {
    "account_admin.not_found": "Ce compte est introuvable.",
    "account_admin.sign_in_not_found": "Cette connexion est déjà fermée.",
    "account_admin.reason_missing": "Saisissez le motif\u202f: il est envoyé à la personne",
    "account_admin.own_account": (
        "C’est votre propre compte\u202f: demandez à une autre personne de l’administration."
    ),
    "account_admin.pending": (
        "Ce compte attend la vérification de son inscription. Répondez-y dans «\u202fDemandes d’inscription\u202f»."
    ),
    "account_admin.changed_meanwhile": (
        "L’état de ce compte a changé entre-temps. Rechargez la page."
    ),
    "account_admin.last_administrator": (
        "C’est le dernier compte d’administration actif\u202f: donnez d’abord ce rôle à une autre personne."
    ),
    "role_grant.not_found": "Cette proposition est introuvable.",
    "role_grant.not_eligible": (
        "Un compte d’administration est un compte à part\u202f: ni celui d’un professionnel de santé, ni celui "
        "d’un patient, ni un compte partagé."
    ),
    "role_grant.same_person": (
        "Une autre personne de l’administration doit confirmer\u202f: ni celle qui propose, ni celle qui reçoit."
    ),
    "role_grant.proposed_meanwhile": (
        "Une autre personne vient de proposer ce rôle. Rechargez la page pour confirmer."
    ),
    "role_grant.decided_meanwhile": "Cette proposition a déjà reçu une réponse.",
}
