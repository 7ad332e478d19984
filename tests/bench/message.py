"""Mailboxes of fifty, five hundred and five thousand conversations, opened; long conversations; a sending.

    python -m tests.bench.message

measures this alone.
"""

import asyncio
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from pydantic import SecretStr
from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from app import cookies, migrations
from app.authz.actor import Actor, system
from app.db import Database, open_database, unit_of_work
from app.homes import MESSAGES_PAGE
from app.models.account import Account
from app.models.message import (
    Conversation,
    ConversationKind,
    Message,
    MessageCopy,
    Participant,
    Priority,
)
from app.seeds import reference
from app.services import session as sessions
from app.services.conversation_list import PAGE_SIZE, Box, list_conversations
from app.services.conversation_reading import open_conversation
from app.settings import Settings
from app.state.clock import utc_now
from tests import factories
from tests.bench import steps
from tests.bench.processes import Processes
from tests.bench.report import Figure
from tests.bench.steps import Timing
from tests.live_client import ON_LOAD, LiveClient
from tests.messages import professional
from tests.postgresql import PostgresServer
from tests.server import LiveServer, start

# Conversations of a mailbox, and messages of its longest ones.
SIZES = ((50, 30), (500, 200), (5_000, 1_000))
LONG = 4
COLLEAGUES, PATIENTS = 40, 60
AIM_P95 = 60
# A page of the largest mailbox weighs at most this many times one of the smallest.
AIM_WEIGHT = 1.1
_SERVICE_TIMES, _SENDINGS = 100, 50
FIRST, LAST, LONGEST = "Opening an inbox", "  its last page", "  a conversation"
SENT = "Sending a message, end to end"


def _names(conversations: int, messages: int) -> tuple[str, str, str]:
    return (
        f"{FIRST} of {conversations} conversations",
        f"{LAST}, {conversations} conversations",
        f"{LONGEST} of {messages} messages",
    )


AIMS = {
    name: AIM_P95
    for where in ("", ", in the service, SQLite", ", in the service, PostgreSQL")
    for sizes in SIZES
    for name in (f"{each}{where}" for each in _names(*sizes))
} | {SENT: AIM_P95}


