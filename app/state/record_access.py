"""« Autorisation d’accès »: what one declares before opening the record of somebody one does not follow."""

from typing import Any

import reflex as rx

from app.i18n import record_access as words
from app.models.consent import ConsentMode
from app.models.record_access import AccessKind
from app.services.fields import FieldReader
from app.services.record_access import declare_consent, open_emergency, open_regulation
from app.services.regulator import is_regulator
from app.state.address import address
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, key_of, new_key
from app.state.patient_search import PATH, WAY, PatientSearchState, documents_of

_MAX_VALUE = 1_000
_URGENT = {
    AccessKind.EMERGENCY.value: (AccessKind.EMERGENCY, open_emergency),
    AccessKind.REGULATION.value: (AccessKind.REGULATION, open_regulation),
}
MODE_CHOICES = [Choice(mode.value, label) for mode, label in words.MODES.items()]


class AuthorisationState(AppState):
    """The dialog over the results of a search. It knows only of records that were just found."""

    sentence: str = ""
    way: str = ""
    may_regulate: bool = False
    reason: str = ""
    form_key: str = ""

    @event(Audience.PROFESSIONAL)
    async def choose(self, patient_id: str) -> None:
        """Ask on what ground a record found is to be opened."""
        search = await self.get_state(PatientSearchState)
        line = next((line for line in search.results if line.id == str(patient_id)), None)
        if line is None or line.href:
            return
        self.error, self.field_errors = "", {}
        self.may_regulate = bool(await self._look_up(is_regulator))
        self.sentence, self.way, self.reason, self.form_key = line.refusal, "", "", new_key()
        search.asked = line.id

    @event(Audience.PROFESSIONAL)
    def choose_way(self, value: str) -> None:
        """Show what this way asks for."""
        self.way = str(value)[:20]
        self.error, self.field_errors = "", {}

    @event(Audience.PROFESSIONAL)
    async def close_dialog(self) -> None:
        """« Annuler »: nothing is opened."""
        await self._close()

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> rx.event.EventSpec | None:
        """« Accéder au DMP »: declare what was ticked, then open the documents."""
        search = await self.get_state(PatientSearchState)
        if not search.asked:
            return None
        patient_id = parse_id(search.asked)
        typed = {str(name): str(value)[:_MAX_VALUE] for name, value in fields.items()}
        self.reason = typed.get("reason", "")
        kind, service = _URGENT.get(typed.get("way", ""), (AccessKind.DECLARED, None))
        key, now = key_of(typed), utc_now()
        if service is not None:
            done = await self._perform(service, patient_id, reason=self.reason, key=key, now=now)
        else:
            done = await self._perform(
                declare_consent,
                patient_id,
                is_declared=typed.get("way") == AccessKind.DECLARED.value,
                mode=FieldReader(typed).choice("consent_mode", ConsentMode, missing=None),
                key=key,
                now=now,
            )
        if done is None:
            # The dialog and what is typed in it are found again after the detour.
            if service is None or self.field_errors:
                return None
            detour = self._confirm_first(
                address(PATH, **({WAY: search.view} if search.view else {}))
            )
            self.error = "" if detour else self.error
            return detour
        await self._close()
        self.notice = words.DONE[kind]
        return rx.redirect(documents_of(patient_id))

    async def _close(self) -> None:
        search = await self.get_state(PatientSearchState)
        search.asked, self.reason, self.way = "", "", ""
        self.error, self.field_errors = "", {}
