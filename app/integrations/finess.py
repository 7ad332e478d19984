"""Reading of the national facilities (FINESS) in the three forms they are published in.

The classic extract (`cs1100502`: `;`, no header, in Windows-1252 or UTF-8), FINESS+ which replaces it (one
JSON of 750 MB, read as it streams), and FHIR organisations, one JSON to a line. Each may be packed with
gzip, in a tar or in a zip. A row that cannot be read is reported, never the file.
"""

import codecs
import csv
import gzip
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson

from app.errors import SetupError
from app.integrations.files import day_in_name, telling

SOURCE = "FINESS"
MAX_NOTES = 500
_MAX_LINE = 200_000
_HEAD = 8_192
_CHUNK = 1 << 16
_FIELDS = 19
_FINESS_NUMBER = re.compile(r"[0-9][0-9AB][0-9]{7}")
_GENERATED = re.compile(rb'"generatedAt"\s*:\s*"(\d{4})-(\d{2})-(\d{2})')
_POSTCODE = re.compile(r"(\d{5})\s+(.*)")
_CEDEX = re.compile(r"(?i)\s+cedex\b.*$")
_GEOGRAPHICAL = "FINEG"
_CATEGORY_SYSTEM = "CAT_ETAB"
_LEGAL_ENTITIES = "pmej"
_CATEGORIES: Mapping[str, str] = json.loads(
    Path(__file__).with_name("finess_categories.json").read_text(encoding="utf-8")
)


class Form(StrEnum):
    CLASSIC = "classic"
    PLUS = "plus"
    FHIR = "fhir"


class FacilityFault(StrEnum):
    """Why a row is reported."""

    NUMBER = "number"
    NAME = "name"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    TWICE = "twice"


@dataclass(frozen=True)
class FacilityNote:
    """A row that could not be read. `line`: its line, or its rank in FINESS+."""

    line: int
    fault: FacilityFault


@dataclass
class FacilityNotes:
    """What is said of the rows: how many, and the first ones."""

    rejected: int = 0
    first: list[FacilityNote] = field(default_factory=list)

    def add(self, line: int, fault: FacilityFault) -> None:
        """Count a row, and keep it when it is among the first."""
        self.rejected += 1
        if len(self.first) < MAX_NOTES:
            self.first.append(FacilityNote(line, fault))


@dataclass(frozen=True)
class NationalFacility:
    """One establishment as FINESS tells."""

    finess: str
    name: str
    category: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    is_open: bool = True


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
                    _plus(text, notes)
                    if self.form is Form.PLUS
                    else _by_line(text, encoding, self.form, notes)
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


