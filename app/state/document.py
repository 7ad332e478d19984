"""The documents of a record on screen: what the patient's page and the professionals' page share.

Category, year, order, page and document are in the address; a search is only here (S083).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.errors import NotFound
from app.i18n import document as words
from app.i18n.messages import sentence
from app.services.document_link import offer_preview
from app.services.document_query import (
    Category,
    DocumentFilter,
    DocumentList,
    DocumentSort,
    list_documents,
    list_ids,
    open_documents,
)
from app.services.document_reading import DocumentView, open_document, refresh_document
from app.services.document_words import MAX_QUERY
from app.state.address import address, number_in, path_of, query_of
from app.state.base import NOBODY, AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.document_preview import DRAWN, PreviewView, preview_view, turned
from app.state.document_view import BrowserView, browser_view
from app.state.form import Choice, new_key

_MAX_PAGE, _MAX_YEAR, _MAX_CATEGORY = 99_999, 9_999, 99
_SORTS = {word: sort for sort, (word, _) in words.SORTS.items()}
CHOICES = ("categorie", "annee", "affichage", "tri", "page", "document")
_FILTERS = ("categorie", "annee", "affichage", "page")


@dataclass(frozen=True)
class Found:
    """What a page of documents shows, read at one moment. `refusal`: why the asked document is not there."""

    listed: DocumentList
    opened: DocumentView | None
    ticket: str
    refusal: str


def read_browser(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    chosen: DocumentFilter,
    page: int,
    document_id: UUID | None,
    opens_list: bool,
    opens_document: bool,
    now: datetime,
) -> Found:
    """The list and the document of an address. `opens_…`: not on screen before, its line is written."""
    list_them = open_documents if opens_list else list_documents
    opened, ticket, refusal = None, "", ""
    if document_id is not None:
        read = open_document if opens_document else refresh_document
        try:
            opened = read(session, actor, patient_id, document_id, chosen, now=now)
            ticket = _ticket(session, actor, opened, now)
        except NotFound as failure:
            refusal = failure.code
    listed = list_them(session, actor, patient_id, chosen, page=page, now=now)
    return Found(listed, opened, ticket, refusal)


def _ticket(session: Session, actor: Actor, opened: DocumentView, now: datetime) -> str:
    if opened.row.format not in DRAWN:
        return ""
    return offer_preview(session, actor, opened.row.id, now=now)


class DocumentBrowser(AppState, mixin=True):
    """The list of a record and the document opened from it. A page says whose, and in which grouping.

    Mixed into the state of a page, which calls `_show` with what `read_browser` found.
    """

    browser: BrowserView = BrowserView()
    preview: PreviewView = PreviewView()
    query: str = ""
    search_key: str = ""
    chosen: list[str] = []
    sort_choices: list[Choice] = [
        Choice(sort.value, label) for sort, (_, label) in words.SORTS.items()
    ]

    @event(Audience.SIGNED_IN)
    async def search(self, typed: str) -> rx.event.EventSpec | None:
        """Find as one types, in the category and the year of the address, from the first page."""
        self.query = str(typed)[:MAX_QUERY]
        if query_of(self._address_here()).get("page"):
            return rx.redirect(self._go_to(page=""), replace=True)
        await self._read_again()
        return None

    @event(Audience.SIGNED_IN)
    async def clear(self) -> rx.event.EventSpec | None:
        """Every document again: no search, no category, no year."""
        self.query, self.search_key = "", new_key()
        if any(query_of(self._address_here()).get(name) for name in _FILTERS):
            return rx.redirect(self._go_to(**dict.fromkeys((*_FILTERS, "document"), "")))
        await self._read_again()
        return None

    @event(Audience.SIGNED_IN)
    def choose_sort(self, value: str) -> rx.event.EventSpec:
        """Another order, from the first page."""
        known = {sort.value: word for sort, (word, _) in words.SORTS.items()}
        word = known.get(str(value), "date")
        return rx.redirect(self._go_to(tri="" if word == "date" else word, page=""))

    @event(Audience.SIGNED_IN)
    def choose_category(self, value: str) -> rx.event.EventSpec:
        """Another category, on a phone: elsewhere they are links."""
        number = number_in({"n": str(value)}, "n", most=_MAX_CATEGORY)
        return rx.redirect(self._go_to(categorie=number or "", page="", document=""))

    @event(Audience.SIGNED_IN)
    async def turn_page(self, number: int) -> None:
        """Another page of the opened document, or the same picture again."""
        offer = partial(self._look_up, offer_preview, now=utc_now())
        if (shown := await turned(self.preview, number, offer)) is not None:
            self.preview = shown

    @event(Audience.SIGNED_IN)
    def choose(self, document_id: str) -> None:
        """Tick a document of the list, or no longer."""
        key = str(parse_id(document_id))
        self.chosen = (
            [each for each in self.chosen if each != key]
            if key in self.chosen
            else [*self.chosen, key]
        )

    @event(Audience.SIGNED_IN)
    async def choose_all(self) -> None:
        """Tick every document the filters leave, on all pages."""
        found = await self._look_up(list_ids, self._record_id(), self._filter(), now=utc_now())
        self.chosen = [str(key) for key in found or []]

    @event(Audience.SIGNED_IN)
    def choose_none(self) -> None:
        """Tick nothing any more."""
        self.chosen = []

    def _record_id(self) -> UUID:
        """Whose record the page shows; the id of nothing when it is nobody's."""
        return NOBODY

    def _base(self) -> str:
        """The address of the page, without its choices."""
        return path_of(self._address_here())

    def _grouping(self) -> tuple[Mapping[Any, str], Mapping[Any, str]]:
        """The categories of the page with their words, and their icons."""
        return words.PATIENT_CATEGORIES, words.PATIENT_ICONS

    async def _read_again(self) -> None:
        """Read the same page once more: somebody types, or something changed."""
        found = await self._look_up(
            read_browser, self._record_id(), **self._reading(is_refresh=True), now=utc_now()
        )
        if found is not None:
            self._show(found)

    def _reading(self, *, is_refresh: bool = False) -> dict[str, Any]:
        """What `read_browser` is asked for, from the address and the search."""
        asked = query_of(self._address_here())
        document_id = parse_id(asked["document"]) if asked.get("document") else None
        is_known = document_id is not None and self.preview.id == str(document_id)
        return {
            "chosen": self._filter(),
            "page": number_in(asked, "page", most=_MAX_PAGE) or 1,
            "document_id": document_id,
            "opens_list": not is_refresh and not self.browser.base,
            "opens_document": not is_known,
        }

    def _filter(self) -> DocumentFilter:
        """What the address and the search narrow the list to."""
        asked = query_of(self._address_here())
        categories: list[Category] = list(self._grouping()[0])
        number = number_in(asked, "categorie", most=_MAX_CATEGORY)
        return DocumentFilter(
            category=categories[number - 1] if 0 < number <= len(categories) else None,
            year=number_in(asked, "annee", most=_MAX_YEAR) or None,
            query=self.query,
            sort=_SORTS.get(asked.get("tri", ""), DocumentSort.DATE),
        )

    def _show(self, found: Found) -> None:
        """Put on screen what was found."""
        categories, icons = self._grouping()
        opened = str(found.opened.row.id) if found.opened else ""
        self.browser = browser_view(
            found.listed,
            self._filter(),
            base=self._base(),
            go_to=self._go_to,
            categories=categories,
            icons=icons,
            opened=opened,
        )
        if found.opened is not None:
            self.preview = preview_view(
                found.opened,
                go_to=self._go_to,
                categories=categories,
                ticket=found.ticket,
                page=self.preview.page if self.preview.id == opened else 1,
            )
        elif found.refusal:
            self.preview = PreviewView(
                failure=sentence(found.refusal), close=self._go_to(document="")
            )
        else:
            self.preview = PreviewView()

    def _leave_documents(self) -> None:
        """Nothing of a document stays once its page is left."""
        self.browser, self.preview, self.chosen = BrowserView(), PreviewView(), []
        self.query, self.search_key = "", new_key()

    def _go_to(self, **changes: object) -> str:
        """The address of this page with other choices."""
        asked = query_of(self._address_here())
        kept = {name: asked.get(name, "") for name in CHOICES}
        return address(self._base(), **{**kept, **changes})

    def _address_here(self) -> str:
        return str(self.router.url)