@dataclass
class Filled:
    """One professional's mailbox. `long`: its conversations of many messages."""

    size: int
    messages: int
    actor: Actor
    cookie: str
    colleague: str
    long: list[UUID] = field(default_factory=list)

    @property
    def last_page(self) -> int:
        return -(-self.size // PAGE_SIZE)

    @property
    def names(self) -> tuple[str, str, str]:
        return _names(self.size, self.messages)


@dataclass
class Measured:
    """Steps by mailbox, and what each page weighs."""

    timings: list[Timing] = field(default_factory=list)
    weights: dict[str, list[int]] = field(default_factory=dict)

    @property
    def figures(self) -> list[Figure]:
        """Kilobytes of the largest page, and how many times those of the smallest mailbox."""
        return [
            figure
            for name, each in self.weights.items()
            for figure in (
                Figure(f"{name}: weight of the page", each[-1] / 1_000, "kB"),
                Figure("  beside the smallest mailbox", each[-1] / each[0], "×", AIM_WEIGHT),
            )
        ]


def measure(folder: Path, *, quick: bool = False) -> Measured:
    """Fill mailboxes in an empty folder, open them as served, then in the services on both databases."""
    mailboxes = _make(Settings(data_dir=folder / "data", mode="demo"))
    server = start(folder / "data")
    try:
        measured = asyncio.run(_time_pages(server, mailboxes, Processes(server.process.pid)))
        measured.timings.append(_time_sending(server, mailboxes[-1]))
    finally:
        server.stop()
    measured.timings += _time_services(folder, quick=quick)
    return measured


async def _time_pages(
    server: LiveServer, mailboxes: Sequence[Filled], running: Processes
) -> Measured:
    measured = Measured()
    for filled in mailboxes:
        async with LiveClient(server.url, filled.cookie) as client:
            await client.visit(MESSAGES_PAGE)
            await client.wait_for(lambda c: "mailbox" in c.fresh)
            last = f"{MESSAGES_PAGE}?page={filled.last_page}"
            long = [f"{MESSAGES_PAGE}/{key}" for key in filled.long]
            for kind, name, paths in (
                (FIRST, filled.names[0], [MESSAGES_PAGE]),
                (LAST, filled.names[1], [last]),
                (LONGEST, filled.names[2], long),
            ):
                timing, chosen = Timing(name), cycle(paths)

                async def run(chosen: Any = chosen) -> None:
                    client.path = next(chosen)
                    client.fresh.clear()
                    await client.send(ON_LOAD)
                    key = client.path.removeprefix(MESSAGES_PAGE).partition("?")[0].strip("/")
                    await client.wait_for(
                        lambda c: (
                            (
                                "mailbox" in c.fresh
                                and c.fresh.get("thread", {}).get("id", "") == key
                            )
                            if key
                            else "mailbox" in c.fresh
                        )
                    )

                async def settle() -> None:
                    await client.wait_for(lambda c: c.var("is_hydrated"))

                await steps.time_step(timing, run, running, after=settle)
                measured.timings.append(timing)
                weight = len(json.dumps(client.fresh, ensure_ascii=False).encode())
                measured.weights.setdefault(kind.strip(), []).append(weight)
    return measured


def _time_sending(server: LiveServer, filled: Filled) -> Timing:
    """From « Envoyer » to its answer: the message is stored, in every mailbox."""
    timing = Timing(SENT)
    server.forget_limits()
    headers = {"Cookie": filled.cookie, "Origin": server.url}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as http:
        for number in range(_SENDINGS):
            message = {
                "draft_id": str(uuid4()),
                "subject": f"Point {number}",
                "text": "Pouvez-vous me rappeler au sujet de la dernière prise de sang ?",
                "recipients": [filled.colleague],
            }
            started = time.perf_counter()
            answer = http.post("/api/messages/send", json=message)
            duration = (time.perf_counter() - started) * 1_000
            assert answer.status_code == httpx.codes.OK, answer.text
            if number > 4:
                timing.durations.append(duration)
    return timing


def _time_services(folder: Path, *, quick: bool) -> list[Timing]:
    """The same lists and conversations read by the services alone, on both databases."""
    times = _SERVICE_TIMES // (4 if quick else 1)
    embedded = _time_service(Settings(data_dir=folder / "service", mode="demo"), "SQLite", times)
    folder.chmod(0o711)  # its server may run as somebody else
    postgres = PostgresServer(folder)
    postgres.start()
    try:
        url = SecretStr(postgres.url(postgres.create()))
        settings = Settings(data_dir=folder / "postgresql", mode="demo", database_url=url)
        return embedded + _time_service(settings, "PostgreSQL", times)
    finally:
        postgres.stop()


def _time_service(settings: Settings, where: str, times: int) -> list[Timing]:
    mailboxes = _make(settings)
    database = open_database(settings)
    timings: list[Timing] = []
    try:
        for filled in mailboxes:
            for place, name in enumerate(filled.names):
                timing = Timing(f"{name}, in the service, {where}")
                for number in range(times + 5):
                    started, cpu = time.perf_counter(), time.thread_time()
                    _read(database, filled, place, number)
                    if number >= 5:
                        timing.durations.append((time.perf_counter() - started) * 1_000)
                        timing.cpu += (time.thread_time() - cpu) * 1_000 / times
                timings.append(timing)
    finally:
        database.engine.dispose()
    return timings


def _read(database: Database, filled: Filled, place: int, number: int) -> None:
    with unit_of_work(database) as session:
        if place == 2:
            key = filled.long[number % LONG]
            view = open_conversation(session, filled.actor, key, now=utc_now())
            assert view.total == filled.messages
            return
        page = filled.last_page if place else 1
        found = list_conversations(session, filled.actor, Box.RECEIVED, page=page, now=utc_now())
        assert found.page == page
        assert found.rows


def _make(settings: Settings) -> list[Filled]:
    database, now = open_database(settings), utc_now()
    try:
        migrations.upgrade(database)
        with unit_of_work(database) as session:
            reference.ensure(session, system("bench"), now=now)
            colleagues = [factories.make_professional(session, now) for _ in range(COLLEAGUES)]
            return [_fill(session, colleagues, *sizes) for sizes in SIZES]
    finally:
        database.engine.dispose()


def _fill(session: Session, colleagues: list[Actor], size: int, messages: int) -> Filled:
    """Conversations over three years, a third of them about a patient, one in twenty not read."""
    now, chosen = utc_now(), random.Random(size)
    actor = factories.make_professional(session, now)
    account = session.get_one(Account, actor.account_id)
    _, token = sessions.open_session(session, account, device="bench", address="127.0.0.1", now=now)
    patients = [factories.make_patient(session, actor, now=now) for _ in range(PATIENTS)]
    filled = Filled(
        size, messages, actor, f"{cookies.SESSION}={token}", professional(colleagues[0])
    )
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {
        table: [] for table in (Conversation, Participant, Message, MessageCopy)
    }
    for number in range(size):
        count = messages if number < LONG else 1
        minutes = chosen.randrange(3 * 365 * 1_440) if number >= LONG else number
        talk = Conversation(
            kind=ConversationKind.TEAM,
            subject=f"Point de suivi {number}",
            patient_id=chosen.choice(patients) if number % 3 == 0 else None,
            started_at=now - timedelta(minutes=minutes + count),
        )
        if number < LONG:
            filled.long.append(talk.id)
        _fill_one(rows, talk, actor, chosen.choice(colleagues), count, chosen)
    for table, several in rows.items():
        session.execute(insert(table), several)
    return filled


def _fill_one(
    rows: dict[type[SQLModel], list[dict[str, Any]]],
    talk: Conversation,
    reader: Actor,
    writer: Actor,
    count: int,
    chosen: random.Random,
) -> None:
    """One conversation: `count` messages by turns, the last one received."""
    places = [
        Participant(
            conversation_id=talk.id,
            professional_id=who.professional_id,
            joined_at=talk.started_at,
            last_at=talk.started_at,
            priority=chosen.choice(list(Priority)),
        )
        for who in (writer, reader)
    ]
    is_unread = chosen.random() < 0.05
    for number in range(count):
        author = places[(count - 1 - number) % 2]
        is_last = number == count - 1
        message = Message(
            conversation_id=talk.id,
            author_id=author.id,
            priority=Priority.INFORMATION,
            text=f"Message {number}. " + "Tout va bien, la prise de sang est prévue. " * 4,
            sent_at=talk.started_at + timedelta(minutes=number),
        )
        rows[Message].append(message.model_dump())
        for place in places:
            is_own = place is author
            read_at = None if is_last and is_unread and not is_own else message.sent_at
            copy = MessageCopy(
                participant_id=place.id,
                message_id=message.id,
                sent_at=message.sent_at,
                is_own=is_own,
                read_at=read_at,
            )
            rows[MessageCopy].append(copy.model_dump())
            place.last_at, place.last_message_id = message.sent_at, message.id
            if is_own:
                place.sent_at = message.sent_at
            else:
                place.received_at = message.sent_at
                place.unread_count += read_at is None
    rows[Conversation].append(talk.model_dump())
    rows[Participant] += [place.model_dump() for place in places]


def main() -> None:
    """Measure this alone."""
    with tempfile.TemporaryDirectory(prefix="liane-bench-") as folder:
        measured = measure(Path(folder))
    for timing in measured.timings:
        print(f"{timing.name}: p50 {timing.at(0.5):.1f} ms, p95 {timing.at(0.95):.1f} ms")
    for figure in measured.figures:
        print(f"{figure.name}: {figure.value:.2f} {figure.unit}")


if __name__ == "__main__":
    main()
