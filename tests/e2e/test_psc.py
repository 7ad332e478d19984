"""Pro Santé Connect from the click to the sign-out, with the simulator of the demonstration.

It signs in (PS-22), links and refuses (PS-23), and signs out on both sides (S043, S044).
"""

import re

from playwright.sync_api import expect
from sqlalchemy import delete

from app.db import unit_of_work
from app.models.factor import FederatedIdentity
from tests.server import PASSWORD, email_of

PAGE = "**/connexion/pro-sante-connect"
SIMULATOR = "/simulateur-psc"


def to_the_provider(page):
    """From the page that explains, through its door."""
    if "pro-sante-connect" not in page.url:
        page.goto("/auth/psc/callback")
        page.wait_for_url(PAGE)
    page.get_by_role("button", name="S’identifier avec PRO SANTE CONNECT").click()
    page.wait_for_url(f"**{SIMULATOR}/connexion")


def confirm(page, name):
    """Choose somebody, then confirm on their phone."""
    page.get_by_role("region", name="Identités de démonstration").get_by_role(
        "button", name=name
    ).click()
    phone = page.get_by_role("region", name="Votre téléphone")
    phone.get_by_label("Code secret e-CPS").fill("1234")
    phone.get_by_role("button", name="Confirmer").click()


def sign_out(page):
    if page.viewport_size["width"] < 768:
        page.get_by_role("button", name="Ouvrir le menu").click()
        page.get_by_role("button", name="Déconnecter").click()
    else:
        page.get_by_text("Mon compte et déconnexion").locator("..").click()
        page.get_by_role("button", name="Se déconnecter", exact=True).click()
    # « Rester connecté ? » is asked of whoever came in through the provider (PS-24, PS-25).
    dialog = page.get_by_role("dialog", name="Rester connecté")
    leave = dialog.get_by_role("button", name="Se déconnecter")
    left = page.get_by_text("Vous êtes déconnecté")
    leave.or_(page.get_by_label("E-mail ou identifiant")).or_(left).first.wait_for()
    if leave.is_visible():
        leave.click()


def prove_by_password(page, server, who):
    """E-mail, password and code, from wherever the page leads to them."""
    server.forget_limits()
    page.get_by_label("E-mail").fill(email_of(who))
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Connectez-vous").click()
    page.wait_for_url("**/connexion/code")
    page.get_by_label("Code à usage unique").fill(server.newest_code(email_of(who)))
    page.get_by_role("button", name="Valider mon code à usage unique").click()


