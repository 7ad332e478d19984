"""« Look at the journal now », said to the other server processes through Redis.

Redis holds nothing of ours and decides nothing: a wake that is lost costs the second until the next look.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger("liane.wake")

# Seconds: without an answer a connection is given up; Redis is tried again at least so often (S146).
PATIENCE = 2.0
LONGEST_PAUSE = 4.0
_FIRST_PAUSE = 0.5


class Wake:
    """The channel of one instance. `channel`: the same for all its processes, and for no other instance's."""

    def __init__(self, url: str, channel: str) -> None:
        self._url = url
        self._channel = channel
        # Names this process to itself alone, so that it does not wake itself twice.
        self._mark = secrets.token_bytes(8)
        self._saved = asyncio.Event()

    def tell(self) -> None:
        """Wake the others; returns at once and never fails. What is told in one breath is told once."""
        self._saved.set()

    async def answers(self) -> bool:
        """Whether Redis is there and lets us in."""
        try:
            async with aclosing(self._client()) as client:
                await client.publish(self._channel, self._mark)
        except (RedisError, OSError):
            return False
        return True

    async def run(self, woken: Callable[[], None]) -> None:
        """Call `woken` when another process saved something, until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._speak())
            both.create_task(self._listen(woken))

    async def _speak(self) -> None:
        async with aclosing(self._client(retries=1)) as client:
            while True:
                await self._saved.wait()
                self._saved.clear()
                try:
                    await client.publish(self._channel, self._mark)
                except (RedisError, OSError):
                    logger.debug("nobody was woken")

    async def _listen(self, woken: Callable[[], None]) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with aclosing(self._client()) as client, client.pubsub() as subscription:
                    await subscription.subscribe(self._channel)
                    logger.info("Redis answers")
                    pause = _FIRST_PAUSE
                    woken()  # what was saved while nobody could be woken
                    await self._follow(subscription, woken)
            except (RedisError, OSError) as error:
                if pause == _FIRST_PAUSE:
                    logger.warning("Redis does not answer (%s)", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _follow(self, subscription: Any, woken: Callable[[], None]) -> None:
        """Until the connection breaks, or says nothing when it is asked whether it is there."""
        is_asked = False
        while True:
            said = await subscription.get_message(timeout=PATIENCE)
            if said is None:
                if is_asked:
                    raise TimeoutError
                await subscription.ping()
                is_asked = True
                continue
            is_asked = False
            if said["type"] == "message" and said["data"] != self._mark:
                woken()

    def _client(self, retries: int = 0) -> "Redis":
        # A connection that died between two wakes is made again at once, to lose none.
        return Redis.from_url(
            self._url,
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
            retry=Retry(NoBackoff(), retries),
        )
