"""Open tabs of this process: what each one shows, and how it learns that something changed.

A tab is only ever told to ask again: the event it sends back passes the guard and the services like any
other, so a push can show nobody what they may not read (S062). One watcher follows the journal, which is
written by every process, so that two processes need nothing more between them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from app.db import reading
from app.services import journal
from app.services.access_mode import list_ended
from app.services.care_circle import list_touched
from app.services.delegation import list_over
from app.services.fields import paris_day
from app.services.session import WARNING_BEFORE, is_open
from app.state.changes import Changes
from app.state.clock import utc_now
from app.state.tab import Tab
from app.state.worker import to_reader

TICK_SECONDS = 1.0

logger = logging.getLogger("liane.live")

Emit = Callable[[str, str, dict[str, object]], Awaitable[None]]


class Tabs:
    """The open tabs by client token, and the watcher that refreshes them."""

    LEAVING_EVENT = "leaving"
    LEFT_EVENT = "left"
    MODE_EVENT = "mode"
    COUNT_EVENT = "count"

    def __init__(self) -> None:
        self._tabs: dict[str, Tab] = {}
        self._idle_ends_at: dict[UUID, datetime] = {}
        self._woken: asyncio.Event | None = None
        self._tell_others: Callable[[], None] | None = None
        self._today: date | None = None
        self._readings_seq = 0

    def __len__(self) -> int:
        return len(self._tabs)

    def belongs(
        self,
        token: str,
        session_id: UUID | None,
        idle_ends_at: datetime | None,
        delegation_id: UUID | None = None,
        access_id: UUID | None = None,
        *,
        mailbox_id: UUID | None = None,
    ) -> None:
        """Note whose tab it is, under which delegation or emergency; another owner starts from nothing."""
        tab = self._tabs.get(token)
        if session_id is None:
            self._tabs.pop(token, None)
            return
        if tab is None or (tab.session_id, tab.delegation_id) != (session_id, delegation_id):
            tab = self._tabs[token] = Tab(session_id, delegation_id)
        tab.access_id, tab.mailbox_id = access_id, mailbox_id
        if idle_ends_at is not None:
            known = self._idle_ends_at.get(session_id)
            if known is None or idle_ends_at > known:
                self._idle_ends_at[session_id] = idle_ends_at
                for other in self._tabs.values():
                    if other.session_id == session_id:
                        other.is_warned = False

    def watch(
        self,
        token: str,
        patient_id: UUID | None,
        refresh_event: str,
        ends_at: datetime | None = None,
    ) -> None:
        """The tab shows this patient; `refresh_event` makes it ask again, once more at `ends_at`."""
        self._tab(token).show(refresh_event, patient_id=patient_id, ends_at=ends_at)

    def watch_readings(self, token: str, patient_id: UUID, refresh_event: str) -> None:
        """The tab shows this patient and who reads their record: it asks again after a reading too (S132)."""
        self._tab(token).show(refresh_event, patient_id=patient_id, shows_readings=True)

    def watch_patients(
        self,
        token: str,
        professional_id: UUID | None,
        refresh_event: str,
        *,
        shows_mailbox: bool = False,
    ) -> None:
        """The tab shows something of every patient of this professional, and of their messages if told."""
        self._tab(token).show(
            refresh_event, professional_id=professional_id, shows_mailbox=shows_mailbox
        )

    def watch_topics(self, token: str, topics: tuple[str, ...], refresh_event: str) -> None:
        """The tab shows what acts of these features change: `registration` for `registration.approved`."""
        self._tab(token).show(refresh_event, topics=topics)

    def watch_mailbox(self, token: str, refresh_event: str) -> None:
        """The tab shows the messages of its mailbox, or the drafts written in it."""
        self._tab(token).show(refresh_event, shows_mailbox=True)

    def _tab(self, token: str) -> Tab:
        # Of a tab that is nobody's, what it shows is not kept.
        return self._tabs.get(token) or Tab()

    def saw(self, token: str, seq: int) -> None:
        """The tab just read the base as it was at this line of the journal."""
        tab = self._tabs.get(token)
        if tab is not None and seq > tab.fresh_seq:
            tab.fresh_seq = seq

    def wake(self) -> None:
        """Something was just saved here: look at once instead of at the next tick, here and elsewhere."""
        self.look_soon()
        if self._tell_others is not None:
            self._tell_others()

    def look_soon(self) -> None:
        """Look at the journal at once: another process saved something."""
        if self._woken is not None:
            self._woken.set()

    def tell_with(self, tell_others: Callable[[], None]) -> None:
        """How to wake the watchers of other processes."""
        self._tell_others = tell_others

    async def run(self, emit: Emit, connected: Callable[[str], bool]) -> None:
        """Follow the journal until cancelled. Owned by the application's life span."""
        self._woken = asyncio.Event()
        seq = await to_reader(self._last_seq)
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), TICK_SECONDS)
            self._woken.clear()
            try:
                seq = await self._look(seq, emit, connected)
            except Exception:
                # The base may be restarting: pages stay as they are and the next tick tries again.
                logger.exception("live watcher")

    async def _look(self, seq: int, emit: Emit, connected: Callable[[str], bool]) -> int:
        for token in [token for token in self._tabs if not connected(token)]:
            del self._tabs[token]
        if not self._tabs:
            return await to_reader(self._last_seq)
        lines = await to_reader(self._changes, seq)
        changes = await self._sort(lines)
        is_new_day = self._turn_day()
        for token, tab in list(self._tabs.items()):
            if tab.session_id in changes.ended_sessions:
                await self._leave(emit, token)
                continue
            if tab.newest_in_mailbox(changes):
                await emit(token, self.COUNT_EVENT, {})
            if tab.newest_of(changes) > tab.fresh_seq or (is_new_day and tab.shows_patients):
                await emit(token, tab.refresh_event, {})
        await self._end_accesses(emit)
        await self._end_modes(emit)
        await self._warn_idle(emit)
        return lines[-1].seq if lines else seq

    async def _sort(self, lines: list[journal.Change]) -> Changes:
        """What is asked of the base is asked once, and only when a tab shows it."""
        changes = Changes()
        for line in lines:
            changes.add(line)
        if changes.touches_mailboxes and any(tab.mailbox_id for tab in self._tabs.values()):
            await to_reader(changes.find_mailboxes)
        changes.by_professional = await self._newest_by_professional(changes.by_patient)
        changes.readings = await self._newest_readings()
        return changes

    def _turn_day(self) -> bool:
        """Whether the day in Paris just changed: a version of the matrix may hold from now on (DM-45)."""
        before, self._today = self._today, paris_day(utc_now())
        return before not in {None, self._today}

    async def _end_accesses(self, emit: Emit) -> None:
        """What somebody may see for so long is asked for again when its time is over."""
        now = utc_now()
        for token, tab in list(self._tabs.items()):
            if tab.ends_at is not None and tab.ends_at <= now:
                tab.ends_at = None
                await emit(token, tab.refresh_event, {})

    async def _end_modes(self, emit: Emit) -> None:
        """Send home the tabs whose delegation ended: withdrawn, past its last day, its holder suspended.

        So with an emergency that ended. What ends one is of many kinds and one of them is the clock, so it is
        asked and not told.
        """
        acting = {tab.session_id for tab in self._tabs.values() if tab.delegation_id}
        over = await to_reader(self._over, acting) if acting else set()
        opened = {tab.access_id for tab in self._tabs.values() if tab.access_id}
        ended = await to_reader(self._ended, opened) if opened else set()
        for token, tab in list(self._tabs.items()):
            is_over = tab.delegation_id is not None and tab.session_id in over
            if is_over or tab.access_id in ended:
                await emit(token, self.MODE_EVENT, {})

    async def _newest_readings(self) -> dict[UUID, int]:
        """The newest line about each patient whose readings a tab shows, since the last look at them."""
        watching = [tab for tab in self._tabs.values() if tab.shows_readings and tab.patient_id]
        if not watching:
            self._readings_seq = 0
            return {}
        since = self._readings_seq or min(tab.fresh_seq for tab in watching)
        patients = {tab.patient_id for tab in watching if tab.patient_id is not None}
        found = await to_reader(self._readings, patients, since)
        self._readings_seq = max([since, *found.values()])
        return found

    async def _newest_by_professional(self, newest: dict[UUID, int]) -> dict[UUID, int]:
        """The newest change among the patients of each professional; asked only when a tab shows them."""
        watching = any(tab.professional_id is not None for tab in self._tabs.values())
        if not newest or not watching:
            return {}
        found: dict[UUID, int] = {}
        for professional_id, patient_id in await to_reader(self._touched, list(newest)):
            found[professional_id] = max(found.get(professional_id, 0), newest[patient_id])
        return found

    async def _warn_idle(self, emit: Emit) -> None:
        now = utc_now()
        for token, tab in list(self._tabs.items()):
            ends_at = self._idle_ends_at.get(tab.session_id) if tab.session_id else None
            if ends_at is None or now < ends_at - WARNING_BEFORE:
                continue
            if now >= ends_at or not await to_reader(self._is_open, tab.session_id):
                await self._leave(emit, token)
            elif not tab.is_warned:
                tab.is_warned = True
                await emit(token, self.LEAVING_EVENT, {})
        live = {tab.session_id for tab in self._tabs.values()}
        self._idle_ends_at = {k: v for k, v in self._idle_ends_at.items() if k in live}

    async def _leave(self, emit: Emit, token: str) -> None:
        self._tabs.pop(token, None)
        await emit(token, self.LEFT_EVENT, {})

    @staticmethod
    def _last_seq() -> int:
        with reading() as session:
            return journal.last_seq(session)

    @staticmethod
    def _changes(seq: int) -> list[journal.Change]:
        with reading() as session:
            return journal.list_changes_since(session, seq)

    @staticmethod
    def _readings(patient_ids: set[UUID], seq: int) -> dict[UUID, int]:
        with reading() as session:
            return journal.newest_on(session, patient_ids, seq)

    @staticmethod
    def _touched(patient_ids: list[UUID]) -> set[tuple[UUID, UUID]]:
        with reading() as session:
            return list_touched(session, patient_ids, now=utc_now())

    @staticmethod
    def _over(session_ids: set[UUID]) -> set[UUID]:
        with reading() as session:
            return list_over(session, session_ids, now=utc_now())

    @staticmethod
    def _ended(access_ids: set[UUID]) -> set[UUID]:
        with reading() as session:
            return list_ended(session, access_ids, now=utc_now())

    @staticmethod
    def _is_open(session_id: UUID | None) -> bool:
        if session_id is None:
            return False
        with reading() as session:
            return is_open(session, session_id)


tabs = Tabs()
