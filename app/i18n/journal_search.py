"""Words of the journal as administrators search it."""

from app.i18n.format import NARROW, number
from app.i18n.journal import ACTIONS, END_REASONS, action_label
from app.i18n.professional import name_label
from app.models.journal import JournalKind
from app.services.journal_person import JournalPerson
from app.services.journal_search import JournalLine

MESSAGES = {
    "journal_search.order": "La date de fin vient avant la date de début",
    "journal_search.object": "Saisissez un numéro d’objet tel qu’il est écrit dans une ligne",
}

KINDS = {
    JournalKind.READ: "Lecture",
    JournalKind.CHANGE: "Modification",
    JournalKind.REFUSAL: "Refus",
    JournalKind.ACCESS: "Accès",
}
RESULTS = {"reussi": "Réussi", "refuse": "Refusé ou échoué"}
GROUNDS = {
    "consent": "accord du patient",
    "care_link": "cercle de soins",
    "own_record": "son propre dossier",
    "system": "tâche du portail",
    "delegation": "délégation",
}
SYSTEM = "Le portail"
NOTHING = "Aucune ligne ne correspond à ces critères."
FAILED = "La vérification n’a pas pu se terminer. Réessayez."
ONE_ACCOUNT = "Le compte choisi"
CUT = "La recherche s’est arrêtée avant la fin du journal. Vous pouvez la poursuivre."


def actions() -> list[tuple[str, str]]:
    """Every act with its words, in alphabetical order."""
    return sorted(((words, action) for action, words in ACTIONS.items()), key=lambda pair: pair[0])


def person(who: JournalPerson | None) -> str:
    """Who acted; background work has no name."""
    if who is None:
        return SYSTEM
    return who.shared_title or name_label(who)


def act(line: JournalLine) -> str:
    """What was done, in French."""
    return action_label(line.action, line.kind)


def result(line: JournalLine) -> str:
    """How it ended, in a word or two."""
    return RESULTS["reussi" if line.result == "ok" else "refuse"]


def why(line: JournalLine) -> str:
    """Why it did not go through; '' when it did."""
    return "" if line.result == "ok" else END_REASONS.get(line.result) or line.result


def about(line: JournalLine) -> str:
    """What it concerns, by number only: no patient is named here."""
    parts = []
    if line.patient_id is not None:
        parts.append("Dossier d’un patient")
    if line.object_id is not None:
        parts.append(f"Objet {line.object_id}")
    return " · ".join(parts)


def progress(lines: int, total: int) -> str:
    """`Vérification en cours : 12 000 lignes sur 48 000`."""
    return f"Vérification en cours{NARROW}: {number(lines)} lignes sur {number(total)}"


def verified(lines: int, first_bad: int) -> str:
    """How a verification ended."""
    if first_bad:
        return f"Le journal est altéré à partir de la ligne {number(first_bad)}."
    return f"Le journal est intact{NARROW}: {number(lines)} lignes vérifiées."


def heads() -> list[str]:
    """The heads of the exported table."""
    return [
        "Ligne", "Date (UTC)", "Acteur", "Membre", "Pour", "Genre", "Acte", "Code", "Objet", "Dossier",
        "Fondement", "Résultat", "Adresse",
    ]  # fmt: skip


def cells(line: JournalLine) -> list[str]:
    """One exported line."""
    return [
        str(line.seq),
        line.at.isoformat(timespec="seconds"),
        person(line.who),
        person(line.member) if line.member else "",
        person(line.behalf) if line.behalf else "",
        KINDS[line.kind],
        act(line),
        line.action,
        str(line.object_id or ""),
        str(line.patient_id or ""),
        line.ground,
        line.result,
        line.address,
    ]
