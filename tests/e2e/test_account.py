"""One's own account in a real browser: profile, contacts, security, history, data, applications."""

import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.db import unit_of_work
from app.i18n.journal import ACTIONS
from app.models.session import SignInSession
from app.state.clock import utc_now
from tests.server import LiveServer


@pytest.fixture
def arrive(sign_in_by_hand: Callable[..., None]) -> Callable[..., None]:
    """`arrive(page, who, path)`: sign in, a factor just given, and open a page."""

    def go(page: Page, who: str, path: str) -> None:
        sign_in_by_hand(page, who)
        page.goto(path)

    return go


class TestProfile:
    def test_MM35_MM40_is_edited_in_place_and_identity_waits(self, any_size, arrive, axe):
        page = any_size
        arrive(page, "infirmier", "/tableau-de-bord")
        page.get_by_role("banner").locator("summary").click()
        page.get_by_role("banner").get_by_role("link", name="Mon compte").click()
        page.wait_for_url("**/compte")
        axe(page)
        page.get_by_label("J’édite mon profil").click()
        page.get_by_label("Spécialité affichée").fill("infirmière de coordination")
        page.get_by_label("Nom *", exact=True).fill("Lemaire-Vidal")
        axe(page)
        page.get_by_role("button", name="VALIDER").click()
        expect(page.get_by_text("En attente d’approbation")).to_be_visible()
        expect(page.get_by_text("infirmière de coordination")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Retirer ma demande").click()
        expect(page.get_by_text("En attente d’approbation")).to_have_count(0)
        page.get_by_label("J’édite mon profil").click()
        page.get_by_label("Spécialité affichée").fill("infirmière")
        page.get_by_role("button", name="VALIDER").click()
        expect(page.get_by_text("Votre profil est à jour.")).to_be_visible()

    def test_a_fault_is_told_beside_its_field(self, page, arrive, axe):
        arrive(page, "infirmier", "/compte")
        page.get_by_label("J’édite mon profil").click()
        page.get_by_label("N° RPPS *").fill("123")
        page.get_by_role("button", name="VALIDER").click()
        expect(page.get_by_role("alert")).to_contain_text("Il y a 1 erreur dans le formulaire")
        expect(page.get_by_label("N° RPPS *")).to_have_value("123")
        axe(page)

    def test_MM14_a_place_of_practice_is_added_and_removed(self, any_size, arrive, axe):
        page = any_size
        arrive(page, "generaliste", "/compte")
        page.get_by_label("J’édite mon profil").click()
        # The last place stays: the other width adds to it, hence names of its own.
        kept, removed = (
            f"{name} {page.viewport_size['width']}" for name in ("Maison du Lac", "Centre du Bois")
        )
        for name in (kept, removed):
            page.get_by_role("button", name="Ajouter un lieu").click()
            page.get_by_label("Mon établissement n’est pas dans la liste").click()
            page.get_by_label("Nom de l’établissement *").fill(name)
            page.get_by_label("Code postal *").fill("17000")
            page.get_by_label("Commune *").fill("La Rochelle")
            page.get_by_label("Laboratoire partenaire *").select_option(index=1)
            axe(page)
            page.get_by_role("button", name="Ajouter", exact=True).click()
            expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
        line = page.get_by_role("listitem").filter(has_text=removed)
        line.get_by_role("button", name="Retirer").click()
        expect(line).to_have_count(0)

    def test_a_patient_reads_who_keeps_their_identity(self, any_size, sign_in, axe):
        sign_in(any_size, "patient")
        any_size.goto("/compte")
        expect(any_size.get_by_text("tenue par votre équipe de soins")).to_be_visible()
        expect(any_size.get_by_label("J’édite mon profil")).to_have_count(0)
        axe(any_size)


class TestContacts:
    def test_MM42_MM47_an_address_is_added_starred_and_removed(
        self, any_size, arrive, axe, server: LiveServer
    ):
        page, new = any_size, f"coord-{any_size.viewport_size['width']}@exemple.test"
        arrive(page, "pharmacien", "/compte/coordonnees")
        page.get_by_role("button", name="Ajouter une adresse").click()
        page.get_by_label("Email").fill(new)
        axe(page)
        page.get_by_role("button", name="VALIDER L’ADRESSE").click()
        page.get_by_label("Code OTP").fill("000000")
        page.get_by_role("button", name="VALIDER MON ADRESSE").click()
        expect(page.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
        axe(page)
        page.get_by_label("Code OTP").fill(server.newest_code(new))
        page.get_by_label(re.compile("Je souhaite utiliser cette adresse email")).check()
        page.get_by_label("Pilulier du Marais").check()
        page.get_by_role("button", name="VALIDER MON ADRESSE").click()
        line = page.get_by_role("listitem").filter(has_text=new)
        expect(line).to_contain_text("Notifications")
        expect(line).to_contain_text("Pilulier du Marais")
        axe(page)
        line.locator("summary").click()
        line.get_by_role("button", name="Supprimer").click()
        page.get_by_role("button", name="Supprimer l’adresse").click()
        expect(line).to_have_count(0)
        only = page.get_by_role("listitem").filter(has_text="pharmacien@")
        expect(only).to_contain_text("Notifications")
        only.locator("summary").click()
        expect(only.get_by_role("button", name="Supprimer")).to_have_count(0)

    def test_U03_a_telephone_is_added_by_sms(self, page, arrive, axe, server: LiveServer):
        arrive(page, "pharmacien", "/compte/coordonnees")
        page.get_by_role("button", name="Ajouter un téléphone").click()
        page.get_by_label("Téléphone mobile").fill("06 12 34 56 70")
        page.get_by_role("button", name="RECEVOIR LE CODE").click()
        page.get_by_label("Code reçu par SMS").fill(server.newest_code("+33612345670"))
        page.get_by_role("button", name="VALIDER MON TÉLÉPHONE").click()
        line = page.get_by_role("listitem").filter(has_text="06 12 34 56 70")
        expect(line).to_contain_text("Vérifié le")
        axe(page)
        line.get_by_role("button", name="Supprimer").click()
        page.get_by_role("button", name="Supprimer le téléphone").click()
        expect(line).to_have_count(0)


class TestSecurity:
    def test_S034_an_application_is_added_and_removed(self, any_size, arrive, axe):
        page = any_size
        arrive(page, "pharmacien", "/compte/securite")
        axe(page)
        page.get_by_role("button", name="Ajouter une application").click()
        key = page.locator(".secret")
        expect(key).to_have_text(re.compile(r"^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$"))
        drawn = page.get_by_role("img", name=re.compile("Code QR"))
        assert drawn.evaluate("image => image.naturalWidth") > 0
        axe(page)
        totp = pyotp.TOTP((key.text_content() or "").replace(" ", ""))
        page.get_by_label("Premier code de l’application").fill(totp.now())
        page.get_by_role("button", name="Activer l’application").click()
        expect(page.get_by_text("Active depuis le")).to_be_visible()
        page.get_by_role("button", name="Retirer l’application").click()
        page.get_by_role("dialog").get_by_role("button", name="Retirer l’application").click()
        expect(page.get_by_text("Active depuis le")).to_have_count(0)

    def test_S035_recovery_codes_are_told_once(self, page, arrive, axe):
        arrive(page, "infirmier", "/compte/securite")
        page.get_by_role("button", name=re.compile("codes de secours")).click()
        expect(page.get_by_role("button", name="J’ai conservé mes codes")).to_be_hidden()
        page.get_by_role("button", name="Afficher dix nouveaux codes").click()
        told = page.get_by_role("list", name="Vos codes").get_by_role("listitem")
        expect(told).to_have_count(10)
        axe(page)
        page.get_by_role("button", name="J’ai conservé mes codes").click()
        expect(page.get_by_text("10 sur 10")).to_be_visible()
        first = page.get_by_role("list", name="Vos codes")
        expect(first).to_have_count(0)

    def test_S023_a_wrong_password_is_told_beside_its_field(self, any_size, arrive, axe):
        page = any_size
        arrive(page, "infirmier", "/compte/securite")
        page.get_by_role("button", name="Changer de mot de passe").click()
        axe(page)
        page.get_by_label("Mot de passe actuel").fill("Faux-mot-1!")
        page.get_by_label("Nouveau mot de passe", exact=True).fill("Sureau-noir-77!")
        page.get_by_label("Confirmez le nouveau mot de passe").fill("Sureau-noir-77!")
        page.get_by_role("dialog").get_by_role("button", name="Changer de mot de passe").click()
        expect(page.get_by_role("alert")).to_contain_text("Il y a 1 erreur dans le formulaire")
        expect(page.get_by_text("Erreur\u202f: ce n’est pas votre mot de passe")).to_be_visible()
        axe(page)

    def test_S053_another_sign_in_is_cut_within_two_seconds(
        self, open_page, arrive, sign_in_by_hand
    ):
        elsewhere = open_page()
        sign_in_by_hand(elsewhere, "generaliste")
        elsewhere.goto("/patients")
        expect(elsewhere.get_by_role("heading", level=1)).to_be_visible()
        page = open_page()
        arrive(page, "generaliste", "/compte/securite")
        page.get_by_role("button", name="Fermer toutes les autres").click()
        page.get_by_role("button", name="Fermer les autres").click()
        elsewhere.wait_for_url(lambda url: urlsplit(url).path == "/connexion", timeout=2_500)
        expect(page.get_by_role("button", name="Fermer toutes les autres")).to_have_count(0)

    def test_S054_a_stale_factor_is_asked_for_again(self, page, sign_in, server: LiveServer):
        sign_in(page, "patient")
        with server.database() as base, unit_of_work(base) as session:
            session.execute(
                update(SignInSession).values(factor_at=utc_now() - timedelta(minutes=6))
            )
        page.goto("/compte/coordonnees")
        page.get_by_role("button", name="Ajouter une adresse").click()
        page.wait_for_url(lambda url: urlsplit(url).path == "/connexion/confirmer")


class TestHistory:
    def test_tells_in_plain_french(self, any_size, sign_in, axe):
        sign_in(any_size, "medecin")
        any_size.goto("/compte/historique")
        # Whatever the other tests did last in that name.
        acts = re.compile(f"^({'|'.join(map(re.escape, ACTIONS.values()))})$")
        expect(any_size.get_by_role("listitem").get_by_text(acts).first).to_be_visible()
        axe(any_size)
        any_size.get_by_role("link", name="Lignes plus anciennes").click()
        any_size.wait_for_url("**/compte/historique?avant=*")
        any_size.get_by_role("link", name="Revenir au début").click()
        any_size.wait_for_url("**/compte/historique")


class TestData:
    def test_S099_is_prepared_then_downloaded_once(self, any_size, arrive, axe, tmp_path):
        page = any_size
        arrive(page, "patient", "/compte/donnees")
        axe(page)
        page.get_by_role("button", name=re.compile("^Préparer")).click()
        expect(page.get_by_text("Votre fichier est prêt")).to_be_visible()
        axe(page)
        with page.expect_download() as waited:
            page.get_by_role("button", name="Télécharger").click()
        path = tmp_path / "donnees.zip"
        waited.value.save_as(path)
        with zipfile.ZipFile(path) as archive:
            assert "Votre cercle de soins" in archive.read("vos-donnees.html").decode()
        expect(page.get_by_text("Fichier téléchargé")).to_be_visible()
        expect(page.get_by_role("button", name="Télécharger")).to_have_count(0)


class TestApplications:
    def test_MM50_DM02_identifier_then_consent_then_withdrawal(self, any_size, sign_in, axe):
        page, name = any_size, "Mésange"
        sign_in(page, "patient")
        page.goto("/applications")
        tile = page.get_by_role("listitem").filter(has_text=name)
        expect(tile).to_contain_text("Labellisée par l’État")
        axe(page)
        if tile.get_by_role("button", name="Ouvrir").count():
            tile.get_by_role("button", name="Ouvrir").click()
            axe(page)
            page.get_by_role("button", name="Utiliser cette adresse").click()
            way = page.get_by_role("dialog").get_by_role("link", name="Ouvrir")
            expect(way).to_have_attribute("href", "https://mesange.example")
            page.get_by_role("button", name="Plus tard").click()
        expect(tile).to_contain_text("patient@")
        tile.get_by_role("button", name="Synchroniser").click()
        expect(page.get_by_role("dialog")).to_contain_text("aucune donnée ne part")
        axe(page)
        page.get_by_role("button", name="Donner mon accord").click()
        expect(tile).to_contain_text("Accord donné le")
        tile.get_by_role("button", name="Retirer mon accord").click()
        page.get_by_role("dialog").get_by_role("button", name="Retirer mon accord").click()
        expect(tile).not_to_contain_text("Accord donné le")

    def test_administrators_keep_the_catalogue(self, page, sign_in, axe):
        sign_in(page, "admin")
        page.goto("/admin/applications")
        axe(page)
        page.get_by_role("button", name="Ajouter une application").click()
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("alert").first).to_contain_text("Il y a 5 erreurs")
        axe(page)
        page.get_by_label("Nom *", exact=True).fill("Herbier")
        page.get_by_label("Éditeur *").fill("Jardins du Port")
        page.get_by_label("Description *").fill("Reconnaît les plantes.")
        page.get_by_label("Adresse de l’application *").fill("https://herbier.example")
        page.get_by_label("Qui la voit *").select_option(label="Les patients")
        page.get_by_role("button", name="Enregistrer").click()
        row = page.get_by_role("listitem").filter(has_text="Herbier")
        expect(row).to_contain_text("Jardins du Port")
        row.get_by_role("button", name="Retirer").click()
        page.get_by_role("button", name="Retirer du catalogue").click()
        expect(row).to_contain_text("Retirée")
