"""Open pages on the running server: what others change reaches them, what ends closes them, within 2 s."""

import asyncio
import json
import re
import time
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import pytest
from reflex_base.utils.format import format_event_handler
from sqlmodel import col, update

from app import cookies
from app.models.account import Account, AccountState
from app.services.care_circle import remove_professional
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.synthesis import SynthesisState
from app.state.tolerance import ToleranceState
from tests import factories
from tests.live.conftest import NOTE, People, sign_in
from tests.live_client import HYDRATE, NAMESPACE, LiveClient
from tests.server import LiveServer

WITHIN = 2.0
STAY = format_event_handler(AppState.stay)


def _left(tab: LiveClient) -> list[str]:
    """Where the page was sent to."""
    return [event["payload"]["path"] for event in tab.events if event["name"] == "_redirect"]


async def _leave_page(tab: LiveClient) -> None:
    """The server asks for an event of the page; a browser sends it, so the client does."""
    await tab.wait_for(lambda t: any(e["name"].endswith(".leave") for e in t.events), WITHIN)
    await tab.send(next(e["name"] for e in tab.events if e["name"].endswith(".leave")))
    await tab.wait_for(_left)


async def _refresh(tab: LiveClient, handler: Any) -> None:
    """The same for a page told to ask again."""
    name = format_event_handler(handler)
    await tab.wait_for(lambda t: any(event["name"] == name for event in t.events), WITHIN)
    await tab.send(name)


class TestWhatOthersWrite:
    @pytest.mark.parametrize(
        ("section", "handler", "rows"),
        [
            ("synthese", SynthesisState.refresh, "entries"),
            ("tolerance", ToleranceState.refresh, "rows"),
        ],
    )
    async def test_S062_an_entry_by_a_colleague_arrives(
        self, people: People, section: str, handler: Any, rows: str
    ):
        async with LiveClient(people.server.url, people.cookie(people.doctor)) as tab:
            await tab.visit(people.page(section))
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
            tab.events.clear()
            tab.fresh.clear()
            started = time.monotonic()
            await asyncio.to_thread(people.record, people.pharmacist)
            await _refresh(tab, handler)
            await tab.wait_for(lambda t: t.fresh.get(rows))
            assert time.monotonic() - started < WITHIN
            assert NOTE in [row["note"] for row in tab.fresh[rows]]
            assert tab.fresh["arrival"]

    async def test_S062_nobody_else_is_told(self, people: People):
        with people.saving() as session:
            stranger = factories.make_professional(session, utc_now())
            other_id = factories.make_patient(session, stranger, now=utc_now())
        async with LiveClient(people.server.url, people.cookie(stranger)) as tab:
            await tab.visit(f"/patients/{other_id}/synthese")
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
            tab.events.clear()
            await asyncio.to_thread(people.record, people.pharmacist)
            await asyncio.sleep(WITHIN)
            assert tab.events == []

    async def test_S062_who_is_removed_from_the_circle_finds_nothing(self, people: People):
        async with LiveClient(people.server.url, people.cookie(people.pharmacist)) as tab:
            await tab.visit(people.page("synthese"))
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
            assert tab.var("banner")["name"]
            tab.events.clear()
            tab.fresh.clear()
            started = time.monotonic()
            await asyncio.to_thread(self._remove, people)
            await _refresh(tab, SynthesisState.refresh)
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "not_found")
            assert time.monotonic() - started < WITHIN
            assert tab.var("banner")["name"] == ""
            assert tab.var("entries") == []

    @staticmethod
    def _remove(people: People) -> None:
        member_id = people.pharmacist.professional_id
        assert member_id is not None
        with people.saving() as session:
            remove_professional(session, people.doctor, people.patient_id, member_id, now=utc_now())


class TestWhatEnds:
    @pytest.mark.parametrize("path", ["/auth/sign-out", "/auth/sign-out-everywhere"])
    async def test_S053_signing_out_closes_the_open_pages(self, people: People, path: str):
        cookie = people.cookie(people.doctor)
        async with (
            LiveClient(people.server.url, cookie) as tab,
            LiveClient(people.server.url, cookie) as other,
        ):
            for one in (tab, other):
                await one.visit(people.page("synthese"))
                await one.wait_for(lambda t: t.fresh.get("page_status") == "ready")
                one.events.clear()
            started = time.monotonic()
            await asyncio.to_thread(_post, people.server, path, cookie)
            for one in (tab, other):
                await _leave_page(one)
                assert _left(one) == ["/connexion"]
            assert time.monotonic() - started < WITHIN
            assert tab.var("entries") == []

    async def test_S053_everywhere_means_the_other_browsers_too(self, people: People):
        with people.saving() as session:
            elsewhere = f"{cookies.SESSION}={sign_in(session, people.doctor)}"
        async with LiveClient(people.server.url, elsewhere) as tab:
            await tab.visit(people.page("synthese"))
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
            cookie = people.cookie(people.doctor)
            await asyncio.to_thread(_post, people.server, "/auth/sign-out-everywhere", cookie)
            await _leave_page(tab)

    async def test_S053_no_event_works_after_signing_out(self, people: People):
        cookie = people.cookie(people.doctor)
        async with LiveClient(people.server.url, cookie) as tab:
            await tab.visit(people.page("synthese"))
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
            await asyncio.to_thread(_post, people.server, "/auth/sign-out", cookie)
            tab.events.clear()
            tab.fresh.clear()
            await tab.send(format_event_handler(SynthesisState.load))
            await tab.wait_for(_left)
            assert _left(tab)[0].startswith("/connexion")
            assert not tab.fresh.get("entries")

    async def test_S053_a_disabled_account_is_sent_away(self, people: People):
        async with LiveClient(people.server.url, people.cookie(people.doctor)) as tab:
            await tab.visit(people.page("synthese"))
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
            with people.saving() as session:
                session.execute(
                    update(Account)
                    .where(col(Account.id) == people.doctor.account_id)
                    .values(state=AccountState.SUSPENDED)
                )
            tab.events.clear()
            await tab.send(STAY)
            await tab.wait_for(_left, WITHIN)
            assert _left(tab)[0].startswith("/connexion")
            assert tab.var("entries") == []


