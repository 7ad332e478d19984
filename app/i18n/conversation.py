"""Words of the mailbox: its boxes, the rows of its list, a conversation opened (section 8 of the screens)."""

from collections.abc import Sequence
from datetime import date, datetime

from app.i18n.format import (
    NARROW,
    clock,
    local_day,
    moment,
    plural,
    short_day,
    short_day_without_year,
    typeset,
    weekday,
)
from app.i18n.patient import PATIENT
from app.i18n.professional import name_label, profession_label, the_label
from app.models.message import ConversationKind, Priority
from app.services.conversation_list import Box
from app.services.mailbox import PartyKind
from app.services.party import PartyCard
from app.services.read_receipt import ReadReceipt

PORTAL = "Liane"
YOU = "Vous"
NO_SUBJECT = "Sans objet"
NO_RECIPIENT = "Destinataire à choisir"
ENDED = "Ce professionnel a mis fin à vos échanges."
WELCOME_SUBJECT = "Bienvenue dans votre messagerie"
WELCOME_TEXT = (
    "Ici, vous échangez avec vos professionnels de santé.\n\n"
    "Ils vous écrivent les premiers, puis vous leur répondez ou leur envoyez un nouveau message. "
    "Vous pouvez joindre vos documents, et garder dans votre dossier ceux que l’on vous envoie."
)
WELCOME_EXTRACT = "Ici, vous échangez avec vos professionnels de santé."

BOXES = {Box.RECEIVED: "Reçus", Box.SENT: "Envoyés", Box.ARCHIVED: "Archivés"}
BOX_ICONS = {Box.RECEIVED: "inbox", Box.SENT: "send", Box.ARCHIVED: "archive"}
# In the address; « Reçus » is what opens without a choice.
BOX_SLUGS = {Box.RECEIVED: "", Box.SENT: "envoyes", Box.ARCHIVED: "archives"}
REGIONS = {
    Box.RECEIVED: "Messages reçus",
    Box.SENT: "Messages envoyés",
    Box.ARCHIVED: "Messages archivés",
    Box.ALL: "Conversations",
}
EMPTY = {
    Box.RECEIVED: "Aucun message à traiter.",
    Box.SENT: "Vous n’avez pas encore envoyé de message.",
    Box.ARCHIVED: f"Aucun message archivé. Un message traité arrive ici{NARROW}: il n’est pas supprimé.",
    Box.ALL: "Vous n’avez pas encore de message. Vos professionnels de santé vous écrivent les premiers.",
}
ALL_READ = "Aucun message non lu."
ARCHIVE_HINT = "Un message traité est archivé pour vous seulement."
ICONS = {Priority.CONTACT: "phone", Priority.INFORMATION: "info"}
DRAFTS = "Brouillons"
CHOOSE = "Choisissez une conversation pour la lire."

TREATED = "Conversation archivée, pour vous seulement."
TO_TREAT = "Conversation remise parmi les messages reçus."
DELETED = "Conversation supprimée de votre messagerie."
ENDING_DONE = "Vous avez mis fin aux échanges avec ce patient."
EXCHANGES_ENDED = (
    "Vous avez mis fin aux échanges avec ce patient. Un nouveau message de votre part les rouvre."
)
OLDER = "Afficher les messages plus anciens"
WAITING = "Ce message n’est pas encore parti. Le portail réessaie pendant 24 heures, puis vous prévient ici."
NO_REPLY_READ_ONLY = "Votre délégation permet de lire ces messages, pas d’y répondre."
NO_REPLY_CLOSED = (
    "Ce professionnel ne fait pas partie de ceux à qui vous pouvez écrire aujourd’hui."
)
NO_REPLY_NOBODY = (
    "Personne ne peut plus lire une réponse ici"
    f"{NARROW}: cette messagerie n’est plus active. Écrivez un nouveau message."
)


def read_receipt(asked: ReadReceipt) -> str:
    """What is known of a read receipt asked for (FB-08)."""
    if asked.sent_at is None:
        return "L’expéditeur demande un accusé de lecture."
    if asked.has_failed:
        return "Votre accusé de lecture n’a pas pu être remis à l’expéditeur."
    return f"Vous avez envoyé un accusé de lecture le {moment(asked.sent_at)}."


def no_address(is_on: bool) -> str:
    """Why a patient has no secure address (ME-128, FB-02)."""
    if is_on:
        return (
            "Votre adresse sécurisée sera créée quand votre identité aura été vérifiée. "
            "Parlez-en à un professionnel de votre cercle."
        )
    return "Vous n’avez pas d’adresse sécurisée\u202f: les professionnels vous écrivent depuis ce portail."


