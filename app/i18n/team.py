"""Sentences of teams, workstations and the operator's door."""

from app.i18n.professional import full_label
from app.services.team import Responsible

MESSAGES = {
    "operator.wrong": "Code opérateur ou mot de passe incorrect",
    "operator.missing": "Saisissez votre code opérateur et votre mot de passe",
    "workstation.unknown": (
        "Ce navigateur n’est pas, ou plus, enregistré comme poste de travail. Demandez au professionnel "
        "responsable de l’enregistrer"
    ),
    "workstation.not_found": "Ce poste n’est pas, ou plus, enregistré",
    "workstation.name_missing": "Donnez un nom à ce poste, par exemple « Comptoir 1 »",
    "team.not_found": "Cette invitation n’existe pas, ou plus",
    "team.code_format": "Choisissez un code de 1 à 20 lettres ou chiffres, par exemple 12",
    "team.code_taken": "Ce code est déjà celui d’un membre de votre équipe. Choisissez-en un autre",
    "team.already_in": "Cette adresse est déjà dans votre équipe",
    "team.too_many": "Vous avez envoyé beaucoup d’invitations. Réessayez dans une heure",
    "team.not_for_this_account": "Ce compte ne peut pas rejoindre une équipe",
    "team.own": "Vous êtes déjà responsable de cette équipe",
}


def responsible_label(person: Responsible) -> str:
    """`Mme Hélène Garnier, pharmacienne`."""
    return full_label(person)
