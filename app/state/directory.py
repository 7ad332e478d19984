"""One way for pages to look people up: the local directory, then the national API when it has a key."""

import asyncio
import logging
from functools import cache

from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import Unavailable
from app.integrations.annuaire import Annuaire
from app.services.directory import (
    DirectoryPage,
    count_search,
    parse_query,
    remember_page,
    search_directory,
)
from app.settings import get_settings
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.worker import to_writer

# Fewer letters are the beginning of too many.
_LEAST_LETTERS = 3
_COUNT_SECONDS = 2.0
_uncounted: list[Actor] = []
_counting: asyncio.Task[None] | None = None

logger = logging.getLogger("liane.state")


async def look_people_up(state: AppState, query: str, *, limit: int = 20) -> DirectoryPage | None:
    """What the local directory holds; when that is nobody, what the national API tells.

    None after a refusal, of which the sentence is in `error`. The API failing leaves the empty local page
    and its sentence there: the rest of the page works on.
    """
    page = await state._look_up(search_directory, query, limit=limit, now=utc_now())
    api = _annuaire()
    if page is None or page.rows or api is None:
        return page
    words, number = parse_query(query)
    if max((len(word) for word in (*words, number)), default=0) < _LEAST_LETTERS:
        return page
    try:
        found = await api.search(words, number)
    except Unavailable as failure:
        state._show_failure(failure)
        return page
    return await state._run(unit_of_work, remember_page, (found,), {"now": utc_now()})


def count_soon(state: AppState) -> None:
    """Count a search of whoever is not signed in, with those of the next seconds.

    A write after each would have the next key read everything from the disk and decrypt it again: a change
    made on one connection empties what the others hold of the embedded base.
    """
    global _counting  # noqa: PLW0603 - one for each process
    if state._actor.is_signed_in:
        return
    _uncounted.append(state._actor)
    loop = asyncio.get_running_loop()
    if _counting is None or _counting.done() or _counting.get_loop() is not loop:
        _counting = loop.create_task(_count())


async def _count() -> None:
    while _uncounted:
        await asyncio.sleep(_COUNT_SECONDS)
        actors = list(_uncounted)
        _uncounted.clear()
        try:
            await to_writer(_count_all, actors)
        except Exception:
            logger.exception("%d searches were not counted", len(actors))


def _count_all(actors: list[Actor]) -> None:
    with unit_of_work() as session:
        for actor in actors:
            count_search(session, actor, now=utc_now())


def _annuaire() -> Annuaire | None:
    settings = get_settings()
    key = settings.directory_api_key.get_secret_value()
    return _client(settings.directory_api_url, key, settings.is_demo) if key else None


@cache
def _client(url: str, key: str, is_local: bool) -> Annuaire:
    return Annuaire(url, key, is_local=is_local)
