"""Words of the accounts as administrators keep them."""

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
