"""Words of the queue of registrations."""

from app.models.legal_text import AcceptanceMode
from app.models.registration import IdentitySource, Occupation, RegistrationState

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
