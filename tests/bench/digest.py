"""Five hundred digests whose turn comes, beside people at work: how much slower pages answer.

    python -m tests.bench.digest

measures this alone, in four minutes. First a hundred digests with nobody at a screen: what the server spends
on each, which hardly depends on who else uses the machine. Then people work without a pause, in windows that
take turns: some seconds in quiet, a hundred digests until the mail server has taken all, quiet again, five
times. The p95 of each window with digests is compared with those of the quiet windows before and after it;
the middle one of these ratios is the figure, which a moment of other work on the machine does not spoil. The
mail server is a process of its own that does next to nothing, as it would be elsewhere.
"""

import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path

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
from tests.bench.processes import Processes
from tests.bench.report import Figure
from tests.bench.steps import MIXED, Tab, Timing
from tests.live_client import HYDRATE, LiveClient
from tests.server import LiveServer, free_port, start

AT_ONCE, ROUNDS = 100, 5
DIGESTS = AT_ONCE * ROUNDS
SESSIONS = 8
# Somebody at a screen reads before they ask again; eight of them ask about forty times a second.
THINKING_SECONDS = 0.15
AIM_SECONDS, AIM_RATIO = 60, 1.2
_QUIET_SECONDS = 10
_ROBOT = system("bench")


@dataclass
class Measured:
    """Windows with digests (`beside`), each between two without (`quiet`)."""

    cpu_ms: float
    quiet: list[Timing] = field(default_factory=list)
    beside: list[Timing] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def timings(self) -> list[Timing]:
        """All windows of a kind as one."""
        return [
            Timing(name, [duration for each in windows for duration in each.durations])
            for name, windows in (
                ("Pages, without digests", self.quiet),
                (f"Pages, beside {DIGESTS} digests", self.beside),
            )
        ]

    @property
    def ratios(self) -> list[float]:
        """Of each window with digests, beside the one before and the one after."""
        return [
            window.at(0.95) / quiet.at(0.95)
            for number, window in enumerate(self.beside)
            for quiet in self.quiet[number : number + 2]
        ]

    @property
    def figures(self) -> list[Figure]:
        """What is not a duration."""
        ratio = statistics.median(self.ratios)
        return [
            Figure(f"{DIGESTS} digests, all taken by SMTP", self.seconds, "s", AIM_SECONDS),
            Figure("  p95 of pages meanwhile, beside a quiet time", ratio, "×", AIM_RATIO),
            Figure("  processor time of the server for each", self.cpu_ms, "ms"),
        ]


def measure(folder: Path, *, quick: bool = False) -> Measured:
    """Make people and their unread messages in an empty folder, serve them, and let turns come."""
    made = data.make(folder / "data", patients=200, medicines=200, records=40, sessions=SESSIONS)
    rounds, quiet_seconds = (2, 4) if quick else (ROUNDS, _QUIET_SECONDS)
    with _mail_server() as port:
        server = start(folder / "data", LIANE_SMTP_URL=f"smtp://127.0.0.1:{port}")
        try:
            with server.database() as base:
                _write_to(base, AT_ONCE * (rounds + 1))
                measured = Measured(_cpu_ms(server, base))
                asyncio.run(_time(server, base, made, measured, rounds, quiet_seconds))
        finally:
            server.stop()
    return measured


@contextmanager
def _mail_server() -> Iterator[int]:
    """A process that takes every mail; its port."""
    fresh = multiprocessing.get_context("spawn")
    port, is_ready = free_port(), fresh.Event()
    process = fresh.Process(target=_take_mails, args=(port, is_ready), daemon=True)
    process.start()
    assert is_ready.wait(30)
    try:
        yield port
    finally:
        process.terminate()
        process.join()


