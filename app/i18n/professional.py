"""Names and professions of professionals, as shown: « Dre Claire Martin, oncologue »."""

from app.models.professional import Profession

MESSAGES: dict[str, str] = {}

# Masculine, feminine, and the form for a list of choices.
_PROFESSIONS: dict[Profession, tuple[str, str]] = {
    Profession.DOCTOR: ("médecin", "médecin"),
    Profession.PHARMACIST: ("pharmacien", "pharmacienne"),
    Profession.PHARMACY_TECHNICIAN: ("préparateur en pharmacie", "préparatrice en pharmacie"),
    Profession.DENTIST: ("chirurgien-dentiste", "chirurgienne-dentiste"),
    Profession.MIDWIFE: ("sage-femme", "sage-femme"),
    Profession.NURSE: ("infirmier", "infirmière"),
    Profession.PHYSIOTHERAPIST: ("masseur-kinésithérapeute", "masseuse-kinésithérapeute"),
    Profession.PODIATRIST: ("pédicure-podologue", "pédicure-podologue"),
    Profession.SPEECH_THERAPIST: ("orthophoniste", "orthophoniste"),
    Profession.DIETITIAN: ("diététicien", "diététicienne"),
}

# For a list of choices, where nobody in particular is meant.
PROFESSIONS = {
    profession: (masculine if masculine == feminine else f"{masculine} ou {feminine}").capitalize()
    for profession, (masculine, feminine) in _PROFESSIONS.items()
}

_FEMININE = frozenset({"mme", "mlle", "dre", "pre", "dresse"})


def is_feminine(civility: str) -> bool:
    """Whether a civility asks for the feminine."""
    return civility.strip().rstrip(".").lower() in _FEMININE


def profession(value: Profession, civility: str = "") -> str:
    """`pharmacienne`."""
    masculine, feminine = _PROFESSIONS[value]
    return feminine if is_feminine(civility) else masculine


def name(civility: str, given_name: str, family_name: str) -> str:
    """`Dre Claire Martin`."""
    return " ".join(part for part in (civility, given_name, family_name) if part)


def role(value: Profession, civility: str = "", speciality: str = "") -> str:
    """`oncologue`, or the profession of somebody without speciality."""
    return speciality or profession(value, civility)


def label(
    civility: str,
    given_name: str,
    family_name: str,
    value: Profession,
    speciality: str = "",
) -> str:
    """`Dre Claire Martin, oncologue`."""
    return f"{name(civility, given_name, family_name)}, {role(value, civility, speciality)}"


def place(place_name: str, place_city: str) -> str:
    """`Clinique des Tilleuls, Niort`."""
    return ", ".join(part for part in (place_name, place_city) if part)


def rpps(number: str) -> str:
    """`10 100 234 567`, with no-break spaces: eleven digits read in groups."""
    return "\u202f".join((number[:2], number[2:5], number[5:8], number[8:]))
