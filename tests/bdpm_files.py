"""Small files in the layout of the BDPM, with the traps of the real ones, and where the real ones are."""

from pathlib import Path

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "bdpm"
RELEASE = REAL / "2026-01-utf8"

DOLIPRANE, IBRANCE, GLUCOPHAGE, METFORMINE, ARNICA = (
    "60234100",
    "60321676",
    "61052830",
    "60000001",
    "60000002",
)


def speciality(
    cis: str,
    name: str,
    form: str = "comprimé",
    *,
    procedure: str = "Procédure nationale",
    state: str = "Commercialisée",
    day: str = "17/07/2025",
) -> str:
    """One row of CIS_bdpm, 12 fields."""
    fields = (cis, name, form, "orale", "Autorisation active", procedure, state, day)
    return "\t".join((*fields, "", "", " LABO", "Non"))


def component(cis: str, code: str, name: str, nature: str = "SA", link: str = "1") -> str:
    """One row of CIS_COMPO_bdpm, 8 fields."""
    return f"{cis}\tcomprimé\t{code}\t{name}\t1 mg\tun comprimé\t{nature}\t{link}"


SPECIALITIES = [
    speciality(DOLIPRANE, "DOLIPRANE 1000 mg, comprimé"),
    speciality(IBRANCE, "IBRANCE 125 mg, gélule", "gélule"),
    speciality(GLUCOPHAGE, "GLUCOPHAGE 1000 mg, comprimé pelliculé sécable"),
    speciality(METFORMINE, "METFORMINE BIOGARAN 1000 mg, comprimé"),
    speciality(
        ARNICA,
        "ARNICA MONTANA BOIRON, degré de dilution compris entre 2CH et 30CH",
        "granules",
        procedure="Enreg homéo (Proc. Nat.)",
    ),
]
COMPONENTS = [
    component(DOLIPRANE, "02202", "PARACÉTAMOL"),
    component(IBRANCE, "42110", "PALBOCICLIB"),
    component(GLUCOPHAGE, "24321", "CHLORHYDRATE DE METFORMINE"),
    component(GLUCOPHAGE, "04442", "METFORMINE BASE", "FT"),
    component(METFORMINE, "24321", "CHLORHYDRATE DE METFORMINE"),
    component(METFORMINE, "04442", "METFORMINE", "FT"),
    component(ARNICA, "05201", "ARNICA MONTANA POUR PRÉPARATIONS HOMÉOPATHIQUES"),
]
GENERICS = [
    f"1\tMETFORMINE 1000 mg - GLUCOPHAGE 1000 mg, comprimé\t{GLUCOPHAGE}\t0\t1",
    f"1\tMETFORMINE 1000 mg - GLUCOPHAGE 1000 mg, comprimé\t{METFORMINE}\t1\t2",
    "2\tGROUPE ANCIEN\t69999999\t1\t1",
]


def write_release(
    folder: Path,
    *,
    specialities: list[str] | None = None,
    components: list[str] | None = None,
    generics: list[str] | None = None,
    encoding: str = "utf-8",
    end: str = "\r\n",
) -> Path:
    """Write a folder of files; without rows of its own, the small release above."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("CIS_bdpm.txt", SPECIALITIES if specialities is None else specialities),
        ("CIS_COMPO_bdpm.txt", COMPONENTS if components is None else components),
        ("CIS_GENER_bdpm.txt", GENERICS if generics is None else generics),
    ):
        (folder / name).write_bytes("".join(row + end for row in rows).encode(encoding))
    return folder
