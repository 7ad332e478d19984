"""Where patients and administrators land, and the information notice, in a real browser."""

import re
from uuid import uuid4

from playwright.sync_api import expect


class TestPatient:
    def test_lands_on_their_circle_and_their_agreements(self, any_size, sign_in_by_hand, axe):
        page = any_size
        sign_in_by_hand(page, "patient")
        page.wait_for_url("**/accueil")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")
        circle = page.get_by_role("region", name="Votre cercle de soins")
        expect(circle.get_by_role("listitem").filter(has_text="Dre Claire Martin")).to_be_visible()
        agreements = page.get_by_role("region", name="Vos accords")
        expect(agreements.get_by_text("Votre inscription dans le suivi")).to_be_visible()
        expect(agreements.get_by_text("recueilli par la Dre Martin").first).to_be_visible()
        axe(page)

    def test_reads_the_notice_they_were_handed(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "patient")
        page.goto("/accueil")
        page.get_by_role("link", name="Notice d’information, version 1").first.click()
        page.wait_for_url("**/notice/*")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Notice d’information")
        expect(page.get_by_role("heading", name="Vos droits")).to_be_visible()
        axe(page)

    def test_decides_who_sees_their_record_and_reads_who_did(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "patient")
        page.goto("/parametres")
        page.get_by_role("link", name="Qui peut voir mes informations").click()
        masked = page.get_by_role("switch", name="Mes documents masqués peuvent être lus")
        for is_on in (False, True):
            masked.click()
            expect(masked).to_be_checked(checked=is_on)
        axe(page)
        page.get_by_role("button", name="Bloquer Mme Sophie Lemaire").click()
        question = page.get_by_role("dialog", name="Bloquer Mme Lemaire")
        expect(question.get_by_role("button", name="Garder son accès")).to_be_focused()
        axe(page)
        question.get_by_role("button", name="Bloquer").click()
        expect(page.get_by_text("Mme Sophie Lemaire est bloquée")).to_be_visible()
        page.get_by_role("radio", name="Bloqués (1)").click(force=True)
        page.wait_for_url("**?liste=bloques")
        page.get_by_role("button", name="Débloquer Mme Sophie Lemaire").click()
        page.get_by_role("dialog").get_by_role("button", name="Débloquer").click()
        expect(page.get_by_text("Vous n’avez bloqué aucun professionnel.")).to_be_visible()
        page.get_by_role("link", name="Tout l’historique").click()
        expect(page.get_by_text("avez débloqué Mme Lemaire").first).to_be_visible()
        axe(page)

    def test_finds_no_other_door(self, page, sign_in):
        sign_in(page, "patient")
        for address in ("/tableau-de-bord", "/admin", "/admin/comptes"):
            page.goto(address)
            page.wait_for_url("**/accueil")


class TestAdministrator:
    def test_lands_on_the_state_of_the_installation(self, any_size, sign_in_by_hand, axe):
        page = any_size
        sign_in_by_hand(page, "admin")
        page.wait_for_url("**/admin")
        page.goto("/admin/installation")
        accounts = page.get_by_role("region", name="Comptes")
        expect(accounts).to_contain_text("Professionnels de santé")
        expect(page.get_by_role("region", name="Journal des accès")).to_contain_text(
            "liane journal verify"
        )
        medicines = page.get_by_role("region", name="Base des médicaments")
        expect(medicines).to_contain_text("Base de données publique des médicaments")
        axe(page)

    def test_sees_no_patient(self, page, sign_in):
        sign_in(page, "admin")
        for address in ("/tableau-de-bord", "/accueil"):
            page.goto(address)
            page.wait_for_url("**/admin")
        expect(page.get_by_role("heading", level=1)).to_have_text("Demandes d’inscription")
        expect(page.get_by_text("LEFÈVRE")).to_have_count(0)
        expect(page.get_by_role("link", name="Rechercher un patient")).to_have_count(0)


class TestNotice:
    def test_prints_without_its_frame(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto("/notice")
        expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name="Vos droits")).to_be_visible()
        for hidden in (
            page.get_by_role("navigation").first,
            page.get_by_role("button", name="Imprimer"),
            page.get_by_role("contentinfo"),
            page.get_by_role("banner"),
        ):
            expect(hidden).to_be_hidden()

    def test_an_unknown_notice_is_not_found(self, page, sign_in, axe):
        sign_in(page, "medecin")
        for wrong in (str(uuid4()), "nimporte-quoi"):
            page.goto(f"/notice/{wrong}")
            expect(page.get_by_text("Cette notice d’information est introuvable.")).to_be_visible()
        axe(page)

    def test_is_for_whoever_is_signed_in(self, page):
        page.goto("/notice")
        page.wait_for_url(re.compile(r"/connexion\?suite=/"))
