"""The directory of the demonstration: invented professionals, establishments and partner laboratories.

Nobody here exists: RPPS numbers begin with 999 as the test numbers of the national agency do, FINESS numbers
with 99, which is no department. Their keys are computed.
"""

from datetime import date, datetime

from sqlmodel import Session

from app.authz.actor import Actor
from app.integrations.finess_rows import NationalFacility
from app.seeds import demo_people
from app.services.directory_entry import Person, Place
from app.services.directory_release import load_builtin
from app.services.facility_import import load_builtin_facilities
from app.services.identifiers import is_luhn
from app.services.professions import PROFESSIONS

SOURCE = "annuaire fictif de la démonstration"
_DATA_ON = date(2026, 11, 1)

# Name, category, street, postcode, town.
_ESTABLISHMENTS = (
    ("Clinique des Tilleuls", "Clinique", "12 rue des Tilleuls", "79000", "Niort"),
    ("Pharmacie des Arènes", "Pharmacie d’officine", "3 place des Arènes", "79000", "Niort"),
    ("Centre hospitalier du Marais", "Centre hospitalier", "40 avenue du Port", "17000", "La Rochelle"),
    ("Maison de santé de la Brèche", "Maison de santé", "8 place de la Brèche", "79000", "Niort"),
    ("Pharmacie du Donjon", "Pharmacie d’officine", "21 rue du Donjon", "79000", "Niort"),
    ("Cabinet infirmier du Port", "Cabinet infirmier", "5 rue du Port", "79000", "Niort"),
    ("Hôpital de jour Les Aulnes", "Hôpital de jour", "17 rue des Aulnes", "86000", "Poitiers"),
    ("Pharmacie Saint-Hilaire", "Pharmacie d’officine", "2 rue Saint-Hilaire", "86000", "Poitiers"),
    ("Cabinet médical des Halles", "Cabinet médical", "9 rue des Halles", "17000", "La Rochelle"),
    ("Pharmacie du Vieux-Port", "Pharmacie d’officine", "1 quai Duperré", "17000", "La Rochelle"),
    ("EHPAD Les Glycines", "EHPAD", "30 route de Parthenay", "79200", "Parthenay"),
    ("Centre de rééducation du Lac", "Centre de rééducation", "6 allée du Lac", "79300", "Bressuire"),
)  # fmt: skip
_LABORATORIES = (
    ("Medipath Niort", "14 rue de la Gare", "79000", "Niort"),
    ("Medipath Poitiers", "55 boulevard du Grand-Cerf", "86000", "Poitiers"),
    ("Medipath La Rochelle", "7 avenue des Minimes", "17000", "La Rochelle"),
    ("Medipath Bressuire", "3 rue des Merciers", "79300", "Bressuire"),
)
# Civility, given name, family name, profession, speciality, places (row of the establishments).
_PEOPLE = (
    ("Dr", "Antoine", "Baudry", "10", "Médecine générale", (3,)),
    ("Dre", "Élise", "Baudry-Lacroix", "10", "Dermatologie et vénéréologie", (0, 8)),
    ("Dr", "Marc", "Chauvet", "10", "Oncologie médicale", (0, 2)),
    ("Dre", "Inès", "Benali", "10", "Cardiologie et maladies vasculaires", (2,)),
    ("Dr", "Hugo", "Martinet", "10", "Médecine générale", (8,)),
    ("Dre", "Claire", "Martineau", "10", "Gastro-entérologie et hépatologie", (2, 6)),
    ("Dr", "Thomas", "Le Goff", "10", "Pneumologie", (2,)),
    ("Dre", "Nadia", "Saïdi", "10", "Médecine générale", (3,)),
    ("Dr", "Jean-Baptiste", "d’Estrées", "10", "Urologie", (6,)),
    ("Dre", "Pauline", "Œuvrard", "10", "Anatomie et cytologie pathologiques", (6,)),
    ("M.", "Olivier", "Garnier", "21", "", (4,)),
    ("Mme", "Lucie", "Ferrand", "21", "", (7,)),
    ("Mme", "Samira", "Haddad", "21", "", (9,)),
    ("M.", "Bruno", "Texier", "21", "", (1,)),
    ("Mme", "Julie", "Pineau", "39", "", (1,)),
    ("M.", "Kévin", "Morisset", "39", "", (4,)),
    ("Mme", "Aurélie", "Giraudeau", "60", "", (5,)),
    ("M.", "David", "Rousselot", "60", "", (5, 3)),
    ("Mme", "Fatou", "Diallo", "60", "", (0,)),
    ("Mme", "Maëlle", "Coutant", "50", "", (2,)),
    ("M.", "Pierre", "Albert", "40", "Orthopédie dento-faciale", (8,)),
    ("Mme", "Anne-Sophie", "Mercier", "70", "", (11,)),
    ("M.", "Julien", "Naud", "70", "", (11, 3)),
    ("Mme", "Camille", "Vrignaud", "80", "", (3,)),
    ("Mme", "Sarah", "Lévêque", "91", "", (3,)),
    ("M.", "Nicolas", "Brossard", "95", "", (2,)),
    ("Mme", "Hélène", "Prunier", "94", "", (10,)),
    ("M.", "Yanis", "Ouali", "98", "", (2,)),
)


def ensure_demo_directory(session: Session, actor: Actor, *, now: datetime) -> None:
    """Load both lists; an imported directory and imported facilities are left alone."""
    load_builtin_facilities(
        session,
        actor,
        _establishments(),
        _laboratories(),
        source=SOURCE,
        data_on=_DATA_ON,
        now=now,
    )
    load_builtin(session, actor, _people(), source=SOURCE, data_on=_DATA_ON, now=now)


def with_key(body: str) -> str:
    """A number with its Luhn key."""
    return next(body + key for key in "0123456789" if is_luhn(body + key))


def _finess(row: int) -> str:
    return with_key(f"99{row + 1:06d}")


def _establishments() -> list[NationalFacility]:
    return [NationalFacility(_finess(row), *facts) for row, facts in enumerate(_ESTABLISHMENTS)]


def _laboratories() -> list[NationalFacility]:
    return [
        NationalFacility(_finess(100 + row), name, "Laboratoire de biologie médicale", *where)
        for row, (name, *where) in enumerate(_LABORATORIES)
    ]


def _place(row: int) -> Place:
    name, _, address, postcode, city = _ESTABLISHMENTS[row]
    return Place(_finess(row), f"F{_finess(row)}", name, address, postcode, city)


def _people() -> list[Person]:
    rows = {name: row for row, (name, *_) in enumerate(_ESTABLISHMENTS)}
    carers = [
        Person(
            number=with_key(carer.rpps),
            family_name=carer.family_name,
            given_name=carer.given_name,
            civility=carer.civility,
            profession=carer.profession.value,
            profession_label=PROFESSIONS[carer.profession.value],
            speciality=carer.speciality if carer.profession.value == "10" else "",
            places=[_place(rows[carer.place])]
            if carer.place in rows
            else [Place(name=carer.place, city=carer.city)],
        )
        for carer in demo_people.CARERS
    ]
    invented = [
        Person(
            number=with_key(f"9990001{number:03d}"),
            family_name=family_name,
            given_name=given_name,
            civility=civility,
            profession=profession,
            profession_label=PROFESSIONS[profession],
            speciality=speciality,
            places=[_place(row) for row in places],
        )
        for number, (
            civility,
            given_name,
            family_name,
            profession,
            speciality,
            places,
        ) in enumerate(_PEOPLE, start=1)
    ]
    return [*carers, *invented]
