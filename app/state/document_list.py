"""The patient's own documents: the list of `/documents` and who reads them (ME-089 to ME-111)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.i18n import document_change as words
from app.i18n.professional import full_label
from app.models.record_access import RecordState
from app.services.access_list import list_readers
from app.services.document_query import count_unseen
from app.services.professional import ProfessionalCard
from app.services.record_header import count_seen
from app.services.record_settings import get_settings
from app.services.visibility import sight
from app.state.address import path_of
from app.state.base import NOBODY, AppState, Audience, event
from app.state.clock import utc_now
from app.state.document import DocumentBrowser, Found, read_browser
from app.state.live import tabs

PATH = "/documents"


@dataclass(frozen=True)
class OwnDocuments:
    """What the page shows now: `documents` whatever is searched; `found` is None for a closed record."""

    found: Found | None
    readers: tuple[ProfessionalCard, ...]
    unseen: int
    documents: int
    is_confidential: bool


def read_own(session: Session, actor: Actor, *, now: datetime, **reading: Any) -> OwnDocuments:
    """The patient's documents, who may read them, and how many they have not opened."""
    patient_id = policies.require_own_record(actor)
    settings = get_settings(session, actor)
    if settings.state is not RecordState.OPEN:
        return OwnDocuments(None, (), 0, 0, settings.is_confidential)
    return OwnDocuments(
        found=read_browser(session, actor, patient_id, now=now, **reading),
        readers=tuple(list_readers(session, actor, patient_id, now=now)),
        unseen=count_unseen(session, actor, now=now),
        documents=count_seen(session, sight(session, actor, patient_id, now=now)),
        is_confidential=settings.is_confidential,
    )


class DocumentListState(DocumentBrowser, AppState):
    """The list of one's own documents."""

    is_loaded: bool = False
    is_closed: bool = False
    lead: str = ""
    readers: list[str] = []

    @event(Audience.PATIENT)
    async def load(self) -> None:
        """Show the list and the document of the address."""
        self.error, self.reference, self.field_errors = "", "", {}
        if not self.is_loaded:
            self.page_status = "loading"
        # Watched before it is read: a change in between makes one reading too many, not one too few.
        tabs.watch(
            self.router.session.client_token,
            self._actor.patient_id,
            format_event_handler(DocumentListState.refresh),
        )
        found = await self._perform(read_own, now=utc_now(), **self._reading())
        if found is not None:
            self._show_own(found)
            self.is_loaded, self.page_status = True, "ready"

    @event(Audience.PATIENT, passive=True)
    async def refresh(self) -> None:
        """Somebody deposited, masked or deleted: the same page, read again while it is shown."""
        if self.is_loaded and path_of(self.router.url) == PATH:
            await self._read_again()

    @event(Audience.PATIENT, passive=True)
    def leave_page(self) -> None:
        """Another page is shown: nothing of a document stays (S007)."""
        if path_of(self.router.url) != PATH:
            self.reset()

    async def _read_again(self) -> None:
        found = await self._look_up(read_own, now=utc_now(), **self._reading(is_refresh=True))
        if found is not None:
            self._show_own(found)

    def _show_own(self, own: OwnDocuments) -> None:
        self.is_closed, self.unseen = own.found is None, own.unseen
        self.readers = [full_label(who) for who in own.readers]
        if own.found is None:
            self._leave_documents()
            self.lead = ""
            return
        self._show(own.found)
        self.lead = words.lead(own.documents, len(own.readers), is_confidential=own.is_confidential)
        kept = {line.id for group in self.browser.groups for line in group.lines}
        if own.found.listed.pages == 1:
            self.chosen = [key for key in self.chosen if key in kept]

    def _record_id(self) -> UUID:
        return self._actor.patient_id or NOBODY

    def _base(self) -> str:
        return PATH
