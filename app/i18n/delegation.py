"""Words of delegations: the page, the mode bar, what failed."""

from datetime import date, datetime

from app.i18n.format import day, local_day, moment, short_day
from app.i18n.professional import Named, of_label, rpps_label
from app.models.delegation import DelegationScope
from app.services.delegation_grant import DelegationTense, GrantedDelegation
from app.services.identifiers import is_rpps

MESSAGES = {
    "delegation.not_found": "Cette délégation n’existe pas, ou ne vous est pas ouverte aujourd’hui.",
    "delegation.member_first": (
        "Ce compte est partagé. Dites d’abord qui vous êtes, avec votre code personnel."
    ),
    "delegation.out_of_scope": (
        "Votre délégation ne va pas jusque-là. Demandez au titulaire du compte de l’étendre."
    ),
    "delegation.own_account_only": (
        "Vous agissez pour une autre personne. Quittez ce mode pour gérer votre propre compte."
    ),
    "delegation.number_missing": "Saisissez le n° RPPS ou le n° de carte CPS ou CPE",
    "delegation.rpps_key": "Ce n° RPPS comporte une erreur de frappe. Vérifiez ses 11 chiffres",
    "delegation.number": (
        "Un n° RPPS compte 11 chiffres, un n° de carte de 8 à 20 chiffres ou lettres"
    ),
    "delegation.oneself": "Ce numéro est le vôtre. Saisissez celui d’une autre personne",
    "delegation.exists": (
        "Une délégation est déjà ouverte pour ce numéro. Retirez-la pour en accorder une autre"
    ),
    "delegation.start_missing": "Saisissez le premier jour de la délégation",
    "delegation.start_past": "Le premier jour ne peut pas être passé",
    "delegation.start_too_far": "Le premier jour doit être dans l’année qui vient",
    "delegation.end_before_start": "Le dernier jour ne peut pas précéder le premier",
    "delegation.end_too_far": "Une délégation dure un an au plus",
    "delegation.scope_missing": "Choisissez ce que cette personne pourra faire",
}

SCOPES = {
    DelegationScope.READ: "Consultation",
    DelegationScope.RECORD: "Consultation et saisie du suivi",
    DelegationScope.MANAGE: "Consultation, saisie du suivi et gestion des patients",
}
SCOPE_HINTS = {
    DelegationScope.READ: "Lire les dossiers de vos patients, sans rien y changer",
    DelegationScope.RECORD: "Ajouter aussi des entrées et des traitements, en votre nom et au sien",
    DelegationScope.MANAGE: "Inscrire aussi des patients, modifier leur fiche et leur cercle",
}


def until_label(ends_on: date | None) -> str:
    """`jusqu’au 31 mars 2026`; nothing when only a withdrawal ends it."""
    return f"jusqu’au {day(ends_on)}" if ends_on else ""


def period(starts_on: date, ends_on: date | None) -> str:
    """`Du 5 janv. 2026 au 31 mars 2026`, `À partir du 5 janv. 2026, jusqu’à son retrait`."""
    if ends_on is None:
        return f"À partir du {short_day(starts_on)}, jusqu’à son retrait"
    return f"Du {short_day(starts_on)} au {short_day(ends_on)}"


def mode_ended(holder: Named | None) -> str:
    """« La délégation de la Dre Martin a pris fin. »: what was cut off, to whoever acted under it."""
    return (
        f"La délégation {of_label(holder)} a pris fin." if holder else "La délégation a pris fin."
    )


TONES = {
    DelegationTense.CURRENT: "success",
    DelegationTense.COMING: "info",
    DelegationTense.PAST: "line",
}


def state(row: GrantedDelegation) -> str:
    """`En cours`, `À venir`, `Terminée`, `Retirée le 5 mars 2026`."""
    if row.withdrawn_at is not None:
        return f"Retirée le {day(local_day(row.withdrawn_at))}"
    return {
        DelegationTense.CURRENT: "En cours",
        DelegationTense.COMING: "À venir",
        DelegationTense.PAST: "Terminée",
    }[row.tense]


def used(at: datetime | None) -> str:
    """`Dernière utilisation le 5 mars 2026 à 14 h 05`, `Jamais utilisée`."""
    return f"Dernière utilisation le {moment(at)}" if at else "Jamais utilisée"


def number_label(number: str) -> str:
    """`RPPS 10 100 234 567`, `Carte 2800012345`."""
    return f"RPPS {rpps_label(number)}" if is_rpps(number) else f"Carte {number}"
