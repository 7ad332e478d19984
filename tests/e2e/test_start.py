"""From nothing to a page, as `make run` does it (issue: ready in seconds the second time)."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.server import LiveServer, run_liane

ACCOUNTS = ("medecin", "pharmacien", "infirmier", "patient", "admin")


class TestDemonstration:
    def test_says_its_address_and_its_accounts(self, server: LiveServer):
        assert server.url in server.log
        for account in ACCOUNTS:
            assert f"{account}@demo.liane.example" in server.log
        assert "Liane-demo-2026!" in server.log

    @pytest.mark.parametrize("account", ACCOUNTS)
    def test_every_account_signs_in(self, server: LiveServer, account):
        assert server.cookie_of(account).startswith("__Host-liane=")

    def test_a_second_start_builds_and_loads_nothing(
        self, start_server: Callable[..., LiveServer], tmp_path: Path
    ):
        data_dir = tmp_path / "data"
        first = start_server(data_dir=data_dir)
        assert "Chargement des données de démonstration" in first.log
        first.stop()
        again = start_server(data_dir=data_dir)
        assert "Chargement" not in again.log
        assert "Construction" not in again.log
        assert httpx.get(f"{again.url}/connexion").is_success

    def test_S149_stops_when_asked(self, start_server: Callable[..., LiveServer]):
        server = start_server()
        before = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - before < 30
        with pytest.raises(httpx.TransportError):
            httpx.get(server.url)


class TestProduction:
    @pytest.fixture
    def production(self, start_server: Callable[..., LiveServer], smtp_server) -> LiveServer:
        """The portal as an operator serves it, behind a proxy that would speak https."""
        return start_server(
            "serve",
            LIANE_MODE="production",
            LIANE_PUBLIC_URL="https://portail.exemple.test",
            LIANE_SMTP_URL=smtp_server.url,
        )

    def test_the_demonstrations_messages_are_not_there(self, production: LiveServer):
        for path in ("/demo/outbox.json", "/demo/boite-envoi"):
            assert httpx.get(production.url + path).status_code == 404

    def test_S004_a_form_of_another_site_is_refused(self, production: LiveServer):
        answer = httpx.post(
            f"{production.url}/auth/sign-in",
            data={"identifier": "a", "password": "b"},
            headers={"Origin": production.url},
        )
        assert answer.status_code == 403

    def test_S081_asks_for_https_from_then_on(self, production: LiveServer):
        answer = httpx.get(f"{production.url}/connexion")
        assert "max-age=" in answer.headers["strict-transport-security"]

    def test_it_has_no_demonstration_account(self, production: LiveServer):
        assert "demo.liane.example" not in production.log
        done = run_liane("journal", "verify", data_dir=production.data_dir, LIANE_MODE="production")
        assert done.returncode == 0


class TestSignIn:
    def test_S033_with_a_password_then_the_code_received(
        self, any_size: Page, sign_in_by_hand: Callable[..., None]
    ):
        sign_in_by_hand(any_size, "medecin")
        expect(any_size).to_have_url(re.compile("/tableau-de-bord$"))

    def test_the_page_is_accessible(self, any_size: Page, axe: Callable[..., None]):
        any_size.goto("/connexion")
        expect(any_size.get_by_role("button", name="Connectez-vous")).to_be_visible()
        axe(any_size)

    def test_a_kept_sign_in_leads_home(self, page: Page, sign_in: Callable[..., None]):
        sign_in(page, "pharmacien")
        page.goto("/connexion")
        expect(page).to_have_url(re.compile("/tableau-de-bord$"))


class TestUnknownAddress:
    @pytest.mark.browser_complains
    def test_says_so_in_french(self, page: Page, axe: Callable[..., None]):
        answer = page.goto("/nulle-part")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_contain_text("introuvable")
        axe(page)
        for unnameable in ("a" * 300, "%00"):
            told = page.request.get(f"/messagerie/{unnameable}")
            assert (told.status, '<html lang="fr">' in told.text()) == (404, True)
