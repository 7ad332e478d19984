"""How the shell names the person who is signed in."""

from app.i18n.professional import the_label
from app.models.account import Role
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
