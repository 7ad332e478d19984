"""The ANS FHIR API « Annuaire Santé » (`LIANE_DIRECTORY_API_KEY`): people found as they are today.

Two requests make an answer: practitioners with their roles, then the organisations of those roles. Nothing
but what is typed leaves, and only towards the host of `LIANE_DIRECTORY_API_URL`.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from app.errors import Unavailable
from app.integrations.outbound import Outbound, OutboundFault

SOURCE = "ANS, Annuaire Santé"
MAX_PEOPLE = 20
_RPPS_SYSTEM = "https://rpps.esante.gouv.fr"
_IDNPS_SYSTEM = "urn:oid:1.2.250.1.71.4.2.1"
_STRUCTURE_SYSTEM = "urn:oid:1.2.250.1.71.4.2.2"
_PROFESSION = "TRE_G15-ProfessionSante"
_SPECIALITIES = ("TRE_R38-SpecialiteOrdinale", "TRE_R01-EnsembleSavoirFaire")
_STREET = ("houseNumber", "houseNumberSuffix", "streetNameType", "streetNameBase")
_JSON = "application/fhir+json"

logger = logging.getLogger("liane.directory")


@dataclass(frozen=True)
class FoundPlace:
    """One place of practice. `structure`: its technical identifier in the directory."""

    finess: str = ""
    structure: str = ""
    name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True)
class FoundPerson:
    """One person in one profession. `profession`: code G15; labels are '' where the API gives none."""

    number: str
    family_name: str
    given_name: str = ""
    civility: str = ""
    profession: str = ""
    profession_label: str = ""
    speciality: str = ""
    places: tuple[FoundPlace, ...] = ()


class Annuaire:
    """One instance of the API. Every failure of it is `Unavailable`; the log says why, without the key."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        is_local: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url, self._key = url.rstrip("/"), key
        host = urlsplit(url).hostname or ""
        self._outbound = Outbound([host], is_local=is_local, transport=transport)

    async def search(self, words: Sequence[str], number: str = "") -> list[FoundPerson]:
        """People whose names begin with all these words, or who bear this number. Raises Unavailable."""
        wanted = [("identifier", number)] if number else [("name", word) for word in words]
        if not wanted:
            return []
        parameters = [
            *wanted,
            ("active", "true"),
            ("_count", str(MAX_PEOPLE)),
            ("_revinclude", "PractitionerRole:practitioner"),
        ]
        try:
            found = _resources(await self._ask("Practitioner", parameters))
            ids = {
                _last(role["organization"])
                for role in found["PractitionerRole"]
                if "organization" in role
            }
            organizations: list[Mapping[str, Any]] = []
            if ids:
                asked = [("_id", ",".join(sorted(ids))), ("_count", str(len(ids)))]
                organizations = _resources(await self._ask("Organization", asked))["Organization"]
            return list(_people(found["Practitioner"], found["PractitionerRole"], organizations))
        except OutboundFault as error:
            logger.warning("directory API: %s", error)
            raise Unavailable("directory.unavailable") from error
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            logger.warning("directory API: an answer of another form (%s)", type(error).__name__)
            raise Unavailable("directory.unavailable") from error

    async def _ask(self, resource: str, parameters: Iterable[tuple[str, str]]) -> dict[str, Any]:
        headers = {"ESANTE-API-KEY": self._key, "Accept": _JSON}
        url = f"{self._url}/{resource}?{urlencode(list(parameters))}"
        answer = await self._outbound.call("GET", url, headers=headers)
        bundle = answer.json_object()
        if bundle.get("resourceType") != "Bundle":
            raise OutboundFault(f"answered a {bundle.get('resourceType')!s:.40}")
        return bundle


