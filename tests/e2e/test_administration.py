"""The administrators' pages in a real browser: registrations, changes, accounts, texts, journal, instance."""

import re
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update
from sqlmodel import col

from app.db import unit_of_work
from app.models.account import Account, AccountState
from app.models.legal_text import LegalAcceptance
from app.models.registration import IdentitySource, Registration, RegistrationKind
from app.models.session import SignInSession
from app.services.session import open_session
from app.state.clock import utc_now
from tests import factories
from tests.registrations import make_registration
from tests.server import LiveServer
from tests.services.test_instance import png

N = "\u202f"


@pytest.fixture
def registered(server: LiveServer):
    """`registered(name, …)`: a registration handed in just now; its address in the queue.

    The sign-ins of the run may be older than the five minutes an approval takes (S054): they are young again.
    """

    def make(family_name: str, **overrides: object) -> str:
        now = utc_now()
        with server.database() as base, unit_of_work(base) as session:
            made = make_registration(session, now, family_name=family_name, **overrides)
            session.execute(update(SignInSession).values(factor_at=now))
        return f"/admin/inscriptions/{made}"

    return make


def _unique(name: str) -> str:
    return name + "".join("abcdefghij"[int(digit)] for digit in str(uuid4().int)[:6])


def _give(page: Page, server: LiveServer, token: str) -> None:
    """Open a browser's pages as the person of a sign-in made here."""
    cookie = {"name": "__Host-liane", "value": token, "secure": True, "httpOnly": True}
    url = server.url.replace("http:", "https:")
    page.context.add_cookies([{**cookie, "url": url, "sameSite": "Lax"}])


def _line(page: Page, name: str):
    return page.get_by_role("row").filter(has_text=name)


class TestRegistrations:
    def test_S067_one_approves_another_confirms(
        self, any_size, open_page, sign_in, registered, server, axe
    ):
        name = _unique("Ferrand")
        address = registered(name)
        first, second = any_size, open_page()
        sign_in(first, "admin")
        first.goto("/admin")
        expect(_line(first, name)).to_contain_text("Saisie manuelle")
        axe(first)
        _line(first, name).get_by_role("link", name=re.compile("Examiner")).click()
        first.wait_for_url(f"**{address}")
        expect(first.get_by_role("region", name="Vérifications")).to_contain_text(
            "Numéro inconnu de l’annuaire"
        )
        axe(first)
        first.get_by_role("button", name="Approuver en premier").click()
        expect(
            first.get_by_text("Une autre personne de l’administration doit confirmer.")
        ).to_be_visible()
        expect(first.get_by_role("button", name="Approuver en premier")).to_have_count(0)

        sign_in(second, "admin2")
        second.goto(address)
        expect(second.get_by_text("Premier accord donné par Mme Aline Perrot")).to_be_visible()
        second.get_by_role("button", name="Confirmer").click()
        expect(second.get_by_text("Approuvée").first).to_be_visible()
        # The page of the first one learns it by itself.
        expect(first.get_by_text("Approuvée").first).to_be_visible()
        assert any("ouvert" in mail["subject"] for mail in _mails(server, address))

    def test_U04_a_certified_identity_in_one_click(self, page, sign_in, registered):
        name = _unique("Certif")
        registered(name, source=IdentitySource.PSC, certified_at=utc_now())
        sign_in(page, "admin")
        page.goto("/admin")
        line = _line(page, name)
        expect(line).to_contain_text("Identité certifiée")
        line.get_by_role("button", name=re.compile("Approuver")).click()
        expect(page.get_by_text("Le compte est ouvert.")).to_be_visible()
        expect(line).to_have_count(0)

    def test_MM23_a_refusal_says_why(self, any_size, sign_in, registered, server, axe):
        page, name = any_size, _unique("Refus")
        address = registered(name, kind=RegistrationKind.SECRETARY)
        email = _email(server, address)
        sign_in(page, "admin")
        page.goto(address)
        page.get_by_role("button", name="Refuser").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Refuser la demande").click()
        expect(dialog.get_by_text("saisissez le motif du refus")).to_be_visible()
        axe(page)
        dialog.get_by_label("Motif du refus").fill("Le contrat n’est pas lisible.")
        dialog.get_by_role("button", name="Refuser la demande").click()
        expect(page.get_by_text(f"Motif{N}: Le contrat n’est pas lisible.")).to_be_visible()
        mails = [mail for mail in server.outbox() if mail["to"] == email]
        assert any("Le contrat n’est pas lisible." in mail["text"] for mail in mails)


class TestAccounts:
    def test_S053_a_suspension_ends_the_open_pages(
        self, any_size, open_page, sign_in_by_hand, server, axe
    ):
        name = _unique("Suspens")
        with server.database() as base, unit_of_work(base) as session:
            actor = factories.make_professional(session, utc_now(), family_name=name)
            account = session.get(Account, actor.account_id)
            _, token = open_session(
                session, account, device="Firefox", address="127.0.0.1", now=utc_now()
            )
        other = open_page()
        _give(other, server, token)
        other.goto("/tableau-de-bord")
        expect(other.get_by_role("heading", level=1)).to_have_text("Mon tableau de bord")

        page = any_size
        sign_in_by_hand(page, "admin")
        page.wait_for_url("**/admin")
        page.goto("/admin/comptes")
        page.get_by_label("Rechercher un compte").fill(name)
        expect(page.get_by_text("1 compte trouvé")).to_be_visible()
        axe(page)
        _line(page, name).get_by_role("link").first.click()
        page.wait_for_url("**/admin/comptes/*")
        expect(page.get_by_role("region", name="Connexions ouvertes").first).to_contain_text(
            "Firefox"
        )
        axe(page)
        page.get_by_role("button", name="Suspendre").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Motif").fill("Départ de l’établissement.")
        dialog.get_by_role("button", name="Suspendre le compte").click()
        expect(page.get_by_text("Le compte est suspendu.")).to_be_visible()
        other.wait_for_url("**/connexion*", timeout=2_000)
        with server.database() as base, unit_of_work(base) as session:
            assert session.get(Account, actor.account_id).state is AccountState.SUSPENDED


