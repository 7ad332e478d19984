"""Sentences of the treatment list."""

from app.i18n.entry import KINDS
from app.i18n.format import NARROW, bound, day, day_without_year
from app.models.treatment import TreatmentAct
from app.services.entry_row import EntryRow

MESSAGES = {
    "treatment.not_found": "Ce traitement est introuvable.",
    "treatment.label_missing": "Choisissez un médicament ou saisissez son nom",
    "treatment.label_too_long": "Le nom du traitement doit tenir en 250 caractères",
    "treatment.label_other_medicine": (
        "Ce nom n’est pas celui du médicament choisi. Choisissez le médicament à nouveau"
    ),
    "treatment.medicine_unknown": (
        "Ce médicament n’est plus dans la base des médicaments. Choisissez-le à nouveau, ou "
        "saisissez son nom"
    ),
    "treatment.posology_too_long": "La posologie doit tenir en 200 caractères",
    "treatment.end_reason_too_long": "La raison de l’arrêt doit tenir en 200 caractères",
    "treatment.start_missing": "Saisissez la date de début du traitement",
    "treatment.start_before_birth": (
        "Le traitement ne peut pas commencer avant la naissance du patient. Vérifiez l’année"
    ),
    "treatment.start_too_far": "Le traitement doit commencer dans l’année qui vient",
    "treatment.start_after_end": "Le traitement doit commencer avant la date de sa fin",
    "treatment.end_missing": "Saisissez la date de fin du traitement",
    "treatment.end_before_start": "La date de fin doit suivre la date de début du traitement",
    "treatment.end_too_far": "La date de fin doit être dans l’année qui vient",
    "treatment.twice": "Ce traitement est saisi deux fois. Gardez-en un",
    "treatment.too_many": "Saisissez 20 traitements au plus. Vous ajouterez les autres ensuite",
    "treatment.duplicate": (
        f"«{NARROW}{{label}}{NARROW}» est déjà en cours pour ce patient. Modifiez-le, ou "
        "terminez-le avant de l’ajouter à nouveau."
    ),
    "treatment.already_ended": "Ce traitement est déjà terminé.",
    "treatment.not_ended": "Ce traitement est en cours.",
    "treatment.has_entries": (
        "Ce traitement a des entrées de suivi. Terminez-le plutôt que de le supprimer."
    ),
}

ACTS = {
    TreatmentAct.ADDED: "Ajouté",
    TreatmentAct.CHANGED: "Modifié",
    TreatmentAct.FOLLOWED: "Suivi commencé",
    TreatmentAct.UNFOLLOWED: "Suivi arrêté",
    TreatmentAct.ENDED: "Terminé",
    TreatmentAct.RESUMED: "Repris",
    TreatmentAct.REMOVED: "Retiré, saisi par erreur",
}


def event_label(row: EntryRow) -> str:
    """What the chronology says of a treatment: `Terminé le 19 janvier : bronchite guérie`."""
    event = row.event
    if event is None:
        return KINDS[row.kind]
    is_this_year = event.effective_on.year == row.occurred_on.year
    on = day_without_year(event.effective_on) if is_this_year else day(event.effective_on)
    is_ahead = event.effective_on > row.occurred_on
    match event.act:
        case TreatmentAct.ADDED if is_ahead:
            start = f"Ajouté, à partir du {on}"
        case TreatmentAct.ADDED if event.effective_on < row.occurred_on:
            start = f"Ajouté, pris depuis le {on}"
        case TreatmentAct.ENDED if is_ahead:
            start = f"Fin prévue le {on}"
        case TreatmentAct.ENDED:
            start = f"Terminé le {on}"
        case _:
            start = ACTS[event.act]
    return f"{start}{NARROW}: {bound(event.detail)}" if event.detail else start
