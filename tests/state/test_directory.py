"""One way to look people up: the local directory, then the national API."""

from datetime import date

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS, system
from app.db import reading, unit_of_work
from app.errors import Unavailable
from app.integrations.annuaire import SOURCE, FoundPerson
from app.models.throttle import Throttle
from app.services.directory import find_by_rpps
from app.services.directory_entry import Person
from app.services.directory_release import load_builtin
from app.settings import Settings
from app.state import directory
from app.state.clock import utc_now
from app.state.directory import look_people_up

FOUND = FoundPerson("10003461033", "Saucier", "Arthur")


class Page:
    """What a page state does with services, without a browser."""

    def __init__(self):
        self.failures = []
        self._actor = ANONYMOUS

    async def _look_up(self, service, *args, **kwargs):
        return await self._run(reading, service, args, kwargs)

    async def _run(self, opening, service, args, kwargs):
        with opening() as session:
            return service(session, ANONYMOUS, *args, **kwargs)

    def _show_failure(self, failure):
        self.failures.append(failure.code)


class Api:
    """The national directory, told what to answer."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    async def search(self, words, number):
        self.asked.append((words, number))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def page(database):
    with unit_of_work(database) as session:
        load_builtin(
            session,
            system("test"),
            [Person("10106476764", "MARTIN", "Zoé")],
            source="essai",
            data_on=date(2026, 11, 1),
            now=utc_now(),
        )
    return Page()


@pytest.fixture
def api(monkeypatch):
    fake = Api([FOUND])
    monkeypatch.setattr(directory, "_annuaire", lambda: fake)
    return fake


async def names(page, query):
    found = await look_people_up(page, query)
    return [hit.family_name for hit in found.rows]


async def test_what_the_local_directory_knows_is_not_asked_for(page, api):
    assert await names(page, "mart") == ["MARTIN"]
    assert api.asked == []


async def test_whom_it_does_not_know_the_api_may(page, api):
    found = await look_people_up(page, "Saucier Arthur")
    assert ([hit.family_name for hit in found.rows], found.source) == (["Saucier"], SOURCE)
    assert api.asked == [(["saucier", "arthur"], "")]
    with reading() as session:
        assert find_by_rpps(session, ANONYMOUS, FOUND.number, now=utc_now()) is not None


async def test_a_letter_or_two_are_not_asked_for(page, api):
    assert await names(page, "s a") == []
    assert api.asked == []


async def test_when_the_api_fails_the_page_goes_on(page, api):
    api.answer = Unavailable("directory.unavailable")
    assert await names(page, "saucier") == []
    assert page.failures == ["directory.unavailable"]
    assert await names(page, "martin") == ["MARTIN"]


async def test_without_a_key_nothing_leaves(page, monkeypatch):
    assert await names(page, "saucier") == []
    settings = Settings(mode="demo", directory_api_key=SecretStr("k" * 20))
    monkeypatch.setattr(directory, "get_settings", lambda: settings)
    assert directory._annuaire() is directory._annuaire()


async def test_S070_searches_of_a_moment_are_counted_together_each_of_them(
    page, database, monkeypatch
):
    monkeypatch.setattr(directory, "_COUNT_SECONDS", 0.01)
    monkeypatch.setattr(directory, "_uncounted", [])  # what another test did not wait for
    for _ in range(3):
        directory.count_soon(page)
    await directory._counting
    with reading(database) as session:
        assert session.execute(select(col(Throttle.count))).scalars().all() == [3]
