"""What the three kinds of entry share on screen: history, form, correction, earlier versions, arrivals."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import message_composer as words
from app.i18n.entry import CONTACT_MODES
from app.i18n.format import clock, day, plural
from app.i18n.professional import of_label
from app.models.message import Priority
from app.services import draft
from app.services.entry_row import EntryRow
from app.services.fields import FieldReader
from app.services.history import EntryPage
from app.services.message_entry import Telling, has_circle, tell_circle
from app.services.treatment_query import TreatmentChoice, list_choices
from app.state.base import Audience, event, parse_id
from app.state.clock import utc_now
from app.state.entry_view import EntryView, entry_views
from app.state.form import Choice, fields_of, fresh_fields, new_key
from app.state.patient import PatientState

CONTACT_CHOICES = [Choice(mode.value, label) for mode, label in CONTACT_MODES.items()]


class FollowUpState(PatientState):
    """One kind of entry of one patient: shared by tolerance, interaction and adherence pages."""

    rows: list[EntryView] = []
    lead: str = ""
    followed: list[Choice] = []
    filter_treatments: list[Choice] = []
    filter_treatment: str = ""
    matching: int = 0
    total: int = 0
    page_summary: str = ""
    previous_page: str = ""
    next_page: str = ""

    fields: dict[str, str] = {}
    form_key: str = ""
    correcting: str = ""
    correcting_label: str = ""
    arrival: str = ""
    may_tell: bool = False

    _known: set[str] = set()
    _entries: dict[str, EntryRow] = {}
    _new_since: datetime | None = None

    @event(Audience.PROFESSIONAL)
    def correct(self, entry_id: str) -> None:
        """Put one of one's own entries back in the form."""
        row = self._entries.get(str(entry_id))
        if row is None or not row.may_correct:
            return
        self.correcting, self.fields = str(row.id), fields_of(row)
        self.correcting_label = day(row.occurred_on)
        self.form_key, self.field_errors, self.error = new_key(), {}, ""

    @event(Audience.PROFESSIONAL)
    async def cancel(self) -> None:
        """Give up what is typed: an empty form, and no draft."""
        await self._perform(_drop_draft, self.section, str(self._patient_id()))
        self._empty_form()

    def _empty_form(self) -> None:
        self.correcting, self.correcting_label = "", ""
        self.fields, self.form_key = fresh_fields(utc_now()), new_key()
        self.field_errors, self.error = {}, ""

    async def _show(
        self,
        section: str,
        service: Callable[..., Any],
        *,
        refresh: Any,
        is_refresh: bool = False,
        **filters: Any,
    ) -> Any:
        """Load the page. A refresh keeps the form as it is, and says who wrote what arrived."""
        query = self._query()
        self.filter_treatment = query.get("traitement", "")
        was_here = is_refresh and self.section == section
        loaded = await self._load_page(
            section,
            _with_form,
            refresh=refresh,
            page_service=service,
            form=section,
            treatment_id=parse_id(self.filter_treatment) if self.filter_treatment else None,
            page=int(page) if (page := query.get("page", "1")).isdigit() else 1,
            **filters,
        )
        if loaded is None:
            return None
        content, choices, typed, self.may_tell = loaded
        self.followed = [Choice(str(c.id), c.label) for c in choices]
        if not was_here:
            self._empty_form()
            self.arrival = ""
            self.fields = {**self.fields, **typed}
        return content

    def _show_history(self, page: EntryPage, *, is_refresh: bool, **view: Any) -> None:
        known = self._known if is_refresh else set()
        self.rows = entry_views(page.rows, sex=self._sex, **view)
        self._entries = {str(row.id): row for row in page.rows}
        arrived = [
            row for row in page.rows if known and str(row.id) not in known and not row.is_mine
        ]
        if arrived:
            who = of_label(arrived[0].author)
            self.arrival = (
                f"Une entrée {who} vient d’arriver, à {clock(arrived[0].recorded_at)}"
                if len(arrived) == 1
                else f"{len(arrived)} entrées viennent d’arriver"
            )
        self._known = {str(row.id) for row in page.rows} or {""}
        self.total, self.matching = page.total, page.matching
        self.lead = _lead(page)
        self.filter_treatments = [
            Choice(str(option.id), f"{option.label} ({option.count})") for option in page.treatments
        ]
        self._show_pages(page.page, page.page_count)
        self._resume_correction()

    def _resume_correction(self) -> None:
        """A draft may be of a correction: of an entry still shown and still theirs, or else a new one."""
        asked = self._query().get("corriger", "")
        row = self._entries.get(asked or self.fields.get("correcting", ""))
        if row is None or not row.may_correct or self.correcting:
            return
        if asked and self.fields.get("correcting") != asked:
            self.fields = fields_of(row)
        self.correcting, self.correcting_label = str(row.id), day(row.occurred_on)

    def _show_pages(self, page: int, pages: int) -> None:
        self.page_summary = f"Page {page} sur {pages}" if pages > 1 else ""
        self.previous_page = self._address(page=page - 1) if page > 1 else ""
        self.next_page = self._address(page=page + 1) if page < pages else ""

    def _address(self, **changes: object) -> str:
        """The address of this page with other choices; an empty choice leaves it."""
        chosen = {**self._query(), **{name: str(value) for name, value in changes.items()}}
        kept = {
            name: value
            for name, value in chosen.items()
            if value and (name, value) != ("page", "1")
        }
        return f"{self.banner.base}/{self.section}" + (f"?{urlencode(kept)}" if kept else "")

    async def _save(
        self,
        record: Callable[..., UUID],
        correct: Callable[..., UUID],
        notice: str,
        **values: Any,
    ) -> bool:
        """Record a new entry or a correction; on success the form is empty again and the draft gone."""
        patient_id = self._patient_id()
        telling = None if self.correcting else self._telling()
        if self.correcting:
            done = await self._perform(
                _then_drop, correct, parse_id(self.correcting), self.section, patient_id, **values
            )
        else:
            done = await self._perform(
                _then_drop,
                record,
                patient_id,
                self.section,
                patient_id,
                telling=telling,
                **values,
            )
        if done is None:
            return False
        self.notice = (
            "L’entrée a été corrigée. La version d’avant reste lisible."
            if self.correcting
            else notice
        )
        if telling is not None:
            self.notice = f"{self.notice} {words.TOLD}"
        self._empty_form()
        return True

    def _telling(self) -> Telling | None:
        """« Prévenir le cercle », as the form says it (CX-41)."""
        reader = FieldReader(self.fields)
        priority = reader.choice("tell", Priority, missing=None) if self.may_tell else None
        occurred_on = reader.date("occurred_on", missing=None)
        if priority is None or occurred_on is None:
            return None
        subject = words.entry_subject(self.section, occurred_on)
        treatment = self.fields.get("treatment_id", "")
        label = next((each.label for each in self.followed if each.value == treatment), "")
        return Telling(
            priority, subject, self.fields.get("tell_words", ""), words.entry_text(subject, label)
        )


