"""« Paramètres »: what a patient may set, each with its present state in words (ME-112)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n import access_history as history_words, record_settings as words
from app.services.access_history import HistoryFilter, fetch_history
from app.services.access_history_line import HistoryLine
from app.services.access_list import fetch_authorised, list_blocked
from app.services.record_settings import SettingsView, get_settings
from app.state.base import AppState, Audience, event
from app.state.clock import today, utc_now

PAGE = "/parametres"


class RecordSettingsState(AppState):
    """The present state of each setting."""

    is_loaded: bool = False
    visibility: str = ""
    emergency: str = ""
    last_act: str = ""
    life: str = ""

    @event(Audience.PATIENT)
    async def load(self) -> None:
        """Show where each setting stands."""
        if not self.is_loaded:
            self.page_status = "loading"
        found = await self._look_up(_read, now=utc_now())
        if found is None:
            return
        self.visibility = words.visibility(found.settings, found.authorised, found.blocked)
        self.emergency = words.emergency(found.settings)
        self.last_act = _last_act(found.lines)
        self.life = words.life(found.settings)
        self.is_loaded, self.page_status = True, "ready"


@dataclass(frozen=True)
class Found:
    """What the page says, read at one moment."""

    settings: SettingsView
    authorised: int
    blocked: int
    lines: tuple[HistoryLine, ...]


def _read(session: Session, actor: Actor, *, now: datetime) -> Found:
    patient_id = policies.require_own_record(actor)
    return Found(
        get_settings(session, actor),
        len(fetch_authorised(session, actor, patient_id, now=now)),
        len(list_blocked(session, actor, patient_id)),
        fetch_history(session, actor, patient_id, HistoryFilter(), now=now).lines[:1],
    )


def _last_act(lines: tuple[HistoryLine, ...]) -> str:
    if not lines:
        return history_words.NOTHING_YET
    line = lines[0]
    return words.last_act(
        history_words.who(line), history_words.what(line), history_words.when(line, today())
    )