class TestTexts:
    def test_U25_versions_and_their_proofs(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "admin")
        page.goto("/admin/textes")
        terms = page.get_by_role("region", name="Conditions générales d’utilisation", exact=True)
        expect(terms.get_by_text("En vigueur")).to_be_visible()
        axe(page)
        terms.get_by_role("link", name="Version 1").click()
        page.wait_for_url("**/admin/textes/*")
        expect(page.get_by_text("Empreinte SHA-256")).to_be_visible()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Exporter (CSV)").click()
        table = waiting.value.path().read_text(encoding="utf-8-sig")
        assert "medecin@demo.liane.example" in table
        axe(page)

    def test_U25_whoever_has_not_accepted_reads_first(self, any_size, server, axe):
        page = any_size
        with server.database() as base, unit_of_work(base) as session:
            actor = factories.make_professional(
                session, utc_now(), given_name="Camille", family_name="Nouveau"
            )
            account = session.get(Account, actor.account_id)
            session.execute(
                delete(LegalAcceptance).where(col(LegalAcceptance.account_id) == account.id)
            )
            _, token = open_session(session, account, device="x", address="", now=utc_now())
        _give(page, server, token)
        page.goto("/tableau-de-bord")
        page.wait_for_url("**/conditions")
        axe(page)
        page.get_by_role("button", name="Accepter et continuer").click()
        expect(page.get_by_text("cochez la case").first).to_be_visible()
        page.get_by_label("J’ai lu ce texte et je l’accepte").check()
        page.get_by_role("button", name="Accepter et continuer").click()
        page.get_by_role("button", name="Recevoir mon code de signature").click()
        page.get_by_label(re.compile("en guise de signature")).fill("Camille Nouveau")
        page.get_by_role("button", name="Signer et continuer").click()
        # D-11: a name without its code signs nothing, and is not lost.
        expect(page.get_by_text("code").first).to_be_visible()
        axe(page)
        expect(page.get_by_label(re.compile("en guise de signature"))).to_have_value(
            "Camille Nouveau"
        )
        page.get_by_label("Code de signature").fill(server.newest_code(account.email))
        page.get_by_role("button", name="Signer et continuer").click()
        page.wait_for_url("**/tableau-de-bord")


class TestJournal:
    def test_S130_is_searched_and_exported(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "admin")
        page.goto("/admin/journal")
        page.get_by_label("Acte").select_option(label="Compte suspendu")
        page.get_by_role("button", name="Rechercher").click()
        results = page.get_by_role("region", name="Résultats")
        expect(results.get_by_text("Compte suspendu").first).to_be_visible()
        axe(page)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Exporter ces lignes (CSV)").click()
        table = waiting.value.path().read_text(encoding="utf-8-sig")
        assert "account.suspended" in table
        assert "patient.opened" not in table

    def test_S131_the_chain_is_verified(self, page, sign_in):
        sign_in(page, "admin")
        page.goto("/admin/journal")
        page.get_by_role("button", name="Vérifier toute la chaîne").click()
        expect(page.get_by_text("Le journal est intact")).to_be_visible()


class TestInstance:
    def test_DM23_every_page_shows_it(self, any_size, open_page, sign_in, tmp_path, axe):
        page = any_size
        picture, drawing = tmp_path / "logo.png", tmp_path / "logo.svg"
        picture.write_bytes(png(40, 20))
        drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        sign_in(page, "admin")
        page.goto("/admin/parametres")
        expect(page.get_by_label("Logo", exact=True)).to_be_visible()
        axe(page)
        page.get_by_label("Logo", exact=True).set_input_files(drawing)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("Formats acceptés").first).to_be_visible()
        page.get_by_label("Ville ou territoire").fill("Nouvelle-Aquitaine")
        page.get_by_label("Logo", exact=True).set_input_files(picture)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_text("Les paramètres sont enregistrés.")).to_be_visible()
        visitor = open_page()
        visitor.goto("/connexion")
        expect(visitor.locator(".inst")).to_contain_text("Nouvelle-Aquitaine")
        expect(visitor.locator(".inst-logo")).to_be_visible()
        page.get_by_label("Ville ou territoire").fill("Niort")
        page.get_by_label("Retirer le logo").check()
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.locator(".logo-now")).to_have_count(0)


def _registration(server: LiveServer, address: str) -> Registration:
    with server.database() as base, unit_of_work(base) as session:
        found = session.get(Registration, UUID(address.rsplit("/", 1)[-1]))
        assert found is not None
        return found


def _email(server: LiveServer, address: str) -> str:
    return _registration(server, address).email


def _mails(server: LiveServer, address: str) -> list[dict[str, str]]:
    email = _email(server, address)
    return [mail for mail in server.outbox() if mail["to"] == email]
