"""The patients of the demonstration, their treatments and their follow-up: invented, and the same at every start.

Days are counted back from the first start, so that the follow-up always looks recent. Telephone numbers lie in
the range kept for fiction.
"""

from dataclasses import dataclass
from datetime import date

from app.models.adherence import ScoreDirection
from app.models.entry import ContactMode
from app.models.interaction import InteractionLevel
from app.models.patient import IdentityProof, Sex
from app.models.tolerance import PatientAppreciation, ToleranceDomain


@dataclass(frozen=True)
class Taken:
    """One treatment: how the team calls it, since when, until when, and why it ended."""

    label: str
    posology: str
    since: int
    until: int | None = None
    reason: str = ""
    is_followed: bool = True
    added_by: str = "medecin"


@dataclass(frozen=True)
class Fact:
    """One entry: how many days ago, by whom, about which treatment (its place in the list).

    `typed_after`: days between the fact and its typing. `first_note`: the note before a correction made the
    next day. `typed_by`: who typed it for its author, under a delegation.
    """

    days_ago: int
    author: str
    treatment: int
    note: str = ""
    contact: ContactMode = ContactMode.ON_SITE
    typed_after: int = 0
    first_note: str = ""
    typed_by: str = ""


@dataclass(frozen=True)
class Tolerated(Fact):
    domain: ToleranceDomain = ToleranceDomain.GENERAL
    felt: PatientAppreciation = PatientAppreciation.SLIGHT
    grade: int = 1


@dataclass(frozen=True)
class Interacts(Fact):
    substance: str = ""
    level: InteractionLevel = InteractionLevel.PRECAUTION


@dataclass(frozen=True)
class Adheres(Fact):
    """`answers`: six letters, o for « oui » and n for « non »; otherwise a typed score and direction."""

    answers: str = ""
    score: int | None = None
    direction: ScoreDirection = ScoreDirection.YES_COUNT


@dataclass(frozen=True)
class Followed:
    """One patient, their treatments, their circle and their follow-up.

    `read_until`: days since the circle last read the synthesis; what came later is new to them.
    """

    birth_name: str
    given_names: str
    birth_date: date
    sex: Sex
    enrolled: int
    treatments: tuple[Taken, ...]
    facts: tuple[Fact, ...]
    used_name: str = ""
    birth_place: str = ""
    ins: str = ""
    vitale_card: str = ""
    proof: IdentityProof = IdentityProof.IDENTITY_CARD
    phone: str = ""
    email: str = ""
    address: str = ""
    members: tuple[str, ...] = ("pharmacien",)
    read_until: int = 3

    @property
    def e164(self) -> str:
        """The telephone as it is kept; '' without one."""
        digits = self.phone.replace(" ", "")
        return f"+33{digits[1:]}" if digits else ""


_D, _F, _L, _C = ToleranceDomain, PatientAppreciation, InteractionLevel, ContactMode