def _by_line(
    file: BinaryIO, encoding: str, form: Form, notes: FacilityNotes
) -> Iterator[tuple[int, NationalFacility]]:
    number = 0
    while raw := file.readline(_MAX_LINE):
        number += 1
        if len(raw) == _MAX_LINE and not raw.endswith(b"\n"):
            while (rest := file.readline(_MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            notes.add(number, FacilityFault.TOO_LONG)
            continue
        text = raw.decode(encoding, errors="replace").removeprefix("\ufeff").strip("\r\n")
        if not text.strip("; "):
            continue
        found = _classic(text) if form is Form.CLASSIC else _organization(text)
        if isinstance(found, FacilityFault):
            notes.add(number, found)
        elif found is not None:
            yield number, found


def _classic(text: str) -> NationalFacility | FacilityFault | None:
    """A line of the classic extract; None for those that say something else."""
    if text.startswith(("finess;", "geolocalisation;")):
        return None
    # Line by line: a quote that is never closed spoils its own line alone.
    is_quoted = '"' in text and text.count('"') % 2 == 0
    fields = next(csv.reader([text], delimiter=";")) if is_quoted else text.split(";")
    fields = [" ".join(value.split()) for value in fields]
    if fields[0] != "structureet" or len(fields) < _FIELDS:
        return FacilityFault.TOO_SHORT
    _, finess, _, short, long, *_ = fields
    number, kind, street, suffix = fields[7:11]
    postcode, city = _town(fields[15])
    label = fields[19] if len(fields) > _FIELDS else ""
    return NationalFacility(
        finess=finess.upper(),
        name=long or short,
        category=label or _CATEGORIES.get(fields[18], ""),
        address=" ".join(part for part in (number, suffix, kind, street) if part) or fields[11],
        postcode=postcode,
        city=city,
        phone=fields[16],
    )


def _organization(text: str) -> NationalFacility | FacilityFault | None:
    """A FHIR Organization that is a place; None for other resources and for legal entities."""
    try:
        resource = json.loads(text)
        if resource["resourceType"] != "Organization":
            return None
        return organization_place(resource)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return FacilityFault.UNREADABLE


def organization_place(resource: Mapping[str, Any]) -> NationalFacility | None:
    """The place that a FHIR Organization describes; None without a FINESS number of a place."""
    finess = ""
    for identifier in resource.get("identifier", ()):
        codes = {coding.get("code") for coding in identifier.get("type", {}).get("coding", ())}
        if _GEOGRAPHICAL in codes:
            finess = str(identifier["value"]).upper()
    if not finess:
        return None
    category = ""
    for kind in resource.get("type", ()):
        for coding in kind.get("coding", ()):
            if str(coding.get("system", "")).endswith(_CATEGORY_SYSTEM):
                category = coding.get("display") or _CATEGORIES.get(coding.get("code", ""), "")
    address = (resource.get("address") or [{}])[0]
    phones = [t for t in resource.get("telecom", ()) if t.get("system") == "phone"]
    return NationalFacility(
        finess=finess,
        name=str(resource.get("name") or ""),
        category=category,
        address=", ".join(str(line) for line in address.get("line", ()) if line),
        postcode=str(address.get("postalCode") or ""),
        city=_CEDEX.sub("", str(address.get("city") or "")),
        phone=str(phones[0].get("value") or "") if phones else "",
        is_open=resource.get("active") is not False,
    )


def _plus(file: BinaryIO, notes: FacilityNotes) -> Iterator[tuple[int, NationalFacility]]:
    """The establishments of FINESS+, one legal entity in memory at a time."""
    rank = 0
    try:
        for entity in ijson.items(file, f"{_LEGAL_ENTITIES}.item"):
            for place in entity.get("ege") or ():
                rank += 1
                try:
                    yield rank, _plus_place(place)
                except (KeyError, TypeError, AttributeError):
                    notes.add(rank, FacilityFault.UNREADABLE)
    except ijson.JSONError as error:
        raise EOFError from error


def _plus_place(place: Mapping[str, Any]) -> NationalFacility:
    about = place.get("informationsGeneralesEGE") or place["informationsGeneralesEge"]
    address = (place.get("adresse") or [{}])[0]
    contact = (place.get("contact") or [{}])[0].get("telecom") or {}
    category = place.get("categorieentiteGeographiqueExercice") or place.get(
        "categorieEntiteGeographiqueExercice"
    )
    city = _CEDEX.sub("", str(address.get("ligneAcheminement") or ""))
    return NationalFacility(
        finess=str(about["numFinessEge"]).upper(),
        name=str(about.get("nomEgeLong") or about.get("nomEgeCourt") or ""),
        category=_CATEGORIES.get(_code(category), ""),
        address=str(address.get("ligneQuatre") or address.get("lieuDit") or ""),
        postcode=str(address.get("codePostal") or ""),
        city=city,
        phone=str(contact.get("telephone") or ""),
        is_open=_code(place.get("etatObjet")) != "I",
    )


def _code(value: object) -> str:
    """A code, written alone or in an object."""
    return str(value.get("code") or "") if isinstance(value, Mapping) else str(value or "")


def _town(line: str) -> tuple[str, str]:
    """Postcode and town of `01012 BOURG EN BRESSE CEDEX`."""
    found = _POSTCODE.fullmatch(line)
    return (found[1], _CEDEX.sub("", found[2])) if found else ("", line)


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
