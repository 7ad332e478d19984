"""What a row of FINESS says, in each of the forms it is published in."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import ijson

MAX_NOTES = 500
_MAX_LINE = 200_000
_FIELDS = 19
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


def read_lines(
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


def read_plus(file: BinaryIO, notes: FacilityNotes) -> Iterator[tuple[int, NationalFacility]]:
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
