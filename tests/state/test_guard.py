"""The guard, event by event: who is let through, whose state it is, what keeps a sign-in alive."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select, update

from app.homes import HOME, SIGN_IN_PAGE
from app.models.account import Account, AccountState
from app.models.session import SignInSession
from app.services import session as sessions, sign_out
from app.state.base import AppState
from app.state.clock import utc_now
from app.state.installation import InstallationState
from app.state.live import Tabs
from app.state.own_record import OwnRecordState
from app.state.synthesis import SynthesisState

HELP = "/aide"  # open to everybody, and loads nothing
SENT_AWAY = f"{SIGN_IN_PAGE}?suite={HELP}"
# One handler for each audience.
PUBLIC, SIGNED_IN, PROFESSIONAL, PATIENT, ADMINISTRATOR = (
    AppState.close_notice,
    AppState.stay,
    SynthesisState.close_versions,
    OwnRecordState.load,
    InstallationState.load,
)
LET_THROUGH = {
    "nobody": [PUBLIC],
    "professional": [PUBLIC, SIGNED_IN, PROFESSIONAL],
    "patient": [PUBLIC, SIGNED_IN, PATIENT],
    "administrator": [PUBLIC, SIGNED_IN, ADMINISTRATOR],
}
ALL = [PUBLIC, SIGNED_IN, PROFESSIONAL, PATIENT, ADMINISTRATOR]


@pytest.fixture
def people(circle, administrator):
    return {
        "nobody": None,
        "professional": circle.doctor,
        "patient": circle.patient_actor,
        "administrator": administrator,
    }


@pytest.fixture
def open_help(open_tab):
    """`open_help(actor)`: their tab, on a page that is nobody's."""

    def open_(who=None):
        tab = open_tab(who)
        tab.path = HELP
        return tab

    return open_


@pytest.fixture
def last_act_at(saving):
    """`last_act_at()`: when the only sign-in of the test was last used; with an age, it is made so."""

    def look(*, ago=None, **values):
        with saving() as session:
            if ago is not None:
                values["last_act_at"] = utc_now() - ago
            if values:
                session.execute(update(SignInSession).values(**values))
            return session.exec(select(SignInSession.last_act_at)).one()

    return look


class TestWhoIsLetThrough:
    @pytest.mark.parametrize("handler", ALL, ids=lambda handler: handler.fn.__qualname__)
    @pytest.mark.parametrize("who", LET_THROUGH)
    async def test_S002_each_audience_and_no_other(self, open_help, people, who, handler):
        tab = open_help(people[who])
        await tab.send(handler)
        refused = handler not in LET_THROUGH[who]
        assert tab.redirects == ([HOME.get(who, SENT_AWAY)] if refused else [])
        is_told = "n’est pas ouverte à votre compte" in tab.of(AppState).notice
        assert is_told == (refused and who in HOME)

    async def test_what_was_said_of_a_closed_page_goes_with_the_next_one(self, open_help, people):
        tab = open_help(people["patient"])
        await tab.send(PROFESSIONAL)
        assert tab.of(AppState).notice
        await tab.visit("/accueil")
        assert tab.of(AppState).notice
        await tab.visit("/contact")
        assert tab.of(AppState).notice == ""

    @pytest.mark.parametrize("who", LET_THROUGH)
    async def test_S001_a_handler_that_declares_nobody_is_for_nobody(
        self, open_help, people, who, monkeypatch
    ):
        monkeypatch.delattr(AppState.close_notice.fn, "_audience")
        tab = open_help(people[who])
        await tab.send(AppState.close_notice)
        assert tab.redirects == [HOME.get(who, SENT_AWAY)]

    async def test_S001_variables_cannot_be_set_by_name(self, open_help, people):
        tab = open_help(people["professional"])
        await tab.send_named(
            f"{AppState.get_full_name()}.setvar", var_name="viewer_name", value="Intrus"
        )
        assert tab.redirects == [HOME["professional"]]
        assert tab.of(AppState).viewer_name != "Intrus"

    async def test_who_is_refused_comes_back_after_signing_in(self, open_tab):
        tab = open_tab()
        await tab.visit(f"/patients/{uuid4()}/synthese")
        assert tab.redirects == [f"{SIGN_IN_PAGE}?suite={tab.path}"]