def _with_form(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    page_service: Callable[..., Any],
    form: str,
    now: datetime,
    **filters: Any,
) -> tuple[Any, list[TreatmentChoice], dict[str, str], bool]:
    content = page_service(session, actor, patient_id, now=now, **filters)
    choices = list_choices(session, actor, patient_id, now=now)
    typed = draft.load_draft(session, actor, form, str(patient_id))
    return content, choices, typed, has_circle(session, actor, patient_id)


def _then_drop(
    session: Session,
    actor: Actor,
    act: Callable[..., UUID],
    target_id: UUID,
    form: str,
    patient_id: UUID,
    telling: Telling | None = None,
    **values: Any,
) -> UUID:
    result = act(session, actor, target_id, **values)
    if telling is not None:
        tell_circle(session, actor, result, telling, key=values["key"], now=values["now"])
    draft.drop_draft(session, actor, form, str(patient_id))
    return result


def _drop_draft(session: Session, actor: Actor, form: str, scope: str) -> bool:
    draft.drop_draft(session, actor, form, scope)
    return True


def _lead(page: EntryPage) -> str:
    if not page.total or page.last_on is None:
        return "Aucune entrée pour l’instant"
    entries = plural(page.total, "entrée", "entrées")
    people = plural(page.professionals, "professionnel", "professionnels")
    return f"{entries} de {people}, la dernière le {day(page.last_on)}"


def go(address: str) -> rx.event.EventSpec:
    """Another choice of the same page: its address changes, and with it what the page loads."""
    return rx.redirect(address)
