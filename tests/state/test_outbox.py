"""The messages of the demonstration: for anybody there, for nobody elsewhere."""

import pytest

from app.services import outbox
from app.settings import get_settings
from app.state.clock import utc_now
from app.state.outbox import DemoOutboxState
from app.state.sign_in import SignInState

PAGE = "/demo/boite-envoi"


@pytest.fixture
def messages(saving):
    with saving() as session:
        for text in ("Bonjour.", "Votre code à usage unique : 123456\n\nIl sert une fois."):
            outbox.post_email(
                session, to="a@exemple.test", subject="Sujet", text=text, now=utc_now()
            )
            session.flush()


@pytest.fixture
def production(monkeypatch):
    monkeypatch.setenv("LIANE_MODE", "production")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


class TestLoad:
    async def test_shows_the_newest_first_with_its_code(self, open_tab, messages):
        tab = open_tab()
        await tab.visit(PAGE)
        newest, oldest = tab.of(DemoOutboxState).messages
        assert (newest.code, newest.channel, newest.recipient) == (
            "123456",
            "E-mail",
            "a@exemple.test",
        )
        assert not oldest.code

    async def test_shows_nothing_outside_the_demonstration(self, open_tab, messages, production):
        tab = open_tab()
        await tab.visit(PAGE)
        shown = tab.of(DemoOutboxState)
        assert (shown.page_status, shown.messages) == ("not_found", [])
        assert "123456" not in str(tab.vars)

    async def test_hides_what_it_showed_when_the_mode_changes(
        self, open_tab, messages, monkeypatch
    ):
        tab = open_tab()
        await tab.visit(PAGE)
        monkeypatch.setenv("LIANE_MODE", "production")
        get_settings.cache_clear()
        await tab.send(DemoOutboxState.load)
        monkeypatch.undo()
        get_settings.cache_clear()
        assert not tab.of(DemoOutboxState).is_loaded


class TestSignInPage:
    async def test_offers_the_accounts_of_the_demonstration(self, open_tab, database):
        tab = open_tab()
        await tab.visit("/connexion")
        offered = tab.of(SignInState)
        assert [account.email.partition("@")[0] for account in offered.demo_accounts] == [
            "medecin",
            "pharmacien",
            "infirmier",
            "patient",
            "preparateur",
            "secretariat",
            "admin",
            "admin2",
        ]
        assert offered.demo_password

    async def test_offers_none_outside_it(self, open_tab, database, production):
        tab = open_tab()
        await tab.visit("/connexion")
        offered = tab.of(SignInState)
        assert (offered.demo_accounts, offered.demo_password) == ([], "")
