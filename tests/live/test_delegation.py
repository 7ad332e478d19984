"""Acting for somebody on the running server: cut off within 2 s on open pages, for raw sockets too (S062)."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session, col, select, update

from app import cookies
from app.authz.actor import Actor
from app.db import reading, unit_of_work
from app.models.account import Account, AccountState
from app.models.delegation import Delegation
from app.models.journal import JournalEntry
from app.services import delegation_mode, session as sessions
from app.services.delegation_grant import withdraw
from app.state.base import AppState
from app.state.clock import today, utc_now
from app.state.delegation import DelegationState
from app.state.synthesis import SynthesisState
from tests import factories
from tests.live_client import LiveClient
from tests.server import LiveServer

WITHIN = 2.0
NAME = "Quasimontel"


@dataclass
class Case:
    """A nurse who acts for the doctor of a patient; `cookie` is hers."""

    server: LiveServer
    patient_id: UUID
    doctor: Actor
    delegation_id: UUID
    cookie: str

    def change(self, act: Callable[["Case", Session], None]) -> None:
        """In a process that is not the server's."""
        with self.server.database() as base, unit_of_work(base) as session:
            act(self, session)

    @property
    def page(self) -> str:
        return f"/patients/{self.patient_id}/synthese"


@pytest.fixture
def case(server: LiveServer) -> Case:
    now = utc_now()
    with server.database() as base, unit_of_work(base) as session:
        doctor = factories.make_professional(
            session, now, civility="Dre", given_name="Claire", family_name="Martin"
        )
        nurse = factories.make_professional(session, now)
        patient_id = factories.make_patient(session, doctor, now=now, birth_name=NAME)
        made = factories.make_delegation(session, doctor, nurse, now=now, starts_on=today())
        account = session.get_one(Account, nurse.account_id)
        _, token = sessions.open_session(
            session, account, device="test", address="127.0.0.1", now=now
        )
        identity = sessions.look_up(session, token, now=now)
        assert identity is not None
        acting = delegation_mode.enter(session, identity.actor, made, now=now)
    return Case(server, patient_id, doctor, made, f"{cookies.SESSION}={acting}")


def _withdraw(case: Case, session: Session) -> None:
    withdraw(session, case.doctor, case.delegation_id, now=utc_now())


def _suspend(case: Case, session: Session) -> None:
    session.execute(
        update(Account)
        .where(col(Account.id) == case.doctor.account_id)
        .values(state=AccountState.SUSPENDED)
    )


def _end(case: Case, session: Session) -> None:
    session.execute(
        update(Delegation)
        .where(col(Delegation.id) == case.delegation_id)
        .values(withdrawn_at=utc_now())
    )


async def _opened(tab: LiveClient, case: Case) -> None:
    await tab.visit(case.page)
    await tab.wait_for(lambda t: t.fresh.get("page_status") == "ready")
    assert tab.var("acting_for") == "la Dre Martin"
    assert NAME.upper() in tab.var("banner")["name"]
    tab.events.clear()
    tab.fresh.clear()


def _sent_to(tab: LiveClient) -> list[str]:
    return [event["payload"]["path"] for event in tab.events if event["name"] == "_redirect"]


@pytest.mark.parametrize("change", [_withdraw, _suspend, _end], ids=lambda act: act.__name__)
async def test_S062_open_pages_are_cut_off_within_two_seconds(case: Case, change):
    async with (
        LiveClient(case.server.url, case.cookie) as tab,
        LiveClient(case.server.url, case.cookie) as other,
    ):
        for one in (tab, other):
            await _opened(one, case)
        check = format_event_handler(AppState.check_mode)
        started = time.monotonic()
        await asyncio.to_thread(case.change, change)
        for one in (tab, other):
            # A browser sends what the server asks it to; so does the client.
            await one.wait_for(lambda t: any(e["name"] == check for e in t.events), WITHIN)
            await one.send(check)
            await one.wait_for(_sent_to)
            assert _sent_to(one) == ["/tableau-de-bord"]
            assert one.var("notice") == "La délégation de la Dre Martin a pris fin."
            assert one.var("acting_for") == ""
            assert one.var("banner")["name"] == ""
            assert one.var("entries") == []
        assert time.monotonic() - started < WITHIN


async def test_S062_a_socket_that_does_not_listen_reads_nothing_more(case: Case):
    async with LiveClient(case.server.url, case.cookie) as tab:
        await _opened(tab, case)
        await asyncio.to_thread(case.change, _withdraw)
        await tab.send(format_event_handler(SynthesisState.load))
        await tab.wait_for(_sent_to)
        assert tab.fresh.get("entries") == []
        await tab.send(format_event_handler(SynthesisState.load))
        await tab.wait_for(lambda t: t.fresh.get("page_status") == "not_found")
        assert not tab.fresh.get("entries")


@pytest.mark.parametrize(
    ("handler", "payload"),
    [
        (DelegationState.load, {}),
        (DelegationState.submit, {"fields": {"number": "99700218896"}}),
        (DelegationState.confirm_withdraw, {}),
    ],
    ids=lambda value: getattr(getattr(value, "fn", None), "__name__", ""),
)
async def test_CX48_no_further_delegation_from_a_raw_socket(case: Case, handler, payload):
    async with LiveClient(case.server.url, case.cookie) as tab:
        await _opened(tab, case)
        await tab.send(format_event_handler(handler), **payload)
        await tab.wait_for(_sent_to)
        assert _sent_to(tab) == ["/tableau-de-bord"]


async def test_S130_what_ended_by_itself_leaves_a_line(case: Case):
    async with LiveClient(case.server.url, case.cookie) as tab:
        await _opened(tab, case)
        await asyncio.to_thread(case.change, _end)
        await tab.send(format_event_handler(AppState.check_mode))
        await tab.wait_for(_sent_to)
    with case.server.database() as base, reading(base) as session:
        found = session.exec(
            select(JournalEntry.seq).where(col(JournalEntry.action) == "delegation.over")
        ).first()
    assert found
