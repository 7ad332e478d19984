"""Names and professions of professionals, as shown: « Dre Claire Martin, oncologue »."""

from typing import Protocol

from app.i18n.format import NO_BREAK
from app.models.professional import Profession

# Masculine, feminine.
_PROFESSIONS: dict[Profession, tuple[str, str]] = {
    Profession.DOCTOR: ("médecin", "médecin"),
    Profession.PHARMACIST: ("pharmacien", "pharmacienne"),
    Profession.HEARING_AID_AUDIOLOGIST: ("audioprothésiste", "audioprothésiste"),
    Profession.OPTICIAN: ("opticien-lunetier", "opticienne-lunetière"),
    Profession.DENTAL_ASSISTANT: ("assistant dentaire", "assistante dentaire"),
    Profession.MEDICAL_PHYSICIST: ("physicien médical", "physicienne médicale"),
    Profession.CARE_ASSISTANT: ("aide-soignant", "aide-soignante"),
    Profession.AMBULANCE_DRIVER: ("ambulancier", "ambulancière"),
    Profession.CHILDCARE_ASSISTANT: ("auxiliaire de puériculture", "auxiliaire de puériculture"),
    Profession.HOSPITAL_PHARMACY_TECHNICIAN: (
        "préparateur en pharmacie hospitalière",
        "préparatrice en pharmacie hospitalière",
    ),
    Profession.PHARMACY_TECHNICIAN: ("préparateur en pharmacie", "préparatrice en pharmacie"),
    Profession.DENTIST: ("chirurgien-dentiste", "chirurgienne-dentiste"),
    Profession.MIDWIFE: ("sage-femme", "sage-femme"),
    Profession.NURSE: ("infirmier", "infirmière"),
    Profession.PSYCHIATRIC_NURSE: ("infirmier psychiatrique", "infirmière psychiatrique"),
    Profession.PHYSIOTHERAPIST: ("masseur-kinésithérapeute", "masseuse-kinésithérapeute"),
    Profession.OSTEOPATH: ("ostéopathe", "ostéopathe"),
    Profession.PSYCHOTHERAPIST: ("psychothérapeute", "psychothérapeute"),
    Profession.PODIATRIST: ("pédicure-podologue", "pédicure-podologue"),
    Profession.ORTHOPROSTHETIST: ("orthoprothésiste", "orthoprothésiste"),
    Profession.PEDORTHIST: ("podo-orthésiste", "podo-orthésiste"),
    Profession.ORTHOTIST: ("orthopédiste-orthésiste", "orthopédiste-orthésiste"),
    Profession.OCULARIST: ("oculariste", "oculariste"),
    Profession.EPITHESIST: ("épithésiste", "épithésiste"),
    Profession.LABORATORY_TECHNICIAN: (
        "technicien de laboratoire médical",
        "technicienne de laboratoire médical",
    ),
    Profession.SPEECH_THERAPIST: ("orthophoniste", "orthophoniste"),
    Profession.ORTHOPTIST: ("orthoptiste", "orthoptiste"),
    Profession.PSYCHOLOGIST: ("psychologue", "psychologue"),
    Profession.OCCUPATIONAL_THERAPIST: ("ergothérapeute", "ergothérapeute"),
    Profession.DIETITIAN: ("diététicien", "diététicienne"),
    Profession.PSYCHOMOTOR_THERAPIST: ("psychomotricien", "psychomotricienne"),
    Profession.RADIOGRAPHER: (
        "manipulateur en électroradiologie médicale",
        "manipulatrice en électroradiologie médicale",
    ),
}

# For a list of choices, where nobody in particular is meant.
PROFESSIONS = {
    profession: (masculine if masculine == feminine else f"{masculine} ou {feminine}").capitalize()
    for profession, (masculine, feminine) in _PROFESSIONS.items()
}

_WITH_ARTICLE = frozenset({"Dr", "Dre", "Pr", "Pre"})
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"
_FEMININE = frozenset({"mme", "mlle", "dre", "pre", "dresse"})


def is_feminine(civility: str) -> bool:
    """Whether a civility asks for the feminine."""
    return civility.strip().rstrip(".").lower() in _FEMININE


def profession_label(value: Profession, civility: str = "") -> str:
    """`pharmacienne`."""
    masculine, feminine = _PROFESSIONS[value]
    return feminine if is_feminine(civility) else masculine


class Named(Protocol):
    """Whoever has a civility and names: an author, a member of a circle."""

    @property
    def civility(self) -> str: ...
    @property
    def given_name(self) -> str: ...
    @property
    def family_name(self) -> str: ...


class Practising(Named, Protocol):
    """A named professional and what they practise."""

    @property
    def profession(self) -> Profession: ...
    @property
    def speciality(self) -> str: ...


class Placed(Protocol):
    """Whoever practises somewhere."""

    @property
    def place_name(self) -> str: ...
    @property
    def place_city(self) -> str: ...


def name_label(who: Named) -> str:
    """`Dre Claire Martin`."""
    return " ".join(part for part in (who.civility, who.given_name, who.family_name) if part)


def short_label(who: Named) -> str:
    """`Dre Martin`; without civility, the whole name."""
    return f"{who.civility} {who.family_name}" if who.civility else name_label(who)


def of_label(who: Named) -> str:
    """`de la Dre Martin`, `du Dr Denis`, `de M. Haddad`, `d’Aminata Traoré`."""
    label = short_label(who)
    if who.civility in _WITH_ARTICLE:
        return f"{'de la' if is_feminine(who.civility) else 'du'} {label}"
    return of_name(label)


def of_name(label: str) -> str:
    """`de Jeanne Besson`, `d’Aminata Traoré`."""
    return f"d’{label}" if label[:1].lower() in _VOWELS else f"de {label}"


def the_label(who: Named) -> str:
    """`la Dre Martin`, `le Dr Denis`, `M. Haddad`."""
    label = short_label(who)
    if who.civility in _WITH_ARTICLE:
        return f"{'la' if is_feminine(who.civility) else 'le'} {label}"
    return label


def to_label(who: Named) -> str:
    """`à la Dre Martin`, `au Dr Denis`, `à M. Haddad`."""
    label = the_label(who)
    return f"au {label[3:]}" if label.startswith("le ") else f"à {label}"


def by_label(who: Named) -> str:
    """`par la Dre Martin`, `par le Dr Denis`, `par M. Haddad`."""
    return f"par {the_label(who)}"


def signed_label(author: Practising, recorder: Named | None) -> str:
    """`Dre Claire Martin, oncologue`; typed by a delegate, `Mme Camille Roy, pour la Dre Martin`."""
    if recorder is None:
        return full_label(author)
    return f"{name_label(recorder)}, pour {the_label(author)}"


def role_label(who: Practising) -> str:
    """`oncologue`, or the profession of somebody without speciality."""
    return who.speciality or profession_label(who.profession, who.civility)


def full_label(who: Practising) -> str:
    """`Dre Claire Martin, oncologue`."""
    return f"{name_label(who)}, {role_label(who)}"


def place_label(who: Placed) -> str:
    """`Clinique des Tilleuls, Niort`."""
    return ", ".join(part for part in (who.place_name, who.place_city) if part)


def rpps_label(number: str) -> str:
    """`10 100 234 567`, with no-break spaces: eleven digits read in groups."""
    return NO_BREAK.join((number[:2], number[2:5], number[5:8], number[8:]))
