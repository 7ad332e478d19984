"""Identity traits and contact details of a patient: read, normalised, checked (FE-01 to FE-07, D-01).

The five strict traits of the national referential are mandatory (CX-11): birth name, birth given names, birth
date, sex and birth place. Impossible values are refused; unusual ones are confirmed by the professional.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.errors import Invalid, Unusual
from app.models.patient import IdentityProof, IdentityStatus, Patient, Sex
from app.services.email_address import normalise_email
from app.services.fields import FieldReader, clean_line, clean_text
from app.services.identifiers import (
    is_ins_key_right,
    is_ins_shape,
    is_vitale_card,
    normalise_ins,
    normalise_vitale_card,
)
from app.services.phone_number import normalise_phone
from app.services.text import fold

MAX_NAME = 100
MAX_GIVEN_NAMES = 150
MAX_PLACE = 100
MAX_ADDRESS = 300
OLDEST_YEARS = 130
UNUSUAL_OLD_YEARS = 110
UNUSUAL_YOUNG_YEARS = 1

STRICT_TRAITS = ("birth_name", "birth_given_names", "birth_date", "sex", "birth_place", "ins")

_MALE_DIGITS, _FEMALE_DIGITS = "137", "248"
_LAST_MONTH = 12


@dataclass(frozen=True)
class PatientSheet:
    """The patient sheet of CX-11, typed. `birth_given_names`: all of them, the first one first."""

    birth_name: str
    birth_given_names: str
    birth_date: date
    sex: Sex
    birth_place: str
    used_name: str = ""
    used_given_name: str = ""
    ins: str = ""
    vitale_card: str = ""
    proof: IdentityProof = IdentityProof.NONE
    phone: str = ""
    email: str = ""
    address: str = ""


def identity_status(
    *, ins: str, ins_retrieved_at: datetime | None, proof: IdentityProof
) -> IdentityStatus:
    """The trust in an identity, from the two recorded facts: retrieved, checked (FE-03, FE-06)."""
    is_retrieved = bool(ins) and ins_retrieved_at is not None
    is_checked = proof is not IdentityProof.NONE
    if is_retrieved:
        return IdentityStatus.QUALIFIED if is_checked else IdentityStatus.RETRIEVED
    return IdentityStatus.VALIDATED if is_checked else IdentityStatus.PROVISIONAL


def status_of(patient: Patient) -> IdentityStatus:
    """The identity status of a record."""
    return identity_status(
        ins=patient.ins, ins_retrieved_at=patient.ins_retrieved_at, proof=patient.proof
    )


def age_on(birth_date: date, day: date) -> int:
    """Completed years on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def read_sheet(fields: Mapping[str, str], *, today: date) -> PatientSheet:
    """The sheet a form holds, checked. Faults carry the names of its fields; the birth date's is `birth`."""
    reader = FieldReader(fields)
    birth_date = reader.date("birth", missing="identity.birth_missing")
    sex = reader.choice("sex", Sex, missing="identity.sex_missing")
    proof = reader.choice("proof", IdentityProof, missing=None)
    sheet = PatientSheet(
        birth_name=fields.get("birth_name", ""),
        birth_given_names=fields.get("birth_given_names", ""),
        birth_date=birth_date or today,
        sex=sex or Sex.UNKNOWN,
        birth_place=fields.get("birth_place", ""),
        used_name=fields.get("used_name", ""),
        used_given_name=fields.get("used_given_name", ""),
        ins=fields.get("ins", ""),
        vitale_card=fields.get("vitale_card", ""),
        proof=proof or IdentityProof.NONE,
        phone=fields.get("phone", ""),
        email=fields.get("email", ""),
        address=fields.get("address", ""),
    )
    try:
        sheet = check_sheet(sheet, today=today)
    except Invalid as found:
        reader.merge(found.fields)
    reader.check()
    return sheet


def check_sheet(sheet: PatientSheet, *, today: date) -> PatientSheet:
    """The same sheet as it is stored; raises Invalid with every fault at once."""
    faults: dict[str, str] = {}
    birth_name = _name(sheet.birth_name, "birth_name", MAX_NAME, faults)
    given_names = _name(sheet.birth_given_names, "birth_given_names", MAX_GIVEN_NAMES, faults)
    used_name = _name(sheet.used_name, "used_name", MAX_NAME, faults)
    used_given_name = _name(sheet.used_given_name, "used_given_name", MAX_NAME, faults)
    if not birth_name:
        faults["birth_name"] = "identity.birth_name_missing"
    if not given_names:
        faults["birth_given_names"] = "identity.given_names_missing"
    if sheet.birth_date > today:
        faults["birth"] = "identity.birth_future"
    elif age_on(sheet.birth_date, today) > OLDEST_YEARS:
        faults["birth"] = "date.too_old"
    checked = replace(
        sheet,
        birth_name=birth_name,
        birth_given_names=given_names,
        used_name="" if fold(used_name) == fold(birth_name) else used_name,
        used_given_name=used_given_name,
        birth_place=_place(sheet.birth_place, faults),
        ins=_ins(sheet.ins, faults),
        vitale_card=_vitale_card(sheet.vitale_card, faults),
        phone=_phone(sheet.phone, faults),
        email=_email(sheet.email, faults),
        address=_address(sheet.address, faults),
    )
    if not checked.phone and not checked.email and not faults.keys() & {"phone", "email"}:
        faults["phone"] = "contact.missing"
    if faults:
        raise Invalid(**faults)
    return checked


