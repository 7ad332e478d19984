"""Words of « Autorisation d’accès » and of the modes it opens (DM-38 to DM-47, DM-55)."""

from datetime import datetime, timedelta

from app.i18n.format import NARROW, NO_BREAK, clock
from app.models.consent import ConsentMode
from app.models.patient import Sex
from app.models.record_access import AccessKind

MESSAGES: dict[str, str] = {
    "record_access.way_missing": "Choisissez comment vous accédez à ce DMP",
    "record_access.mode_missing": "Choisissez comment le patient a donné son accord",
    "record_access.reason_short": "Saisissez le motif de l’accès, en 20 caractères au moins",
    "record_access.member": "Vous faites partie de l’équipe de soins de ce patient\u202f: son DMP vous est ouvert.",
    "record_access.emergency_opposed": "L’accès en urgence n’est pas possible pour ce patient.",
    "record_access.regulation_opposed": "L’accès en régulation n’est pas possible pour ce patient.",
    "record_access.regulators_only": (
        "Cet accès est réservé aux médecins rattachés à un centre de régulation par l’administration."
    ),
    "record_access.strong_sign_in": (
        "Un code opérateur ne suffit pas pour un accès en urgence. Connectez-vous avec votre compte."
    ),
    "record_access.not_found": "Cet accès est déjà terminé.",
}

TITLE = "Autorisation d’accès"
CONSENT = "Le patient (ou son représentant légal), préalablement informé, consent au fait que j’accède à son DMP"
EMERGENCY = "J’accède en urgence au DMP"
REGULATION = "J’accède en tant que médecin régulateur du SAMU"
OPEN, CANCEL = "Accéder au DMP", "Annuler"
MODE_LABEL = "Comment a-t-il donné son accord"
MODES = {
    ConsentMode.ORAL: "Oralement",
    ConsentMode.WRITTEN: "Par écrit",
    ConsentMode.ELECTRONIC: "Par voie électronique",
}
REASON = "Motif de l’accès"
REASON_HINT = "20 caractères au moins. Le patient le lira."
URGENT_WARNING = (
    "L’accès dure 60 minutes. Le patient est prévenu aussitôt, ainsi que les médecins à qui il a donné "
    "le statut administrateur."
)
LAW_TITLE = "Ce que dit la loi"
LAW = (
    (
        "Les règles ne sont pas les mêmes pour les membres de l’équipe de soins et pour les autres professionnels "
        "(articles L.1110-4 et R.1111-46 du Code de la santé publique)."
    ),
    "Un membre de l’équipe de soins bénéficie du consentement présumé et accède au DMP de son patient.",
    (
        "Un professionnel hors de l’équipe de soins doit obtenir le consentement exprès du patient, à l’écrit ou à "
        "l’oral, pour chaque consultation, et déclarer l’avoir obtenu."
    ),
    "Chacun ne voit que les documents que la matrice d’habilitation ouvre à sa profession.",
    (
        "En urgence, un professionnel accède au DMP d’un patient hors d’état d’exprimer sa volonté et exposé à un "
        f"risque immédiat, sauf si le patient s’y est opposé (article L.1111-17). L’accès injustifié est puni{NARROW}: "
        "il est tracé."
    ),
)

_TITLES = {Sex.FEMALE: "Mme ", Sex.MALE: "M. ", Sex.UNKNOWN: ""}
_GROUNDS = {
    AccessKind.DECLARED: "Accord du patient déclaré",
    AccessKind.EMERGENCY: "Accès en urgence",
    AccessKind.REGULATION: "Accès en régulation",
}
_MODES_OF = {
    AccessKind.EMERGENCY: "Accès en urgence, motif enregistré",
    AccessKind.REGULATION: "Accès en régulation (SAMU), motif enregistré",
}
MODE_MORE = "le patient est prévenu"
DONE = {
    AccessKind.DECLARED: "Votre déclaration est enregistrée. L’accès dure jusqu’à votre déconnexion.",
    AccessKind.EMERGENCY: "Votre motif est enregistré et le patient est prévenu.",
    AccessKind.REGULATION: "Votre motif est enregistré et le patient est prévenu.",
}
LEFT = "Vous avez quitté le dossier."
_OVER = {
    AccessKind.EMERGENCY: "Votre accès en urgence est terminé.",
    AccessKind.REGULATION: "Votre accès en régulation est terminé.",
}


def refused(sex: Sex, name: str) -> str:
    """`Vous n’êtes actuellement pas autorisé à accéder au DMP de M. DURAND Paul.`."""
    return f"Vous n’êtes actuellement pas autorisé à accéder au DMP de {_TITLES[sex]}{name}."


def ground(kind: AccessKind, ends_at: datetime) -> str:
    """`Accord du patient déclaré, jusqu’à 14 h 05`."""
    return f"{_GROUNDS[kind]}, jusqu’à {clock(ends_at)}"


def mode(kind: AccessKind) -> str:
    """The words of a mode bar."""
    return _MODES_OF[kind]


def over(kind: AccessKind) -> str:
    """What is said to somebody whose mode ended while they read."""
    return _OVER[kind]


def time_left(remaining: timedelta) -> str:
    """`encore 42 min`: minutes begun are counted."""
    minutes = max(0, -(-int(remaining.total_seconds()) // 60))
    return f"encore {minutes}{NO_BREAK}min"
