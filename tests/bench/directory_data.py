"""A made-up stock of the national directory, as large as the real one: nobody in it exists.

The layout is that of the extract (52 columns, a separator at the end of each line), numbers pass their
checks, and names and towns are as unequally frequent as real ones: some borne by thousands, most by few.

    python -m tests.bench.directory_data FILE [ROWS]
"""

import random
import sys
from collections.abc import Iterator
from itertools import accumulate, product
from pathlib import Path

from app.services.identifiers import is_luhn

ROWS = 2_300_000
HEADER = (
    "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|Libellé "
    "civilité d'exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|"
    "Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type "
    "savoir-faire|Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|"
    "Libellé mode exercice|Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS "
    "établissement juridique|Identifiant technique de la structure|Raison sociale site|Enseigne "
    "commerciale site|Complément destinataire (coord. structure)|Complément point géographique (coord. "
    "structure)|Numéro Voie (coord. structure)|Indice répétition voie (coord. structure)|Code type de "
    "voie (coord. structure)|Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|"
    "Mention distribution (coord. structure)|Bureau cedex (coord. structure)|Code postal (coord. "
    "structure)|Code commune (coord. structure)|Libellé commune (coord. structure)|Code pays (coord. "
    "structure)|Libellé pays (coord. structure)|Téléphone (coord. structure)|Téléphone 2 (coord. "
    "structure)|Télécopie (coord. structure)|Adresse e-mail (coord. structure)|Code Département "
    "(structure)|Libellé Département (structure)|Ancien identifiant de la structure|Autorité "
    "d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|Code section tableau "
    "pharmaciens|Libellé section tableau pharmaciens|"
)
_USUAL_NAMES = (
    "MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEVRE LEROY "
    "ROUX DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER "
    "LEFEBVRE FAURE ANDRE MERCIER BLANC GUERIN BOYER GARNIER CHEVALIER FRANCOIS LEGRAND GAUTHIER GARCIA "
    "PERRIN ROBIN CLEMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT"
).split()
_USUAL_GIVEN_NAMES = (
    "Marie Nathalie Isabelle Catherine Sylvie Anne Christine Sandrine Stéphanie Julie Céline Valérie Laura "
    "Camille Pauline Sophie Émilie Aurélie Hélène Claire Jean Philippe Nicolas Thomas Julien Pierre Michel "
    "François Christophe Olivier Laurent David Alexandre Antoine Mathieu Jean-Pierre Marie-Christine "
    "Anne-Sophie Jean-François Élodie Chloé Léa Zoé Inès Hugo Lucas Benoît Gaëlle Maëlle Noémie"
).split()
_USUAL_TOWNS = (
    "PARIS MARSEILLE LYON TOULOUSE NICE NANTES MONTPELLIER STRASBOURG BORDEAUX LILLE RENNES REIMS TOULON "
    "GRENOBLE DIJON ANGERS NIMES CLERMONT-FERRAND BREST TOURS AMIENS LIMOGES ANNECY METZ BESANCON ORLEANS "
    "ROUEN MULHOUSE CAEN NANCY POITIERS NIORT PAU CALAIS COLMAR QUIMPER VALENCE TROYES LORIENT TARBES"
).split()
_STARTS = (
    "BA BE BO BRA BRI CA CHA CHE CO CRO DA DE DU FA FLO GA GE GOU GRA HA HE JA JO LA LE LI MA ME MI MO "
    "NA NO OR PA PE PI PO QUE RA RE RI RO SA SE SI SO TA TE TI TO VA VE VI VO YA ZE"
).split()
_MIDDLES = (
    "BA BE BLA CHE CO DE DI DU GA GI GNO LA LE LI LLE LO MA ME MI NA NE NI NO PE PI QUI RA RE RI RO SA "
    "SSE TA TE TI TO VA VE VI"
).split()
_ENDS = (
    "AUD AULT BERT CHET D DEAU DIER ELLE ERT ET EUR EZ GNON IER IN LAN LOT MONT N NARD NET ON OT QUET "
    "RD RE REAU RIC SKI T TEAU TEL THIER TIER TON VAL X YER ZI"
).split()
_PROFESSIONS = (
    ("10", "Médecin", "DR", "Docteur", 0.17),
    ("21", "Pharmacien", "", "", 0.06),
    ("40", "Chirurgien-Dentiste", "DR", "Docteur", 0.04),
    ("50", "Sage-Femme", "", "", 0.02),
    ("60", "Infirmier", "", "", 0.45),
    ("70", "Masseur-Kinésithérapeute", "", "", 0.08),
    ("91", "Orthophoniste", "", "", 0.03),
    ("93", "Psychologue", "", "", 0.07),
    ("95", "Diététicien", "", "", 0.02),
    ("98", "Manipulateur ERM", "", "", 0.06),
)
_SPECIALITIES = (
    ("SM26", "Qualifié en Médecine Générale (SM)"),
    ("SM54", "Médecine générale (SM)"),
    ("SM04", "Cardiologie et maladies vasculaires"),
    ("SM38", "Oncologie option médicale (SM)"),
    ("SM42", "Psychiatrie (SM)"),
    ("SM20", "Gynécologie-obstétrique (SM)"),
)
_COMPANIES = (
    "CENTRE HOSPITALIER DE",
    "CLINIQUE DE",
    "CABINET MEDICAL DE",
    "PHARMACIE DE",
    "EHPAD DE",
)
_STREETS = (("R", "Rue"), ("AV", "Avenue"), ("BD", "Boulevard"), ("PL", "Place"), ("CHE", "Chemin"))
_EACH = 10_000


