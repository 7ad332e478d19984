"""The matrix to start with: what public texts give, elsewhere a careful reading (FC-21 to FC-24).

The annex of the order is an image: cells that no public text gives are marked as to be confirmed.
"""

from dataclasses import dataclass
from datetime import date

from app.authz.policies import ASSESSING_PROFESSIONS
from app.models.matrix import MatrixRight
from app.models.professional import Profession
from app.services.document_type import Depositor, all_types
from app.services.text import typeset

EFFECTIVE_ON = date(2023, 10, 26)
SOURCE = typeset("Arrêté du 26 octobre 2023, cité par des textes publics")
NOTE = typeset(
    "Matrice de départ. Les cellules que les textes publics ne donnent pas restent à confirmer : "
    "vérifiez-les dans l’annexe de l’arrêté."
)

# Profession, right, code of a type.
Cell = tuple[Profession, MatrixRight, str]


@dataclass(frozen=True)
class CellValue:
    """What one cell says. `is_confirmed`: read in an official text, not inferred."""

    allowed: bool = False
    is_confirmed: bool = False


MOST_CAREFUL = CellValue()
_YES, _NO = CellValue(allowed=True, is_confirmed=True), CellValue(is_confirmed=True)
_MOSTLY, _UNKNOWN = CellValue(allowed=True), MOST_CAREFUL
_COLUMNS = (
    (Profession.DOCTOR,),
    (Profession.PHARMACIST,),
    (Profession.NURSE, Profession.PSYCHIATRIC_NURSE),
    (Profession.DENTIST,),
)
# FC-23, in the order of the columns above.
_OTHER_TYPES = (_YES, _MOSTLY, _MOSTLY, _MOSTLY)
_WIDELY_READ = (_YES, _MOSTLY, _YES, _MOSTLY)
_ROWS = {
    "ATTEST-RESID": (_NO, _UNKNOWN, _UNKNOWN, _UNKNOWN),
    "75496-0": (_YES, _UNKNOWN, _NO, _NO),
    "68599-0": (_YES, _UNKNOWN, _NO, _NO),
    "83901-9": (_YES, _UNKNOWN, _NO, _NO),
    "68817-6": (_YES, _UNKNOWN, _NO, _UNKNOWN),
    "89601-9": (_YES, _UNKNOWN, _NO, _UNKNOWN),
    "80788-3": (_YES, _UNKNOWN, _UNKNOWN, _NO),
    "83981-1": (_YES, _UNKNOWN, _YES, _NO),
    "15507-7": _WIDELY_READ,
    "11502-2": _WIDELY_READ,
    "47420-5": _WIDELY_READ,
    "56445-0": _WIDELY_READ,
    "PROT_ALD": _WIDELY_READ,
}


def reference_cells() -> dict[Cell, CellValue]:
    """Every cell that is not the most careful one: refused, to be confirmed."""
    cells: dict[Cell, CellValue] = {}
    for each in all_types():
        values = _ROWS.get(each.code, _OTHER_TYPES)
        for professions, value in zip(_COLUMNS, values, strict=True):
            cells |= {(p, MatrixRight.READ, each.code): value for p in professions}
        # Feeding the record needs no authorisation (FC-08): those who assess do it.
        if each.depositor is Depositor.PROFESSIONAL:
            cells |= {(p, MatrixRight.DEPOSIT, each.code): _MOSTLY for p in ASSESSING_PROFESSIONS}
    return {key: value for key, value in cells.items() if value != _UNKNOWN}
