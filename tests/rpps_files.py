"""Small files in the layout of the RPPS extract, and where the real rows are."""

from pathlib import Path

from tests.bench.directory_data import HEADER

REAL = (
    Path(__file__).resolve().parents[2]
    / "shared/data/rpps/PS_LibreAcces_Personne_activite.extrait.txt"
)
NAMES = HEADER.rstrip("|").split("|")
# The extract of 2026: four more columns, some headers in other words.
NAMES_2026 = [
    name.replace("Libellé civilité d'exercice", "Libellé civilité exercice")
    .replace("(coord. structure)", "(coord. Structure)")
    .replace("Département (structure)", "département (coord. structure)")
    for name in NAMES
] + ["Code fonction", "Libellé fonction", "Code genre d'activité", "Libellé genre d'activité"]
ZOE, JEAN, NOEL, ADELE = "10106476764", "10000000009", "10000000538", "019306919"


def row(number: str, family: str, given: str, *, width: int = 52, **fields: str) -> str:
    """One row, without its line end. `fields`: `town`, `finess`, `profession`, `skill`…"""
    kind = fields.get("kind", "8" if len(number) == 11 else "0")
    values = {
        1: kind,
        2: number,
        3: kind + number,
        4: fields.get("title", ""),
        6: fields.get("civility", "MME"),
        8: family,
        9: given,
        10: fields.get("profession", "10"),
        11: fields.get("label", "Médecin"),
        17: fields.get("skill", ""),
        22: fields.get("finess", ""),
        24: fields.get("structure", ""),
        25: fields.get("company", ""),
        29: fields.get("street_number", ""),
        32: fields.get("street_type", ""),
        33: fields.get("street", ""),
        35: fields.get("office", ""),
        36: fields.get("postcode", ""),
        38: fields.get("town", ""),
    }
    return "|".join(values.get(place, "") for place in range(1, width + 1)) + "|"


ROWS = [
    row(JEAN, "MARTIN", "Jean", company="CLINIQUE DES TILLEULS", finess="790000012", town="Niort"),
    row(ZOE, "MARTIN", "Zoé", company="CABINET", office="97405 ST DENIS CEDEX 2", postcode="97405"),
    row(ZOE, "MARTIN", "Zoé", company="CLINIQUE DES TILLEULS", finess="790000012", town="Niort"),
    row(NOEL, "D’ALMEIDA", "Noël", profession="60", label="Infirmier"),
    row(ADELE, "ŒUVRARD", "Adèle", profession="999", label="Profession nouvelle"),
]


def write_extract(
    path: Path,
    rows: list[str] | None = None,
    *,
    names: list[str] | None = None,
    encoding: str = "utf-8",
    end: str = "\n",
    separator_at_end: bool = True,
) -> Path:
    """Write an extract; without rows of its own, the small one above."""
    lines = ["|".join(names or NAMES) + "|", *(ROWS if rows is None else rows)]
    if not separator_at_end:
        lines = [line.removesuffix("|") for line in lines]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(line + end for line in lines).encode(encoding))
    return path
