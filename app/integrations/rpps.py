"""Reading of the open extract of the national directory (RPPS), `PS_LibreAcces_Personne_activite`.

Separated by `|` without quotes, one row for one person in one place. Columns are found by their header, of
which case, accents and parentheses changed over the years, as did their number (52, then 56). A row that
cannot be read is reported, never the file.
"""

import gzip
import hashlib
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from app.errors import SetupError
from app.integrations.files import day_in_name, telling
from app.integrations.rpps_rows import MAX_LINE, Notes, Row, RowReader

SOURCE = "ANS, RPPS"
_CHUNK = 1 << 20
# How many times smaller the extract is once packed; for showing progress alone.
_USUAL_PACKING = 13
_CONTROL_BYTES = bytes(code for code in (*range(32), 127) if code not in b"\r\n")
_HIGH_CONTROLS = re.compile("[\x80-\x9f]")
_MENDED = dict.fromkeys(_CONTROL_BYTES) | {
    code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)
}


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
            header = _decoded(file.readline(MAX_LINE), encoding).removeprefix("\ufeff")
            reader = RowReader(header, notes, self.path)
            if position:
                file.seek(position)
            else:
                position, line = file.tell(), 1
            rest = b""
            while data := file.read(_CHUNK):
                whole, mark, tail = (rest + data).rpartition(b"\n")
                if not mark:
                    # A line without an end in sight: kept cut, so that memory stays bounded.
                    rest = tail[: 2 * MAX_LINE]
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
