"""Who may try the demonstration, and how its messages are named."""

from app.models.outbox import Channel

DOMAIN = "demo.liane.example"
PASSWORD = "Liane-demo-2026!"  # noqa: S105 - shown to everyone who starts the demonstration

# Login of each account offered on the sign-in page, and what it shows.
ACCOUNTS = {
    "medecin": "Médecin",
    "pharmacien": "Pharmacien",
    "infirmier": "Infirmière",
    "patient": "Patiente",
    "preparateur": "Préparateur, code opérateur 12 sur un poste enregistré",
    "secretariat": "Secrétariat, codes personnels 407193 et 582640",
    "admin": "Administration",
    "admin2": "Administration, seconde personne",
}

PATIENT_LOGIN = "jbesson"
OPERATOR_CODE = "12"
# Civility, given name, family name, personal code.
SECRETARIES = (
    ("Mme", "Nadia", "Brunet", "407193"),
    ("M.", "Paul", "Estève", "582640"),
)

CHANNELS = {Channel.EMAIL: "E-mail", Channel.SMS: "SMS"}


def email_of(login: str) -> str:
    """`medecin@demo.liane.example`."""
    return f"{login}@{DOMAIN}"
