"""Sends the digests whose turn has come, a few each second: pages answer meanwhile (CX-44, CX-45)."""

import asyncio
import logging
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from app.authz.actor import system
from app.db import reading, unit_of_work
from app.services import digest
from app.state.clock import utc_now

EVERY_SECONDS = 1

logger = logging.getLogger("liane.digest")
_ROBOT = system("digest")


async def run() -> None:
    """Look every second until cancelled. What is due waits in the base: a missed look loses nothing."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    every = IntervalTrigger(seconds=EVERY_SECONDS, timezone=UTC)
    scheduler.add_job(_look, every, coalesce=True, misfire_grace_time=None)
    scheduler.start()
    try:
        await asyncio.Event().wait()
    finally:
        scheduler.shutdown(wait=False)


async def _look() -> None:
    try:
        await asyncio.to_thread(once)
    except Exception:
        # The base may be restarting: what is due waits in it.
        logger.exception("digest")


def once() -> int:
    """Serve a few digests; returns how many had their turn. No writer waits when there is none."""
    with reading() as session:
        if not digest.is_any_due(session, _ROBOT, now=utc_now()):
            return 0
    with unit_of_work() as session:
        return digest.send_due(session, _ROBOT, now=utc_now())
