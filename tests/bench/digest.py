"""Five hundred digests whose turn comes at once, beside people at work: how much slower pages answer.

    python -m tests.bench.digest

measures this alone.
"""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update
from sqlmodel import col

from app.authz.actor import system
from app.db import Database, reading, unit_of_work
from app.models.message import Conversation, ConversationKind, Participant
from app.models.notification import DigestSchedule
from app.models.outbox import OutboxMessage, OutboxState
from app.services import digest
from app.state.clock import utc_now
from tests import factories
from tests.bench import data
from tests.bench.report import Figure
from tests.bench.steps import MIXED, Tab, Timing
from tests.live_client import HYDRATE, LiveClient
from tests.server import LiveServer, free_port, start

DIGESTS = 500
SESSIONS = 8
# Somebody at a screen reads before they ask again; eight of them ask about forty times a second.
THINKING_SECONDS = 0.15
AIM_SECONDS, AIM_RATIO = 60, 1.2
_QUIET_SECONDS = 25
_ROBOT = system("bench")


@dataclass
class Measured:
    """Pages without digests and with them, and how long the digests took."""

    quiet: Timing
    beside: Timing
    seconds: float

    @property
    def figures(self) -> list[Figure]:
        """What is not a duration."""
        ratio = self.beside.at(0.95) / self.quiet.at(0.95)
        return [
            Figure(f"{DIGESTS} digests at once, all taken by SMTP", self.seconds, "s", AIM_SECONDS),
            Figure("  p95 of pages meanwhile, beside a quiet time", ratio, "×", AIM_RATIO),
        ]


def measure(folder: Path, *, quick: bool = False) -> Measured:
    """Make people and their unread messages in an empty folder, serve them, and let the turn come."""
    made = data.make(folder / "data", patients=200, medicines=200, records=40, sessions=SESSIONS)
    smtp = Controller(_Sink(), hostname="127.0.0.1", port=free_port())
    smtp.start()
    server = start(folder / "data", LIANE_SMTP_URL=f"smtp://127.0.0.1:{smtp.port}")
    try:
        with server.database() as base:
            return asyncio.run(_time(server, base, made, quick=quick))
    finally:
        server.stop()
        smtp.stop()


class _Sink:
    """A mail server that takes everything."""

    async def handle_DATA(self, *_: object) -> str:
        return "250 OK"


async def _time(server: LiveServer, base: Database, made: data.Made, *, quick: bool) -> Measured:
    quiet, beside = Timing("Pages, without digests"), Timing(f"Pages, beside {DIGESTS} digests")
    await asyncio.to_thread(_write_to_everybody, base)
    timing: list[Timing | None] = [None]
    # As long without as with, before and after: others may share the machine.
    quiet_seconds = 5 if quick else _QUIET_SECONDS
    async with AsyncExitStack() as stack:
        tabs = []
        for number, cookie in enumerate(made.cookies):
            client = await stack.enter_async_context(LiveClient(server.url, cookie))
            tab = Tab(client, made, first=number, stride=SESSIONS)
            await tab.visit(tab.page("synthese"), HYDRATE)
            tabs.append(tab)
        stop = asyncio.Event()
        working = [asyncio.create_task(_work(tab, n, timing, stop)) for n, tab in enumerate(tabs)]
        await asyncio.sleep(3)
        timing[0] = quiet
        await asyncio.sleep(quiet_seconds)
        timing[0] = beside
        began = time.monotonic()
        await asyncio.to_thread(_let_the_turn_come, base)
        while await asyncio.to_thread(_sent, base) < DIGESTS:
            assert time.monotonic() - began < 3 * AIM_SECONDS, "digests are late"
            await asyncio.sleep(0.5)
        seconds = time.monotonic() - began
        timing[0] = quiet
        await asyncio.sleep(quiet_seconds)
        stop.set()
        await asyncio.gather(*working)
    return Measured(quiet, beside, seconds)


async def _work(tab: Tab, first: int, timing: list[Timing | None], stop: asyncio.Event) -> None:
    for turn in count(first):
        began = time.perf_counter()
        await MIXED[turn % len(MIXED)].run(tab)
        if (current := timing[0]) is not None:
            current.durations.append((time.perf_counter() - began) * 1_000)
        if stop.is_set():
            return
        await asyncio.sleep(THINKING_SECONDS)


def _write_to_everybody(base: Database) -> None:
    """An unread message for each of five hundred professionals; their turn is not there yet."""
    now = utc_now()
    for _ in range(DIGESTS // 50):
        with unit_of_work(base) as session:
            for _ in range(50):
                actor = factories.make_professional(session, now)
                conversation = Conversation(
                    kind=ConversationKind.TEAM, subject="Avis", started_at=now
                )
                session.add(conversation)
                session.flush()
                place = Participant(
                    conversation_id=conversation.id,
                    professional_id=actor.professional_id,
                    joined_at=now,
                    last_at=now,
                    received_at=now,
                    unread_count=1,
                )
                session.add(place)
                digest.schedule_digests(session, _ROBOT, [place.id], now=now)


def _let_the_turn_come(base: Database) -> None:
    with unit_of_work(base) as session:
        session.execute(
            update(DigestSchedule)
            .where(col(DigestSchedule.next_at).is_not(None))
            .values(next_at=utc_now())
        )


def _sent(base: Database) -> int:
    with reading(base) as session:
        found = session.execute(
            select(func.count())
            .select_from(OutboxMessage)
            .where(col(OutboxMessage.state) == OutboxState.SENT)
        )
        return int(found.scalar_one())


def main() -> None:
    """Measure this alone."""
    with tempfile.TemporaryDirectory(prefix="liane-bench-") as folder:
        measured = measure(Path(folder))
    for timing in (measured.quiet, measured.beside):
        print(
            f"{timing.name}: p50 {timing.at(0.5):.1f} ms, p95 {timing.at(0.95):.1f} ms, "
            f"{len(timing.durations)} steps"
        )
    for figure in measured.figures:
        print(f"{figure.name}: {figure.value:.2f} {figure.unit}")


if __name__ == "__main__":
    main()