class TestWhoseStateItIs:
    async def test_S003_the_next_owner_of_a_token_finds_nothing(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{circle.patient_id}/synthese")
        shown = tab.of(SynthesisState)
        assert shown.entries
        assert shown.banner.name
        tab.cookie = open_tab(circle.stranger).cookie
        await tab.send(AppState.close_notice)
        assert shown.entries == []
        assert shown.banner.name == ""
        assert shown.viewer_name == circle.stranger.name

    async def test_S003_a_token_without_its_cookie_finds_nothing(self, open_tab, circle):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{circle.patient_id}/synthese")
        tab.cookie = ""
        await tab.send(AppState.close_notice)
        assert tab.of(SynthesisState).entries == []
        assert tab.of(AppState).viewer_name == ""

    async def test_S050_an_invented_cookie_is_nobody(self, open_help, circle):
        tab = open_help(circle.doctor)
        tab.cookie = "__Host-liane=" + "A" * 43
        await tab.send(SynthesisState.close_versions)
        assert tab.redirects == [SENT_AWAY]


class TestWhatKeepsASignInAlive:
    @pytest.mark.parametrize("handler", [SynthesisState.refresh, AppState.warn_leaving])
    async def test_S052_what_the_page_does_by_itself_does_not(
        self, open_tab, circle, last_act_at, handler
    ):
        tab = open_tab(circle.doctor)
        await tab.visit(f"/patients/{circle.patient_id}/synthese")
        before = last_act_at(ago=timedelta(minutes=20))
        await tab.send(handler)
        assert last_act_at() == before

    @pytest.mark.parametrize("handler", [SynthesisState.load, AppState.stay])
    async def test_S052_an_act_does(self, open_tab, circle, last_act_at, handler):
        tab = open_tab(circle.doctor)
        tab.path = f"/patients/{circle.patient_id}/synthese"
        before = last_act_at(ago=timedelta(minutes=20))
        await tab.send(handler)
        assert last_act_at() - before > timedelta(minutes=19)

    @pytest.mark.parametrize(
        ("who", "minutes"), [("patient", 15), ("professional", 30), ("administrator", 10)]
    )
    async def test_S052_idleness_ends_it(self, open_help, people, last_act_at, who, minutes):
        tab = open_help(people[who])
        last_act_at(ago=timedelta(minutes=minutes, seconds=-30))
        await tab.send(AppState.warn_leaving)
        assert tab.redirects == []
        last_act_at(ago=timedelta(minutes=minutes))
        await tab.send(AppState.stay)
        assert tab.redirects == [SENT_AWAY]

    async def test_S052_twelve_hours_end_it_whatever_one_does(self, open_help, people, last_act_at):
        tab = open_help(people["professional"])
        last_act_at(expires_at=utc_now())
        await tab.send(AppState.stay)
        assert tab.redirects == [SENT_AWAY]

    async def test_S053_sign_out_everywhere_ends_it_at_once(self, open_help, circle, saving):
        tab = open_help(circle.doctor)
        await tab.send(AppState.stay)
        assert tab.redirects == []
        with saving() as session:
            assert sign_out.end_everywhere(session, circle.doctor, now=utc_now()) == 1
        await tab.send(AppState.stay)
        assert tab.redirects == [SENT_AWAY]

    async def test_S053_a_disabled_account_does_nothing_more(self, open_help, circle, saving):
        tab = open_help(circle.doctor)
        with saving() as session:
            session.execute(_disable(circle.doctor.account_id))
        await tab.send(AppState.stay)
        assert tab.redirects == [SENT_AWAY]


def _disable(account_id):
    return update(Account).where(col(Account.id) == account_id).values(state=AccountState.SUSPENDED)


class TestWarning:
    """The tabs of a process, told of idleness by their watcher."""

    @pytest.fixture
    def told(self):
        return []

    @pytest.fixture
    def look(self, told):
        async def emit(token, name, payload):
            told.append((token, name))

        async def look(tabs):
            told.clear()
            await tabs._warn_idle(emit)
            return list(told)

        return look

    @pytest.fixture
    def signed_in(self, circle, saving):
        with saving() as session:
            account = session.get_one(Account, circle.doctor.account_id)
            row, _ = sessions.open_session(
                session, account, device="test", address="127.0.0.1", now=utc_now()
            )
            return row.id

    async def test_S052_warned_once_two_minutes_before(self, look, signed_in):
        tabs = Tabs()
        tabs.belongs("tab", signed_in, utc_now() + timedelta(minutes=3))
        assert await look(tabs) == []
        tabs = Tabs()
        tabs.belongs("tab", signed_in, utc_now() + timedelta(seconds=110))
        assert await look(tabs) == [("tab", tabs.LEAVING_EVENT)]
        assert await look(tabs) == []

    async def test_S052_an_act_in_another_tab_of_the_same_sign_in_counts(self, look, signed_in):
        tabs = Tabs()
        tabs.belongs("tab", signed_in, utc_now() + timedelta(seconds=110))
        await look(tabs)
        tabs.belongs("other tab", signed_in, utc_now() + timedelta(minutes=30))
        assert await look(tabs) == []
        tabs.belongs("other tab", signed_in, None)
        assert await look(tabs) == []

    async def test_S052_leaves_when_the_time_is_over(self, look, signed_in):
        tabs = Tabs()
        tabs.belongs("tab", signed_in, utc_now() - timedelta(seconds=1))
        assert await look(tabs) == [("tab", tabs.LEFT_EVENT)]
        assert await look(tabs) == []
