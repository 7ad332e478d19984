"""Waking the other processes through a real Redis, with it and without it (S146)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from app.integrations.wake import Wake
from tests.redis import RedisServer

RECOVERED_WITHIN = 10.0


@asynccontextmanager
async def running(wake: Wake) -> AsyncIterator[asyncio.Event]:
    """A process that listens: the event is set when it is woken."""
    woken = asyncio.Event()
    task = asyncio.create_task(wake.run(woken.set))
    try:
        yield woken
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def wakes(wake: Wake, woken: asyncio.Event, within: float) -> float:
    """Tell until the other is woken; how long that took. Raises TimeoutError when it is not in time."""
    started = time.monotonic()
    woken.clear()
    async with asyncio.timeout(within):
        while not woken.is_set():
            wake.tell()
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), 0.05)
    return time.monotonic() - started


class TestWake:
    async def test_wakes_the_others_of_its_instance_at_once_and_not_itself(self, redis_server):
        one, other, elsewhere = (Wake(redis_server.url, name) for name in ("a", "a", "b"))
        async with running(one) as here, running(other) as there, running(elsewhere) as apart:
            for each in (here, there, apart):
                await asyncio.wait_for(each.wait(), 2)  # each looks once when it is connected
                each.clear()
            started = time.monotonic()
            one.tell()
            await asyncio.wait_for(there.wait(), 1)
            assert time.monotonic() - started < 0.3
            await asyncio.sleep(0.1)
            assert not here.is_set()
            assert not apart.is_set()

    async def test_S146_without_redis_nothing_fails_and_it_comes_back_alone(
        self, redis_server: RedisServer
    ):
        one, other = Wake(redis_server.url, "a"), Wake(redis_server.url, "a")
        async with running(one), running(other) as there:
            await wakes(one, there, 2)
            redis_server.kill()
            with pytest.raises(TimeoutError):
                await wakes(one, there, 1)
            redis_server.start()
            await wakes(one, there, RECOVERED_WITHIN)
