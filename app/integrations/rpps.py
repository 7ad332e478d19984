"""Reading of the open extract of the national directory (RPPS), `PS_LibreAcces_Personne_activite`.

Separated by `|` without quotes, one row for one person in one place. Columns are found by their header, of
which case, accents and parentheses changed over the years, as did their number (52, then 56). A row that
cannot be read is reported, never the file.
"""

import gzip
import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from app.errors import SetupError
from app.integrations.files import day_in_name, telling

SOURCE = "ANS, RPPS"
MAX_NOTES = 500
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
_CHUNK = 1 << 20
_MAX_LINE = 20_000
_IDENTITY = 11
# How many times smaller the extract is once packed; for showing progress alone.
_USUAL_PACKING = 13
_CONTROL_BYTES = bytes(code for code in (*range(32), 127) if code not in b"\r\n")
_HIGH_CONTROLS = re.compile("[\x80-\x9f]")
_MENDED = dict.fromkeys(_CONTROL_BYTES) | {
    code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)
}
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


@dataclass(frozen=True)
class Chunk:
    """Some rows, and where reading may go on after them. `position`: bytes of the text before it."""

    rows: list[Row]
    position: int
    line: int


class Extract:
    """One file: the text itself, packed with gzip, or in a zip among others of its kind."""

    def __init__(self, path: Path, *, today: date) -> None:
        self.path = path
        self._member = ""
        with telling(path):
            self._packing = _packing(path)
            name, self.size = path.name, path.stat().st_size
            if self._packing == "zip":
                name, self.size = self._find_member()
            elif self._packing == "gzip":
                self.size *= _USUAL_PACKING
            self.data_on = day_in_name(path, today, name=name)
            self.fingerprint = self._fingerprint()

    def read_chunks(
        self, notes: Notes, *, encoding: str = "utf-8", position: int = 0, line: int = 0
    ) -> Iterator[Chunk]:
        """Rows from a position on, a few thousand at a time.

        Raises UnicodeDecodeError when the text is not in this encoding, SetupError when it is not the
        extract or cannot be read to its end.
        """
        with telling(self.path), self._open() as file:
            header = _decoded(file.readline(_MAX_LINE), encoding).removeprefix("\ufeff")
            reader = _Reader(header, notes, self.path)
            if position:
                file.seek(position)
            else:
                position, line = file.tell(), 1
            rest = b""
            while data := file.read(_CHUNK):
                whole, mark, tail = (rest + data).rpartition(b"\n")
                if not mark:
                    # A line without an end in sight: kept cut, so that memory stays bounded.
                    rest = tail[: 2 * _MAX_LINE]
                    position += len(tail) - len(rest)
                    continue
                rest = tail
                position += len(whole) + 1
                lines = _decoded(whole, encoding).split("\n")
                rows = reader.rows(lines, line + 1)
                line += len(lines)
                yield Chunk(rows, position, line)
            if rest:
                rows = reader.rows([_decoded(rest, encoding)], line + 1, is_cut=True)
                yield Chunk(rows, position + len(rest), line + 1)

    @contextmanager
    def _open(self) -> Iterator[BinaryIO]:
        if self._packing == "zip":
            with zipfile.ZipFile(self.path) as archive, archive.open(self._member) as file:
                yield file  # type: ignore[misc]
        elif self._packing == "gzip":
            with gzip.open(self.path) as file:
                yield file  # type: ignore[misc]
        else:
            with self.path.open("rb") as plain:
                yield plain

    def _find_member(self) -> tuple[str, int]:
        with zipfile.ZipFile(self.path) as archive:
            for info in archive.infolist():
                if "personne_activite" in info.filename.lower():
                    self._member = info.filename
                    return info.filename, info.file_size
        raise SetupError(
            f"L’archive {self.path} ne contient pas PS_LibreAcces_Personne_activite : téléchargez "
            "l’extraction en libre accès, puis relancez l’import."
        )

    def _fingerprint(self) -> str:
        stat = self.path.stat()
        digest = hashlib.sha256(f"{self.path.name} {stat.st_size} {stat.st_mtime_ns}".encode())
        with self._open() as file:
            digest.update(file.read(_CHUNK))
        return digest.hexdigest()


class _Reader:
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
        if len(text) > _MAX_LINE:
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


def _decoded(data: bytes, encoding: str) -> str:
    """The text, without control signs. Windows-1252 signs left as U+0080 to U+009F become what they were."""
    text = data.decode(encoding, errors="strict" if encoding == "utf-8" else "replace")
    has_controls = len(data.translate(None, _CONTROL_BYTES)) != len(data)
    if has_controls or (b"\xc2" in data and _HIGH_CONTROLS.search(text)):
        return text.translate(_MENDED)
    return text


def _packing(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PK\x03\x04":
        return "zip"
    return "gzip" if start[:2] == b"\x1f\x8b" else "text"
