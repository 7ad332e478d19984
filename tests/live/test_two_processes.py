"""Two server processes on one PostgreSQL: a message sent through one shows in the other (S146).

One walk, with Redis, without it, and with it again, since two servers take ten seconds to start.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from reflex_base.utils.format import format_event_handler

from app import cookies
from app.authz.actor import Actor, system
from app.db import open_database, unit_of_work
from app.seeds import reference
from app.settings import Settings
from app.state.arrival import ArrivalState
from app.state.clock import utc_now
from tests import factories
from tests.live.conftest import sign_in
from tests.live_client import LiveClient
from tests.messages import professional
from tests.redis import RedisServer
from tests.server import LiveServer

COUNT = format_event_handler(ArrivalState.count)
RECOVERED_WITHIN = 10.0
# A tenth of a second on a machine at rest; looking each second, as without Redis, takes half of one or more.
SOON = 0.45


@dataclass
class Portal:
    """A doctor writes through the first process; a colleague reads through the second."""

    first: LiveServer
    second: LiveServer
    doctors_cookie: str
    colleague: Actor
    colleagues_cookie: str

    @asynccontextmanager
    async def inbox(self) -> AsyncIterator[LiveClient]:
        """A page of the colleague, which asks again when it is told to, as a browser does."""
        async with LiveClient(self.second.url, self.colleagues_cookie) as tab:
            await tab.visit("/aide")
            await tab.wait_for(lambda t: "unread" in t.fresh)
            tab.answers = {COUNT}
            yield tab

    async def time_message(self, tab: LiveClient) -> float:
        """Seconds from the sending to the page of the colleague."""
        before = tab.fresh["unread"]
        started = time.monotonic()
        sent = await asyncio.to_thread(
            httpx.post,
            f"{self.first.url}/api/messages/send",
            json={
                "draft_id": str(uuid4()),
                "subject": "Avis",
                "text": "Bonjour",
                "recipients": [professional(self.colleague)],
            },
            headers={"Origin": self.first.url, "Cookie": self.doctors_cookie},
        )
        assert sent.is_success, sent.text
        await tab.wait_for(lambda t: t.fresh["unread"] == before + 1)
        return time.monotonic() - started


@pytest.fixture
def portal(
    start_server: Callable[..., LiveServer],
    postgres_server,
    postgres_template,
    redis_server: RedisServer,
    tmp_path,
) -> Portal:
    shared = {
        "LIANE_DATABASE_URL": postgres_server.url(postgres_server.create(postgres_template)),
        "LIANE_KEY_FILE": str(tmp_path / "liane.key"),
        "LIANE_REDIS_URL": redis_server.url,
    }
    base = open_database(
        Settings(
            key_file=tmp_path / "liane.key",
            database_url=SecretStr(shared["LIANE_DATABASE_URL"]),
            mode="demo",
        )
    )
    now = utc_now()
    with unit_of_work(base) as session:
        reference.ensure(session, system("test"), now=now)
        doctor = factories.make_professional(session, now)
        colleague = factories.make_professional(session, now)
        signed_in = [
            f"{cookies.SESSION}={sign_in(session, actor)}" for actor in (doctor, colleague)
        ]
    base.engine.dispose()
    with ThreadPoolExecutor() as both:
        first, second = both.map(
            lambda name: start_server("serve", data_dir=tmp_path / name, **shared), ("a", "b")
        )
    return Portal(first, second, signed_in[0], colleague, signed_in[1])


async def _wait_for_subscribers(server: RedisServer, number: int) -> None:
    async with Redis.from_url(server.url) as asking, asyncio.timeout(RECOVERED_WITHIN):
        found = 0
        while found < number:
            await asyncio.sleep(0.1)
            counted = await asking.pubsub_numsub(*await asking.pubsub_channels())
            found = sum(listening for _, listening in counted)


@pytest.mark.databases("postgresql")
async def test_S146_a_message_shows_in_the_other_process_with_redis_without_and_again(
    portal: Portal, redis_server: RedisServer
):
    async with portal.inbox() as tab:
        await portal.time_message(tab)
        took = [await portal.time_message(tab) for _ in range(7)]
        assert max(took) < 1
        assert median(took) < SOON
        redis_server.kill()
        assert max([await portal.time_message(tab) for _ in range(2)]) < 2
        redis_server.start()
        await _wait_for_subscribers(redis_server, 2)
        assert median([await portal.time_message(tab) for _ in range(7)]) < SOON
