"""Mails that tell somebody that their account changed (S037). None holds a link that signs in."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.account import Account
from app.services import outbox


class Notice(StrEnum):
    """What happened."""

    NEW_DEVICE = "new_device"
    PASSWORD = "password"  # noqa: S105 - the name of a notice
    EMAIL = "email"
    PHONE = "phone"
    FACTOR = "factor"
    RECOVERY_CODE = "recovery_code"
    IDENTITY_LINK = "identity_link"
    DELEGATION = "delegation"
    DELEGATED = "delegated"
    STATE = "state"


_WORDS = {
    Notice.NEW_DEVICE: (
        "Nouvelle connexion à votre compte",
        "Une connexion vient d’avoir lieu depuis un appareil que nous ne connaissions pas",
    ),
    Notice.PASSWORD: (
        "Votre mot de passe a changé",
        "Le mot de passe de votre compte vient d’être changé. Vos autres connexions ont été fermées",
    ),
    Notice.EMAIL: (
        "Les adresses e-mail de votre compte ont changé",
        "Une adresse e-mail de votre compte vient d’être ajoutée, retirée ou remplacée",
    ),
    Notice.PHONE: (
        "Les téléphones de votre compte ont changé",
        "Un numéro de téléphone de votre compte vient d’être ajouté ou retiré",
    ),
    Notice.FACTOR: (
        "La vérification en deux étapes de votre compte a changé",
        "Une application d’authentification vient d’être ajoutée à votre compte ou retirée de celui-ci",
    ),
    Notice.RECOVERY_CODE: (
        "Les codes de secours de votre compte ont servi ou changé",
        "Un code de secours de votre compte vient de servir, ou de nouveaux codes ont été créés",
    ),
    Notice.IDENTITY_LINK: (
        "Pro Santé Connect relié à votre compte",
        "Votre identité Pro Santé Connect vient d’être reliée à votre compte ou détachée de celui-ci",
    ),
    Notice.DELEGATION: (
        "Vos délégations ont changé",
        "Une délégation de votre compte vient d’être accordée ou retirée",
    ),
    Notice.DELEGATED: (
        "Les délégations à votre nom ont changé",
        "Une délégation à votre nom vient d’être accordée ou retirée",
    ),
    Notice.STATE: (
        "L’état de votre compte a changé",
        "Votre compte vient d’être activé, suspendu ou fermé par l’administration",
    ),
}


def tell(
    session: Session,
    actor: Actor,
    account: Account,
    notice: Notice,
    *,
    more: str = "",
    to: str = "",
    now: datetime,
) -> None:
    """Write to the account's own address, or to the one it has just lost (`to`).

    `more`: a precision, such as « Firefox sur Linux ».
    """
    subject, words = _WORDS[notice]
    precision = f" ({more})" if more else ""
    text = (
        f"{words}{precision}.\n\n"
        "Si c’était vous, vous n’avez rien à faire. Sinon, changez votre mot de passe et prévenez "
        "l’administration de votre portail."
    )
    outbox.post_email(session, to=to or account.email, subject=subject, text=text, now=now)
