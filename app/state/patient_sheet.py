"""The patient's sheet on the « Contacts » page: read, and edited at `?modifier=1`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import Unusual
from app.i18n.format import age, day, local_day, phone, years
from app.i18n.patient import FIELDS, IDENTITY_PROOFS, IDENTITY_STATUSES, SEXES, ins_label
from app.models.patient import IdentityProof
from app.services import draft
from app.services.fields import paris_day
from app.services.identity import PatientSheet, read_sheet
from app.services.patient import PatientFile, edit_patient
from app.state import sheet_form
from app.state.address import address
from app.state.base import Audience, event
from app.state.clock import today, utc_now
from app.state.form import new_key
from app.state.patient import PatientState
from app.state.sheet_form import (
    doubt_mark,
    doubt_words,
    fields_of_sheet,
    in_form_order,
)

FORM = "patient-sheet"
EDITING = "modifier"
CONFIRMED = "confirmed"
_MAX_VALUE = 4_000


@dataclass(frozen=True)
class Trait:
    """One line of the sheet."""

    label: str
    value: str


@dataclass(frozen=True)
class Doubt:
    """Unlikely values nobody confirmed yet."""

    codes: Mapping[str, str]
    age: int


class PatientSheetState(PatientState):
    """The sheet of the open record."""

    identity: list[Trait] = []
    contact: list[Trait] = []
    is_editing: bool = False
    is_locked: bool = False
    fields: dict[str, str] = {}
    form_key: str = ""
    version: str = ""
    base: str = ""
    is_stale: bool = False
    changed_since: list[Trait] = []
    doubts: list[str] = []
    confirmed: str = ""

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """Save the sheet; unlikely values are asked about first."""
        self.fields = _read(fields)
        return await self._save()

    @event(Audience.PROFESSIONAL)
    async def confirm_doubts(self) -> rx.event.EventSpec | None:
        """« Confirmer »: these values are unlikely and right."""
        if not self.doubts:
            return None
        self.fields = {**self.fields, CONFIRMED: self.confirmed}
        return await self._save()

    @event(Audience.PROFESSIONAL)
    def close_dialog(self) -> None:
        """« Corriger »: back to the form."""
        self.doubts = []

    @event(Audience.PROFESSIONAL)
    async def cancel(self) -> rx.event.EventSpec | None:
        """Give up what is typed."""
        if await self._perform(_drop, self._patient_id()) is None:
            return None
        return rx.redirect(f"{self.banner.base}/contacts")

    async def _save(self) -> rx.event.EventSpec | None:
        self.doubts = []
        saved = await self._perform(edit, self._patient_id(), self.fields, now=utc_now())
        if saved is None:
            self.field_errors = in_form_order(self.field_errors)
            return None
        if isinstance(saved, Doubt):
            self.confirmed = doubt_mark(self.fields, saved.codes)
            self.doubts = doubt_words(saved.codes, saved.age)
            return None
        self.notice = "La fiche est enregistrée."
        return rx.redirect(f"{self.banner.base}/contacts")


async def show_sheet(
    state: PatientState, file: PatientFile, typed: Mapping[str, str], *, is_refresh: bool
) -> None:
    """Put the sheet on the page. A refresh leaves the form alone."""
    sheet = await state.get_state(PatientSheetState)
    sheet.identity, sheet.contact = identity_traits(file), contact_traits(file.sheet)
    sheet.is_locked = file.is_locked
    if is_refresh:
        return
    stored = fields_of_sheet(file.sheet)
    sheet.version, sheet.base = str(file.version), json.dumps(stored)
    sheet.is_stale = bool(typed) and typed.get("version") != sheet.version
    sheet.fields = _merge(stored, typed) if typed else stored
    sheet.changed_since = _differences(file, sheet.fields) if sheet.is_stale else []
    sheet.form_key, sheet.doubts = new_key(), []


def _merge(stored: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, over what is stored now: a field left as it was follows the record."""
    try:
        base = json.loads(typed.get("base", "{}"))
    except ValueError:
        base = {}
    read = _read(typed)
    known = base if isinstance(base, dict) else {}
    kept = {name: read[name] for name in stored if read[name] != known.get(name, "")}
    return {**stored, **kept, CONFIRMED: read[CONFIRMED]}


def edit(
    session: Session, actor: Actor, patient_id: UUID, fields: Mapping[str, str], *, now: datetime
) -> int | Doubt:
    """Save the sheet a form holds and forget its draft; the new version, or what is to confirm."""
    sheet = read_sheet(fields, today=paris_day(now))
    typed = fields.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() else 0
    try:
        saved = edit_patient(session, actor, patient_id, sheet=sheet, version=version, now=now)
    except Unusual as doubt:
        codes = doubt.context["fields"]
        assert isinstance(codes, dict)
        if fields.get(CONFIRMED) != doubt_mark(fields, codes):
            return Doubt(codes, int(str(doubt.context["age"])))
        saved = edit_patient(
            session, actor, patient_id, sheet=sheet, version=version, confirmed=True, now=now
        )
    draft.drop_draft(session, actor, FORM, str(patient_id))
    return saved


def edit_address(base: Any) -> Any:
    """Where the sheet of a record is edited."""
    return base + address("/contacts", **{EDITING: 1})


def identity_traits(file: PatientFile) -> list[Trait]:
    """The traits that identify somebody, in words; what is not known is left out."""
    sheet = file.sheet
    proof = IDENTITY_PROOFS[sheet.proof]
    if sheet.proof is not IdentityProof.NONE and file.proof_checked_at is not None:
        proof = f"{proof}, vérifiée le {day(local_day(file.proof_checked_at))}"
    birth = f"{day(sheet.birth_date)} ({years(age(sheet.birth_date, today()))})"
    traits = _traits(
        birth_name=sheet.birth_name.upper(),
        birth_given_names=sheet.birth_given_names,
        used_name=sheet.used_name.upper(),
        used_given_name=sheet.used_given_name,
        birth=birth,
        birth_place=sheet.birth_place,
        sex=SEXES[sheet.sex],
        ins=ins_label(sheet.ins),
        vitale_card=sheet.vitale_card,
        proof=proof,
    )
    return [*traits, Trait("Statut", IDENTITY_STATUSES[file.identity_status])]


def contact_traits(sheet: PatientSheet) -> list[Trait]:
    """The contact details, in words."""
    return _traits(phone=phone(sheet.phone), email=sheet.email, address=sheet.address)


def _traits(**values: str) -> list[Trait]:
    return [Trait(FIELDS[name], value) for name, value in values.items() if value]


def _differences(file: PatientFile, typed: Mapping[str, str]) -> list[Trait]:
    """What is stored now where something else was typed."""
    stored = fields_of_sheet(file.sheet)
    names = {name: name for name in stored} | {
        f"birth_{part}": "birth" for part in ("day", "month", "year")
    }
    differing = {names[name] for name in stored if stored[name] != typed.get(name, "")}
    shown = [*identity_traits(file), *contact_traits(file.sheet)]
    known = {trait.label: trait.value for trait in shown}
    return [
        Trait(label, known.get(label, "vide"))
        for name, label in FIELDS.items()
        if name in differing
    ]


def _read(fields: Mapping[str, Any]) -> dict[str, str]:
    known = (*sheet_form.FIELDS, "version", CONFIRMED)
    return {name: str(fields.get(name, ""))[:_MAX_VALUE] for name in known}


def _drop(session: Session, actor: Actor, patient_id: UUID) -> None:
    draft.drop_draft(session, actor, FORM, str(patient_id))
