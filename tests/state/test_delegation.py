"""« Ma délégation » without a browser: granting, the detour by a factor, withdrawing, who may open it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from app.homes import CONFIRM_PAGE
from app.models.delegation import Delegation, DelegationScope
from app.models.session import SignInSession
from app.services import delegation_mode, session as sessions
from app.services.delegation_grant import withdraw
from app.services.fields import paris_day
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.delegation import DelegationState
from app.state.message_new import NewMessageState
from app.state.patient_list import PatientListState
from tests import factories

PAGE = "/compte/delegations"
HOME = "/tableau-de-bord"


@pytest.fixture
def nurse(saving):
    with saving() as session:
        return factories.make_professional(session, utc_now(), given_name="Camille")


@pytest.fixture
def form(saving, nurse):
    """The form as it is drawn, with the nurse's number."""
    today = paris_day(utc_now())
    with saving() as session:
        number = factories.number_of(session, nurse)
    return {
        "number": number,
        "starts_on_day": str(today.day),
        "starts_on_month": str(today.month),
        "starts_on_year": str(today.year),
        "scope": "manage",
    }


@pytest.fixture
async def page(open_tab, circle):
    """The page of the doctor, who has just signed in."""
    tab = open_tab(circle.doctor)
    await tab.visit(PAGE)
    assert tab.of(DelegationState).page_status == "ready"
    return tab


@pytest.fixture
def acting_tab(open_tab, saving, circle, nurse):
    """`acting_tab(scope)`: a tab of the nurse, who acts for the doctor."""

    def open_(scope=DelegationScope.RECORD):
        tab = open_tab(nurse)
        name, _, token = tab.cookie.partition("=")
        with saving() as session:
            made = factories.make_delegation(session, circle.doctor, nurse, scope, now=utc_now())
            actor = sessions.look_up(session, token, now=utc_now()).actor
            tab.cookie = f"{name}={delegation_mode.enter(session, actor, made, now=utc_now())}"
        return tab

    return open_


class TestGrant:
    async def test_CX47_is_in_the_list(self, page, form):
        await page.send(DelegationState.submit, fields=form)
        shown = page.of(DelegationState)
        assert shown.notice.startswith("La délégation est accordée.")
        (row,) = shown.live
        assert row.state == "En cours"
        assert "number" not in shown.fields

    async def test_faults_stay_beside_their_fields(self, page, form):
        await page.send(DelegationState.submit, fields={**form, "number": "123", "scope": ""})
        assert set(page.of(DelegationState).field_errors) == {"number", "scope"}
        assert page.redirects == []

    async def test_S054_an_old_factor_leads_to_a_new_one_and_back(self, page, form, saving):
        with saving() as session:
            session.execute(
                update(SignInSession).values(factor_at=utc_now() - timedelta(minutes=6))
            )
        await page.send(DelegationState.submit, fields=form)
        assert page.redirects == [f"{CONFIRM_PAGE}?suite={PAGE}"]
        await page.visit("/aide")
        await page.visit(PAGE)
        assert page.of(DelegationState).fields["number"] == form["number"]
        with saving() as session:
            assert session.exec(select(Delegation)).all() == []
            session.execute(update(SignInSession).values(factor_at=utc_now()))
        await page.send(DelegationState.submit, fields=form)
        assert len(page.of(DelegationState).live) == 1


class TestWithdraw:
    async def test_asks_then_ends_it(self, page, form):
        await page.send(DelegationState.submit, fields=form)
        row = page.of(DelegationState).live[0]
        await page.send(DelegationState.open_withdraw, delegation_id=row.id)
        assert page.of(DelegationState).is_asking
        await page.send(DelegationState.confirm_withdraw)
        shown = page.of(DelegationState)
        assert (shown.live, len(shown.past), shown.is_asking) == ([], 1, False)

    async def test_nothing_chosen_nothing_done(self, page, form):
        await page.send(DelegationState.submit, fields=form)
        await page.send(DelegationState.open_withdraw, delegation_id="x")
        await page.send(DelegationState.confirm_withdraw)
        assert len(page.of(DelegationState).live) == 1


class TestWhoOpensIt:
    async def test_a_secretary_sees_whom_they_may_act_for(self, open_tab, saving, circle):
        with saving() as session:
            secretary = factories.make_secretary(session, utc_now())
            factories.make_delegation(session, circle.doctor, secretary, now=utc_now())
        tab = open_tab(secretary)
        await tab.visit(PAGE)
        shown = tab.of(DelegationState)
        assert (shown.is_holder, len(shown.open_to_me)) == (False, 1)
        assert [holder.label for holder in shown.holders] == [shown.open_to_me[0].label]

    async def test_nobody_else(self, open_tab, circle, administrator):
        for who, home in ((circle.patient_actor, "/accueil"), (administrator, "/admin")):
            tab = open_tab(who)
            await tab.visit(PAGE)
            assert tab.redirects == [home]

    async def test_CX48_not_while_acting(self, acting_tab):
        tab = acting_tab()
        await tab.visit(PAGE)
        assert tab.redirects == [HOME]
        assert tab.of(AppState).acting_for


class TestCutOff:
    async def test_S062_at_the_next_event_whatever_it_is(self, acting_tab, saving, circle):
        tab = acting_tab()
        await tab.visit("/patients")
        assert tab.of(PatientListState).rows
        self._withdraw(saving, circle)
        await tab.send(PatientListState.clear)
        shown = tab.of(PatientListState)
        assert tab.redirects == [HOME]
        assert (shown.rows, shown.acting_for) == ([], "")
        assert shown.notice.endswith("a pris fin.")

    async def test_one_already_at_home_loads_it_anew(self, acting_tab, saving, circle):
        tab = acting_tab()
        await tab.visit(HOME)
        self._withdraw(saving, circle)
        await tab.send(AppState.check_mode)
        assert tab.redirects == []
        assert tab.of(AppState).notice.endswith("a pris fin.")

    async def test_a_check_for_nothing_changes_nothing(self, acting_tab):
        tab = acting_tab()
        await tab.visit("/patients")
        await tab.send(AppState.check_mode)
        assert tab.redirects == []
        assert tab.of(AppState).acting_for

    async def test_CX48_who_only_reads_messages_is_told_so_instead_of_a_form(self, acting_tab):
        for scope in (DelegationScope.READ, DelegationScope.RECORD):
            tab = acting_tab(scope)
            await tab.visit(f"/messagerie/nouveau?brouillon={uuid4()}")
            shown = tab.of(NewMessageState)
            is_told = "permet de lire" in shown.trouble
            assert (shown.is_loaded, is_told) == (
                scope is DelegationScope.RECORD,
                scope is DelegationScope.READ,
            )

    @staticmethod
    def _withdraw(saving, circle):
        with saving() as session:
            made = session.exec(
                select(Delegation.id).where(
                    col(Delegation.holder_id) == circle.doctor.professional_id
                )
            ).one()
            withdraw(session, circle.doctor, made, now=utc_now())
