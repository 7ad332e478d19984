"""Sentences of the places of practice."""

from app.i18n.format import NARROW

MESSAGES = {
    "practice.not_found": "Ce lieu d’exercice est introuvable.",
    "practice.too_many": "{most} lieux d’exercice au plus.",
    "practice.last_one": f"Gardez au moins un lieu d’exercice{NARROW}: ajoutez le nouveau avant de retirer celui-ci.",
    "practice.laboratory_missing": "Choisissez le laboratoire partenaire de ce lieu",
    "practice.laboratory_unknown": "Choisissez un laboratoire de la liste",
}
