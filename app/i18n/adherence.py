"""Sentences and labels of adherence. A figure never goes without its class."""

from app.i18n.format import NARROW
from app.models.adherence import MAX_SCORE, AdherenceClass, ScoreDirection

MESSAGES = {
    "adherence.score_missing": "Saisissez le score d’observance",
    "adherence.score_range": "Le score doit être compris entre 0 et 6",
    "adherence.direction_missing": "Choisissez le sens du score",
    "adherence.answer_missing": "Répondez oui ou non à cette question",
    "adherence.questionnaire_missing": "Ce questionnaire n’est plus proposé. Rechargez la page",
    "questionnaire.not_found": "Aucun questionnaire n’est enregistré.",
}

CLASSES = {
    AdherenceClass.GOOD: "Bonne observance",
    AdherenceClass.SLIGHT_PROBLEM: "Minime problème d’observance",
    AdherenceClass.POOR: "Mauvaise observance",
}

SHORT_CLASSES = {
    AdherenceClass.GOOD: "Bonne",
    AdherenceClass.SLIGHT_PROBLEM: "Minime problème",
    AdherenceClass.POOR: "Mauvaise",
}

NOT_RECORDED = "Non renseignée"

DIRECTIONS = {
    ScoreDirection.YES_COUNT: f"Nombre de «{NARROW}oui{NARROW}», 0 est la meilleure observance",
    ScoreDirection.NO_COUNT: f"Nombre de «{NARROW}non{NARROW}», 6 est la meilleure observance",
}

ANSWERS = {True: "Oui", False: "Non"}


def count(yes_count: int) -> str:
    """`4 oui sur 6`."""
    return f"{yes_count} oui sur {MAX_SCORE}"


def score(yes_count: int) -> str:
    """`4 oui sur 6 : mauvaise observance`."""
    label = CLASSES[AdherenceClass.of(yes_count)]
    return f"{count(yes_count)}{NARROW}: {label[0].lower()}{label[1:]}"


def as_typed(value: int, direction: ScoreDirection) -> str:
    """`2 non sur 6`: the score in the direction it was typed in."""
    word = "oui" if direction is ScoreDirection.YES_COUNT else "non"
    return f"{value} {word} sur {MAX_SCORE}"


def fall(previous: int, latest: int) -> str:
    """`de 1 à 4 oui sur 6 : mauvaise observance`."""
    return f"de {previous} à {score(latest)}"
