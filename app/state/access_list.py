"""« Qui peut voir mes informations »: switches, both lists, last consultations (ME-112 to ME-125)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n import access_list as words
from app.i18n.access_list import EMERGENCY_SWITCHES
from app.models.record_access import RecordState
from app.services import access_change
from app.services.access_list import BlockedRow
from app.services.record_settings import change_settings
from app.state.access_history_view import LineView, line_views
from app.state.access_list_view import (
    AccessPage,
    AuthorisedView,
    BlockedView,
    SwitchView,
    authorised_view,
    blocked_view,
    read_page,
    switch_view,
)
from app.state.address import address, path_of, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import today, utc_now
from app.state.live import tabs

PAGE = "/parametres/confidentialite"
BLOCKED = "bloques"
HIDE, SHOW, BLOCK, UNBLOCK, STATUS, UNSTATUS = (
    "hide", "show", "block", "unblock", "status", "unstatus",
)  # fmt: skip


class AccessListState(AppState):
    """Who may see the acting patient's record."""

    is_loaded: bool = False
    is_open: bool = True
    is_visible: bool = True
    consequence: str = ""
    shows_blocked: bool = False
    authorised: list[AuthorisedView] = []
    blocked: list[BlockedView] = []
    switches: list[SwitchView] = []
    lines: list[LineView] = []

    dialog: str = ""
    dialog_title: str = ""
    dialog_words: list[str] = []

    _revision: int = 0
    _page: AccessPage | None = None
    _chosen: UUID | None = None

    @event(Audience.PATIENT)
    async def load(self) -> None:
        """Show who may see what as it is now."""
        self.dialog = ""
        if not self.is_loaded:
            self.page_status = "loading"
        self.shows_blocked = query_of(self.router.url).get("liste") == BLOCKED
        if await self._read(self._perform, is_refresh=False):
            self.page_status = "ready"

    @event(Audience.PATIENT, passive=True)
    async def refresh(self) -> None:
        """Somebody read the record, or something of it changed."""
        if path_of(self.router.url) == PAGE:
            await self._read(self._look_up, is_refresh=True)

    @event(Audience.PATIENT)
    def show_list(self, which: str) -> rx.event.EventSpec:
        """« Autorisés » or « Bloqués », kept in the address."""
        self.shows_blocked = str(which) == BLOCKED
        return rx.redirect(address(PAGE, liste=BLOCKED if self.shows_blocked else ""), replace=True)

    @event(Audience.PATIENT)
    def ask_visibility(self, is_visible: bool) -> None:
        """Ask before everything is masked, or shown again."""
        if self._page is None:
            return
        audience = self._page.audience
        if is_visible:
            self._ask(SHOW, "Rendre vos informations visibles\u202f?", [words.will_see(audience)])
        else:
            said = [words.will_not_see(audience), f"Vous voyez tout. {words.still_see(audience)}"]
            self._ask(HIDE, "Masquer toutes vos informations\u202f?", said)

    @event(Audience.PATIENT)
    async def switch(self, name: str, is_on: bool) -> None:
        """One of the three emergency switches: acts at once."""
        if name in {each[0] for each in EMERGENCY_SWITCHES}:
            await self._change({name: bool(is_on)})

    @event(Audience.PATIENT)
    def ask(self, act: str, professional_id: str) -> None:
        """Ask before somebody is blocked or unblocked, given the status or deprived of it."""
        if self._page is None:
            return
        row = self._page.find(str(professional_id))
        if row is None:
            return
        who = row.professional
        self._chosen = who.id
        if act == BLOCK:
            is_last = self._page.is_last(who)
            said = words.block_effect(who, is_last=is_last)
            self._ask(BLOCK, words.block_title(who), [said])
        elif act == UNBLOCK and isinstance(row, BlockedRow):
            said = words.unblock_effect(who, was_member=row.was_member)
            self._ask(UNBLOCK, words.unblock_title(who), [said])
        elif act == STATUS:
            self._ask(STATUS, words.status_title(who), [words.status_effect(who)])
        elif act == UNSTATUS:
            self._ask(UNSTATUS, words.unstatus_title(who), [words.unstatus_effect(who)])

    @event(Audience.PATIENT)
    async def confirm(self) -> None:
        """Do what was asked about."""
        act, self.dialog = self.dialog, ""
        if act in {HIDE, SHOW}:
            await self._change({"is_confidential": act == HIDE})
            return
        row = self._page.find(str(self._chosen)) if self._page is not None else None
        if act not in _ACTS or row is None:
            return
        who = row.professional
        if await self._perform(_ACTS[act], who.id, now=utc_now()) is not None:
            self.notice = words.done(act, who)
            await self._read(self._look_up, is_refresh=True)

    @event(Audience.PATIENT)
    def close_dialog(self) -> None:
        """Close the dialog; nothing is done."""
        self.dialog = ""

    def _ask(self, act: str, title: str, said: list[str]) -> None:
        self.error = ""
        self.dialog, self.dialog_title, self.dialog_words = act, title, said

    async def _change(self, switches: dict[str, bool]) -> None:
        changed = await self._perform(
            change_settings, **switches, revision=self._revision, now=utc_now()
        )
        if changed is None:
            # The switch goes back to what it is, under the sentence that says why.
            error = self.error
            await self._read(self._look_up, is_refresh=True)
            self.error = error
        else:
            await self._read(self._look_up, is_refresh=True)

    async def _read(self, run: Callable[..., Any], *, is_refresh: bool) -> bool:
        page: AccessPage | None = await run(read_page, is_refresh=is_refresh, now=utc_now())
        if page is None:
            return False
        self._page, self._revision = page, page.settings.revision
        self.is_open = page.settings.state is RecordState.OPEN
        self.is_visible = not page.settings.is_confidential
        self.consequence = words.consequence(page.audience, is_visible=self.is_visible)
        self.authorised = [authorised_view(row) for row in page.authorised]
        self.blocked = [blocked_view(row) for row in page.blocked]
        self.switches = [switch_view(page.settings, *each) for each in EMERGENCY_SWITCHES]
        self.lines = line_views(page.lines, today())
        self.is_loaded = True
        tabs.watch_readings(
            self.router.session.client_token,
            page.patient_id,
            format_event_handler(AccessListState.refresh),
        )
        return True


def _block(session: Session, actor: Actor, professional_id: UUID, *, now: datetime) -> None:
    patient_id = policies.require_own_record(actor)
    access_change.block_professional(session, actor, patient_id, professional_id, now=now)


_ACTS: dict[str, Callable[..., None]] = {
    BLOCK: _block,
    UNBLOCK: access_change.unblock_professional,
    STATUS: access_change.give_administrator_status,
    UNSTATUS: access_change.withdraw_administrator_status,
}
