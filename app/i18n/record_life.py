"""Words of the closing of a record: what is kept, for how long, what comes back."""

from datetime import date

from app.i18n.format import NARROW, day, local_day, moment, plural
from app.models.record_access import RecordEventKind, RecordState
from app.services.record_life import LifeStep, RecordLife

MESSAGES = {
    "record_life.unseen_unticked": (
        "Cochez la case pour confirmer que plus personne ne verra ce dossier, vous y compris"
    ),
    "record_life.kept_unticked": (
        "Cochez la case pour confirmer que vous savez ce qui est conservé et jusqu’à quand"
    ),
    "record_life.close_first": (
        "La suppression se demande pour un dossier clôturé. Clôturez d’abord votre dossier."
    ),
    "record_life.close_instead": (
        "Votre dossier contient déjà des documents : clôturez-le plutôt. Ils seront conservés "
        "dix ans, et vous les retrouverez en le rouvrant."
    ),
}

STEPS = {
    RecordEventKind.OPPOSED: "Dossier partagé refusé",
    RecordEventKind.CLOSED: "Dossier clôturé",
    RecordEventKind.REOPENED: "Dossier rouvert",
    RecordEventKind.DELETION_ASKED: "Suppression demandée",
    RecordEventKind.DELETED: "Documents supprimés",
}
UNSEEN = "Je comprends que plus personne ne verra mes documents, moi y compris"
KEPT = (
    "Je comprends qu’ils sont conservés dix ans, puis supprimés automatiquement, et que je peux "
    "rouvrir mon dossier d’ici là"
)
FOLLOW_UP = (
    "Le suivi de vos traitements est le dossier de vos professionnels\u202f: il n’est pas concerné. "
    "Pour qu’un professionnel ne le voie plus, bloquez-le."
)


def state_title(life: RecordLife) -> str:
    """`Votre dossier partagé est clôturé depuis le 3 mars 2026`."""
    if life.state is RecordState.OPEN or life.since is None:
        return "Votre dossier partagé est ouvert"
    words = "clôturé" if life.state is RecordState.CLOSED else "refusé"
    return f"Votre dossier partagé est {words} depuis le {day(local_day(life.since))}"


def state_words(life: RecordLife) -> str:
    """What that means for its documents, and until when."""
    count = plural(life.documents, "document", "documents")
    if life.state is RecordState.OPEN:
        return f"Il contient {count}." if life.documents else "Il ne contient aucun document."
    if life.deleted_on is not None:
        return (
            f"Vous en avez demandé la suppression{NARROW}: elle aura lieu le {day(life.deleted_on)}. "
            "Vous pouvez changer d’avis jusque-là."
        )
    if not life.documents:
        return "Il ne contient aucun document."
    return f"{count}, que personne ne voit. {kept_until(life)}"


def kept_until(life: RecordLife) -> str:
    """`Conservés jusqu’au 3 mars 2036, puis supprimés automatiquement.`."""
    if life.kept_until is None:
        return ""
    return f"Conservation jusqu’au {day(life.kept_until)}, puis suppression automatique."


def deletion_asked(on: date) -> str:
    """What is said once deletion was asked for."""
    return f"Votre demande est enregistrée. La suppression aura lieu le {day(on)}."


def step(each: LifeStep) -> str:
    """`Dossier clôturé, le 3 mars 2026 à 14 h 05`."""
    return f"{STEPS[each.kind]}, le {moment(each.at)}"
