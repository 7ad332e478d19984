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
    "admin": "Administration",
    "admin2": "Administration, seconde personne",
}

CHANNELS = {Channel.EMAIL: "E-mail", Channel.SMS: "SMS"}


def email_of(login: str) -> str:
    """`medecin@demo.liane.example`."""
    return f"{login}@{DOMAIN}"
