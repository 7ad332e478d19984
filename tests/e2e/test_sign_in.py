"""Every door of the sign-in page, from the first field to the open session (U-05 to U-08, PS-16, PS-26)."""

import re
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from app import cookies
from app.authz.actor import Actor
from app.db import keyring_of, unit_of_work
from app.models.account import Account
from app.models.professional import Professional
from app.services import totp, workstation
from app.state.clock import utc_now
from tests import factories
from tests.server import PASSWORD, LiveServer, email_of

SENT = "Si un compte correspond à cette adresse"


def give_password(page: Page, server: LiveServer, identifier: str) -> None:
    server.forget_limits()
    page.goto("/connexion")
    page.get_by_label("E-mail ou identifiant").fill(identifier)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Connectez-vous").click()
    page.wait_for_url("**/connexion/code")


def give_code(page: Page, code: str) -> None:
    page.get_by_label("Code à usage unique").fill(code)
    page.get_by_role("button", name="Valider mon code à usage unique").click()


def arrive(page: Page, path: str) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def newest(server: LiveServer, to: str) -> str:
    return next(message["text"] for message in server.outbox() if message["to"] == to)


def open_menu(page: Page) -> Locator:
    """The menu of the person signed in; returns its way out."""
    if page.viewport_size["width"] < 768:
        page.get_by_role("button", name="Ouvrir le menu").click()
        return page.get_by_role("button", name="Déconnecter")
    page.get_by_text("Mon compte et déconnexion").locator("..").click()
    return page.get_by_role("button", name="Se déconnecter", exact=True)


class TestForgotten:
    def test_S036_MM34_a_link_by_mail_then_a_new_password(
        self, any_size: Page, server: LiveServer, axe
    ):
        page, email = any_size, email_of("generaliste")
        server.forget_limits()
        page.goto("/connexion")
        page.get_by_role("link", name="Mot de passe oublié").click()
        arrive(page, "/connexion/mot-de-passe-oublie")
        axe(page)
        page.get_by_label("Entrez votre email").fill(email)
        page.get_by_role("button", name="Envoyer").click()
        expect(page.get_by_text(SENT)).to_be_visible()
        link = re.search(r"\S+/connexion/nouveau-mot-de-passe#\S+", newest(server, email))[0]
        page.goto(link)
        page.get_by_label("Nouveau mot de passe").fill("court")
        page.get_by_label("Confirmez le mot de passe").fill("autre")
        page.get_by_role("button", name="Enregistrer le mot de passe").click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("Il y a 2 erreurs")
        axe(page)
        page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
        page.get_by_label("Confirmez le mot de passe").fill(PASSWORD)
        expect(page.locator("[data-met]")).to_have_count(6)
        page.get_by_role("button", name="Enregistrer le mot de passe").click()
        arrive(page, "/connexion")
        expect(page.get_by_text("Votre nouveau mot de passe est enregistré")).to_be_visible()
        page.goto(link)
        page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Enregistrer le mot de passe").click()
        expect(page.get_by_text("Ce lien a expiré ou a déjà servi")).to_be_visible()

    def test_S070_an_unknown_address_reads_the_same(self, page: Page, server: LiveServer):
        server.forget_limits()
        page.goto("/connexion/identifiant-oublie")
        page.get_by_label("Entrez votre email").fill("personne@exemple.test")
        page.get_by_role("button", name="Envoyer").click()
        expect(page.get_by_text(SENT)).to_be_visible()
        assert all(message["to"] != "personne@exemple.test" for message in server.outbox())


