"""A patient's shared record as a professional reads it: table, list, preview (DM-48 to DM-51, FC-19)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import document as document_words, record_document as words
from app.services.document_query import DocumentFilter, Showing
from app.services.document_readers import Announcement, list_to_announce
from app.services.record_header import RecordHeader, get_record
from app.state.address import query_of
from app.state.base import Audience, event
from app.state.document import DocumentBrowser, Found, read_browser
from app.state.document_grid import GridView, grid_view
from app.state.form import Choice
from app.state.patient import PatientState

SECTION = "documents"
_OF_ADDRESS = {word: showing for showing, (word, _) in words.SHOWINGS.items()}


@dataclass(frozen=True)
class RecordView:
    """What surrounds the documents. `is_closed`: the patient closed their record, or never opened one."""

    is_closed: bool = False
    title: str = ""
    lead: str = ""
    refusal: str = ""
    deposit_refusal: str = ""
    may_deposit: bool = False
    is_folded: bool = False
    is_minor: bool = False
    has_status: bool = False
    masked_note: str = ""
    to_announce: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class _Record:
    """The page, read at one moment. `found`: None of a closed record."""

    header: RecordHeader
    found: Found | None
    to_announce: tuple[Announcement, ...]


class RecordDocumentState(DocumentBrowser, PatientState):
    """The documents of one patient, for a professional who may open them."""

    record: RecordView = RecordView()
    grid: GridView = GridView()
    showings: list[Choice] = []
    showing: str = ""

    @event(Audience.PROFESSIONAL)
    async def load(self) -> rx.event.EventSpec | None:
        """Show what the address asks for."""
        return await self._read()

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> rx.event.EventSpec | None:
        """Show what just changed: a deposit, a mask, a block, the matrix; or leave with the access."""
        return await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    def choose_showing(self, value: str) -> rx.event.EventSpec:
        """Documents with a flag, or earlier versions."""
        known = value if value in _OF_ADDRESS else ""
        return rx.redirect(self._go_to(affichage=known, page="", document=""))

    async def _read(self, *, is_refresh: bool = False) -> rx.event.EventSpec | None:
        if self._section_here() != SECTION:
            return None
        patient_id = self._patient_id()
        was_open = self.banner.id == str(patient_id)
        if not was_open:
            self._leave_documents()
        was_shown = was_open and self.section == SECTION
        is_member = self.banner.is_member
        loaded = await self._load_page(
            SECTION,
            _read_record,
            refresh=RecordDocumentState.refresh,
            is_for_members=False,
            **self._reading(is_refresh=is_refresh),
        )
        if loaded is not None:
            self._show_record(loaded)
        elif was_shown and self.page_status == "not_found":
            self.notice, self.error = words.ACCESS_ENDED, ""
            return rx.redirect("/patients" if is_member else "/dossiers")
        return None

    def _show_record(self, record: _Record) -> None:
        if record.found is None:
            self._leave_documents()
            self.grid = GridView()
            self.record = RecordView(is_closed=True, title=words.TITLE, lead=words.CLOSED)
            return
        self._show(record.found)
        listed, chosen = record.found.listed, self._filter()
        opened = record.found.opened.row if record.found.opened else None
        has_status = listed.has_administrator_status
        self.record = RecordView(
            title=words.all_documents(record.header.documents or 0),
            lead=words.lead(record.header.relation),
            refusal=words.READS_NOTHING if listed.reads_nothing else "",
            deposit_refusal="" if record.header.may_deposit else words.DEPOSITS_NOTHING,
            may_deposit=record.header.may_deposit,
            is_folded=self._is_narrowed(),
            is_minor=record.header.is_minor,
            has_status=has_status,
            masked_note=words.masked_note(is_mine=opened.is_mine, has_status=has_status)
            if opened is not None and opened.is_masked
            else "",
            to_announce=[
                Choice(self._go_to(document=each.id), each.title) for each in record.to_announce
            ],
        )
        self.showing = words.SHOWINGS[chosen.showing][0]
        self.showings = _showings(
            is_minor=record.header.is_minor, sees_masked=has_status or record.header.may_deposit
        )

    def _show(self, found: Found) -> None:
        super()._show(found)
        categories, icons = self._grouping()
        self.grid = grid_view(
            found.listed.counts,
            self._filter(),
            go_to=self._go_to,
            categories=categories,
            icons=icons,
        )
        self.record = replace(self.record, is_folded=self._is_narrowed())

    def _is_narrowed(self) -> bool:
        """Whether something was chosen or looked for: the list then comes first, the table on demand."""
        asked = query_of(self._address_here())
        narrows = ("categorie", "annee", "affichage", "document", "page")
        return bool(self.query.strip()) or any(asked.get(name) for name in narrows)

    def _record_id(self) -> UUID:
        return self._patient_id()

    def _grouping(self) -> tuple[Mapping[Any, str], Mapping[Any, str]]:
        return document_words.RECORD_CATEGORIES, document_words.RECORD_ICONS

    def _filter(self) -> DocumentFilter:
        asked = query_of(self._address_here()).get("affichage", "")
        return replace(super()._filter(), showing=_OF_ADDRESS.get(asked, Showing.CURRENT))


def _showings(*, is_minor: bool, sees_masked: bool) -> list[Choice]:
    """The boxes that can find something for this reader of this record."""
    offered = {
        Showing.CURRENT: True,
        Showing.MASKED: sees_masked,
        Showing.HIDDEN_FROM_PATIENT: True,
        Showing.HIDDEN_FROM_REPRESENTATIVES: is_minor,
        Showing.EARLIER: True,
    }
    return [Choice(*words.SHOWINGS[each]) for each, is_there in offered.items() if is_there]


def _read_record(
    session: Session, actor: Actor, patient_id: UUID, *, now: datetime, **reading: Any
) -> _Record:
    header = get_record(session, actor, patient_id, now=now)
    if header.relation is None:
        return _Record(header, None, to_announce=())
    return _Record(
        header,
        read_browser(session, actor, patient_id, now=now, **reading),
        to_announce=list_to_announce(session, actor, patient_id, now=now),
    )
