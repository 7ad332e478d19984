"""Enrolling a patient in three steps (CX-10 to CX-17): the step is in the address, the rest in the draft."""

from typing import Any
from uuid import UUID

import reflex as rx

from app.authz import policies
from app.i18n import enrolment as words
from app.i18n.messages import sentence
from app.services.enrolment import MAX_TREATMENTS, check_treatment_step
from app.state import enrolment_steps as steps
from app.state.address import address, number_in, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.consent_form import NoticeText, notice_text
from app.state.enrolment_steps import CONSENT, IDENTITY, TREATMENTS, Question
from app.state.enrolment_view import (
    AddedTreatment,
    Carried,
    DuplicateView,
    added_treatments,
    carried,
    collected_consent,
    duplicate_view,
    patient_name,
)
from app.state.form import key_of, new_key
from app.state.medicine import start_picker, tell_source, with_picked_medicine
from app.state.patient import leave_record
from app.state.sheet_form import doubt_mark, doubt_words, in_form_order

PATH = "/patients/nouveau"
DOUBT, DUPLICATE, SAME, COLLECT, ABANDON = "doubt", "duplicate", "same", "consent", "abandon"


class EnrolmentState(AppState):
    """The enrolment under way of the account. Nothing exists before its last step."""

    step: int = 0
    fields: dict[str, str] = {}
    carried: list[Carried] = []
    form_key: str = ""
    adding_key: str = ""
    may_enrol: bool = True
    refusal: str = ""
    resumed: str = ""

    treatments: list[AddedTreatment] = []
    is_full: bool = False
    told: str = ""

    information: NoticeText = NoticeText()
    consent: str = ""

    dialog: str = ""
    doubts: list[str] = []
    duplicates: list[DuplicateView] = []
    same_href: str = ""

    _question: Question | None = None
    _is_moving: bool = False
    # The connection whose address is being completed: a page loaded anew has another one.
    _placing: str = ""

    @event(Audience.PROFESSIONAL)
    async def load(self) -> rx.event.EventSpec | None:
        """Show the step of the address, or the last one whose earlier steps hold."""
        await leave_record(self)
        self.may_enrol = policies.may_enrol(self._actor)
        if not self.may_enrol:
            self.refusal = sentence(policies.enrolment_refusal(self._actor))
            self.page_status = "ready"
            return None
        asked = number_in(query_of(self.router.url), "etape", most=CONSENT)
        connection = self.router.session.session_id
        was_placing, self._placing = self._placing == connection, ""
        if was_placing and asked == self.step:
            # Only the address changed: the form stays as it is, whatever is typed in it.
            return None
        was_moving, self._is_moving = self._is_moving, False
        said = (self.error, self.field_errors, self.dialog) if was_moving else ("", {}, "")
        self.page_status = "loading"
        found = await self._look_up(steps.resume, now=utc_now())
        if found is None:
            self.page_status = "failed"
            return None
        self.error, self.field_errors, self.dialog = said
        left_at = number_in(found.fields, "step", most=CONSENT) or IDENTITY
        step = min(asked or left_at, found.reached)
        if not was_moving:
            is_back = not asked and "birth_name" in found.fields
            self.resumed = words.resumed(patient_name(found.fields)) if is_back else ""
        self.information = notice_text(found.notice)
        self.fields = found.fields
        await start_picker(self, found.fields)
        await tell_source(self, found.release)
        self._draw(step)
        self.page_status = "ready"
        if asked == step:
            return None
        self._placing = connection
        return rx.redirect(address(PATH, etape=step), replace=True)

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """What a button of the form asks: go on, go back, add, remove, collect the consent, give up."""
        way, _, number = str(fields.get("way", "")).partition("-")
        self.fields, self.told = steps.read_fields(fields), ""
        if self._step() == TREATMENTS:
            self.fields = await with_picked_medicine(self, self.fields)
        self.error, self.field_errors = "", {}
        self._carry()
        await self._keep()
        if way in {COLLECT, ABANDON}:
            self.dialog = way
        elif way == "back":
            return await self._go(max(self._step() - 1, IDENTITY))
        elif way == "add":
            await self._add()
        elif way == "remove" and number.isdigit():
            await self._remove(int(number))
        else:
            return await self._go_on(fields)
        return None

    @event(Audience.PROFESSIONAL)
    async def confirm_doubts(self) -> rx.event.EventSpec | None:
        """« Confirmer »: these values are unlikely and right."""
        if self.dialog == DOUBT and self._question is not None:
            mark = doubt_mark(self.fields, self._question.doubts)
            return await self._answer(steps.CONFIRMED, mark)
        return None

    @event(Audience.PROFESSIONAL)
    async def deny_duplicates(self) -> rx.event.EventSpec | None:
        """« Ce n’est pas la même personne »."""
        if self.dialog == DUPLICATE and self._question is not None:
            ids = ",".join(str(row.patient_id) for row in self._question.duplicates)
            return await self._answer(steps.DENIED, ids)
        return None

    @event(Audience.PROFESSIONAL)
    def close_dialog(self) -> None:
        """Close the dialog; nothing is done."""
        self.dialog, self.field_errors, self.error = "", {}, ""

    @event(Audience.PROFESSIONAL)
    async def collect_consent(self, fields: dict[str, Any]) -> None:
        """Keep the consent of the dialog; the record is not created yet."""
        typed = dict.fromkeys(("consent_given", "consent_mode"), "") | steps.read_fields(fields)
        both = self.fields | typed
        if await self._perform(steps.collect_consent, both, now=utc_now()) is not None:
            self.dialog, self.fields = "", both
            self._carry()

    @event(Audience.PROFESSIONAL)
    async def abandon(self) -> rx.event.EventSpec | None:
        """Forget everything that was typed."""
        if await self._perform(steps.drop) is None:
            return None
        self._forget()
        self.notice = words.ABANDONED
        return rx.redirect("/patients")

    async def _go_on(self, sent: dict[str, Any]) -> rx.event.EventSpec | None:
        match self._step():
            case steps.IDENTITY:
                return await self._check_identity()
            case steps.TREATMENTS:
                return await self._check_treatments()
            case _:
                return await self._create(key_of({"key": str(sent.get("key", ""))}))

    async def _check_identity(self) -> rx.event.EventSpec | None:
        answer = await self._perform(steps.ask_identity, self.fields, now=utc_now())
        if isinstance(answer, Question):
            self._ask(answer)
        elif answer is not None:
            return await self._go(TREATMENTS)
        self.field_errors = in_form_order(self.field_errors)
        return None

    async def _answer(self, name: str, value: str) -> rx.event.EventSpec | None:
        self.dialog, self._question = "", None
        self.fields = {**self.fields, name: value}
        self._carry()
        await self._keep()
        return await self._check_identity()

    def _ask(self, question: Question) -> None:
        self._question = question
        if question.same_id is not None:
            self.dialog = SAME
            self.same_href = f"/patients/{question.same_id}/synthese"
        elif question.doubts:
            self.dialog, self.doubts = DOUBT, doubt_words(question.doubts, question.age)
        else:
            self.dialog = DUPLICATE
            self.duplicates = [duplicate_view(row) for row in question.duplicates]

    async def _add(self) -> bool:
        """Put the treatment being typed in the list, unless it has a fault."""
        rows, adding = steps.rows_of(self.fields), steps.adding_of(self.fields)
        candidate = steps.with_rows(
            self.fields, [*rows, adding or dict.fromkeys(steps.ADDING, "")], {}
        )
        number = len(rows) + 1
        faults = await self._treatment_faults(candidate)
        if faults is None:
            return False
        prefix = f"treatment_{number}_"
        own = {
            name.removeprefix(prefix): said
            for name, said in faults.items()
            if name.startswith(prefix)
        }
        if not adding:
            own.setdefault("label", sentence("treatment.label_missing"))
        if own:
            self.field_errors = own
            return False
        await self._change_rows(candidate, words.added(adding["label"]))
        return True

    async def _remove(self, number: int) -> None:
        rows = steps.rows_of(self.fields)
        if not 1 <= number <= len(rows):
            return
        label = rows.pop(number - 1)["label"]
        adding = steps.adding_of(self.fields)
        await self._change_rows(steps.with_rows(self.fields, rows, adding), words.removed(label))

    async def _change_rows(self, fields: dict[str, str], told: str) -> None:
        self.fields = fields
        await self._keep()
        self.told, self.adding_key = told, new_key()
        await start_picker(self, fields)
        self._carry()

    async def _check_treatments(self) -> rx.event.EventSpec | None:
        if steps.adding_of(self.fields) and not await self._add():
            return None
        faults = await self._treatment_faults(self.fields)
        if faults:
            self._tell_rows(faults)
        if faults is None or faults:
            return None
        return await self._go(CONSENT)

    async def _treatment_faults(self, fields: dict[str, str]) -> dict[str, str] | None:
        """What is wrong with the treatments, to say beside the right fields; None after a fault of ours."""
        if await self._perform(check_treatment_step, fields, now=utc_now()) is not None:
            return {}
        faults = dict(self.field_errors)
        if faults:
            self.error, self.field_errors = "", {}
        return faults or None

    def _tell_rows(self, faults: dict[str, str]) -> None:
        """Faults of the rows of the list, one for each row; without any row, of the form that adds one."""
        if not self.treatments:
            self.field_errors = {"label": sentence("treatment.label_missing")}
            return
        told: dict[str, str] = {}
        for name, said in faults.items():
            told.setdefault("_".join(name.split("_")[:2]), said)
        self.field_errors = told

    async def _create(self, key: UUID) -> rx.event.EventSpec | None:
        name = patient_name(self.fields)
        made = await self._perform(steps.create, self.fields, key=key, now=utc_now())
        if isinstance(made, Question):
            self._ask(made)
            return await self._go(IDENTITY)
        if isinstance(made, UUID):
            self._forget()
            self.notice = words.created(name)
            return rx.redirect(f"/patients/{made}/synthese")
        return await self._show_faults()

    async def _show_faults(self) -> rx.event.EventSpec | None:
        """Go back to the first step that has a fault."""
        faults = self.field_errors
        step = min((steps.step_of_fault(name) for name in faults), default=CONSENT)
        own = {name: said for name, said in faults.items() if steps.step_of_fault(name) == step}
        if step == TREATMENTS:
            self._tell_rows(own)
        elif step == CONSENT and not self.dialog:
            # The fields of the consent are in its dialog: one sentence leads there.
            self.field_errors = {
                name: said for name, said in own.items() if not name.startswith("consent")
            }
            if len(self.field_errors) < len(own):
                self.field_errors["consent_given"] = words.CONSENT_MISSING
        else:
            self.field_errors = in_form_order(own)
        return await self._go(step) if step < CONSENT else None

    async def _keep(self) -> None:
        """Keep what is typed; what the page says of it stays."""
        said = (self.error, self.field_errors)
        if await self._perform(steps.keep, self.fields, now=utc_now()) is not None:
            self.error, self.field_errors = said

    def _step(self) -> int:
        """The step the form was sent from; each act checks again what it needs."""
        return number_in(self.fields, "step", most=CONSENT) or IDENTITY

    async def _go(self, step: int) -> rx.event.EventSpec:
        self.fields = {**self.fields, "step": str(step)}
        await self._keep()
        self._is_moving, self.resumed = True, ""
        return rx.redirect(address(PATH, etape=step))

    def _draw(self, step: int) -> None:
        self.step, self.form_key, self.adding_key = step, new_key(), new_key()
        self.told = ""
        self.fields = {**self.fields, "step": str(step)}
        self._carry()

    def _carry(self) -> None:
        """Show what the fields hold now."""
        self.carried = carried(self.fields, self.step)
        self.treatments = added_treatments(self.fields)
        self.is_full = len(self.treatments) >= MAX_TREATMENTS
        self.consent = collected_consent(self.fields)

    def _forget(self) -> None:
        self.step, self.fields, self.carried, self.dialog = 0, {}, [], ""
        self.treatments, self.consent, self.resumed = [], "", ""
        self._question = None
