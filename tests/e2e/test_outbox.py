"""The messages of the demonstration, where codes are read and copied, in a real browser."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.server import PASSWORD, LiveServer, email_of

PAGE = "/demo/boite-envoi"


@pytest.fixture
def ask_for_code(server: LiveServer):
    """`ask_for_code("medecin")`: what the first form does, somewhere else."""

    def ask(who: str) -> str:
        server.forget_limits()
        answer = httpx.post(
            f"{server.url}/auth/sign-in",
            data={"identifier": email_of(who), "password": PASSWORD},
            headers={"Origin": server.url},
        )
        assert answer.status_code == 303
        return server.newest_code(email_of(who))

    return ask


class TestOutbox:
    def test_shows_the_code_that_was_just_sent(self, any_size, axe, ask_for_code):
        page = any_size
        code = ask_for_code("medecin")
        page.goto(PAGE)
        expect(page.get_by_role("heading", level=1)).to_have_text("Messages de la démonstration")
        first = page.get_by_role("listitem").first
        expect(first.get_by_text(code, exact=True)).to_be_visible()
        expect(first).to_contain_text("medecin@demo.liane.example")
        axe(page)

    def test_a_new_message_appears_by_itself_unless_one_unticks(self, page, ask_for_code):
        page.goto(PAGE)
        repeats = page.get_by_role("checkbox", name="Actualiser toutes les 3 secondes")
        expect(repeats).to_be_checked()
        code = ask_for_code("pharmacien")
        first = page.get_by_role("listitem").first
        expect(first.get_by_text(code, exact=True)).to_be_visible(timeout=5_000)
        repeats.uncheck()
        newer = ask_for_code("infirmier")
        page.wait_for_timeout(4_000)
        expect(page.get_by_text(newer, exact=True)).to_have_count(0)
        page.get_by_role("button", name="Actualiser").click()
        expect(first.get_by_text(newer, exact=True)).to_be_visible()

    def test_a_code_is_copied(self, open_page, ask_for_code):
        page = open_page(permissions=["clipboard-read", "clipboard-write"])
        code = ask_for_code("medecin")
        page.goto(PAGE)
        first = page.get_by_role("listitem").first
        expect(first.get_by_text(code, exact=True)).to_be_visible()
        first.get_by_role("button", name="Copier le code").click()
        expect(first.get_by_role("button", name="Copié")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == code


class TestSignInPage:
    def test_one_goes_to_the_messages_and_back_with_the_code(self, any_size, server, axe):
        page = any_size
        server.forget_limits()
        page.goto("/connexion")
        page.get_by_label("E-mail").fill(email_of("infirmier"))
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Connectez-vous").click()
        page.wait_for_url("**/connexion/code")
        axe(page)
        with page.expect_popup() as opened:
            page.get_by_role("link", name="boîte d’envoi (nouvel onglet)").click()
        code = opened.value.get_by_role("listitem").first.locator("strong").inner_text()
        opened.value.get_by_role("link", name="Saisir un code").click()
        expect(opened.value.get_by_label("Code à usage unique")).to_be_visible()
        page.get_by_label("Code à usage unique").fill(code)
        page.get_by_role("button", name="Valider mon code à usage unique").click()
        page.wait_for_url("**/tableau-de-bord")

    def test_leads_there_and_offers_the_accounts(self, any_size, axe):
        page = any_size
        page.goto("/connexion")
        page.get_by_text("Comptes à essayer").click()
        axe(page)
        page.get_by_role("button", name="infirmier@demo.liane.example").click()
        expect(page.get_by_label("E-mail")).to_have_value("infirmier@demo.liane.example")
        expect(page.get_by_label("Mot de passe", exact=True)).to_have_value(PASSWORD)
        page.get_by_role("link", name="lire les messages envoyés").click()
        page.wait_for_url(f"**{PAGE}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Messages de la démonstration")
