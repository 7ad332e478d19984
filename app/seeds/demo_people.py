"""The people of the demonstration: invented, and the same at every start.

Days are counted back from the first start, so that the follow-up always looks recent. Nobody here exists:
RPPS numbers begin with 999 as the test numbers of the national agency do, telephone numbers lie in the
range kept for fiction, mail addresses end in `.example`.
"""

from dataclasses import dataclass

from app.models.delegation import DelegationScope
from app.models.professional import Profession


@dataclass(frozen=True)
class Carer:
    """One professional. `rpps` without its key, which is computed."""

    login: str
    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str
    place: str
    city: str
    rpps: str


CARERS = (
    Carer(
        "medecin", "Dre", "Claire", "Martin", Profession.DOCTOR, "oncologue",
        "Clinique des Tilleuls", "Niort", "9990000001",
    ),
    Carer(
        "pharmacien", "M.", "Karim", "Haddad", Profession.PHARMACIST, "pharmacien",
        "Pharmacie des Arènes", "Niort", "9990000002",
    ),
    Carer(
        "infirmier", "Mme", "Sophie", "Lemaire", Profession.NURSE, "infirmière",
        "Cabinet infirmier du Port", "Niort", "9990000003",
    ),
    Carer(
        "generaliste", "Dr", "Yves", "Caradec", Profession.DOCTOR, "médecin généraliste",
        "Maison de santé de la Brèche", "Niort", "9990000004",
    ),
    Carer(
        "hematologue", "Dre", "Louise", "Vasseur", Profession.DOCTOR, "hématologue",
        "Centre hospitalier du Marais", "La Rochelle", "9990000005",
    ),
)  # fmt: skip

# Login, civility, given name, family name: giving certain roles takes two of them.
ADMINISTRATORS = (
    ("admin", "Mme", "Aline", "Perrot"),
    ("admin2", "M.", "Marc", "Vidal"),
)


@dataclass(frozen=True)
class Delegated:
    """Who may act for whom, how far, from when to when: days ago, below zero for days to come."""

    holder: str
    delegate: str
    scope: DelegationScope
    since: int
    until: int


DELEGATIONS = (
    Delegated("medecin", "generaliste", DelegationScope.READ, 300, 240),
    Delegated("medecin", "infirmier", DelegationScope.RECORD, 45, -60),
)
