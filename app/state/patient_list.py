"""« Mes patients »: the list, its order and page in the address, its search nowhere but here (S083)."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.utils.format import format_event_handler

from app.i18n import patient_list as words
from app.services.patient_list import (
    MAX_QUERY,
    PAGE_SIZE,
    PatientPage,
    PatientSort,
    list_patients,
)
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import today, utc_now
from app.state.form import Choice, new_key
from app.state.live import tabs
from app.state.patient import leave_record
from app.state.patient_line import PatientLine, patient_line

PATH = "/patients"
# The address says that one searches, never what: with it a return from a record finds the search again.
SEARCHING = "recherche"
_DESCENDING = "desc"
_MAX_PAGE = 99_999
_SORTS = {word: sort for sort, (word, _) in words.SORTS.items()}
_USUALLY_DESCENDING = frozenset({PatientSort.ENTRY, PatientSort.UNREAD})


@dataclass(frozen=True)
class SortHead:
    """The head of a column that sorts. `direction`: as `aria-sort` says it."""

    href: str = ""
    direction: str = "none"


class PatientListState(AppState):
    """The patients of the circle, 25 at a time."""

    rows: list[PatientLine] = []
    is_loaded: bool = False
    is_empty: bool = False
    may_enrol: bool = False
    lead: str = ""
    query: str = ""
    search_key: str = ""
    search_status: str = ""
    by_name: SortHead = SortHead()
    by_entry: SortHead = SortHead()
    by_unread: SortHead = SortHead()
    sort_choices: list[Choice] = []
    sort_choice: str = ""
    page_summary: str = ""
    previous_page: str = ""
    next_page: str = ""

    _page: int = 1

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the page of the address."""
        await leave_record(self)
        self.error, self.reference, self.field_errors = "", "", {}
        chosen = query_of(self.router.url)
        if SEARCHING not in chosen and self.query:
            self.query, self.search_key = "", new_key()
        if not self.is_loaded:
            self.page_status = "loading"
        # Watched before it is read: a change in between makes one reading too many, not one too few.
        tabs.watch_patients(
            self.router.session.client_token,
            self._actor.professional_id,
            format_event_handler(PatientListState.refresh),
        )
        await self._read(number_in(chosen, "page", most=_MAX_PAGE))

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Somebody changed something of a patient: the same page, read again while it is shown."""
        if path_of(self.router.url) == PATH:
            await self._read(self._page)

    @event(Audience.PROFESSIONAL)
    async def search(self, typed: str) -> rx.event.EventSpec | None:
        """Find as one types, from the first page."""
        self.query = str(typed)[:MAX_QUERY]
        await self._read(1)
        chosen = query_of(self.router.url)
        if self.query and (SEARCHING not in chosen or "page" in chosen):
            return rx.redirect(self._address(recherche="oui", page=0), replace=True)
        return None

    @event(Audience.PROFESSIONAL)
    async def clear(self) -> None:
        """Forget the search: all patients again."""
        self.query, self.search_key = "", new_key()
        await self._read(1)

    @event(Audience.PROFESSIONAL)
    def choose_sort(self, value: str) -> rx.event.EventSpec:
        """Another order, from the first page."""
        word, _, direction = str(value).partition("-")
        if word not in _SORTS:
            word, direction = "nom", ""
        return rx.redirect(self._address(tri=word, sens=direction, page=0))

    async def _read(self, page: int) -> None:
        sort, is_descending = self._order()
        found = await self._look_up(
            list_patients,
            query=self.query,
            sort=sort,
            is_descending=is_descending,
            page=page,
            now=utc_now(),
        )
        if found is None:
            return
        self.rows, self._page = [patient_line(row, today()) for row in found.rows], found.page
        self.may_enrol = found.may_enrol
        is_searching = bool(self.query.strip())
        self.is_empty = not found.total and not is_searching
        if not is_searching:
            self.lead = words.lead(found.total)
        self.search_status = words.found(found.total) if is_searching else ""
        self._show_order(sort, is_descending=is_descending)
        self._show_pages(found)
        self.is_loaded, self.page_status = True, "ready"

    def _order(self) -> tuple[PatientSort, bool]:
        chosen = query_of(self.router.url)
        sort = _SORTS.get(chosen.get("tri", ""), PatientSort.NAME)
        direction = chosen.get("sens", "")
        is_usual = direction not in {"asc", _DESCENDING}
        return sort, sort in _USUALLY_DESCENDING if is_usual else direction == _DESCENDING

    def _show_order(self, sort: PatientSort, *, is_descending: bool) -> None:
        heads = {
            each: self._head(each, sort=sort, is_descending=is_descending) for each in words.SORTS
        }
        self.by_name = heads[PatientSort.NAME]
        self.by_entry = heads[PatientSort.ENTRY]
        self.by_unread = heads[PatientSort.UNREAD]
        self.sort_choices = [
            Choice(f"{word}-{_direction(is_down)}", label)
            for each, (word, labels) in words.SORTS.items()
            for is_down, label in zip(_directions(each), labels, strict=True)
        ]
        self.sort_choice = f"{words.SORTS[sort][0]}-{_direction(is_descending)}"

    def _head(self, head: PatientSort, *, sort: PatientSort, is_descending: bool) -> SortHead:
        is_current = head is sort
        goes_down = not is_descending if is_current else head in _USUALLY_DESCENDING
        direction = ("descending" if is_descending else "ascending") if is_current else "none"
        word = words.SORTS[head][0]
        return SortHead(self._address(tri=word, sens=_direction(goes_down), page=0), direction)

    def _show_pages(self, found: PatientPage) -> None:
        self.page_summary = self.previous_page = self.next_page = ""
        if found.pages < 2:  # noqa: PLR2004 - one page needs no way through
            return
        first = (found.page - 1) * PAGE_SIZE + 1
        self.page_summary = words.span(first, first + len(found.rows) - 1, found.total)
        if found.page > 1:
            self.previous_page = self._address(page=0 if found.page == 2 else found.page - 1)  # noqa: PLR2004
        if found.page < found.pages:
            self.next_page = self._address(page=found.page + 1)

    def _address(self, **changes: object) -> str:
        """The address of the list with other choices; a search under way stays."""
        chosen = {
            name: value
            for name, value in query_of(self.router.url).items()
            if name in {"tri", "sens", "page", SEARCHING}
        }
        searching = {SEARCHING: "oui"} if self.query else {}
        return address(PATH, **{**chosen, **searching, **changes})


def _direction(is_descending: bool) -> str:
    return _DESCENDING if is_descending else "asc"


def _directions(sort: PatientSort) -> tuple[bool, bool]:
    usual = sort in _USUALLY_DESCENDING
    return usual, not usual
