"""Words of the shared record as a professional reads it: its head, its flags, what is asked before an act."""

from app.i18n.format import NARROW, number, plural
from app.i18n.patient import THE_PATIENT
from app.i18n.professional import the_label
from app.models.patient import Sex
from app.services.document_masking import MaskEffect
from app.services.document_query import Showing
from app.services.visibility import Relation

TITLE = "Dossier médical partagé"
TO_ANNOUNCE = "À annoncer au patient, le jour prévu est venu"
ACCESS_ENDED = "Vous n’avez plus accès à ce dossier."
NOTHING_YET = "Aucun document n’est dans ce dossier pour l’instant."
CLOSED = f"Le dossier médical partagé de ce patient n’est pas ouvert{NARROW}: aucun document n’y est lisible."
READS_NOTHING = "Votre profession ne permet pas de lire les documents de ce dossier."
DEPOSITS_NOTHING = "Votre profession ne permet pas de déposer de document dans ce dossier."
WHO_READS = "Voir les types de documents et qui les lit"

# What each box of the search is called in the address, and on screen (FC-19).
SHOWINGS = {
    Showing.CURRENT: ("", "Documents actifs"),
    Showing.MASKED: ("masques", "Masqués"),
    Showing.HIDDEN_FROM_PATIENT: ("a-annoncer", "Non visibles du patient"),
    Showing.HIDDEN_FROM_REPRESENTATIVES: ("representants", "Non visibles des représentants"),
    Showing.EARLIER: ("anciennes", "Versions remplacées"),
}

HIDDEN = "Attention, ce document n’est pas visible du patient."
HIDDEN_FROM_REPRESENTATIVES = "Attention, ce document n’est pas visible des représentants légaux."
SUPERSEDED = "Cette version a été remplacée."

KEPT_BACK = "Le document n’est pas visible du patient jusqu’à ce que vous le lui montriez."
SHOWN = "Le patient voit maintenant le document."
KEPT_FROM_REPRESENTATIVES = "Le document n’est plus visible des représentants légaux."
SHOWN_TO_ALL = "Les représentants légaux voient maintenant le document."
MASKED = "Le document est masqué aux autres professionnels."
UNMASKED = "Les professionnels autorisés voient de nouveau le document."
RESTORED = "Le document est de nouveau dans le dossier."

_GROUNDS = {
    Relation.CARE_TEAM: "vous êtes de l’équipe de soins",
    Relation.DECLARED: "vous avez déclaré le consentement du patient pour cette consultation",
    Relation.EMERGENCY: "vous y accédez en urgence",
    Relation.REGULATION: "vous y accédez en régulation",
}


def all_documents(count: int) -> str:
    """`Tous les documents (11)`."""
    return f"Tous les documents ({number(count)})"


def lead(relation: Relation | None) -> str:
    """`Vous êtes de l’équipe de soins. Chaque consultation est visible du patient.`."""
    ground = _GROUNDS.get(relation, "") if relation else ""
    said = f"{ground[:1].upper()}{ground[1:]}. " if ground else ""
    return f"{said}Chaque lecture est inscrite, et visible du patient."


def masked_note(*, is_mine: bool, has_status: bool) -> str:
    """Why somebody reads a document its patient masked."""
    why = (
        "parce que vous l’avez déposé"
        if is_mine
        else "parce que le patient vous a donné le statut administrateur"
        if has_status
        else "parce que vous accédez au dossier en urgence"
    )
    return f"Masqué aux professionnels à la demande du patient. Vous le lisez {why}."


def mask_question(effect: MaskEffect, sex: Sex) -> list[str]:
    """Who still sees a document once it is masked."""
    whom = THE_PATIENT[sex]
    lines = [f"{whom[:1].upper()}{whom[1:]}", "Vous, qui l’avez déposé"]
    return [
        *lines,
        *(f"{_upper(the_label(each))}, statut administrateur" for each in effect.administrators),
    ]


def deleted(count: int) -> str:
    """`1 document supprimé.`."""
    return f"{plural(count, 'document supprimé', 'documents supprimés')}."


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
