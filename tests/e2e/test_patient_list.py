"""« Mes patients » in a real browser (CX-18)."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

WARNING = "Attention, vérifiez bien l’identité du patient avant d’accéder à son dossier."


def search(page: Page):
    return page.get_by_role("searchbox", name="Rechercher un patient")


class TestPatientList:
    def test_CX18_finds_as_one_types_and_opens_the_record(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "medecin")
        page.goto("/patients")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes patients")
        expect(page.get_by_text(WARNING)).to_be_visible()
        expect(page.get_by_role("link", name="LEFÈVRE Jeanne").first).to_be_visible()
        axe(page)
        search(page).press_sequentially("besson 1958")
        expect(page.get_by_role("link", name="NGUYEN")).to_have_count(0)
        line = page.get_by_role("row").filter(has_text="BESSON")
        expect(line).to_contain_text("4 juin 1958")
        expect(search(page)).to_be_focused()
        assert "besson" not in page.url
        axe(page)
        line.get_by_role("link", name="LEFÈVRE Jeanne").click()
        page.wait_for_url("**/synthese")
        expect(page.get_by_role("region", name="Patient", exact=True)).to_contain_text(
            "LEFÈVRE Jeanne"
        )

    def test_coming_back_finds_the_search_again(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto("/patients")
        search(page).fill("nguyen")
        expect(page.get_by_text("1 patient correspond")).to_be_visible()
        page.get_by_role("link", name="NGUYEN").click()
        page.wait_for_url("**/synthese")
        page.go_back()
        expect(search(page)).to_have_value("nguyen")
        expect(page.get_by_role("link", name="LEFÈVRE")).to_have_count(0)

    def test_finding_nobody_offers_the_way_out(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "medecin")
        page.goto("/patients")
        search(page).fill("personne de ce nom")
        expect(page.get_by_text("Aucun patient de votre cercle ne correspond")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Effacer la recherche").click()
        expect(page.get_by_role("link", name="LEFÈVRE Jeanne").first).to_be_visible()
        expect(search(page)).to_have_value("")
        expect(search(page)).to_be_focused()

    def test_the_order_is_in_the_address(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto("/patients")
        head = page.get_by_role("columnheader", name="Dernière entrée")
        head.get_by_role("link").click()
        page.wait_for_url("**tri=entree**")
        expect(head).to_have_attribute("aria-sort", "descending")
        page.reload()
        expect(head).to_have_attribute("aria-sort", "descending")
        head.get_by_role("link").click()
        expect(head).to_have_attribute("aria-sort", "ascending")

    def test_a_phone_chooses_the_order_in_a_list(self, phone, sign_in):
        sign_in(phone, "medecin")
        phone.goto("/patients")
        phone.get_by_label("Trier par").select_option("Nom, de Z à A")
        phone.wait_for_url("**sens=desc**")
        first = phone.get_by_role("rowheader").first
        expect(first).to_have_text(re.compile("^(ROUSSEL|PETIT|[S-Z])"))

    def test_the_search_of_the_top_bar_leads_to_the_field(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto("/tableau-de-bord")
        page.get_by_role("banner").get_by_role("link", name="Rechercher un patient").click()
        expect(search(page)).to_be_focused()
        page.keyboard.type("nguyen")
        expect(page.get_by_text("1 patient correspond")).to_be_visible()
        page.get_by_role("banner").get_by_role("link", name="Rechercher un patient").click()
        expect(search(page)).to_have_value("")
        expect(search(page)).to_be_focused()

    def test_somebody_without_patients_is_told_how_to_begin(self, page, sign_in, axe):
        sign_in(page, "hematologue")
        page.goto("/patients")
        expect(page.get_by_role("heading", level=1)).to_have_text("Mes patients")
        expect(page.get_by_role("link", name="LEFÈVRE")).to_have_count(0)
        axe(page)

    def test_a_patient_is_sent_to_their_own_page(self, page, sign_in):
        sign_in(page, "patient")
        page.goto("/patients")
        page.wait_for_url("**/accueil")
        assert urlsplit(page.url).path == "/accueil"
