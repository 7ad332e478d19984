"""A message, from « Envoyer » to the page of whoever receives it, while two hundred inboxes are open."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

import aiohttp
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from app import cookies
from app.authz.actor import Actor
from app.db import unit_of_work
from app.homes import MESSAGES_PAGE
from app.models.account import Account
from app.services.session import open_session
from app.state.arrival import ArrivalState
from app.state.clock import utc_now
from app.state.conversation import ConversationState
from tests import factories
from tests.bench.processes import Processes
from tests.bench.steps import EMPTY, Timing, time_step
from tests.live_client import LiveClient
from tests.messages import professional
from tests.server import LiveServer, start

COUNT = format_event_handler(ArrivalState.count)
REFRESH = format_event_handler(ConversationState.refresh)
INBOXES = 200
NAME = f"Message sent, seen in the other browser, {INBOXES} inboxes open"
AIMS = {NAME: 300}


@dataclass
class Inbox:
    """One open inbox, and who holds it."""

    actor: Actor
    cookie: str
    client: LiveClient


def time_messages(folder: Path) -> list[Timing]:
    """On a base of their own: professionals who write to each other, each to the next."""
    server = start(folder / "data", "serve")
    try:
        return asyncio.run(_time(server, Processes(server.process.pid)))
    finally:
        server.stop()


async def _time(server: LiveServer, processes: Processes) -> list[Timing]:
    empty, sent = Timing("Empty event, an inbox open"), Timing(NAME)
    people = await asyncio.to_thread(_people, server)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        inboxes = []
        for actor, cookie in people:
            client = await stack.enter_async_context(LiveClient(server.url, cookie))
            await client.visit(MESSAGES_PAGE)
            await client.wait_for(lambda c: c.fresh.get("is_loaded"))
            client.answers = {COUNT, REFRESH}
            inboxes.append(Inbox(actor, cookie, client))
        turns = count()

        async def close_notice() -> None:
            client = inboxes[0].client
            client.fresh.clear()
            await client.send(EMPTY)
            await client.wait_for(lambda c: "notice" in c.fresh)

        async def send() -> None:
            turn = next(turns)
            await _send(http, server, inboxes[turn % INBOXES], inboxes[(turn + 1) % INBOXES])

        async def rest() -> None:
            # The writer's own pages move too.
            await asyncio.sleep(0.1)

        await time_step(empty, close_notice, processes)
        await time_step(sent, send, processes, after=rest)
    return [empty, sent]


async def _send(
    http: aiohttp.ClientSession, server: LiveServer, writer: Inbox, reader: Inbox
) -> None:
    """Until the list of the reader and the number beside it have moved."""
    subject = f"Avis {uuid4().hex[:8]}"
    reader.client.fresh.clear()
    message = {
        "draft_id": str(uuid4()),
        "subject": subject,
        "text": "Pouvez-vous me rappeler au sujet de la dernière prise de sang ?",
        "recipients": [professional(reader.actor)],
    }
    headers = {"Origin": server.url, "Cookie": writer.cookie}
    address = f"{server.url}/api/messages/send"
    async with http.post(address, json=message, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    await reader.client.wait_for(
        lambda c: "unread" in c.fresh and subject in str(c.fresh.get("mailbox"))
    )


def _people(server: LiveServer) -> list[tuple[Actor, str]]:
    now = utc_now()
    with server.database() as base, unit_of_work(base) as session:
        actors = [factories.make_professional(session, now) for _ in range(INBOXES)]
        return [(actor, _sign_in(session, actor)) for actor in actors]


def _sign_in(session: Session, actor: Actor) -> str:
    account = session.get_one(Account, actor.account_id)
    _, token = open_session(session, account, device="bench", address="127.0.0.1", now=utc_now())
    return f"{cookies.SESSION}={token}"
