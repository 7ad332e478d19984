"""« Qui a consulté », the whole history: of the record or of one document, page by page (ME-106)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n.professional import full_label
from app.services.access_history import (
    HistoryFilter,
    HistoryPage,
    fetch_history,
    list_history,
    list_readers,
    title_of,
)
from app.services.fields import parse_key
from app.services.professional import ProfessionalCard
from app.state.access_history_view import LineView, line_views
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import today, utc_now
from app.state.form import Choice
from app.state.live import tabs

PAGE = "/parametres/consultations"
_MOST = 10**15


class AccessHistoryState(AppState):
    """One page of the history, and its filters."""

    is_loaded: bool = False
    lines: list[LineView] = []
    readers: list[Choice] = []
    reader: str = ""
    document_id: str = ""
    document_title: str = ""
    is_emergency: bool = False
    is_filtered: bool = False
    is_cut: bool = False
    older: str = ""
    newest: str = ""
    urgent_address: str = ""
    whole_address: str = ""

    @event(Audience.PATIENT)
    async def load(self) -> None:
        """Show the page the address names."""
        if not self.is_loaded:
            self.page_status = "loading"
        if await self._read(self._perform, is_refresh=False):
            self.page_status = "ready"

    @event(Audience.PATIENT, passive=True)
    async def refresh(self) -> None:
        """Somebody read the record, or something of it changed."""
        if path_of(self.router.url) == PAGE:
            await self._read(self._look_up, is_refresh=True)

    @event(Audience.PATIENT)
    def choose_reader(self, professional_id: str) -> rx.event.EventSpec:
        """Keep the acts of one professional."""
        wanted = read_filter(query_of(self.router.url))
        chosen = parse_key(str(professional_id))
        return rx.redirect(filter_address(wanted, professional_id=chosen))

    async def _read(self, run: Callable[..., Any], *, is_refresh: bool) -> bool:
        query = query_of(self.router.url)
        wanted, before = read_filter(query), number_in(query, "avant", most=_MOST)
        found: FoundHistory | None = await run(
            _read, wanted, before=before, is_refresh=is_refresh, now=utc_now()
        )
        if found is None:
            return False
        page = found.page
        self.lines = line_views(page.lines, today())
        self.readers = [Choice(str(card.id), full_label(card)) for card in found.readers]
        self.reader = str(wanted.professional_id or "")
        self.document_id = str(wanted.document_id or "")
        self.document_title = found.title
        self.is_emergency, self.is_cut = wanted.is_emergency, page.is_cut
        self.is_filtered = wanted != HistoryFilter()
        self.older = filter_address(wanted, before=page.older) if page.older else ""
        self.newest = filter_address(wanted) if before else ""
        self.urgent_address = filter_address(wanted, is_emergency=not wanted.is_emergency)
        self.whole_address = PAGE
        self.is_loaded = True
        tabs.watch_readings(
            self.router.session.client_token,
            found.patient_id,
            format_event_handler(AccessHistoryState.refresh),
        )
        return True


@dataclass(frozen=True)
class FoundHistory:
    """What the page shows, read at one moment."""

    patient_id: UUID
    page: HistoryPage
    readers: list[ProfessionalCard]
    title: str


def read_filter(query: dict[str, str]) -> HistoryFilter:
    """What an address or a form asks for; what cannot be read asks for nothing."""
    return HistoryFilter(
        document_id=parse_key(query.get("document", "")),
        professional_id=parse_key(query.get("qui", "")),
        is_emergency=query.get("urgence", "") == "1",
    )


def filter_address(wanted: HistoryFilter, *, before: int = 0, **changes: Any) -> str:
    """The address of a filter, with some of it changed."""
    chosen = {**vars(wanted), **changes}
    return address(
        PAGE,
        document=chosen["document_id"],
        qui=chosen["professional_id"],
        urgence="1" if chosen["is_emergency"] else "",
        avant=before,
    )


def _read(
    session: Session,
    actor: Actor,
    wanted: HistoryFilter,
    *,
    before: int,
    is_refresh: bool,
    now: datetime,
) -> FoundHistory:
    patient_id = policies.require_own_record(actor)
    read = fetch_history if is_refresh else list_history
    title = ""
    if wanted.document_id is not None:
        title = title_of(session, actor, patient_id, wanted.document_id, now=now)
    return FoundHistory(
        patient_id,
        read(session, actor, patient_id, wanted, before=before, now=now),
        list_readers(session, actor, patient_id),
        title,
    )
