"""Two hundred tries each way at every open door: same words, status, size and work (S070).

Counted until the answer is out. Two look-ups by an index more or less are far below the 15 ms of the
statement; one hash is far above. The search of professionals and invitations are counted with their services.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app.api import auth, password, registration
from app.api.headers import SecurityHeaders
from app.authz.actor import system
from app.db import Database, unit_of_work, use_database
from app.services.legal_text import ensure_reference_texts
from app.state.clock import utc_now
from tests import factories
from tests.api.conftest import BASE, PASSWORD
from tests.services import registrations as flow
from tests.work import Work, counted

TRIES = 200
LOOK_UPS = 2
KNOWN, UNKNOWN = "connue{n}@exemple.test", "inconnue{n}@exemple.test"


class Watch:
    """Notes the work done when an answer is out: what follows it makes nobody wait."""

    def __init__(self, app: Any, work: Work) -> None:
        self.app, self.work, self.at_answer = app, work, Work()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def watched(message: Any) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                self.at_answer = replace(self.work)

        await self.app(scope, receive, watched)


@dataclass(frozen=True)
class Door:
    """An address to post to, with what: `{who}` is the address of one that may be known."""

    path: str
    data: dict[str, str]


DOORS = {
    "sign-in": Door("/auth/sign-in", {"identifier": "{who}", "password": "Faux-mot-1!"}),
    "sign-up": Door("/auth/registration/email", {"email": "{who}"}),
    "way-back": Door("/auth/registration/resume", {"email": "{who}"}),
    "forgotten-password": Door("/auth/forgotten-password", {"email": "{who}"}),
    "forgotten-identifier": Door("/auth/forgotten-identifier", {"email": "{who}"}),
    "code-request": Door("/auth/code/resend", {"way": "email_code"}),
}


@pytest.fixture
def known(database: Database, settings_env: pytest.MonkeyPatch) -> Iterator[str]:
    """Ten accounts, ten registrations under way, and the cookie of one more."""
    use_database(database)
    now = utc_now()
    with unit_of_work(database) as session:
        ensure_reference_texts(session, system("test"), now=now)
        for n in range(10):
            factories.make_account(session, email=KNOWN.format(n=n), password_hash="x")
            under_way = flow.row(session, flow.begin(session, now), now)
            under_way.email = KNOWN.format(n=n)
        yield_token = flow.begin(session, now)
    yield yield_token
    use_database(None)


async def alternate(
    post: Callable[[str], Awaitable[tuple[Any, Work]]],
) -> tuple[set[Any], dict[str, list[Work]]]:
    """The answers, and the work of each try, one way then the other."""
    answers, done = set(), {KNOWN: [], UNKNOWN: []}
    for n in range(TRIES):
        for way, work in done.items():
            answer, spent = await post(way.format(n=n % 10))
            answers.add(answer)
            work.append(spent)
    return answers, done


@pytest.mark.parametrize("name", DOORS)
def test_S070_the_answer_and_the_work_before_it_are_the_same(name, known, database, monkeypatch):
    door = DOORS[name]
    app = SecurityHeaders(Starlette(routes=[*auth.routes, *password.routes, *registration.routes]))

    async def walk(work: Work) -> tuple[set[Any], dict[str, list[Work]]]:
        watch = Watch(app, work)
        transport = httpx.ASGITransport(app=watch)
        async with httpx.AsyncClient(
            transport=transport, base_url=BASE, headers={"Origin": BASE}
        ) as browser:

            async def post(who: str) -> tuple[Any, Work]:
                browser.cookies.clear()
                browser.cookies.set(registration.cookies.REGISTRATION, known)
                if name == "code-request":
                    data = {"identifier": who, "password": PASSWORD}
                    await browser.post("/auth/sign-in", data=data)
                data = {field: value.format(who=who) for field, value in door.data.items()}
                before = replace(work)
                answer = await browser.post(door.path, data=data)
                shape = (
                    answer.status_code,
                    answer.text,
                    tuple(
                        (k, v if k != "set-cookie" else len(v)) for k, v in answer.headers.items()
                    ),
                )
                return shape, watch.at_answer.since(before)

            # The first sign-in of a process, whoever's, makes the hash that stands for an absent one. Two
            # of them, so that the limit of the network comes between two rounds.
            for n in range(2):
                await post(f"premier{n}@exemple.test")
            return await alternate(post)

    with counted(database, monkeypatch) as work:
        answers, done = asyncio.run(walk(work))
    assert len(answers) == 1
    for one, other in zip(*done.values(), strict=True):
        assert (one.hashes, one.messages) == (other.hashes, other.messages)
        assert abs(one.statements - other.statements) <= LOOK_UPS
