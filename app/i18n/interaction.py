"""Sentences and labels of drug interactions."""

from app.models.interaction import InteractionLevel

MESSAGES = {
    "interaction.substance_missing": "Saisissez la DCI ou la molécule",
    "interaction.substance_too_long": "La DCI ou la molécule compte 250 caractères au plus",
    "interaction.level_missing": "Choisissez le type d’interaction",
}

LEVELS = {
    InteractionLevel.CONTRAINDICATED: "Contre-indication",
    InteractionLevel.DISCOURAGED: "Association déconseillée",
    InteractionLevel.PRECAUTION: "Précaution d’emploi",
    InteractionLevel.TO_CONSIDER: "À prendre en compte",
}
