"""Words of the « Contacts » page."""

from datetime import date

from app.i18n.format import NARROW, day, plural
from app.i18n.patient import THE_PATIENT
from app.i18n.professional import Named, by_label, name_label, of_label
from app.models.patient import Sex

MESSAGES = {
    "care_circle.professional_not_found": (
        "Ce professionnel n’a pas de compte actif. Choisissez-le dans la liste."
    ),
    "care_circle.already_member": "Ce professionnel fait déjà partie du cercle de ce patient.",
    "care_circle.not_yours_to_add": (
        "Vous ne pouvez pas ajouter ce professionnel. Le patient peut le faire lui-même, depuis les "
        "paramètres de son espace."
    ),
    "care_circle.not_member": "Ce professionnel ne fait plus partie du cercle de ce patient.",
    "care_circle.remove_forbidden": (
        "Seul le professionnel lui-même, ou celui qui l’a ajouté, peut mettre fin à ce suivi."
    ),
    "care_circle.last_member": (
        "Vous êtes le dernier professionnel de ce cercle. Ajoutez un autre professionnel avant de "
        "le quitter."
    ),
}


def lead(members: int) -> str:
    """`4 professionnels de santé dans le cercle`."""
    counted = plural(members, "professionnel de santé", "professionnels de santé")
    return f"{counted} dans le cercle"


def since(day_: date) -> str:
    """`Membre depuis le 2 septembre 2025`."""
    return f"Membre depuis le {day(day_)}"


def added_by(who: Named) -> str:
    """`par la Dre Martin`."""
    return by_label(who)


def remove_title(who: Named) -> str:
    """`Retirer M. Karim Haddad du cercle ?`."""
    return f"Retirer {name_label(who)} du cercle{NARROW}?"


def removed(who: Named) -> str:
    """What is said once a member was removed."""
    return f"{name_label(who)} ne fait plus partie du cercle."


def added(who: Named) -> str:
    """What is said once a member was added."""
    return f"{name_label(who)} fait maintenant partie du cercle."


def left(patient: str) -> str:
    """What is said to whoever left a circle."""
    return f"Vous ne faites plus partie du cercle de {patient}."


def consent_title(who: Named) -> str:
    """`Consentement du patient pour l’ajout de M. Haddad`."""
    return f"Consentement du patient pour l’ajout {of_label(who)}"


def has_enrolled(sex: Sex) -> str:
    """`a inscrit la patiente`."""
    return f"a inscrit {THE_PATIENT[sex]}"


def found(count: int) -> str:
    """`3 professionnels correspondent`."""
    return plural(count, "professionnel correspond", "professionnels correspondent")


NOBODY_FOUND = "Aucun professionnel inscrit ne correspond. Vérifiez le nom ou le n° RPPS."