def doubts(sheet: PatientSheet, *, today: date) -> dict[str, str]:
    """What is possible but unlikely in a checked sheet, by field: to confirm or correct."""
    found: dict[str, str] = {}
    age = age_on(sheet.birth_date, today)
    if age > UNUSUAL_OLD_YEARS:
        found["birth"] = "identity.age_high"
    elif age < UNUSUAL_YOUNG_YEARS:
        found["birth"] = "identity.age_low"
    if sheet.ins:
        if _sex_of_ins(sheet.ins) not in {sheet.sex, Sex.UNKNOWN} and sheet.sex is not Sex.UNKNOWN:
            found["ins"] = "ins.sex_differs"
        elif not _is_birth_of_ins(sheet.ins, sheet.birth_date):
            found["ins"] = "ins.birth_differs"
    return found


def require_usual(sheet: PatientSheet, *, today: date, confirmed: bool) -> None:
    """Raise Unusual for what nobody confirmed. Its context: `field`, every doubt in `fields`, the `age`."""
    found = doubts(sheet, today=today)
    if found and not confirmed:
        field, code = next(iter(found.items()))
        raise Unusual(code, field=field, fields=found, age=age_on(sheet.birth_date, today))


def _name(typed: str, field: str, limit: int, faults: dict[str, str]) -> str:
    """Letters, with spaces, hyphens, apostrophes, full stops and, between given names, commas."""
    value = clean_line(typed).replace("'", "’").replace("‐", "-").replace("‑", "-")
    allowed = " -’." + ("," if field == "birth_given_names" else "")
    if "," in allowed:
        value = ", ".join(filter(None, (part.strip() for part in value.split(","))))
    if len(value) > limit:
        faults[field] = "text.too_long"
        return value
    has_other_signs = any(
        c not in allowed and unicodedata.category(c)[0] not in "LM" for c in value
    )
    if has_other_signs or (value and not fold(value)):
        faults[field] = "identity.name_letters"
    return value


def _place(typed: str, faults: dict[str, str]) -> str:
    value = clean_line(typed)
    if not fold(value):
        faults["birth_place"] = "identity.birth_place_missing"
    elif len(value) > MAX_PLACE:
        faults["birth_place"] = "text.too_long"
    return value


def _ins(typed: str, faults: dict[str, str]) -> str:
    value = normalise_ins(clean_line(typed))
    if value and not (value.isascii() and is_ins_shape(value)):
        faults["ins"] = "ins.format"
    elif value and not is_ins_key_right(value):
        faults["ins"] = "ins.key"
    return value


def _vitale_card(typed: str, faults: dict[str, str]) -> str:
    value = normalise_vitale_card(clean_line(typed))
    if value and not is_vitale_card(value):
        faults["vitale_card"] = "vitale_card.format"
    return value


def _phone(typed: str, faults: dict[str, str]) -> str:
    value = normalise_phone(typed)
    if value is None:
        faults["phone"] = "phone.format"
    return value or ""


def _email(typed: str, faults: dict[str, str]) -> str:
    value = normalise_email(typed)
    if value is None:
        faults["email"] = "email.format"
    return clean_line(typed).lower()


def _address(typed: str, faults: dict[str, str]) -> str:
    value = clean_text(typed)
    if len(value) > MAX_ADDRESS:
        faults["address"] = "text.too_long"
    return value


def _sex_of_ins(ins: str) -> Sex:
    if ins[0] in _MALE_DIGITS:
        return Sex.MALE
    return Sex.FEMALE if ins[0] in _FEMALE_DIGITS else Sex.UNKNOWN


def _is_birth_of_ins(ins: str, birth_date: date) -> bool:
    """Year and month as far as the number states them: months over 12 stand for uncertain births."""
    month = int(ins[3:5])
    same_month = month == birth_date.month or not 1 <= month <= _LAST_MONTH
    return int(ins[1:3]) == birth_date.year % 100 and same_month
