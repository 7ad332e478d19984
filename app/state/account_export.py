"""The export of one's own data: asked for, followed while it is prepared, fetched once."""

from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.account_export import READY_NOTE, STATES
from app.i18n.format import clock, file_size, moment
from app.models.account_export import ExportState
from app.services.account_export import ExportView, ask_export, last_export
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.form import key_of, new_key

PAGE = "/compte/donnees"
_UNDER_WAY = frozenset({ExportState.WAITING, ExportState.RUNNING})


class AccountExportState(AppState):
    """Where the last export stands."""

    is_loaded: bool = False
    form_key: str = ""
    export_id: str = ""
    export_label: str = ""
    export_note: str = ""
    progress: int = 0
    is_under_way: bool = False
    is_ready: bool = False
    is_failed: bool = False

    @event(Audience.OWN_ACCOUNT)
    async def load(self) -> None:
        """Show the last export, and whether a factor must be given before another."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.form_key = new_key()
        await self._show()
        self.is_loaded, self.page_status = True, "ready"

    @event(Audience.OWN_ACCOUNT)
    async def ask(self, form: dict[str, str]) -> rx.event.EventSpec | None:
        """« Préparer mes données »."""
        if (way := self._confirm_first(PAGE)) is not None:
            return way
        if await self._perform(ask_export, key=key_of(form), now=utc_now()) is not None:
            self.form_key = new_key()
            await self._show()
        return None

    @event(Audience.OWN_ACCOUNT, passive=True)
    async def follow(self) -> None:
        """Ask again how far it is: sent by the page itself while something is prepared."""
        await self._show()

    async def _show(self) -> None:
        seen = await self._look_up(_read, now=utc_now())
        if seen is None:
            return
        found = seen[0]
        self.export_id = str(found.id) if found else ""
        self.export_label = STATES[found.state] if found else ""
        self.export_note = _note(found) if found else ""
        self.progress = found.progress if found else 0
        self.is_under_way = found is not None and found.state in _UNDER_WAY
        self.is_ready = found is not None and found.state is ExportState.READY
        self.is_failed = found is not None and found.state is ExportState.FAILED


def _read(session: Session, actor: Actor, *, now: datetime) -> tuple[ExportView | None]:
    """The last export; none at all is an answer too."""
    return (last_export(session, actor, now=now),)


def _note(found: ExportView) -> str:
    if found.state is ExportState.READY and found.expires_at is not None:
        return READY_NOTE.format(size=file_size(found.size_bytes), until=clock(found.expires_at))
    return f"Demandé le {moment(found.asked_at)}"
