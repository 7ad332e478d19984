"""« Clôture du dossier »: closing, refusing, asking for deletion, reopening (U-27)."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.i18n import record_life as words
from app.models.record_access import RecordState
from app.services.record_life import (
    RecordLife,
    ask_deletion,
    close_record,
    get_life,
    oppose_record,
    reopen_record,
)
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now

PAGE = "/parametres/cloture"
OPPOSE, REOPEN, DELETE = "oppose", "reopen", "delete"


@dataclass(frozen=True)
class StepView:
    """One recorded step."""

    words: str
    reason: str


class RecordLifeState(AppState):
    """Where the acting patient's record stands."""

    is_loaded: bool = False
    is_open: bool = True
    may_oppose: bool = False
    may_delete: bool = False
    title: str = ""
    status: str = ""
    steps: list[StepView] = []
    reason: str = ""
    dialog: str = ""

    @event(Audience.PATIENT)
    async def load(self) -> None:
        """Show the record as it stands."""
        self.dialog, self.reason = "", ""
        if not self.is_loaded:
            self.page_status = "loading"
        if await self._show():
            self.is_loaded, self.page_status = True, "ready"

    @event(Audience.PATIENT)
    async def close(self, form: dict[str, Any]) -> None:
        """« Clôturer mon dossier », both boxes ticked."""
        self.reason = str(form.get("reason", ""))
        done = await self._perform(
            close_record,
            knows_nobody_sees=bool(form.get("knows_nobody_sees")),
            knows_what_is_kept=bool(form.get("knows_what_is_kept")),
            reason=self.reason,
            now=utc_now(),
        )
        if done is not None:
            self.notice, self.reason = "Votre dossier partagé est clôturé.", ""
            await self._show()

    @event(Audience.PATIENT)
    def ask(self, act: str) -> rx.event.EventSpec | None:
        """Ask before the record is refused, reopened, or its deletion asked for with a fresh factor."""
        if act == DELETE and (detour := self._confirm_first(PAGE)) is not None:
            return detour
        self.error = ""
        self.dialog = act if act in {OPPOSE, REOPEN, DELETE} else ""
        return None

    @event(Audience.PATIENT)
    async def confirm(self) -> None:
        """Do what was asked about."""
        act, self.dialog = self.dialog, ""
        if act == OPPOSE and await self._perform(oppose_record, now=utc_now()) is not None:
            self.notice = "Votre refus du dossier partagé est enregistré."
        if act == REOPEN and await self._perform(reopen_record, now=utc_now()) is not None:
            self.notice = "Votre dossier partagé est rouvert. Vous retrouvez vos documents."
        if act == DELETE:
            on = await self._perform(ask_deletion, now=utc_now())
            if on is not None:
                self.notice = words.deletion_asked(on)
        error = self.error
        await self._show()
        self.error = error

    @event(Audience.PATIENT)
    def close_dialog(self) -> None:
        """Close the dialog; nothing is done."""
        self.dialog = ""

    async def _show(self) -> bool:
        life: RecordLife | None = await self._look_up(get_life)
        if life is None:
            return False
        self.is_open = life.state is RecordState.OPEN
        self.may_oppose = life.may_oppose
        self.may_delete = life.state is RecordState.CLOSED and life.deleted_on is None
        self.title, self.status = words.state_title(life), words.state_words(life)
        self.steps = [StepView(words.step(each), each.reason) for each in life.steps]
        return True
