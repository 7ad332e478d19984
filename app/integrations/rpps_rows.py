"""Rows of the RPPS extract: the wanted columns by their header, and what is wrong with a row."""

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from pathlib import Path

from app.errors import SetupError

MAX_NOTES = 500
MAX_LINE = 20_000
# Columns of a row as `read_chunks` gives them, in this order.
COLUMNS = (
    "type d'identifiant pp",
    "identifiant pp",
    "nom d'exercice",
    "prenom d'exercice",
    "code profession",
    "libelle profession",
    "code civilite d'exercice",
    "code civilite",
    "libelle savoir-faire",
    "numero finess site",
    "identifiant technique de la structure",
    "raison sociale site",
    "enseigne commerciale site",
    "numero voie coord. structure",
    "indice repetition voie coord. structure",
    "libelle type de voie coord. structure",
    "libelle voie coord. structure",
    "bureau cedex coord. structure",
    "code postal coord. structure",
    "libelle commune coord. structure",
)
# Headers as some years spell them.
_ALSO = {"code civilite exercice": "code civilite d'exercice"}
_NEEDED = frozenset(COLUMNS[:6])
_IDENTITY = 11
_TYPES = {"8": 11, "0": 9}
_RPPS = "8"


class RowFault(StrEnum):
    """Why a row is reported. Rows with the last ones are kept all the same."""

    TYPE = "type"
    NUMBER = "number"
    NAME = "name"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    KEY = "key"
    CUT = "cut"
    FIELD_MISSING = "field_missing"
    FIELD_TOO_MANY = "field_too_many"


KEPT = frozenset({RowFault.KEY, RowFault.FIELD_MISSING, RowFault.FIELD_TOO_MANY})

Row = tuple[str, ...]


@dataclass(frozen=True)
class RowNote:
    """A row that could not be read, or was read with a remark."""

    line: int
    fault: RowFault

    @property
    def is_kept(self) -> bool:
        return self.fault in KEPT


@dataclass
class Notes:
    """What is said of the rows: how many, and the first ones."""

    rejected: int = 0
    remarked: int = 0
    first: list[RowNote] = field(default_factory=list)

    def add(self, line: int, fault: RowFault) -> None:
        """Count a row, and keep it when it is among the first."""
        note = RowNote(line, fault)
        if note.is_kept:
            self.remarked += 1
        else:
            self.rejected += 1
        if len(self.first) < MAX_NOTES:
            self.first.append(note)


class RowReader:
    """Takes the wanted columns of each line, by the header."""

    def __init__(self, header: str, notes: Notes, path: Path) -> None:
        self.notes = notes
        names = [_plain_header(name) for name in header.rstrip("\r\n|").split("|")]
        names = [_ALSO.get(name, name) for name in names]
        at = {name: place for place, name in reversed(list(enumerate(names)))}
        missing = [name for name in COLUMNS if name in _NEEDED and name not in at]
        if missing:
            raise SetupError(
                f"Le fichier {path} n’est pas l’extraction PS_LibreAcces_Personne_activite (colonne "
                f"« {missing[0]} » absente) : téléchargez-la de nouveau, puis relancez l’import."
            )
        self.width = len(names)
        # A column that this file has not is read past its end, where there is nothing.
        self.take = itemgetter(*(at.get(name, self.width) for name in COLUMNS))
        self.earlier = ""

    def rows(self, lines: list[str], number: int, *, is_cut: bool = False) -> list[Row]:
        """The rows of some lines, the first of which has this number."""
        width, take, full = self.width, self.take, self.width + 1
        rows = []
        for place, text in enumerate(lines):
            fields = text.split("|")
            if len(fields) == full and fields[width] in {"", "\r"}:
                fields[width] = ""
                fault = None
            else:
                fault, fields = self._measured(text, is_cut=is_cut)
                if not fields:
                    if fault is not None:
                        self.notes.add(number + place, fault)
                    continue
            row = take(fields)
            if row[1] != self.earlier or not row[2]:
                found = self._identity_fault(row)
                if found is not None:
                    self.notes.add(number + place, found)
                    if found not in KEPT:
                        continue
                self.earlier = row[1]
            if fault is not None:
                self.notes.add(number + place, fault)
            rows.append(row)
        return rows

    def _measured(self, text: str, *, is_cut: bool) -> tuple[RowFault | None, list[str]]:
        """The fields of a line that has not the usual number of them; none when it cannot be read."""
        text = text.rstrip("\r")
        if not text.strip("| "):
            return None, []
        if len(text) > MAX_LINE:
            return RowFault.TOO_LONG, []
        fields = text.split("|")
        missing = self.width - len(fields)
        if missing > 1 and is_cut:
            return RowFault.CUT, []
        if len(fields) < _IDENTITY:
            return RowFault.TOO_SHORT, []
        is_more = any(fields[self.width :])
        fields = [*fields[: self.width], *[""] * (missing + 1)]
        if is_more:
            return RowFault.FIELD_TOO_MANY, fields
        return (RowFault.FIELD_MISSING if missing > 1 else None), fields[: self.width + 1]

    @staticmethod
    def _identity_fault(row: Row) -> RowFault | None:
        kind, number, name = row[0], row[1], row[2]
        length = _TYPES.get(kind)
        if length is None:
            return RowFault.TYPE
        if len(number) != length or not number.isascii() or not number.isalnum():
            return RowFault.NUMBER
        if not name.strip():
            return RowFault.NAME
        if kind == _RPPS:
            if not number.isdigit():
                return RowFault.NUMBER
            if (_FIRST[int(number[:5])] + _SECOND[int(number[5:10])] + int(number[10])) % 10:
                return RowFault.KEY
        return None


def _luhn_sums(*, doubled_first: bool) -> bytes:
    """What five digits add to a Luhn sum, for each of the hundred thousand: quicker than digit by digit."""
    single, double = range(10), [2 * n - 9 * (n > 4) for n in range(10)]  # noqa: PLR2004 - Luhn
    sums = [0]
    for place in range(5):
        values = double if (place % 2 == 0) == doubled_first else single
        sums = [before + value for before in sums for value in values]
    return bytes(sums)


_FIRST = _luhn_sums(doubled_first=False)
_SECOND = _luhn_sums(doubled_first=True)


def _plain_header(name: str) -> str:
    """A header without case, accents or parentheses."""
    decomposed = unicodedata.normalize("NFKD", name.strip().casefold().replace("’", "'"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.replace("(", " ").replace(")", " ").split())