def _post(server: LiveServer, path: str, cookie: str) -> None:
    answer = httpx.post(server.url + path, headers={"Origin": server.url, "Cookie": cookie})
    assert answer.status_code == httpx.codes.SEE_OTHER


class TestOrigin:
    async def _status(self, server: LiveServer, origin: str) -> int:
        address = f"{server.url}/_event/?token={uuid4()}&EIO=4&transport=websocket"
        async with aiohttp.ClientSession() as http:
            try:
                async with http.ws_connect(address, headers={"Origin": origin}):
                    return 101
            except aiohttp.WSServerHandshakeError as refused:
                return refused.status

    @pytest.mark.parametrize(
        "origin",
        [
            "https://ailleurs.example",
            "null",
            "http://localhost.ailleurs.example",
            "http://localhost",
        ],
    )
    async def test_S004_a_socket_from_another_origin_is_refused(
        self, server: LiveServer, origin: str
    ):
        assert await self._status(server, server.url) == 101
        assert 400 <= await self._status(server, origin) < 500


SECRETS = {
    "cookie": "COOKIE9f3kSECRETzz",
    "token": "TOKEN7h2mSECRETzz",
    "payload": "PAYLOAD4q8wSECRETzz",
}
_SUBMIT = format_event_handler(ToleranceState.submit)
MALFORMED = [
    '["event"]',
    '["event",null]',
    '["event",{}]',
    '["event",{"name":5,"payload":[],"router_data":"x"}]',
    '["event",{"name":"nothing.at.all","payload":{"a":"PAYLOAD4q8wSECRETzz"},"router_data":{}}]',
    '["event",{"name":"__class__","payload":{},"router_data":{}}]',
    f'["event",{{"name":"{_SUBMIT}","payload":{{"fields":"PAYLOAD4q8wSECRETzz"}},"router_data":{{}}}}]',
    f'["event",{{"name":"{_SUBMIT}","payload":{{"fields":[1,2]}},"router_data":{{}}}}]',
    f'["event",{{"name":"{_SUBMIT}","payload":{{"other":"PAYLOAD4q8wSECRETzz"}},"router_data":{{}}}}]',
    f'["event",{{"name":"{STAY}","payload":{{"self":1}},"router_data":{{"headers":5}}}}]',
    f'["event",{{"name":"{STAY}","payload":{{}},"router_data":{{"pathname":[],"asPath":{{}}}}}}]',
    '["unknown",{"PAYLOAD4q8wSECRETzz":1}]',
    '["event",{"name":',
    '"just text"',
    "[]",
    "",
]


class TestMalformed:
    async def test_S006_nothing_breaks_and_nothing_is_told(self, people: People):
        cookie = people.cookie(people.doctor)
        planted = f"{cookie}; autre={SECRETS['cookie']}"
        async with LiveClient(people.server.url, planted, token=SECRETS["token"]) as tab:
            await tab.visit("/aide")
            heard: list[str] = []
            merge = tab._merge
            tab._merge = lambda update: (heard.append(json.dumps(update)), merge(update))  # type: ignore[method-assign]
            for frame in MALFORMED:
                await tab._socket.send_str(f"42{NAMESPACE},{frame}")
            tab.fresh.clear()
            await tab.send(STAY)
            with suppress(TimeoutError):
                await tab.wait_for(lambda t: "is_leaving_soon" in t.fresh)
            # A frame that is no frame may cost its own socket, never the server.
            words = "".join(heard)
            assert "Traceback" not in words
            assert SECRETS["payload"] not in words
        async with LiveClient(people.server.url, cookie) as tab:
            await tab.visit(people.page("synthese"))
            await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
        assert people.server.process.poll() is None

    async def test_S153_too_long_a_message_costs_its_own_socket_only(self, people: People):
        cookie = people.cookie(people.doctor)
        async with LiveClient(people.server.url, cookie) as beside:
            await beside.visit("/aide")
            async with LiveClient(people.server.url, cookie) as tab:
                await tab.send(STAY, extra="x" * 1_100_000)
                async with asyncio.timeout(10):
                    await tab._reader
            beside.fresh.clear()
            await beside.send(STAY)
            await beside.wait_for(lambda t: "is_leaving_soon" in t.fresh)

    async def test_S006_planted_secrets_are_not_in_the_log(self, people: People):
        cookie = f"{people.cookie(people.doctor)}; autre={SECRETS['cookie']}"
        async with LiveClient(people.server.url, cookie, token=SECRETS["token"]) as tab:
            tab.path = f"/aide?q={SECRETS['payload']}"
            await tab.send(HYDRATE)
            for frame in MALFORMED:
                if "SECRET" in frame:
                    await tab._socket.send_str(f"42{NAMESPACE},{frame}")
            await tab.send("nothing.at.all", typed=SECRETS["payload"])
            await asyncio.sleep(1)
        log = people.server.log
        session = people.cookie(people.doctor).partition("=")[2]
        found = [name for name, word in {**SECRETS, "session": session}.items() if word in log]
        assert found == []
        assert re.search(r"nothing\.at\.all|unknown|handler", log), "the log says nothing of it"
