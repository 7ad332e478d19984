"""« Contacts » in a real browser: the circle, its consents, the sheet (CX-20, CX-21)."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.records import path_of

NURSE = "Mme Sophie Lemaire"


@pytest.fixture
def record(page, sign_in) -> str:
    """A patient of the doctor whom the nurse does not follow."""
    sign_in(page, "medecin")
    return path_of(page, "PETIT Marcel") + "/contacts"


def members(page: Page):
    return page.get_by_role("region", name="Équipe de soins").get_by_role("listitem")


def add_nurse(page: Page):
    """The dialog of the consent for the nurse."""
    page.get_by_role("button", name="Ajouter un PdS").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nom ou n° RPPS").fill("lemaire sop")
    dialog.get_by_role("button", name=f"Choisir {NURSE}").click()
    expect(dialog).to_have_accessible_name("Consentement du patient pour l’ajout de Mme Lemaire")
    return dialog


def remove_nurse(page: Page) -> None:
    members(page).filter(has_text=NURSE).get_by_role("button", name="Retirer").click()
    page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    expect(members(page).filter(has_text=NURSE)).to_have_count(0)


class TestCircle:
    @pytest.mark.parametrize("size", ["1440", "390"])
    def test_CX20_CX21_a_colleague_joins_with_a_consent_and_leaves(
        self, record, open_page, sign_in, axe, size
    ):
        page = open_page({"width": int(size), "height": 900})
        sign_in(page, "medecin")
        nurse = open_page()
        sign_in(nurse, "infirmier")
        nurse.goto(record)
        expect(nurse.get_by_role("heading", level=1)).to_have_text("Ce patient est introuvable.")
        axe(nurse)
        page.goto(record)
        expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")
        axe(page)
        dialog = add_nurse(page)
        axe(page)
        dialog.get_by_role("button", name="Ajouter au cercle").click()
        expect(dialog).to_contain_text("choisissez comment le patient a donné son consentement")
        axe(page)
        dialog.get_by_label("Écrit").check()
        dialog.get_by_role("checkbox").check()
        dialog.get_by_role("button", name="Ajouter au cercle").dblclick()
        expect(members(page).filter(has_text=NURSE)).to_have_count(1)
        consents = page.get_by_role("region", name="Consentements").get_by_role("listitem")
        expect(consents.filter(has_text="Mme Lemaire").first).to_contain_text("Écrit, le ")
        axe(page)
        nurse.goto(record)
        expect(members(nurse).filter(has_text=NURSE)).to_have_count(1)
        members(page).filter(has_text=NURSE).get_by_role("button", name="Retirer").click()
        confirm = page.get_by_role("dialog", name=f"Retirer {NURSE} du cercle")
        expect(confirm.get_by_role("button", name="Conserver")).to_be_focused()
        axe(page)
        confirm.get_by_role("button", name="Retirer").click()
        expect(members(page).filter(has_text=NURSE)).to_have_count(0)
        # Live: the record that is open before the nurse empties, without reload.
        expect(nurse.get_by_role("heading", level=1)).to_have_text("Ce patient est introuvable.")
        expect(nurse.get_by_text("PETIT Marcel")).to_have_count(0)

    def test_closing_with_the_cross_adds_nobody(self, page, record):
        page.goto(record)
        dialog = add_nurse(page)
        dialog.get_by_role("button", name="Fermer").click()
        expect(dialog).to_have_count(0)
        expect(members(page).filter(has_text=NURSE)).to_have_count(0)

    def test_who_is_a_member_is_not_offered(self, page, record):
        page.goto(record)
        page.get_by_role("button", name="Ajouter un PdS").click()
        dialog = page.get_by_role("dialog", name="Ajouter un PdS")
        dialog.get_by_label("Nom ou n° RPPS").fill("99900000011")
        expect(dialog.get_by_role("listitem")).to_contain_text("Déjà membre")
        expect(dialog.get_by_role("button", name="Choisir")).to_have_count(0)
        dialog.get_by_label("Nom ou n° RPPS").fill("personne")
        expect(dialog.get_by_role("status")).to_contain_text("Aucun professionnel inscrit")

    def test_leaving_goes_back_to_the_list(self, page, record, open_page, sign_in):
        page.goto(record)
        dialog = add_nurse(page)
        dialog.get_by_label("Oral").check()
        dialog.get_by_role("checkbox").check()
        dialog.get_by_role("button", name="Ajouter au cercle").click()
        expect(members(page).filter(has_text=NURSE)).to_have_count(1)
        nurse = open_page()
        sign_in(nurse, "infirmier")
        nurse.goto(record)
        nurse.get_by_role("button", name="Quitter le cercle").click()
        leaving = nurse.get_by_role("dialog", name="Quitter le cercle")
        expect(leaving.get_by_role("button", name="Rester")).to_be_focused()
        leaving.get_by_role("button", name="Quitter le cercle").click()
        nurse.wait_for_url("**/patients")
        expect(nurse.get_by_text("Vous ne faites plus partie du cercle de PETIT")).to_be_visible()
        nurse.get_by_role("searchbox", name="Rechercher").fill("petit marcel")
        expect(nurse.get_by_text("0 patient correspond")).to_be_visible()


class TestSheet:
    def test_is_edited_at_its_own_address(self, any_size, sign_in, axe):
        page, street = any_size, f"{uuid4().int % 900 + 1} rue du Marché"
        sign_in(page, "medecin")
        record = path_of(page, "PETIT Marcel") + "/contacts"
        page.goto(record)
        page.get_by_role("link", name="Modifier la fiche patient").click()
        page.wait_for_url("**modifier=1")
        page.get_by_label("Adresse").fill(street)
        axe(page)
        page.reload()
        expect(page.get_by_label("Adresse")).to_have_value(street)
        page.get_by_role("button", name="Enregistrer la fiche").click()
        expect(page.get_by_role("region", name="Fiche patient")).to_contain_text(street)
        expect(page.get_by_text("La fiche est enregistrée.")).to_be_visible()

    def test_two_people_at_once_overwrite_nothing(self, page, record, open_page, sign_in, axe):
        phone = f"06 12 34 {uuid4().int % 90 + 10} {uuid4().int % 90 + 10}"
        street = f"{uuid4().int % 900 + 1} rue des Halles"
        page.goto(f"{record}?modifier=1")
        page.get_by_label("Téléphone").fill(phone)
        other = open_page()
        sign_in(other, "generaliste")
        other.goto(f"{record}?modifier=1")
        other.get_by_label("Adresse").fill(street)
        other.get_by_role("button", name="Enregistrer la fiche").click()
        expect(other.get_by_role("region", name="Fiche patient")).to_contain_text(street)
        page.get_by_role("button", name="Enregistrer la fiche").click()
        expect(page.get_by_text("Quelqu’un a modifié cette fiche entre-temps")).to_be_visible()
        axe(page)
        page.reload()
        expect(page.get_by_label("Téléphone")).to_have_value(phone)
        expect(page.get_by_label("Adresse")).to_have_value(street)
        expect(page.get_by_text("La fiche a été modifiée depuis votre saisie")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Enregistrer la fiche").click()
        sheet = page.get_by_role("region", name="Fiche patient")
        expect(sheet).to_contain_text(phone)
        expect(sheet).to_contain_text(street)

    def test_faults_are_named(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "medecin")
        page.goto(path_of(page, "PETIT Marcel") + "/contacts?modifier=1")
        page.get_by_label("Nom de naissance").fill("")
        page.get_by_label("Matricule INS").fill("2 55 08 14 168 025 39")
        page.get_by_role("button", name="Enregistrer la fiche").click()
        expect(page.get_by_role("alert").filter(has_text="2 erreurs")).to_be_focused()
        axe(page)
        page.get_by_role("button", name="Annuler").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")
