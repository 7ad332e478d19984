"""The people of the simulator: those of the demonstration, and a few the portal does not know (FA-24)."""

from dataclasses import dataclass
from typing import Any

from app.models.professional import Profession
from app.seeds.demo_people import CARERS, Carer
from app.services.identifiers import is_luhn

_ROLES = "1.2.250.1.213.1.1.5.5"
_SECTORS = "1.2.250.1.71.4.2.4"
_AUTHORITY = "AC IGC-SANTE FORT PERSONNE"


@dataclass(frozen=True)
class Person:
    """Somebody who may authenticate. `shows`: what choosing them lets one see."""

    key: str
    civility: str
    given_name: str
    family_name: str
    label: str
    rpps: str
    exercises: tuple[dict[str, Any], ...]
    shows: str

    @property
    def name(self) -> str:
        return f"{self.civility} {self.given_name} {self.family_name}"

    @property
    def national_id(self) -> str:
        """Type 8, then the RPPS number (FA-16)."""
        return f"8{self.rpps}"

    @property
    def subject(self) -> str:
        """What the provider calls them, for good."""
        return f"f:simulateur:{self.national_id}"

    @property
    def card(self) -> str:
        """The number of their card."""
        return f"CPS3v3-28{self.rpps[1:]}"

    @property
    def certificate_serial(self) -> str:
        """The serial number of the certificate on their card."""
        number = f"{int(self.rpps) * 7919 % 16**16:016X}"
        return " ".join(number[at : at + 4] for at in range(0, 16, 4))

    @property
    def authority(self) -> str:
        """Who issued that certificate."""
        return _AUTHORITY

    def userinfo(self) -> dict[str, Any]:
        """The claims of userinfo; fields that a real answer may lack are lacking here too."""
        claims: dict[str, Any] = {
            "sub": self.subject,
            "preferred_username": self.national_id,
            "SubjectNameID": self.national_id,
            "given_name": self.given_name,
            "family_name": self.family_name.upper(),
            "email_verified": False,
            "PSI_Locale": "1.2.250.1.213.1.3.1.1",
            "UITVersion": "1.0",
            "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
            "otherIds": [
                {"identifiant": self.national_id, "origine": "RPPS", "qualite": 1},
            ],
            "SubjectRefPro": {
                "codeCivilite": "M" if self.civility in {"M.", "Dr"} else "MME",
                "exercices": [dict(one) for one in self.exercises],
            },
            "SubjectRole": [f"{one['codeProfession']}^{_ROLES}" for one in self.exercises],
        }
        places = [place for one in self.exercises for place in one["activities"]]
        if places:
            claims["SubjectOrganization"] = places[0]["raisonSocialeSite"]
            claims["Secteur_Activite"] = f"{places[0]['codeSecteurDactivite']}^{_SECTORS}"
        return claims


def full_rpps(first_ten: str) -> str:
    """A number with its Luhn key."""
    return next(first_ten + key for key in "0123456789" if is_luhn(first_ten + key))


def _place(name: str, sector: str = "SA07", mode: str = "L", **more: str) -> dict[str, Any]:
    return {
        "codeModeExercice": mode,
        "codeSecteurDactivite": sector,
        "raisonSocialeSite": name,
        **more,
    }


def _exercise(
    profession: Profession, given: str, family: str, *places: dict[str, Any], **more: str
) -> dict[str, Any]:
    return {
        "codeProfession": profession.value,
        "codeCategorieProfessionnelle": "C",
        "nomDexercice": family.upper(),
        "prenomDexercice": given,
        "activities": list(places),
        **more,
    }


# Known to the provider by another name than to the portal: she links her account by hand, once.
_RENAMED = {"hematologue": "Vasseur-Leroy"}


def _carer(carer: Carer) -> Person:
    place = _place(carer.place, numeroFinessSite="")
    name = _RENAMED.get(carer.login, carer.family_name)
    shows = "son compte porte un autre nom" if carer.login in _RENAMED else "a un compte Liane"
    return Person(
        key=carer.login,
        civility=carer.civility,
        given_name=carer.given_name,
        family_name=name,
        label=carer.speciality,
        rpps=full_rpps(carer.rpps),
        exercises=(_exercise(carer.profession, carer.given_name, name, place),),
        shows=shows,
    )


_OTHERS = (
    Person(
        "preparateur",
        "Mme",
        "Inès",
        "Carlier",
        "préparatrice en pharmacie",
        full_rpps("9990000031"),
        (
            _exercise(
                Profession.PHARMACY_TECHNICIAN,
                "Inès",
                "Carlier",
                _place("Pharmacie des Arènes", "SA33", "S"),
            ),
        ),
        "en officine",
    ),
    Person(
        "inconnu",
        "Dr",
        "Paul",
        "Aubert",
        "cardiologue",
        full_rpps("9990000032"),
        (
            _exercise(
                Profession.DOCTOR,
                "Paul",
                "Aubert",
                _place("Cabinet de cardiologie du Donjon", telephone="05 36 49 40 12"),
                codeTypeSavoirFaire="S",
                codeSavoirFaire="SM04",
                codeCiviliteDexercice="DR",
            ),
        ),
        "inconnu de Liane",
    ),
    Person(
        "exercices",
        "Dre",
        "Nadia",
        "Benali",
        "médecin et pharmacienne",
        full_rpps("9990000033"),
        (
            _exercise(
                Profession.DOCTOR,
                "Nadia",
                "Benali",
                _place("Maison de santé de la Brèche"),
                codeCiviliteDexercice="DR",
            ),
            _exercise(
                Profession.PHARMACIST,
                "Nadia",
                "Benali",
                _place("Centre hospitalier du Marais", "SA01", "S", codeSectionPharmacien="H"),
            ),
        ),
        "plusieurs exercices",
    ),
    Person(
        "sans-activite",
        "M.",
        "Luc",
        "Perrin",
        "infirmier remplaçant",
        full_rpps("9990000034"),
        (_exercise(Profession.NURSE, "Luc", "Perrin"),),
        "aucune activité",
    ),
)

PEOPLE = {person.key: person for person in (*map(_carer, CARERS), *_OTHERS)}
BY_RPPS = {person.rpps: person for person in PEOPLE.values()}
