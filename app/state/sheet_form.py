"""The form of a patient's sheet, shared by the enrolment and the editing: its fields, what is to confirm."""

from collections.abc import Mapping

from app.i18n.format import phone
from app.i18n.messages import sentence
from app.i18n.patient import IDENTITY_PROOFS, SEXES
from app.services.fields import date_fields
from app.services.identity import PatientSheet
from app.state.form import Choice

FIELDS = (
    "birth_name",
    "birth_given_names",
    "birth_day",
    "birth_month",
    "birth_year",
    "birth_place",
    "sex",
    "ins",
    "vitale_card",
    "proof",
    "used_name",
    "used_given_name",
    "phone",
    "email",
    "address",
)
SEX_CHOICES = [Choice(sex.value, label) for sex, label in SEXES.items()]
PROOF_CHOICES = [Choice(proof.value, label) for proof, label in IDENTITY_PROOFS.items()]
_DOUBTED = ("birth_day", "birth_month", "birth_year", "sex", "ins")


def fields_of_sheet(sheet: PatientSheet) -> dict[str, str]:
    """The form of a sheet as it is stored."""
    return {
        **date_fields("birth", sheet.birth_date),
        "birth_name": sheet.birth_name,
        "birth_given_names": sheet.birth_given_names,
        "used_name": sheet.used_name,
        "used_given_name": sheet.used_given_name,
        "sex": sheet.sex.value,
        "birth_place": sheet.birth_place,
        "ins": sheet.ins,
        "vitale_card": sheet.vitale_card,
        "proof": sheet.proof.value,
        "phone": phone(sheet.phone),
        "email": sheet.email,
        "address": sheet.address,
    }


def in_form_order(errors: Mapping[str, str]) -> dict[str, str]:
    """Faults in the order of the fields, as the summary of errors lists them."""
    order = [name.removesuffix("_day") for name in FIELDS]
    known = {name: errors[name] for name in order if name in errors}
    return known | dict(errors)


def doubt_mark(typed: Mapping[str, str], doubts: Mapping[str, str]) -> str:
    """What was found unlikely, and for which values: once confirmed, it is not asked again for these."""
    values = (typed.get(name, "").strip() for name in _DOUBTED)
    return "|".join([*sorted(doubts.values()), *values])


def doubt_words(doubts: Mapping[str, str], age: int) -> list[str]:
    """The questions to confirm or correct."""
    return [sentence(code, age=age) for code in doubts.values()]
