"""The threads in which services run, so that the event loop never waits for the database.

Python runs one thread at a time: more of them only take turns, which costs more than it gives. The embedded
base lets one writer in, so one thread writes and one reads, and none waits for a lock with its turn in hand.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

from app.settings import get_settings

P = ParamSpec("P")
T = TypeVar("T")

_CHECKER = "file-check"
# A database server answers several at once, each after a journey.
_OVER_A_NETWORK = 8
# Files judged at once: memory stays bounded whatever is sent (S092).
_CHECKERS = 2


@cache
def _pool(use: str) -> ThreadPoolExecutor:
    if use == _CHECKER:
        return ThreadPoolExecutor(_CHECKERS, thread_name_prefix=use)
    threads = _OVER_A_NETWORK if get_settings().is_postgresql else 1
    return ThreadPoolExecutor(threads, thread_name_prefix=use)


async def to_reader(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what only reads; it waits for no writer."""
    return await _run("reader", partial(function, *args, **kwargs))


async def to_writer(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what writes, in the order it was asked for."""
    return await _run("writer", partial(function, *args, **kwargs))


async def to_checker(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what judges a file and seals it, outside any transaction."""
    return await _run(_CHECKER, partial(function, *args, **kwargs))


async def _run(use: str, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_pool(use), work)
