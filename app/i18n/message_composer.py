"""Words of the form a message is written in (ME-148 to ME-172, CX-40)."""

from collections.abc import Sequence
from datetime import date, datetime

from app.i18n.format import NARROW, clock, day, full_name, plural
from app.i18n.patient import BORN, PATIENT
from app.i18n.professional import name_label, place_label, profession_label, to_label
from app.services.mailbox import PartyKind
from app.services.message_recipient_search import RecipientGroup
from app.services.party import PartyCard
from app.services.patient_label import PatientLabel

MESSAGES = {
    "message.nobody_left": (
        "Plus personne de cette conversation ne peut recevoir de message. Votre texte reste en brouillon."
    ),
    "message.signed_out": (
        "Votre session est terminée. Votre texte reste ici\u202f: connectez-vous dans un autre onglet, "
        "puis appuyez de nouveau sur Envoyer."
    ),
    "message.read_only": "Votre délégation permet de lire ces messages, pas d’en écrire.",
    "message.patient_without_space": (
        "Ce patient n’a pas d’espace personnel ouvert\u202f: vous ne pouvez pas lui écrire ici."
    ),
    "message.words_too_long": "Raccourcissez les mots pour le cercle\u202f: 2\u202f000 caractères au plus",
    "message.unreadable": "Ce message n’a pas pu être lu. Rechargez la page, votre brouillon y sera.",
}
GROUPS = {
    RecipientGroup.WROTE_FIRST: "",
    RecipientGroup.CIRCLE: "Cercle de soins",
    RecipientGroup.ESTABLISHMENT: "Établissement",
    RecipientGroup.DIRECTORY: "Annuaire",
    RecipientGroup.PATIENT: "Patients",
}
# Around 15, 112 and 114.
URGENT = (
    "Cette messagerie n’est pas surveillée en permanence. En cas d’urgence, appelez le ",
    " ou le ",
    " (",
    " par SMS).",
)
NOBODY_YET = (
    "Aucun professionnel ne peut recevoir vos messages pour l’instant\u202f: il faut qu’un professionnel "
    "vous ait écrit, et n’ait pas mis fin à vos échanges. Vous pouvez écrire, votre brouillon est gardé."
)
ONE_ONLY = "Un seul professionnel, parmi ceux qui vous ont déjà écrit"
IN_CIRCLE = "Un ou plusieurs membres du cercle de soins, ou le patient"
ANYBODY = "Professionnels du cercle, de l’établissement ou de l’annuaire, ou un de vos patients"
READ_ONLY = MESSAGES["message.read_only"]
DELETED = "Le brouillon est supprimé."
_NAMED = 3


def saved(at: datetime) -> str:
    """`Brouillon enregistré à 14 h 32`."""
    return f"Brouillon enregistré à {clock(at)}"


def party_name(card: PartyCard) -> str:
    """`M. Karim Haddad`, or what a mailbox outside the portal calls itself."""
    return name_label(card) or card.name or card.address


def party_label(card: PartyCard) -> str:
    """`Dre Claire Martin, oncologue`; `Jeanne Besson, née le 4 juin 1958`, whose namesakes are another."""
    if card.patient is not None:
        return f"{party_name(card)}, {_born(card.patient)}"
    if card.profession is None:
        return party_name(card)
    return (
        f"{name_label(card)}, {card.speciality or profession_label(card.profession, card.civility)}"
    )


def names(cards: Sequence[PartyCard]) -> str:
    """`M. Karim Haddad et Dre Claire Martin`; more than three are counted."""
    if len(cards) > _NAMED:
        return plural(len(cards), "destinataire", "destinataires")
    return _listed([party_name(card) for card in cards])


def sent_to(cards: Sequence[PartyCard], *, is_waiting: bool = False) -> str:
    """`Votre message a été envoyé à la Dre Martin.` (ME-161)."""
    if is_waiting:
        who = _listed([_to(card) for card in cards])
        return f"Votre message est enregistré. Le portail l’enverra {who} dès que possible."
    if not cards:
        return "Votre message a été envoyé."
    if len(cards) > _NAMED:
        return f"Votre message a été envoyé à {len(cards)} destinataires."
    return f"Votre message a été envoyé {_listed([_to(card) for card in cards])}."


def found(count: int) -> str:
    """`3 personnes trouvées`."""
    if not count:
        return "Personne ne correspond"
    return plural(count, "personne trouvée", "personnes trouvées")


def patients_found(count: int) -> str:
    """`2 patients trouvés`."""
    return plural(count, "patient trouvé", "patients trouvés") if count else "Aucun patient trouvé"


def hint(*, is_patient: bool, is_about: bool) -> str:
    """Among whom a recipient is chosen."""
    if is_patient:
        return ONE_ONLY
    return IN_CIRCLE if is_about else ANYBODY


def place(card: PartyCard) -> str:
    """`Clinique des Tilleuls, Niort`, what tells namesakes apart; `Patiente · LEFÈVRE Jeanne`."""
    if card.patient is not None:
        name = full_name(card.patient.birth_name, card.patient.given_name)
        return f"{PATIENT[card.patient.sex]} · {name}"
    return place_label(card) or card.address


def remove(name: str) -> str:
    """`Retirer la Dre Claire Martin`, on the cross of a chip."""
    return f"Retirer {name}"


def _born(patient: PatientLabel) -> str:
    return f"{BORN[patient.sex].lower()} {day(patient.birth_date)}"


def _to(card: PartyCard) -> str:
    if card.party.kind is PartyKind.CORRESPONDENT:
        return f"à {party_name(card)}"
    return to_label(card)


def _listed(parts: Sequence[str]) -> str:
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} et {parts[-1]}"


TOLD = "Le cercle est prévenu."
NOT_TOLD = "Ne pas envoyer"
_ENTRIES = {
    "tolerance": "Tolérance",
    "interactions": "Interaction médicamenteuse",
    "observance": "Observance",
}


def entry_subject(section: str, on: date) -> str:
    """`Observance du 3 mars 2026`: the subject of a message about an entry."""
    return f"{_ENTRIES[section]} du {day(on)}"


def entry_text(subject: str, treatment: str) -> str:
    """What the circle reads when nothing was typed: where to look, nothing of the result."""
    about = f" ({treatment})" if treatment else ""
    return f"Une entrée vient d’être ajoutée au suivi{NARROW}: {subject[0].lower()}{subject[1:]}{about}."


SENT = "Message envoyé"
NO_LINE = f"Pas de connexion{NARROW}: votre message partira dès qu’elle revient."