PATIENTS = (
    Followed(
        "Lefèvre", "Jeanne Marie", date(1958, 6, 4), Sex.FEMALE, 189,
        (
            Taken("Palbociclib 125 mg", "1 gélule par jour, 21 jours sur 28", 189),
            Taken("Létrozole 2,5 mg", "1 comprimé le matin", 189),
            Taken("Lévothyroxine 75 µg", "1 comprimé à jeun", 189, is_followed=False),
            Taken(
                "Clarithromycine 500 mg", "1 comprimé matin et soir pendant 7 jours", 57, 50,
                "bronchite guérie", added_by="generaliste",
            ),
        ),
        (
            Adheres(175, "pharmacien", 0, answers="nnnnnn", note="Bon départ, pilulier mis en place."),
            Tolerated(
                154, "pharmacien", 0, domain=_D.SKIN, felt=_F.WELL_TOLERATED, grade=1,
                note="Peau sèche, émollient conseillé.",
            ),
            Adheres(147, "pharmacien", 0, answers="nnnnnn"),
            Adheres(147, "pharmacien", 1, answers="nnnnnn"),
            Adheres(118, "pharmacien", 0, answers="nnonnn", note="Prises décalées le week-end."),
            Tolerated(
                105, "pharmacien", 1, domain=_D.MUSCULOSKELETAL, felt=_F.SERIOUS, grade=2,
                first_note="Douleurs des mains.",
                note="Douleurs des mains au réveil, marche conseillée.",
            ),
            Adheres(91, "pharmacien", 0, answers="nnonnn"),
            Adheres(91, "pharmacien", 1, answers="nnonnn"),
            Tolerated(
                61, "infirmier", 0, domain=_D.DIGESTIVE, felt=_F.SLIGHT, grade=1,
                note="Nausées passagères. Conseils diététiques donnés.",
            ),
            Interacts(
                53, "pharmacien", 0, substance="Clarithromycine", level=_L.DISCOURAGED,
                note="Inhibiteur puissant du CYP3A4. Dr Caradec prévenu, antibiotique arrêté le 7e jour.",
            ),
            Adheres(49, "pharmacien", 0, answers="onoonn", note="Fatigue, prises sautées en semaine 2."),
            Adheres(28, "pharmacien", 0, answers="nnoonn"),
            Adheres(28, "pharmacien", 1, answers="nnnnnn"),
            Tolerated(
                26, "infirmier", 0, domain=_D.GENERAL, felt=_F.SLIGHT, grade=2,
                note="Fatigue en fin de journée, sieste nécessaire un jour sur deux.",
            ),
            Adheres(
                7, "pharmacien", 0, answers="onoono", contact=_C.ON_SITE,
                note="Plusieurs prises sautées. Dit ne plus savoir où elle en est du cycle.",
            ),
            Adheres(7, "pharmacien", 1, answers="nnonnn"),
            Tolerated(
                5, "medecin", 0, domain=_D.BLOOD, felt=_F.SERIOUS, grade=3, contact=_C.PHONE,
                typed_after=1,
                note=(
                    "Neutrophiles à 0,9 G/L sur la numération. Pause du palbociclib pendant 7 jours, "
                    "contrôle prévu dans une semaine. Dit avoir sauté plusieurs prises à cause de la fatigue."
                ),
            ),
        ),
        used_name="Besson", birth_place="Parthenay", ins="258067919123418", vitale_card="7900412358",
        phone="06 39 98 12 27", email="patient@demo.liane.example",
        address="12 rue du Vieux-Pont, 79000 Niort",
        members=("pharmacien", "infirmier", "generaliste"),
        read_until=8,
    ),
    Followed(
        "Nguyen", "Thi-Mai", date(1954, 8, 18), Sex.FEMALE, 140,
        (Taken("Capécitabine 500 mg", "3 comprimés matin et soir, 14 jours sur 21", 140),),
        (
            Adheres(120, "pharmacien", 0, answers="nnnnnn"),
            Tolerated(98, "infirmier", 0, domain=_D.SKIN, felt=_F.SLIGHT, grade=1, note="Rougeur des paumes, crème."),
            Adheres(84, "pharmacien", 0, answers="nnnnnn"),
            Tolerated(56, "infirmier", 0, domain=_D.SKIN, felt=_F.SLIGHT, grade=2, note="Syndrome main-pied stable."),
            Adheres(42, "pharmacien", 0, answers="nnnnnn"),
            Tolerated(2, "infirmier", 0, domain=_D.DIGESTIVE, felt=_F.WELL_TOLERATED, grade=0, note="Prise de sang faite ce matin."),
            Adheres(1, "pharmacien", 0, answers="nnnnnn", note="Cycle bien compris."),
        ),
        birth_place="Hué", phone="06 39 98 45 10", members=("pharmacien", "infirmier"),
    ),
    Followed(
        "Ouedraogo", "Ibrahim", date(1971, 5, 2), Sex.MALE, 230,
        (Taken("Imatinib 400 mg", "1 comprimé au cours du repas principal", 230),),
        (
            Adheres(210, "medecin", 0, score=6, direction=ScoreDirection.NO_COUNT),
            Adheres(160, "medecin", 0, answers="nnnnnn"),
            Tolerated(130, "medecin", 0, domain=_D.GENERAL, felt=_F.SLIGHT, grade=1, note="Œdème des paupières le matin."),
            Adheres(110, "hematologue", 0, answers="nnnnnn"),
            Adheres(70, "hematologue", 0, answers="nnonnn"),
            Adheres(40, "medecin", 0, answers="nnonnn"),
            Adheres(11, "hematologue", 0, answers="ooonnn", contact=_C.PHONE, note="Voyage, boîtes oubliées."),
        ),
        birth_place="Bobo-Dioulasso", phone="06 39 98 71 33", members=("hematologue",),
    ),
    Followed(
        "Roussel", "Anne-Lise", date(1980, 11, 30), Sex.FEMALE, 400,
        (Taken("Tamoxifène 20 mg", "1 comprimé par jour", 400),),
        (
            Adheres(380, "pharmacien", 0, answers="nnnnnn"),
            Tolerated(320, "medecin", 0, domain=_D.GENERAL, felt=_F.SERIOUS, grade=2, note="Bouffées de chaleur nocturnes."),
            Adheres(250, "pharmacien", 0, answers="nnonnn"),
            Interacts(190, "pharmacien", 0, substance="Paroxétine", level=_L.DISCOURAGED, note="Remplacée par la venlafaxine."),
            Adheres(120, "pharmacien", 0, answers="nnonnn"),
            Tolerated(60, "hematologue", 0, domain=_D.MUSCULOSKELETAL, felt=_F.SLIGHT, grade=1),
            Adheres(14, "pharmacien", 0, answers="nnoonn"),
        ),
        used_name="Fabre", birth_place="Melle", phone="06 39 98 02 58", email="a.fabre@courriel.example",
        members=("pharmacien", "hematologue"),
    ),
    Followed(
        "Petit", "Marcel", date(1947, 1, 11), Sex.MALE, 160,
        (
            Taken("Abiratérone 500 mg", "2 comprimés à jeun", 160),
            Taken("Prednisone 5 mg", "1 comprimé matin et soir", 160),
        ),
        (
            Tolerated(120, "medecin", 0, domain=_D.CARDIOVASCULAR, felt=_F.WELL_TOLERATED, grade=1, note="Tension à 148/84, surveillance."),
            Tolerated(74, "generaliste", 1, domain=_D.GENERAL, felt=_F.SLIGHT, grade=1),
        ),
        birth_place="Saint-Maixent-l’École", vitale_card="7900417720", phone="05 36 49 11 02", members=("generaliste",),
    ),
    Followed(
        "Bertin", "Solène", date(1987, 9, 23), Sex.FEMALE, 300,
        (Taken("Hydroxychloroquine 200 mg", "1 comprimé matin et soir", 300),),
        (
            Adheres(280, "pharmacien", 0, answers="nnonnn"),
            Adheres(170, "pharmacien", 0, answers="nnnnnn"),
            Tolerated(66, "pharmacien", 0, domain=_D.DIGESTIVE, felt=_F.WELL_TOLERATED, grade=0),
        ),
        birth_place="Poitiers", email="s.bertin@courriel.example",
    ),
    Followed(
        "Da Silva", "Maria de Fátima", date(1962, 2, 14), Sex.FEMALE, 95,
        (
            Taken("Apixaban 5 mg", "1 comprimé matin et soir", 95),
            Taken("Metformine 1000 mg", "1 comprimé à chaque repas", 95),
        ),
        (
            Adheres(80, "pharmacien", 0, answers="nnnnnn"),
            Adheres(80, "pharmacien", 1, answers="nnonnn"),
            Interacts(62, "pharmacien", 0, substance="Ibuprofène", level=_L.DISCOURAGED, note="Automédication pour le dos. Paracétamol proposé."),
            Tolerated(45, "infirmier", 1, domain=_D.DIGESTIVE, felt=_F.SERIOUS, grade=2, note="Diarrhée depuis l’augmentation de dose."),
            Adheres(30, "pharmacien", 0, answers="nnnnnn"),
            Adheres(4, "infirmier", 1, answers="ooonnn", contact=_C.VIDEO, note="Évite la prise de midi au travail."),
        ),
        birth_place="Braga", phone="06 39 98 64 09", members=("pharmacien", "infirmier"),
    ),
    Followed(
        "Le Goff", "Yannick", date(1995, 12, 7), Sex.MALE, 48,
        (Taken("Isotrétinoïne 20 mg", "1 capsule au repas", 48),),
        (
            Tolerated(30, "generaliste", 0, domain=_D.SKIN, felt=_F.SERIOUS, grade=2, note="Chéilite importante, baume conseillé."),
            Adheres(20, "pharmacien", 0, score=1, direction=ScoreDirection.YES_COUNT),
            Tolerated(9, "pharmacien", 0, domain=_D.PSYCHIC, felt=_F.WELL_TOLERATED, grade=0, contact=_C.PHONE),
        ),
        birth_place="Quimper", email="y.legoff@courriel.example", proof=IdentityProof.NONE,
        members=("pharmacien", "generaliste"),
    ),
    Followed(
        "Kowalski", "Hélène Sophie", date(1940, 7, 2), Sex.FEMALE, 270,
        (
            Taken("Donépézil 10 mg", "1 comprimé le soir", 270),
            Taken("Furosémide 40 mg", "1 comprimé le matin", 270),
        ),
        (
            Tolerated(240, "generaliste", 0, domain=_D.NEUROLOGICAL, felt=_F.SLIGHT, grade=1, note="Cauchemars, prise avancée à 18 h."),
            Adheres(200, "infirmier", 0, answers="onnonn", note="Le mari prépare le pilulier."),
            Adheres(150, "infirmier", 0, answers="nnnonn"),
            Adheres(90, "infirmier", 0, answers="nnnnnn", note="Passage infirmier deux fois par semaine."),
            Tolerated(35, "infirmier", 1, domain=_D.GENERAL, felt=_F.WELL_TOLERATED, grade=1),
        ),
        used_name="Delmas", birth_place="Lens", phone="05 36 49 27 80",
        members=("generaliste", "infirmier"),
    ),
    Followed(
        "Martinez", "José Antonio", date(1966, 3, 19), Sex.MALE, 33,
        (Taken("Ruxolitinib 10 mg", "1 comprimé matin et soir", 33),),
        (
            Tolerated(
                19, "medecin", 0, domain=_D.BLOOD, felt=_F.WELL_TOLERATED, grade=2,
                note="Plaquettes à 92 G/L, dose maintenue.", typed_by="infirmier",
            ),
            Interacts(12, "pharmacien", 0, substance="Fluconazole", level=_L.CONTRAINDICATED, note="Dose de 200 mg évitée, avis pris auprès de la Dre Martin."),
            Adheres(12, "pharmacien", 0, answers="nnnnnn"),
        ),
        birth_place="Perpignan", phone="06 39 98 30 77",
    ),
)  # fmt: skip
