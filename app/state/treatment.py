"""The treatment list: adding with the medicine picker, changing, ending, resuming, removing (CX-19)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.adherence import SHORT_CLASSES
from app.i18n.format import bound, day, plural, short_day
from app.i18n.professional import by_label
from app.models.adherence import AdherenceClass
from app.services import draft, treatment
from app.services.fields import FieldReader, date_fields, paris_day
from app.services.medicine import current_release
from app.services.treatment_input import NewTreatment
from app.services.treatment_query import TreatmentRow, list_treatments
from app.state.base import Audience, event
from app.state.clock import utc_now
from app.state.form import key_of, new_key
from app.state.medicine import start_picker, tell_source, with_picked_medicine
from app.state.patient import PatientState

SECTION = "traitements"
_ENDING, _CHANGING, _REMOVING = "end", "change", "remove"


@dataclass(frozen=True)
class TreatmentView:
    """A treatment in words."""

    id: str
    label: str
    substances: str
    posology: str
    period: str
    is_current: bool
    is_followed: bool
    follow_label: str
    added: str
    entry_count: str
    adherence: str
    adherence_tone: str
    end_reason: str
    may_change: bool
    may_remove: bool
    may_resume: bool
    version: int


class TreatmentState(PatientState):
    """The treatments of one patient."""

    current: list[TreatmentView] = []
    ended: list[TreatmentView] = []
    lead: str = ""

    fields: dict[str, str] = {}
    form_key: str = ""

    dialog: str = ""
    chosen: str = ""
    chosen_label: str = ""

    _rows: dict[str, TreatmentRow] = {}

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the list and an empty form, or what was typed before."""
        self.dialog = ""
        await self._read(is_refresh=False)

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Show what a colleague just changed, leaving the form alone."""
        await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> None:
        """Add the treatment of the form."""
        sent = {name: str(value) for name, value in fields.items()}
        self.fields = typed = await with_picked_medicine(self, sent)
        reader = FieldReader(typed)
        done = await self._perform(
            _add,
            self._patient_id(),
            NewTreatment(
                started_on=reader.date("started_on", missing=None),
                medicine_cis=typed.get("medicine_cis", ""),
                label=typed.get("label", ""),
                posology=typed.get("posology", ""),
                is_followed=reader.flag("is_followed"),
            ),
            reader,
            key=key_of(typed),
            now=utc_now(),
        )
        if done is not None:
            self.notice = f"{bound(typed.get('label', 'Le traitement'))} est dans la liste."
            await self._empty_form()
            await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    async def cancel(self) -> None:
        """Give up what is typed."""
        await self._perform(_drop, str(self._patient_id()))
        await self._empty_form()

    @event(Audience.PROFESSIONAL)
    def open_end(self, treatment_id: str) -> None:
        """Ask when and why a treatment stops."""
        self._open(_ENDING, treatment_id)

    @event(Audience.PROFESSIONAL)
    def open_change(self, treatment_id: str) -> None:
        """Show a treatment to adapt it."""
        self._open(_CHANGING, treatment_id)

    @event(Audience.PROFESSIONAL)
    def open_remove(self, treatment_id: str) -> None:
        """Ask before taking a treatment entered by mistake off the list."""
        self._open(_REMOVING, treatment_id)

    @event(Audience.PROFESSIONAL)
    def close_dialog(self) -> None:
        """Close the dialog; nothing is done."""
        self.dialog, self.chosen, self.field_errors, self.error = "", "", {}, ""

    @event(Audience.PROFESSIONAL)
    async def submit_end(self, fields: dict[str, Any]) -> None:
        """End the chosen treatment."""
        typed = {name: str(value) for name, value in fields.items()}
        reader = FieldReader(typed)
        await self._act(
            treatment.end_treatment,
            f"{self.chosen_label} est terminé.",
            reader=reader,
            ended_on=reader.date("ended_on", missing=None, future="treatment.end_too_far"),
            end_reason=typed.get("end_reason", ""),
        )

    @event(Audience.PROFESSIONAL)
    async def submit_change(self, fields: dict[str, Any]) -> None:
        """Adapt the chosen treatment."""
        typed = {name: str(value) for name, value in fields.items()}
        reader = FieldReader(typed)
        await self._act(
            treatment.change_treatment,
            f"{self.chosen_label} est modifié.",
            reader=reader,
            posology=typed.get("posology", ""),
            started_on=reader.date("started_on", missing=None),
            is_followed=reader.flag("is_followed"),
        )

    @event(Audience.PROFESSIONAL)
    async def confirm_remove(self) -> None:
        """Take the chosen treatment off the list."""
        await self._act(
            treatment.remove_treatment, f"{self.chosen_label} n’est plus dans la liste."
        )

    @event(Audience.PROFESSIONAL)
    async def resume(self, treatment_id: str) -> None:
        """Take an ended treatment up again."""
        row = self._rows.get(str(treatment_id))
        if row is not None:
            self.chosen, self.chosen_label = str(row.id), bound(row.label)
            await self._act(treatment.resume_treatment, f"{self.chosen_label} est repris.")

    def _open(self, dialog: str, treatment_id: str) -> None:
        row = self._rows.get(str(treatment_id))
        if row is None or not row.may_change:
            return
        self.field_errors, self.error = {}, ""
        self.dialog, self.chosen, self.chosen_label = dialog, str(row.id), bound(row.label)
        self.fields = {
            **self.fields,
            **date_fields("ended_on", paris_day(utc_now())),
            **date_fields("changed_started_on", row.started_on),
            "changed_posology": row.posology,
            "changed_is_followed": "oui" if row.is_followed else "",
        }

    async def _act(
        self, service: Any, notice: str, reader: FieldReader | None = None, **values: Any
    ) -> None:
        row = self._rows.get(self.chosen)
        if row is None:
            return
        done = await self._perform(
            _change, service, row.id, reader, version=row.version, now=utc_now(), **values
        )
        if done is not None:
            self.dialog, self.chosen, self.notice = "", "", notice
            await self._read(is_refresh=True)

    async def _empty_form(self, **typed: str) -> None:
        self.form_key = new_key()
        self.fields = {
            **date_fields("started_on", paris_day(utc_now())),
            "is_followed": "oui",
        } | typed
        self.field_errors, self.error = {}, ""
        await start_picker(self, typed)

    async def _read(self, *, is_refresh: bool) -> None:
        loaded = await self._load_page(SECTION, _list, refresh=TreatmentState.refresh)
        if loaded is None:
            return
        rows, typed, release = loaded
        await tell_source(self, release)
        self._rows = {str(row.id): row for row in rows}
        views = [_view(row) for row in rows]
        self.current = [view for view in views if view.is_current]
        self.ended = [view for view in views if not view.is_current]
        followed = sum(view.is_followed for view in self.current)
        self.lead = (
            f"{len(self.current)} en cours, dont {plural(followed, 'suivi', 'suivis')}"
            if views
            else "Aucun traitement pour l’instant"
        )
        if not is_refresh:
            await self._empty_form(**typed)


def _list(
    session: Session, actor: Actor, patient_id: UUID, *, now: Any
) -> tuple[list[TreatmentRow], dict[str, str], Any]:
    rows = list_treatments(session, actor, patient_id, now=now)
    typed = draft.load_draft(session, actor, SECTION, str(patient_id))
    return rows, typed, current_release(session, actor)


def _add(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    new: NewTreatment,
    reader: FieldReader,
    *,
    key: UUID,
    now: Any,
) -> UUID:
    # A date that cannot be read is told as such, not as missing.
    reader.check()
    added = treatment.add_treatment(session, actor, patient_id, new, key=key, now=now)
    draft.drop_draft(session, actor, SECTION, str(patient_id))
    return added


def _change(
    session: Session,
    actor: Actor,
    service: Any,
    treatment_id: UUID,
    reader: FieldReader | None,
    **values: Any,
) -> None:
    if reader is not None:
        reader.check()
    service(session, actor, treatment_id, **values)


def _drop(session: Session, actor: Actor, scope: str) -> None:
    draft.drop_draft(session, actor, SECTION, scope)


def _view(row: TreatmentRow) -> TreatmentView:
    tones = {
        AdherenceClass.GOOD: "success",
        AdherenceClass.SLIGHT_PROBLEM: "",
        AdherenceClass.POOR: "warning",
    }
    its_class = None if row.yes_count is None else AdherenceClass.of(row.yes_count)
    period = f"Depuis le {day(row.started_on)}"
    if row.ended_on is not None:
        period = f"Du {short_day(row.started_on)} au {short_day(row.ended_on)}"
    return TreatmentView(
        id=str(row.id),
        label=bound(row.label),
        substances=bound(row.substances),
        posology=bound(row.posology),
        period=period,
        is_current=row.is_current,
        is_followed=row.is_followed,
        follow_label="Suivi" if row.is_followed else "Non suivi",
        added=f"Ajouté le {short_day(row.added_on)} {by_label(row.added_by)}",
        entry_count=plural(row.entries, "entrée", "entrées"),
        adherence="" if its_class is None else SHORT_CLASSES[its_class],
        adherence_tone="" if its_class is None else tones[its_class],
        end_reason=row.end_reason,
        may_change=row.may_change,
        may_remove=row.may_remove,
        may_resume=row.may_change and row.ended_on is not None,
        version=row.version,
    )
