"""Tolerance in a real browser (CX-23 to CX-25, CX-36)."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.records import path_of
from tests.e2e.routes import titled


def fill_in(page: Page, note: str) -> None:
    """A whole entry, by its labels."""
    page.get_by_label("Par rapport au traitement").select_option(label="Palbociclib 125 mg")
    page.get_by_label("Domaine *").select_option(label="Digestif")
    page.get_by_text("Gêne légère", exact=True).click()
    page.get_by_label("Appréciation du professionnel").select_option(label="Grade 2, modéré")
    page.get_by_label("Note").fill(note)


@pytest.fixture
def note() -> str:
    """A note no other test wrote: the demonstration is shared by the whole run."""
    return f"Nausées le matin {uuid4().hex[:8]}"


class TestTolerance:
    def test_CX24_records_an_entry_and_shows_it(self, any_size, sign_in, axe, note):
        page = any_size
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/tolerance")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tolérance")
        axe(page)
        fill_in(page, note)
        page.get_by_role("button", name="Valider l’entrée").click()
        line = page.get_by_role("article").filter(has_text=note)
        expect(line).to_contain_text("Grade 2, modéré")
        expect(line).to_contain_text("Dre Claire Martin, oncologue")
        expect(page.get_by_label("Note")).to_have_value("")

    def test_CX49_faults_are_named_and_nothing_typed_is_lost(self, page, sign_in, axe, note):
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/tolerance")
        page.get_by_label("Note").fill(note)
        page.get_by_label("Jour").first.fill("31")
        page.get_by_label("Mois").first.fill("2")
        page.get_by_role("button", name="Valider l’entrée").click()
        summary = page.get_by_role("alert").filter(has_text="erreurs dans le formulaire")
        expect(summary).to_be_focused()
        for sentence in (
            "Choisissez le traitement",
            "Choisissez le domaine",
            "Choisissez l’appréciation du professionnel",
            "Cette date n’existe pas. Vérifiez le jour et le mois",
        ):
            expect(summary.get_by_role("link", name=sentence)).to_be_visible()
        expect(page).to_have_title(titled("Erreur – Tolérance – Liane"))
        expect(page.get_by_label("Note")).to_have_value(note)
        axe(page)

    def test_S143_a_double_click_makes_one_entry(self, page, sign_in, note):
        sign_in(page, "infirmier")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/tolerance")
        fill_in(page, note)
        page.get_by_role("button", name="Valider l’entrée").dblclick()
        expect(page.get_by_role("article").filter(has_text=note)).to_have_count(1)
        page.reload()
        expect(page.get_by_role("article").filter(has_text=note)).to_have_count(1)

    def test_S149_a_reload_keeps_what_was_typed(self, page, sign_in, note):
        sign_in(page, "pharmacien")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/tolerance")
        with page.expect_response("**/api/drafts"):
            fill_in(page, note)
        page.wait_for_timeout(1_500)
        page.reload()
        expect(page.get_by_label("Note")).to_have_value(note)
        expect(page.get_by_role("radio", name="Gêne légère")).to_be_checked()
        page.get_by_role("button", name="Annuler").click()
        expect(page.get_by_label("Note")).to_have_value("")

    def test_a_correction_keeps_the_earlier_version(self, page, sign_in, axe, note):
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/tolerance")
        fill_in(page, note)
        page.get_by_role("button", name="Valider l’entrée").click()
        line = page.get_by_role("article").filter(has_text=note)
        line.get_by_role("button", name="Corriger").click()
        expect(page.get_by_label("Note")).to_have_value(note)
        page.get_by_label("Note").fill(f"{note}, mieux à midi")
        page.get_by_role("button", name="Enregistrer la correction").click()
        expect(line).to_contain_text("mieux à midi")
        line.get_by_role("button", name="Version corrigée").click()
        versions = page.get_by_role("dialog", name="Versions de l’entrée")
        expect(versions.get_by_text(note, exact=True)).to_be_visible()
        axe(page)

    def test_a_colleague_sees_no_way_to_correct_it(self, page, sign_in):
        sign_in(page, "infirmier")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/tolerance")
        line = page.get_by_role("article").filter(has_text="Neutrophiles à 0,9")
        expect(line).to_be_visible()
        expect(line.get_by_role("button", name="Corriger")).to_have_count(0)

    def test_CX36_a_colleagues_entry_appears_within_two_seconds(self, open_page, sign_in, note):
        doctor, nurse = open_page(), open_page()
        sign_in(doctor, "medecin")
        sign_in(nurse, "infirmier")
        path = path_of(doctor, "LEFÈVRE Jeanne") + "/tolerance"
        doctor.goto(path)
        nurse.goto(path)
        doctor.get_by_label("Note").fill("Je suis en train d’écrire")
        fill_in(nurse, note)
        nurse.get_by_role("button", name="Valider l’entrée").click()
        expect(doctor.get_by_role("article").filter(has_text=note)).to_be_visible(timeout=2_500)
        expect(doctor.get_by_text("Une entrée de Mme Lemaire vient d’arriver")).to_be_visible()
        expect(doctor.get_by_label("Note")).to_have_value("Je suis en train d’écrire")

    def test_a_patient_of_somebody_else_is_not_found(self, page, sign_in):
        sign_in(page, "medecin")
        path = path_of(page, "BERTIN Solène")
        page.context.clear_cookies()
        sign_in(page, "infirmier")
        for foreign in (path, f"/patients/{uuid4()}", "/patients/nimporte-quoi"):
            page.goto(f"{foreign}/tolerance")
            expect(page.get_by_text("Ce patient est introuvable.")).to_be_visible()
            expect(page.get_by_text("BERTIN")).to_have_count(0)
