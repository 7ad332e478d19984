"""How the shell names the person who is signed in."""

from app.i18n.professional import the_label
from app.models.account import Role
from app.models.session import SignInMethod
from app.services.session import Identity


def viewer_label(identity: Identity) -> str:
    """`Oncologue · Clinique des Tilleuls · Niort`, or what the account is for."""
    if identity.holder is not None:
        return f"Pour {the_label(identity.holder)}"
    if identity.actor.role is Role.PROFESSIONAL:
        speciality = identity.speciality[:1].upper() + identity.speciality[1:]
        return " · ".join(part for part in (speciality, identity.place) if part)
    if identity.actor.role is Role.SECRETARY:
        return identity.shared_title or "Secrétariat"
    if identity.actor.role is Role.ADMINISTRATOR:
        return "Administration de la plateforme"
    return "Espace patient"


_DOORS = {
    SignInMethod.EMAIL_CODE: "Connecté par mot de passe et code reçu par e-mail",
    SignInMethod.SMS_CODE: "Connecté par mot de passe et code reçu par SMS",
    SignInMethod.TOTP: "Connecté par mot de passe et application d’authentification",
    SignInMethod.RECOVERY_CODE: "Connecté par mot de passe et code de secours",
    SignInMethod.PSC: "Connecté",
    SignInMethod.OPERATOR: "Connecté sur un poste enregistré",
}


def door_label(identity: Identity) -> str:
    """How the person came in, for the status panel (PS-26)."""
    method = identity.actor.method
    return _DOORS[method] if method is not None else ""