def party_name(card: PartyCard) -> str:
    """`Dre Claire Martin`, `Jeanne Besson`; a correspondent's name, or its address without one."""
    if card.party.kind is PartyKind.CORRESPONDENT:
        return card.name or card.address
    return name_label(card)


def party_role(card: PartyCard) -> str:
    """`pharmacien`, `patient`, or the address of a correspondent."""
    if card.party.kind is PartyKind.CORRESPONDENT:
        return card.address if card.name else ""
    if card.patient is not None:
        return PATIENT[card.patient.sex].lower()
    if card.profession is None:
        return card.speciality
    return card.speciality or profession_label(card.profession, card.civility)


def listed_name(card: PartyCard) -> str:
    """`M. Karim Haddad`; `Jeanne Besson, patiente`: who is a patient is seen at once (FB-10)."""
    return f"{party_name(card)}, {party_role(card)}" if card.patient else party_name(card)


def party_initials(card: PartyCard) -> str:
    """`KH`; the first letter of a correspondent."""
    if card.party.kind is PartyKind.CORRESPONDENT:
        return (card.name or card.address)[:1].upper()
    return f"{card.given_name[:1]}{card.family_name[:1]}".upper()


def names_of(cards: Sequence[PartyCard], most: int = 2) -> str:
    """`Dr Paul Denis, Mme Paula Diaz et 3 autres`."""
    named = [party_name(card) for card in cards]
    more = len(named) - most
    if more > 0:
        return f"{', '.join(named[:most])} et {plural(more, 'autre', 'autres')}"
    return " et ".join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)


def subject_of(kind: ConversationKind, subject: str) -> str:
    """The subject as it was typed, typeset; the portal's own message has the portal's words."""
    if kind is ConversationKind.WELCOME:
        return WELCOME_SUBJECT
    return typeset(subject) or NO_SUBJECT


def listed_at(at: datetime, today: date) -> str:
    """`9 h 42` today, `3 févr.` this year, `2 sept. 2025` before."""
    on = local_day(at)
    if on == today:
        return clock(at)
    return short_day_without_year(on) if on.year == today.year else short_day(on)


def day_title(on: date, today: date) -> str:
    """`Aujourd’hui, mardi 10 mars 2026`, `Lundi 9 mars 2026`."""
    words = weekday(on)
    return f"Aujourd’hui, {words[0].lower()}{words[1:]}" if on == today else words


def attachments(count: int) -> str:
    """`2 pièces jointes`, and nothing without any."""
    return plural(count, "pièce jointe", "pièces jointes") if count else ""


def from_you(extract: str) -> str:
    """`Vous : …`, of a row whose last message is one's own."""
    return f"{YOU}{NARROW}: {extract}"


def said_at(role: str, at: datetime) -> str:
    """`pharmacien · 9 h 42`."""
    return " · ".join(part for part in (role, clock(at)) if part)


def typed_for(typist: str, author: str) -> str:
    """`Saisi par Camille Roy, pour la Dre Martin`."""
    return f"Saisi par {typist}" + (f", pour {author}" if author else "")


def sent_to(cards: Sequence[PartyCard]) -> str:
    """`À M. Karim Haddad et Mme Paula Diaz`, when there are several."""
    return f"À {names_of(cards, most=6)}" if len(cards) > 1 else ""


def ended_by(cards: Sequence[PartyCard]) -> str:
    """`Dr Paul Vasseur a mis fin à vos échanges`."""
    if not cards:
        return ""
    verb = "a mis fin" if len(cards) == 1 else "ont mis fin"
    return f"{names_of(cards)} {verb} à vos échanges"


def arrived(author: PartyCard | None, at: datetime) -> str:
    """`Nouveau message de la Dre Martin, à 14 h 32`: what a screen reader hears."""
    if author is None:
        who = PORTAL
    elif author.party.kind is PartyKind.PROFESSIONAL:
        who = the_label(author)
    else:
        who = party_name(author)
    of = f"du {who[3:]}" if who.startswith("le ") else f"de {who}"
    return f"Nouveau message {of}, à {clock(at)}"


def unread_messages(count: int) -> str:
    """`3 messages non lus`."""
    return plural(count, "message non lu", "messages non lus")


def ending_question(name: str) -> tuple[str, ...]:
    """What ending the exchanges does for the patient, said before it is done (ME-167, ME-168)."""
    kept = "Les messages déjà échangés restent lisibles des deux côtés."
    return (
        f"Toutes vos conversations avec {name} seront fermées aux réponses, pas seulement celle-ci. {kept}",
        f"{name} verra que vous avez mis fin aux échanges et ne pourra plus vous répondre ni vous écrire.",
        f"Un nouveau message de votre part rouvrira les échanges{NARROW}; les autres professionnels ne sont pas concernés.",
    )
