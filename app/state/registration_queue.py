"""The queue of registrations on the screen (MM-23)."""

from dataclasses import dataclass

import reflex as rx

from app.i18n import administration as shared, registration_review as words
from app.i18n.format import moment
from app.i18n.professional import PROFESSIONS, name_label, rpps_label
from app.models.registration import IdentitySource, RegistrationKind
from app.services.registration_queue import (
    PAGE_SIZE,
    RegistrationRow,
    ReviewStep,
    list_registrations,
)
from app.services.registration_review import approve_registration
from app.state.address import address, number_in, path_of, query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.paging import Paging, paging_of

PATH = "/admin/inscriptions"
TOPICS = ("registration",)


@dataclass(frozen=True)
class QueueLine:
    """One line of the queue, in words."""

    id: str
    href: str
    name: str
    what: str
    source: str
    is_certified: bool
    warning: str
    state: str
    tone: str
    when: str
    may_approve_here: bool


def queue_line(row: RegistrationRow) -> QueueLine:
    """A registration as the list shows it."""
    state, tone = words.STATES[row.state]
    if row.first is not None:
        state, tone = words.WAITS_FOR_SECOND, "warning"
    return QueueLine(
        id=str(row.id),
        href=f"{PATH}/{row.id}",
        name=row.shared_title or name_label(row),
        what=_what(row),
        source=words.SOURCES.get(row.source or IdentitySource.MANUAL, ""),
        is_certified=row.is_certified,
        warning=words.RPPS_TAKEN if row.is_rpps_taken else "",
        state=state,
        tone=tone,
        when=moment(row.decided_at or row.submitted_at),
        may_approve_here=row.step is ReviewStep.ACTIVATES and row.is_certified,
    )


def _what(row: RegistrationRow) -> str:
    if row.kind is RegistrationKind.SECRETARY:
        title = words.SHARED_SECRETARIAT if row.shared_title else words.SECRETARIAT
        return f"{title} · {name_label(row)}" if row.shared_title else title
    profession = PROFESSIONS[row.profession] if row.profession else ""
    return f"{profession} · RPPS {rpps_label(row.rpps)}"


class RegistrationQueueState(AppState):
    """What waits, oldest first; or what was decided."""

    rows: list[QueueLine] = []
    is_loaded: bool = False
    is_decided: bool = False
    waiting: int = 0
    lead: str = ""
    paging: Paging = Paging()

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the page of the address."""
        if not self.is_loaded:
            self.page_status = "loading"
        self._watch_topics(TOPICS, RegistrationQueueState.refresh)
        await self._read()

    @event(Audience.ADMINISTRATOR, passive=True)
    async def refresh(self) -> None:
        """Somebody handed in or decided a registration: the same page again."""
        here = path_of(self.router.url)
        if here in {PATH, "/admin"}:
            await self._read()

    @event(Audience.ADMINISTRATOR)
    async def approve(self, registration_id: str) -> rx.event.EventSpec | None:
        """Approve a certified identity in one click (U-04), a factor given in the last minutes (S054).

        Pressed twice, the line has gone.
        """
        if all(row.id != registration_id for row in self.rows):
            return None
        if (first := self._confirm_first()) is not None:
            return first
        done = await self._perform(approve_registration, parse_id(registration_id), now=utc_now())
        if done is not None:
            self.notice = words.DONE[done]
        failure = self.error
        await self._read()
        self.error = failure
        return None

    async def _read(self) -> None:
        chosen = query_of(self.router.url)
        decided = chosen.get("vue") == "traitees"
        found = await self._look_up(
            list_registrations,
            decided=decided,
            page=number_in(chosen, "page", most=9_999),
            now=utc_now(),
        )
        if found is None:
            return
        self.rows = [queue_line(row) for row in found.rows]
        self.is_decided, self.waiting = decided, found.waiting
        self.lead = shared.waiting(found.waiting)
        view = "traitees" if decided else ""
        self.paging = paging_of(
            "Demandes", lambda number: address(PATH, vue=view, page=number), found, size=PAGE_SIZE
        )
        self.is_loaded, self.page_status = True, "ready"
