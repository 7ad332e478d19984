"""Where services run: never on the event loop, one writing and one reading at a time."""

import asyncio
import threading
import time

from app.state.worker import to_reader, to_writer


async def test_the_event_loop_goes_on_while_a_service_waits():
    waiting = asyncio.create_task(to_writer(time.sleep, 0.3))
    started = time.perf_counter()
    await asyncio.sleep(0.01)
    assert time.perf_counter() - started < 0.2
    await waiting


async def test_reading_waits_for_no_writer():
    waiting = asyncio.create_task(to_writer(time.sleep, 0.3))
    await asyncio.sleep(0)
    started = time.perf_counter()
    assert await to_reader(threading.get_ident) != threading.get_ident()
    assert time.perf_counter() - started < 0.2
    await waiting


async def test_writers_take_turns():
    at_work, most = 0, 0

    def work():
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.01)
        at_work -= 1

    await asyncio.gather(*(to_writer(work) for _ in range(10)))
    assert most == 1
