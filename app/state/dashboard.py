"""The dashboard: figures, what needs attention today, patients opened last (CX-09)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reflex_base.utils.format import format_event_handler

from app.homes import MESSAGES_PAGE
from app.i18n import adherence as adherence_words, dashboard as words
from app.i18n.format import age, bound, clock, full_name, number, short_day, weekday, years
from app.i18n.professional import role_label, short_label
from app.i18n.tolerance import DOMAINS
from app.services.attention import AttentionKind, AttentionRow, Counters
from app.services.conversation_list import Box
from app.services.dashboard import PAGE_SIZE, AttentionPage, list_attention, read_dashboard
from app.state.address import path_of, query_of
from app.state.base import AppState, Audience, event
from app.state.clock import today, utc_now
from app.state.figure import Spark, spark
from app.state.live import tabs
from app.state.message_list_view import ConversationLine, conversation_line
from app.state.patient import leave_record
from app.state.patient_line import PatientLine, patient_line

ADDRESS = "/tableau-de-bord"
_ALL = "tout"
_KINDS = {slug: kind for kind, slug in words.SLUGS.items()}

# Counters in the order of the screen: icon, and tone when it is not 0.
_COUNTERS = {
    AttentionKind.FALLING: ("trending-down", "warm"),
    AttentionKind.UNREAD: ("message-square-plus", ""),
    AttentionKind.STALE: ("clock-alert", ""),
    AttentionKind.SEVERE: ("activity", "alert"),
}
_TONES = {AttentionKind.SEVERE: "danger", AttentionKind.FALLING: "warning"}


@dataclass(frozen=True)
class Counter:
    """A number that leads to its list."""

    value: str
    title: str
    under: str
    href: str
    icon: str
    tone: str
    is_current: bool


@dataclass(frozen=True)
class AttentionView:
    """One reason to look at one patient, in words."""

    key: str
    icon: str
    tone: str
    kind: str
    patient: str
    href: str
    age: str
    reason: str
    when: str
    curve: Spark
    has_curve: bool


@dataclass(frozen=True)
class Pages:
    """Where one is in a long list; an empty address means there is no such page."""

    summary: str = ""
    previous: str = ""
    following: str = ""


class DashboardState(AppState):
    """The dashboard, or the whole list behind one of its figures (`?liste=`, `?page=`)."""

    is_loaded: bool = False
    lead: str = ""
    counters: list[Counter] = []
    rows: list[AttentionView] = []
    selection: str = ""
    list_title: str = ""
    show_all: str = ""
    pages: Pages = Pages()
    patients: list[PatientLine] = []
    messages: list[ConversationLine] = []
    unread_messages: int = 0
    all_patients: str = ""
    has_patients: bool = False
    may_enrol: bool = False
    arrival: str = ""

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show today's dashboard, or the list named in the address."""
        await leave_record(self)
        self.arrival = ""
        await self._read()

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Somebody changed something of a patient: read again while the dashboard is shown."""
        if path_of(self.router.url) != ADDRESS:
            return
        before = (self.counters, self.rows, self.patients)
        await self._read()
        if not self.error and before != (self.counters, self.rows, self.patients):
            self.arrival = words.updated(clock(utc_now()))

    async def _read(self) -> None:
        if not self.is_loaded:
            self.page_status = "loading"
        # Watched before it is read: a change in between makes one reading too many, not one too few.
        tabs.watch_patients(
            self.router.session.client_token,
            self._actor.professional_id,
            format_event_handler(DashboardState.refresh),
            shows_mailbox=True,
        )
        query = query_of(self.router.url)
        slug = query.get("liste", "")
        if slug == _ALL or slug in _KINDS:
            page = query.get("page", "")
            is_read = await self._read_list(slug, int(page) if page.isdecimal() else 1)
        else:
            is_read = await self._read_board()
        if is_read:
            self.is_loaded, self.page_status = True, "ready"

    async def _read_board(self) -> bool:
        board = await self._perform(read_dashboard, now=utc_now())
        if board is None:
            return False
        on = today()
        counters, self.may_enrol = board.counters, board.may_enrol
        self._show_counters(counters, "", on)
        self.rows = _views(board.attention, on)
        self.list_title, self.pages = words.TITLE, Pages()
        self.show_all = words.show_all(counters.rows) if counters.rows > len(self.rows) else ""
        self.patients = [patient_line(row, on) for row in board.recent]
        self.messages = [
            conversation_line(
                row, Box.RECEIVED, href=f"{MESSAGES_PAGE}/{row.id}", opened="", today=on
            )
            for row in board.messages.rows
        ]
        self.unread_messages = board.messages.unread
        self.all_patients = words.all_patients(counters.patients)
        return True

    async def _read_list(self, slug: str, number_of_page: int) -> bool:
        kind = _KINDS.get(slug)
        found = await self._perform(
            list_attention, kind, page=min(number_of_page, 10_000), now=utc_now()
        )
        if found is None:
            return False
        on = today()
        self.may_enrol = found.may_enrol
        self._show_counters(found.counters, slug, on)
        self.rows = _views(found.rows, on)
        self.list_title = words.COUNTERS[kind][0] if kind else words.TITLE
        self.show_all, self.patients = "", []
        self.pages = _pages(found, slug)
        return True

    def _show_counters(self, counters: Counters, selection: str, on: date) -> None:
        self.selection = selection
        self.lead = words.lead(weekday(on), counters.patients)
        self.has_patients = counters.patients > 0
        values = {
            AttentionKind.FALLING: counters.falling,
            AttentionKind.UNREAD: counters.unread,
            AttentionKind.STALE: counters.stale,
            AttentionKind.SEVERE: counters.severe,
        }
        self.counters = [
            Counter(
                value=number(values[kind]),
                title=words.COUNTERS[kind][0],
                under=words.COUNTERS[kind][1],
                href=_list_address(words.SLUGS[kind]),
                icon=icon,
                tone=tone if values[kind] else "",
                is_current=selection == words.SLUGS[kind],
            )
            for kind, (icon, tone) in _COUNTERS.items()
        ]


def _pages(found: AttentionPage, slug: str) -> Pages:
    if found.page_count == 1:
        return Pages()
    first = (found.page - 1) * PAGE_SIZE + 1

    def address(page: int) -> str:
        inside = 1 <= page <= found.page_count
        return f"{_list_address(slug)}&page={page}" if inside else ""

    return Pages(
        words.shown(first, first + len(found.rows) - 1, found.total),
        address(found.page - 1),
        address(found.page + 1),
    )


def _list_address(slug: str) -> str:
    return f"{ADDRESS}?liste={slug}"


def _views(rows: list[AttentionRow], on: date) -> list[AttentionView]:
    return [_view(place, row, on) for place, row in enumerate(rows)]


def _view(place: int, row: AttentionRow, on: date) -> AttentionView:
    kind, reason = _SAY[row.kind](row)
    person = row.person
    return AttentionView(
        key=f"{place}-{row.kind.value}-{person.id}",
        icon=_COUNTERS[row.kind][0],
        tone=_TONES.get(row.kind, ""),
        kind=kind,
        patient=full_name(person.birth_name, person.given_name),
        href=f"/patients/{person.id}/synthese",
        age=years(age(person.birth_date, on)),
        reason=reason,
        when=short_day(row.on),
        curve=spark(row.series),
        has_curve=len(row.series) > 1,
    )


def _severe(row: AttentionRow) -> tuple[str, str]:
    domain = DOMAINS[row.domain].lower() if row.domain else ""
    return words.severe(row.grade or 0), _about(row, domain, words.extract(row.note))


def _falling(row: AttentionRow) -> tuple[str, str]:
    if len(row.series) < 2:  # noqa: PLR2004 - a fall is between two scores
        return words.FALLING, _about(row)
    return words.FALLING, _about(row, adherence_words.fall(*row.series[-2:]))


def _unread(row: AttentionRow) -> tuple[str, str]:
    authors = [f"{short_label(author)}, {role_label(author)}" for author in row.authors]
    return words.unread(row.unread_count), _about(row, words.join(authors))


def _stale(row: AttentionRow) -> tuple[str, str]:
    return words.STALE, _about(row, words.days_since(row.days))


_SAY: dict[AttentionKind, Any] = {
    AttentionKind.SEVERE: _severe,
    AttentionKind.FALLING: _falling,
    AttentionKind.UNREAD: _unread,
    AttentionKind.STALE: _stale,
}


def _about(row: AttentionRow, *said: str) -> str:
    treatments = bound(", ".join(row.treatments))
    return " · ".join(part for part in (treatments, *said) if part)