def write_extract(path: Path, rows: int = ROWS) -> None:
    """Write so many rows, the same at every run."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        batch: list[str] = []
        for line in _lines(rows):
            batch.append(line)
            if len(batch) == _EACH:
                file.write("".join(batch))
                batch.clear()
        file.write("".join(batch))


def family_names() -> list[str]:
    """Two hundred thousand family names, the most frequent first."""
    made = ["".join(parts) for parts in product(_STARTS, _MIDDLES, _MIDDLES, _ENDS)]
    random.Random(1).shuffle(made)
    return [*_USUAL_NAMES, *made[:200_000]]


def given_names() -> list[str]:
    """Three thousand given names, the most frequent first."""
    made = [
        "".join(parts).capitalize() for parts in product(_STARTS, _MIDDLES, ("A", "E", "ANE", "IN"))
    ]
    random.Random(2).shuffle(made)
    return [*_USUAL_GIVEN_NAMES, *made[:3_000]]


def towns() -> list[str]:
    """Fifteen thousand towns, the largest first; some are « SAINT » somebody, as so many are."""
    made = [
        "".join(parts) for parts in product(_STARTS, _MIDDLES, ("VILLE", "Y", "AC", "BOURG", "S"))
    ]
    saints = [
        f"ST {name.upper()} {end}" for name in given_names()[:900] for end in ("DE LAY", "SUR MER")
    ]
    mixed = [*made[:13_000], *saints]
    random.Random(3).shuffle(mixed)
    return [*_USUAL_TOWNS, *mixed]


def _lines(rows: int) -> Iterator[str]:
    chosen = random.Random(4)
    draw = chosen.random
    families, given, places = family_names(), given_names(), _places()
    shares = list(accumulate(profession[4] for profession in _PROFESSIONS))
    numbers = _numbers()
    written = 0
    while written < rows:
        number = next(numbers)
        family = families[int(len(families) * draw() ** 3)]
        if draw() < 0.04:
            family = f"{family}-{families[int(len(families) * draw() ** 3)]}"
        first = given[int(len(given) * draw() ** 3)]
        share = draw() * shares[-1]
        row = next(n for n, limit in enumerate(shares) if share <= limit)
        code, label, title, spelt, _ = _PROFESSIONS[row]
        civility = "MME|Madame" if draw() < 0.6 else "M|Monsieur"
        skill = (
            ("S|Spécialité ordinale|" + "|".join(chosen.choice(_SPECIALITIES)))
            if row == 0
            else "|||"
        )
        head = (
            f"8|{number}|8{number}|{title}|{spelt}|{civility}|{family}|{first}|{code}|{label}|C|Civil|"
            f"{skill}|"
        )
        chance = draw()
        for _ in range(1 if chance < 0.66 else 2 if chance < 0.88 else 3 if chance < 0.96 else 5):
            if written == rows:
                return
            written += 1
            if draw() < 0.12:
                yield head + _NOWHERE
            else:
                yield head + places[int(len(places) * draw() ** 2)]


_NOWHERE = "L|Libéral" + "|" * 29 + "CNOM//||||" + "|\n"


def _places() -> list[str]:
    """The columns 18 to 52 of sixty thousand places of practice."""
    chosen = random.Random(5)
    names = towns()
    made = []
    for row in range(60_000):
        town = names[int(len(names) * chosen.random() ** 3)]
        department = f"{1 + row % 95:02d}"
        finess = _with_key(f"{department}{row % 1_000_000:06d}")
        siret = _with_key(f"{300_000_000 + row * 7:09d}{row % 10_000:04d}")
        name = f"{_COMPANIES[row % len(_COMPANIES)]} {town}"
        code, street = _STREETS[row % len(_STREETS)]
        postcode = f"{department}{row % 1_000:03d}"
        phone = f"0{1 + row % 5}{row % 100_000_000:08d}"
        made.append(
            f"S|Salarié|{siret}|{siret[:9]}|{finess}|{finess}|F{finess}|{name}|{name}|||{1 + row % 150}||"
            f"{code}|{street}|DE LA {names[row % len(names)]}||{postcode} {town}|{postcode}|"
            f"{department}{row % 900:03d}|{town.title()}|FR|France|{phone}||||{department}|Département|"
            f"1{finess}|CNOM/CNOM/CNOM|SA01|Etablissement public de santé|||\n"
        )
    return made


def _numbers() -> Iterator[str]:
    """Numbers of the RPPS, rising as in the extract."""
    for body in range(1_000_000_000, 2_000_000_000, 53):
        yield _with_key(str(body))


def _with_key(body: str) -> str:
    """A number with its Luhn key."""
    total = 0
    for position, digit in enumerate(reversed(body)):
        value = int(digit)
        if position % 2 == 0:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return body + str(-total % 10)


def main() -> None:
    """Write a stock where one asks for it."""
    path = Path(sys.argv[1])
    write_extract(path, int(sys.argv[2]) if len(sys.argv) > 2 else ROWS)
    assert is_luhn(next(_numbers()))


if __name__ == "__main__":
    main()
