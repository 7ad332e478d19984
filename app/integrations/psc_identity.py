"""Who Pro Santé Connect says somebody is: the claims of userinfo, read for what they are (FA-13 to FA-20).

Many fields can be absent and none is trusted to have its type or a sensible length: what cannot be read
is empty, never an error, except the subject, without which nobody is named.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MAX_TEXT = 200
_MAX_LIST = 30
_NATIONAL_RPPS = re.compile(r"8(\d{11})")


@dataclass(frozen=True)
class Activity:
    """One place and way of working of an exercise. Every field may be empty."""

    mode_code: str = ""
    sector_code: str = ""
    role_code: str = ""
    pharmacist_section: str = ""
    finess: str = ""
    siret: str = ""
    structure_id: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Exercise:
    """One situation in which a person may act (FA-15). `activities` may be empty."""

    profession_code: str = ""
    category_code: str = ""
    know_how_code: str = ""
    know_how_type: str = ""
    civility_code: str = ""
    family_name: str = ""
    given_name: str = ""
    activities: tuple[Activity, ...] = ()


@dataclass(frozen=True)
class PscIdentity:
    """A person authenticated by Pro Santé Connect.

    `national_id`: the number with its type digit (FA-16). `rpps`: its 11 digits, '' for any other type.
    `sid`: the provider's session, for its back-channel logout.
    """

    issuer: str
    subject: str
    national_id: str = ""
    rpps: str = ""
    civility_code: str = ""
    family_name: str = ""
    given_name: str = ""
    profession_codes: tuple[str, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    organisations: tuple[str, ...] = ()
    acr: str = ""
    sid: str = ""


def read_identity(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> PscIdentity:
    """The identity of a checked id token and the userinfo that belongs to it."""
    reference = _mapping(userinfo.get("SubjectRefPro"))
    exercises = tuple(_exercise(one) for one in _mappings(reference.get("exercices")))
    national_id = _text(userinfo.get("SubjectNameID"))
    rpps = _NATIONAL_RPPS.fullmatch(national_id)
    return PscIdentity(
        issuer=_text(id_token.get("iss")),
        subject=_text(id_token.get("sub"), 255),
        national_id=national_id,
        rpps=rpps[1] if rpps else "",
        civility_code=_text(reference.get("codeCivilite")),
        family_name=_text(userinfo.get("family_name")),
        given_name=_text(userinfo.get("given_name")),
        profession_codes=_professions(userinfo, exercises),
        exercises=exercises,
        organisations=_texts(userinfo.get("SubjectOrganization")),
        acr=_text(id_token.get("acr")),
        sid=_text(id_token.get("sid"), 255),
    )


def _professions(userinfo: Mapping[str, Any], exercises: tuple[Exercise, ...]) -> tuple[str, ...]:
    """Codes of the exercises, then those of the roles: `10^1.2.250.1.213.1.1.5.5` is profession 10."""
    roles = [role.partition("^")[0] for role in _texts(userinfo.get("SubjectRole"))]
    codes = [one.profession_code for one in exercises] + roles
    return tuple(dict.fromkeys(code for code in codes if code))


def _exercise(found: Mapping[str, Any]) -> Exercise:
    return Exercise(
        profession_code=_text(found.get("codeProfession")),
        category_code=_text(found.get("codeCategorieProfessionnelle")),
        know_how_code=_text(found.get("codeSavoirFaire")),
        know_how_type=_text(found.get("codeTypeSavoirFaire")),
        civility_code=_text(found.get("codeCiviliteDexercice")),
        family_name=_text(found.get("nomDexercice")),
        given_name=_text(found.get("prenomDexercice")),
        activities=tuple(_activity(one) for one in _mappings(found.get("activities"))),
    )


def _activity(found: Mapping[str, Any]) -> Activity:
    finess = _text(found.get("numeroFinessSite"))
    return Activity(
        mode_code=_text(found.get("codeModeExercice")),
        sector_code=_text(found.get("codeSecteurDactivite")),
        role_code=_text(found.get("codeRole")),
        pharmacist_section=_text(found.get("codeSectionPharmacien")),
        finess=finess or _text(found.get("numeroFinessetablissementJuridique")),
        siret=_text(found.get("numeroSiretSite")),
        structure_id=_text(found.get("identifiantTechniqueDeLaStructure")),
        name=_text(found.get("enseigneCommercialeSite")) or _text(found.get("raisonSocialeSite")),
        phone=_text(found.get("telephone")),
        email=_text(found.get("adresseEMail")),
    )


def _text(value: Any, limit: int = _MAX_TEXT) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    words = " ".join(str(value).split())
    return words if words.isprintable() and len(words) <= limit else ""


def _texts(value: Any) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one."""
    found = value if isinstance(value, list) else [value]
    return tuple(text for text in (_text(one) for one in found[:_MAX_LIST]) if text)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    found = value if isinstance(value, list) else []
    return [one for one in found[:_MAX_LIST] if isinstance(one, dict)]
