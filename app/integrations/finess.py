"""Reading of the national facilities (FINESS) in the three forms they are published in.

The classic extract (`cs1100502`: `;`, no header, in Windows-1252 or UTF-8), FINESS+ which replaces it (one
JSON of 750 MB, read as it streams), and FHIR organisations, one JSON to a line. Each may be packed with
gzip, in a tar or in a zip. A row that cannot be read is reported, never the file.
"""

import codecs
import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from app.errors import SetupError
from app.integrations.files import day_in_name, telling
from app.integrations.finess_rows import (
    FacilityFault,
    FacilityNotes,
    Form,
    NationalFacility,
    read_lines,
    read_plus,
)

SOURCE = "FINESS"
_HEAD = 8_192
_CHUNK = 1 << 16
_FINESS_NUMBER = re.compile(r"[0-9][0-9AB][0-9]{7}")
_GENERATED = re.compile(rb'"generatedAt"\s*:\s*"(\d{4})-(\d{2})-(\d{2})')


class FinessFile:
    """One file, whatever its form and packing."""

    def __init__(self, path: Path, *, today: date) -> None:
        self.path = path
        with telling(path):
            self.size = path.stat().st_size
            with ExitStack() as stack:
                head = next(iter(self._texts(stack)), io.BytesIO()).read(_HEAD)
            self.form = self._form(head)
            self.data_on = min(_day_in(head, self.form) or day_in_name(path, today), today)
        self.position = 0

    @property
    def is_whole(self) -> bool:
        """Whether a facility that is not in it is closed: FHIR files come in parts."""
        return self.form is not Form.FHIR

    def read(self, notes: FacilityNotes) -> Iterator[NationalFacility]:
        """Every facility that can be read; `position` follows, in bytes of the file.

        Raises SetupError when it cannot be read to its end.
        """
        seen: set[str] = set()
        with telling(self.path), ExitStack() as stack:
            encoding = self._encoding() if self.form is Form.CLASSIC else "utf-8"
            for text in self._texts(stack):
                rows = (
                    read_plus(text, notes)
                    if self.form is Form.PLUS
                    else read_lines(text, encoding, self.form, notes)
                )
                for line, facility in self._valid(rows, notes):
                    if facility.finess in seen:
                        notes.add(line, FacilityFault.TWICE)
                        continue
                    seen.add(facility.finess)
                    yield facility

    @staticmethod
    def _valid(
        rows: Iterable[tuple[int, NationalFacility]], notes: FacilityNotes
    ) -> Iterator[tuple[int, NationalFacility]]:
        for line, facility in rows:
            if not _FINESS_NUMBER.fullmatch(facility.finess):
                notes.add(line, FacilityFault.NUMBER)
            elif not facility.name:
                notes.add(line, FacilityFault.NAME)
            else:
                yield line, facility

    def _form(self, head: bytes) -> Form:
        start = head.removeprefix(codecs.BOM_UTF8).lstrip()
        if start.startswith((b"finess;", b"structureet;")):
            return Form.CLASSIC
        if start.startswith(b"{") and (b'"pmej"' in start or b'"schemaVersion"' in start):
            return Form.PLUS
        if start.startswith(b"{") and b'"resourceType"' in start:
            return Form.FHIR
        raise SetupError(
            f"Le fichier {self.path} n’est pas un fichier de FINESS : donnez l’extraction cs1100502, "
            "le fichier FINESS+ ou des organisations FHIR."
        )

    def _texts(self, stack: ExitStack) -> Iterator[BinaryIO]:
        """The files inside, unpacked as they are read."""
        raw = _Followed(stack.enter_context(self.path.open("rb")), self)
        start = raw.read(4)
        raw.seek(0)
        if start == b"PK\x03\x04":
            archive = stack.enter_context(zipfile.ZipFile(cast("Any", raw)))
            for name in archive.namelist():
                if name.lower().endswith((".csv", ".json", ".ndjson", ".txt")):
                    yield cast("BinaryIO", stack.enter_context(archive.open(name)))
        elif start[:2] == b"\x1f\x8b":
            unpacked = stack.enter_context(gzip.GzipFile(fileobj=cast("Any", raw)))
            if b"ustar" in unpacked.peek(512)[:512]:
                with tarfile.open(fileobj=unpacked, mode="r|") as members:
                    for member in members:
                        file = members.extractfile(member)
                        if file is not None:
                            yield cast("BinaryIO", file)
            else:
                yield cast("BinaryIO", unpacked)
        else:
            yield cast("BinaryIO", raw)

    def _encoding(self) -> str:
        """`utf-8` when the whole file is, else `cp1252`."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        with ExitStack() as stack:
            try:
                for text in self._texts(stack):
                    while chunk := text.read(_CHUNK):
                        decoder.decode(chunk)
                    decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "cp1252"
        return "utf-8"


class _Followed(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, file: BinaryIO, owner: FinessFile) -> None:
        self._file, self._owner = file, owner

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._owner.position = self._file.tell()
        return data

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readline(self, size: int | None = -1) -> bytes:
        data = self._file.readline(-1 if size is None else size)
        self._owner.position = self._file.tell()
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def _day_in(head: bytes, form: Form) -> date | None:
    """The day the data itself tells."""
    if form is Form.CLASSIC:
        last = head.split(b"\n", 1)[0].decode("ascii", errors="replace").strip().split(";")[-1]
        try:
            return datetime.strptime(last, "%Y-%m-%d").date()  # noqa: DTZ007 - a date without a time
        except ValueError:
            return None
    found = _GENERATED.search(head)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