def _take_mails(port: int, is_ready: Event) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_take, "127.0.0.1", port)
        is_ready.set()
        await server.serve_forever()

    asyncio.run(serve())


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As much of SMTP as a sender needs."""
    answers = {
        b"EHLO": b"250-bench\r\n250-SIZE 33554432\r\n250 8BITMIME",
        b"DATA": b"354 Go on",
        b"QUIT": b"221 Bye",
    }
    writer.write(b"220 bench\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        writer.write(answers.get(command, b"250 OK") + b"\r\n")
        if command == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 OK\r\n")
    writer.close()


def _cpu_ms(server: LiveServer, base: Database) -> float:
    """What one digest costs the server in all, nobody being at a screen."""
    processes = Processes(server.process.pid)
    time.sleep(3)
    began, before = time.monotonic(), processes.cpu_seconds()
    time.sleep(5)
    idle = (processes.cpu_seconds() - before) / (time.monotonic() - began)
    before = processes.cpu_seconds()
    seconds = _serve(base, AT_ONCE)
    return (processes.cpu_seconds() - before - idle * seconds) / AT_ONCE * 1_000


def _serve(base: Database, until: int) -> float:
    """Let the next turns come, and wait until so many mails are sent in all; the seconds it took."""
    began = time.monotonic()
    _let_turns_come(base)
    while _sent(base) < until:
        assert time.monotonic() - began < AIM_SECONDS, "digests are late"
        time.sleep(0.2)
    return time.monotonic() - began


async def _time(
    server: LiveServer,
    base: Database,
    made: data.Made,
    measured: Measured,
    rounds: int,
    quiet_seconds: float,
) -> None:
    async with AsyncExitStack() as stack:
        tabs = []
        for number, cookie in enumerate(made.cookies):
            client = await stack.enter_async_context(LiveClient(server.url, cookie))
            tab = Tab(client, made, first=number, stride=SESSIONS)
            await tab.visit(tab.page("synthese"), HYDRATE)
            tabs.append(tab)
        window = [Timing("warming up")]
        stop = asyncio.Event()
        working = [asyncio.create_task(_work(tab, n, window, stop)) for n, tab in enumerate(tabs)]
        await asyncio.sleep(5)
        for turn in range(rounds + 1):
            if turn:
                measured.beside.append(Timing("beside"))
                window[0] = measured.beside[-1]
                until = AT_ONCE * (turn + 1)
                measured.seconds += await asyncio.to_thread(_serve, base, until)
            measured.quiet.append(Timing("quiet"))
            window[0] = measured.quiet[-1]
            await asyncio.sleep(quiet_seconds)
        stop.set()
        await asyncio.gather(*working)


async def _work(tab: Tab, first: int, window: list[Timing], stop: asyncio.Event) -> None:
    """A step counts in the window in which it began."""
    for turn in count(first):
        current, began = window[0], time.perf_counter()
        await MIXED[turn % len(MIXED)].run(tab)
        current.durations.append((time.perf_counter() - began) * 1_000)
        if stop.is_set():
            return
        await asyncio.sleep(THINKING_SECONDS)


def _write_to(base: Database, people: int) -> None:
    """An unread message for each of so many professionals; their turn is not there yet."""
    now = utc_now()
    for _ in range(people // 50):
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


def _let_turns_come(base: Database) -> None:
    """For a hundred of those who wait."""
    waiting = (
        select(DigestSchedule.account_id)
        .where(col(DigestSchedule.next_at).is_not(None))
        .limit(AT_ONCE)
    )
    with unit_of_work(base) as session:
        session.execute(
            update(DigestSchedule)
            .where(col(DigestSchedule.account_id).in_(waiting))
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
    for timing in measured.timings:
        print(
            f"{timing.name}: p50 {timing.at(0.5):.1f} ms, p95 {timing.at(0.95):.1f} ms, "
            f"{len(timing.durations)} steps"
        )
    print("ratios:", " ".join(f"{ratio:.2f}" for ratio in measured.ratios))
    for figure in measured.figures:
        print(f"{figure.name}: {figure.value:.2f} {figure.unit}")


if __name__ == "__main__":
    main()
