"""Sentences of signing in with Pro Santé Connect."""

from app.i18n.professional import profession_label
from app.integrations.psc_identity import PscIdentity
from app.models.professional import Profession

_OTHERWISE = "connectez-vous avec votre e-mail et votre mot de passe"

MESSAGES = {
    "psc.unavailable": (
        f"Pro Santé Connect ne répond pas. Réessayez dans un instant, ou {_OTHERWISE}"
    ),
    "psc.untrusted": (
        "La réponse de Pro Santé Connect n’a pas pu être vérifiée, personne n’a été connecté. "
        f"Recommencez, ou {_OTHERWISE}"
    ),
    "psc.too_many": (
        "Trop de connexions Pro Santé Connect commencées depuis ce réseau. Réessayez dans une heure, "
        f"ou {_OTHERWISE}"
    ),
    "psc.other_browser": (
        "Cette connexion n’a pas été commencée dans ce navigateur, personne n’a été connecté. "
        "Recommencez depuis la page de connexion"
    ),
    "psc.expired": (
        "Vous êtes resté plus de 10 minutes sur Pro Santé Connect. Recommencez la connexion"
    ),
    "psc.used": "Cette connexion a déjà servi. Recommencez depuis la page de connexion",
    "psc.refused": (
        "La connexion a été annulée ou refusée sur Pro Santé Connect. Recommencez quand vous voulez"
    ),
    "psc.provider_error": (
        f"Pro Santé Connect n’a pas pu vous authentifier. Réessayez, ou {_OTHERWISE}"
    ),
    "psc.account_pending": (
        "Votre compte Liane attend la vérification de l’administration. Vous recevrez un message "
        "dès qu’il sera ouvert"
    ),
    "psc.account_suspended": (
        "Votre compte Liane est suspendu. Adressez-vous à l’administration de votre portail"
    ),
    "psc.account_closed": (
        "Votre compte Liane est fermé. Adressez-vous à l’administration de votre portail"
    ),
    "psc.nothing_pending": (
        "Cette identité Pro Santé Connect n’est plus en attente. Recommencez la connexion"
    ),
    "psc.not_a_professional": (
        "Seul le compte d’un professionnel de santé peut être relié à Pro Santé Connect"
    ),
    "psc.other_rpps": (
        "Le numéro RPPS de votre compte n’est pas celui de cette identité Pro Santé Connect. "
        "Connectez-vous avec le bon compte, ou faites corriger votre numéro par l’administration"
    ),
    "psc.linked_elsewhere": (
        "Cette identité Pro Santé Connect est déjà reliée à un autre compte. Adressez-vous à "
        "l’administration de votre portail"
    ),
    "psc.not_linked": "Pro Santé Connect est déjà dissocié de votre compte",
    "psc.only_way_in": (
        "Pro Santé Connect est votre seul moyen de connexion\u202f: choisissez d’abord un mot de passe, "
        "depuis «\u202fMot de passe oublié\u202f» de la page de connexion"
    ),
    "psc.signed_out": "Vous êtes déconnecté de Liane et de Pro Santé Connect",
}

# Not a fault: what a sign-out that went to its end has to say.
GOOD_NEWS = frozenset({"psc.signed_out"})

CIVILITIES = {"M": "M.", "MME": "Mme", "MLLE": "Mme", "DR": "Dr", "PR": "Pr"}


def civility_of(identity: PscIdentity) -> str:
    """The civility as the portal writes it, '' when unknown."""
    return CIVILITIES.get(identity.civility_code.upper(), "")


def profession_labels(identity: PscIdentity) -> list[str]:
    """The professions of the identity in words; a code nobody knows is shown as it is."""
    known = {profession.value: profession for profession in Profession}
    return [
        profession_label(known[code], civility_of(identity)).capitalize()
        if code in known
        else f"Profession {code}"
        for code in identity.profession_codes
    ]