class TestFactors:
    def test_S034_with_an_application(self, any_size: Page, server: LiveServer, axe):
        email = f"totp-{uuid4().hex[:8]}@exemple.test"
        now = utc_now()
        with server.database() as base, unit_of_work(base) as session:
            hashed = keyring_of(session).hash_password(PASSWORD)
            actor = factories.make_professional(session, now, email=email, password_hash=hashed)
            fresh = replace(actor, factor_at=now)
            application = pyotp.TOTP(totp.start_totp(session, fresh, now=now).seed)
            totp.confirm_totp(session, fresh, application.at(int(now.timestamp()) - 30), now=now)
        give_password(any_size, server, email)
        expect(any_size.get_by_text("Ouvrez votre application d’authentification")).to_be_visible()
        expect(any_size.get_by_role("button", name="Recevoir le code à t••••")).to_be_visible()
        axe(any_size)
        give_code(any_size, application.now())
        arrive(any_size, "/tableau-de-bord")

    def test_ME028_ME029_by_sms_chosen_by_the_person(self, any_size: Page, server: LiveServer, axe):
        give_password(any_size, server, "jbesson")
        axe(any_size)
        any_size.get_by_label("Par SMS, au •• •• •• •• 27").check()
        any_size.get_by_role("button", name="Continuer").click()
        expect(any_size.get_by_text("par SMS au •• •• •• •• 27")).to_be_visible()
        expect(any_size.get_by_text("Le SMS est le moyen le moins sûr")).to_be_visible()
        axe(any_size)
        give_code(any_size, re.search(r"\d{6}", newest(server, "+33639981227"))[0])
        arrive(any_size, "/accueil")

    def test_MM25_a_shared_account_asks_who_one_is(self, any_size: Page, server: LiveServer, axe):
        email = email_of("secretariat")
        give_password(any_size, server, email)
        give_code(any_size, server.newest_code(email))
        arrive(any_size, "/connexion/membre")
        axe(any_size)
        any_size.get_by_label("M. Paul Estève").check()
        any_size.get_by_label("Code personnel").fill("407193")
        any_size.get_by_role("button", name="Se connecter").click()
        expect(any_size.get_by_role("alert")).to_contain_text("n’est pas le bon")
        any_size.get_by_label("M. Paul Estève").check()
        any_size.get_by_label("Code personnel").fill("582640")
        any_size.get_by_role("button", name="Se connecter").click()
        any_size.wait_for_url(lambda url: not urlsplit(url).path.startswith("/connexion"))
        any_size.goto("/compte/membres")
        expect(any_size.get_by_role("rowheader", name="Mme Nadia Brunet")).to_be_visible()
        axe(any_size)

    def test_S054_a_factor_again_before_certain_acts(
        self, any_size: Page, server: LiveServer, sign_in_by_hand, axe
    ):
        sign_in_by_hand(any_size, "medecin")
        any_size.goto("/connexion/confirmer?suite=/compte/equipe")
        any_size.get_by_role("button", name="Continuer").click()
        any_size.get_by_label("Code à usage unique").fill("000000")
        any_size.get_by_role("button", name="Confirmer").click()
        expect(any_size.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
        axe(any_size)
        any_size.get_by_label("Code à usage unique").fill(server.newest_code(email_of("medecin")))
        any_size.get_by_role("button", name="Confirmer").click()
        arrive(any_size, "/compte/equipe")
        axe(any_size)


class TestOperator:
    @pytest.fixture
    def workstation(self, server: LiveServer) -> str:
        """The token of a browser the pharmacist registered."""
        now = utc_now()
        with server.database() as base, unit_of_work(base) as session:
            account = session.exec(
                select(Account).where(Account.email == email_of("pharmacien"))
            ).one()
            professional = session.exec(
                select(Professional).where(Professional.account_id == account.id)
            ).one()
            actor: Actor = replace(factories.actor_of(account, professional), factor_at=now)
            return workstation.register_workstation(session, actor, "Comptoir 1", now=now)

    def test_PS16_PS24_PS26_code_and_password_then_the_status_panel(
        self, any_size: Page, server: LiveServer, workstation: str, axe
    ):
        page = any_size
        server.forget_limits()
        page.context.add_cookies(
            [
                {
                    "name": cookies.WORKSTATION,
                    "value": workstation,
                    "url": server.url.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
        page.goto("/connexion")
        page.get_by_text("Code opérateur, en officine").click()
        expect(page.get_by_text("sous la responsabilité de M. Karim Haddad")).to_be_visible()
        axe(page)
        page.get_by_label("Code opérateur", exact=True).fill("12")
        page.locator("#operator_password").fill("Autre-mot-1!")
        page.get_by_role("button", name="Ouvrir la session").click()
        expect(page.get_by_role("alert")).to_contain_text("incorrect")
        page.get_by_label("Code opérateur", exact=True).fill("12")
        page.locator("#operator_password").fill(PASSWORD)
        page.get_by_role("button", name="Ouvrir la session").click()
        arrive(page, "/tableau-de-bord")
        leave = open_menu(page)
        expect(
            page.get_by_text("Opérateur «\u202f12\u202f» connecté").locator("visible=true")
        ).to_be_visible()
        leave.click()
        stay = page.get_by_role("dialog", name="Rester connecté")
        stay.get_by_role("button", name="Garder la connexion active").click()
        expect(stay).to_be_hidden()
        if not leave.is_visible():
            leave = open_menu(page)
        leave.click()
        stay.get_by_role("button", name="Se déconnecter").click()
        arrive(page, "/connexion")

    def test_S038_an_unknown_browser_is_told_what_to_do(self, page: Page):
        page.goto("/connexion")
        page.get_by_text("Code opérateur, en officine").click()
        expect(page.get_by_text("n’est pas enregistré comme poste de travail")).to_be_visible()