def _resources(bundle: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The resources of a bundle by kind, under the id they are referred to by."""
    found: dict[str, list[Mapping[str, Any]]] = {
        "Practitioner": [],
        "PractitionerRole": [],
        "Organization": [],
    }
    for entry in bundle.get("entry") or ():
        resource = entry["resource"]
        if resource.get("resourceType") in found:
            found[resource["resourceType"]].append(resource)
    return found


def _people(
    practitioners: Iterable[Mapping[str, Any]],
    roles: Iterable[Mapping[str, Any]],
    organizations: Iterable[Mapping[str, Any]],
) -> Iterable[FoundPerson]:
    places = {_plain_id(one["id"]): _place(one) for one in organizations}
    where: dict[str, list[FoundPlace]] = {}
    for role in roles:
        place = places.get(_plain_id(_last(role.get("organization"))))
        known = where.setdefault(_plain_id(_last(role.get("practitioner"))), [])
        if place is not None and place not in known:
            known.append(place)
    for practitioner in practitioners:
        person = _person(practitioner)
        if person is not None:
            yield replace(person, places=tuple(where.get(_plain_id(practitioner["id"]), ())))


def _person(resource: Mapping[str, Any]) -> FoundPerson | None:
    """One practitioner; None for those without a number or a name."""
    number = _identifier(resource, _RPPS_SYSTEM) or _identifier(resource, _IDNPS_SYSTEM)[1:]
    name = (resource.get("name") or [{}])[0]
    family = str(name.get("family") or "").strip()
    if not number or not family:
        return None
    codings = [
        coding
        for qualification in resource.get("qualification") or ()
        for coding in qualification.get("code", {}).get("coding") or ()
    ]
    profession = _coding(codings, (_PROFESSION,))
    return FoundPerson(
        number=number,
        family_name=family,
        given_name=" ".join(str(part) for part in name.get("given") or ()),
        civility=str((name.get("prefix") or [""])[0]),
        profession=str(profession.get("code") or ""),
        profession_label=str(profession.get("display") or ""),
        speciality=str(_coding(codings, _SPECIALITIES).get("display") or ""),
    )


def _place(resource: Mapping[str, Any]) -> FoundPlace:
    address = (resource.get("address") or [{}])[0]
    return FoundPlace(
        finess=_identifier_of_type(resource, "FINEG"),
        structure=_identifier(resource, _STRUCTURE_SYSTEM),
        name=str(resource.get("name") or ""),
        address=_street(address),
        postcode=str(address.get("postalCode") or ""),
        city=str(address.get("city") or ""),
    )


def _street(address: Mapping[str, Any]) -> str:
    """The street, written out or in parts."""
    lines = [str(line) for line in address.get("line") or () if line]
    if lines:
        return ", ".join(lines)
    parts = {
        str(extension.get("url", "")).rpartition("-")[2]: str(extension.get("valueString") or "")
        for line in address.get("_line") or ()
        for extension in (line or {}).get("extension") or ()
    }
    return " ".join(parts[name] for name in _STREET if parts.get(name))


def _coding(codings: Iterable[Mapping[str, Any]], systems: Sequence[str]) -> Mapping[str, Any]:
    for coding in codings:
        if any(system in str(coding.get("system", "")) for system in systems):
            return coding
    return {}


def _identifier(resource: Mapping[str, Any], system: str) -> str:
    for identifier in resource.get("identifier") or ():
        if identifier.get("system") == system:
            return str(identifier.get("value") or "")
    return ""


def _identifier_of_type(resource: Mapping[str, Any], code: str) -> str:
    for identifier in resource.get("identifier") or ():
        codings = identifier.get("type", {}).get("coding") or ()
        if any(coding.get("code") == code for coding in codings):
            return str(identifier.get("value") or "")
    return ""


def _last(reference: Mapping[str, Any] | None) -> str:
    """`158480` of a reference to `Organization/158480`."""
    return str((reference or {}).get("reference") or "").rpartition("/")[2]


def _plain_id(text: str) -> str:
    """An id without the letters by which a view of the directory ends those of its own."""
    return text.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
