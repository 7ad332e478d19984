"""The synthesis in a real browser (CX-26, CX-34 to CX-36)."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.e2e.records import path_of


class TestSynthesis:
    def test_CX34_one_chronology_of_all_professionals(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/synthese")
        expect(page.get_by_role("heading", level=1)).to_have_text("Synthèse")
        for words in (
            "Inscription au suivi, consentement recueilli",
            "Hématologique\u202f: grade 3, sévère",
            "Association déconseillée",
            "Mme Sophie Lemaire, infirmière",
        ):
            expect(page.get_by_text(words).first).to_be_visible()
        expect(page.get_by_role("img", name="Palbociclib 125 mg")).to_be_visible()
        axe(page)

    def test_CX35_details_say_date_contact_and_professional(self, page, sign_in, axe):
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/synthese")
        entry = page.get_by_role("article").filter(has_text="Hématologique")
        entry.get_by_text("Afficher les détails").click()
        expect(entry.get_by_text("Contact patient")).to_be_visible()
        expect(entry.get_by_text(re.compile("Téléphone, le"))).to_be_visible()
        expect(entry.get_by_text(re.compile("saisie le"))).to_be_visible()
        expect(entry.get_by_text("Clinique des Tilleuls, Niort")).to_be_visible()
        axe(page)

    def test_filters_are_in_the_address_and_survive_a_reload(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/synthese")
        page.get_by_role("link", name=re.compile("^Interaction")).last.click()
        page.wait_for_url("**type=interaction**")
        expect(page.get_by_role("article")).not_to_have_count(0)
        expect(page.get_by_role("article").filter(has_text="Tolérance")).to_have_count(0)
        page.reload()
        expect(page.get_by_role("article").filter(has_text="Tolérance")).to_have_count(0)
        assert parse_qs(urlsplit(page.url).query) == {"type": ["interaction"]}
        page.go_back()
        expect(page.get_by_role("article").filter(has_text="Tolérance")).not_to_have_count(0)

    def test_twelve_months_first_then_older_years(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "ROUSSEL Anne-Lise") + "/synthese")
        enrolment = page.get_by_text("Inscription au suivi, consentement recueilli")
        expect(page.get_by_role("article").first).to_be_visible()
        expect(enrolment).to_have_count(0)
        page.get_by_role("button", name=re.compile(r"^Afficher 20\d\d")).click()
        expect(enrolment).to_be_visible()

    def test_prints_in_the_same_order_without_navigation(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/synthese")
        expect(page.get_by_role("article").first).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Navigation principale")).to_be_hidden()
        expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
        expect(page.get_by_text("Contact patient").first).to_be_visible()