class TestSignIn:
    def test_PS22_signs_in_and_out_on_both_sides(self, any_size, axe):
        page = any_size
        page.goto("/auth/psc/callback")
        page.wait_for_url(PAGE)
        expect(page.get_by_role("alert")).to_contain_text(
            "n’a pas été commencée dans ce navigateur"
        )
        axe(page)
        to_the_provider(page)
        axe(page)
        confirm(page, "Claire Martin")
        page.wait_for_url("**/tableau-de-bord")
        expect(page.get_by_role("heading", level=1)).to_be_visible()

        # Single sign-on: another trip asks for nothing (PS-07).
        page.goto("/auth/psc/callback")
        page.wait_for_url(PAGE)
        page.get_by_role("button", name="S’identifier avec PRO SANTE CONNECT").click()
        page.wait_for_url("**/tableau-de-bord")

        page.goto("/compte")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        sign_out(page)
        page.wait_for_url(PAGE)
        expect(
            page.get_by_text("Vous êtes déconnecté de Liane et de Pro Santé Connect")
        ).to_be_visible()
        axe(page)
        page.goto(f"{SIMULATOR}/")
        expect(page.get_by_role("heading", name="Aucune session ouverte")).to_be_visible()
        page.goto("/tableau-de-bord")
        page.wait_for_url("**/connexion**")

    def test_S053_closing_at_the_provider_closes_the_open_page(self, page):
        to_the_provider(page)
        confirm(page, "Karim Haddad")
        page.wait_for_url("**/tableau-de-bord")
        other = page.context.new_page()
        other.goto(f"{SIMULATOR}/")
        other.get_by_role("button", name="Fermer ma session Pro Santé Connect").click()
        page.wait_for_url("**/connexion**", timeout=6_000)

    def test_a_refusal_on_the_phone_signs_nobody_in(self, any_size, axe):
        page = any_size
        to_the_provider(page)
        page.get_by_role("button", name="Sophie Lemaire").click()
        axe(page)
        page.get_by_role("button", name="Refuser").click()
        expect(page.get_by_role("heading", name="Demande refusée")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Annuler et revenir à Liane").click()
        page.wait_for_url(PAGE)
        expect(page.get_by_role("alert")).to_contain_text("annulée ou refusée")
        page.goto("/tableau-de-bord")
        page.wait_for_url("**/connexion**")


class TestLink:
    def test_PS23_somebody_unknown_may_link_or_register_and_is_refused_anothers(
        self, any_size, server, axe
    ):
        page = any_size
        to_the_provider(page)
        confirm(page, "Paul Aubert")
        page.wait_for_url(PAGE)
        expect(page.get_by_role("heading", level=1)).to_have_text("Reliez votre compte")
        expect(page.get_by_text("Cabinet de cardiologie du Donjon")).to_be_visible()
        expect(page.get_by_role("link", name="Créer mon compte")).to_be_visible()
        axe(page)
        page.get_by_role("link", name="Relier à mon compte").click()
        prove_by_password(page, server, "generaliste")
        page.wait_for_url(PAGE)
        page.get_by_role("button", name="Relier à mon compte").click()
        expect(page.get_by_role("alert")).to_contain_text("n’est pas celui de cette identité")
        axe(page)
        page.get_by_role("button", name=re.compile("Ce n’est pas vous")).click()
        expect(
            page.get_by_text("Vous êtes déconnecté de Liane et de Pro Santé Connect")
        ).to_be_visible()

    def test_PS23_links_ones_own_account_once(self, any_size, server):
        page = any_size
        with server.database() as base, unit_of_work(base) as session:
            session.execute(delete(FederatedIdentity))
        to_the_provider(page)
        confirm(page, "Louise Vasseur")
        page.wait_for_url(PAGE)
        page.get_by_role("link", name="Relier à mon compte").click()
        prove_by_password(page, server, "hematologue")
        page.wait_for_url(PAGE)
        page.get_by_role("button", name="Relier à mon compte").click()
        page.wait_for_url("**/tableau-de-bord")
        sign_out(page)
        page.wait_for_url("**/connexion")
        page.goto("/auth/psc/callback")
        page.wait_for_url(PAGE)
        page.get_by_role("button", name="S’identifier avec PRO SANTE CONNECT").click()
        page.wait_for_url("**/tableau-de-bord")


class TestCard:
    def test_PS19_PS20_by_card_with_a_wrong_code_first(self, any_size, axe):
        page = any_size
        to_the_provider(page)
        page.get_by_role("link", name="Carte CPS").click()
        axe(page)
        page.get_by_role("radio", name=re.compile("Yves Caradec")).check()
        page.get_by_role("button", name="Continuer").click()
        expect(page.get_by_text("Il vous reste 3 tentative(s) pour la carte")).to_be_visible()
        page.get_by_label("Code Porteur", exact=True).fill("0000")
        page.get_by_role("button", name="Valider").click()
        expect(page.get_by_text("Il vous reste 2 tentative(s) pour la carte")).to_be_visible()
        axe(page)
        page.get_by_label("Code Porteur", exact=True).fill("1234")
        page.get_by_role("button", name="Valider").click()
        page.wait_for_url("**/tableau-de-bord")


def test_MM29_by_security_key_in_the_dark(open_page, axe):
    page = open_page({"width": 390, "height": 844}, color_scheme="dark")
    to_the_provider(page)
    axe(page)
    page.get_by_role("link", name="Utiliser une clé de sécurité").click()
    axe(page)
    page.get_by_role("button", name="Claire Martin").click()
    page.wait_for_url("**/tableau-de-bord")
