"""Drug interactions in a real browser (CX-27 to CX-29)."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.records import path_of


class TestInteraction:
    def test_CX28_records_an_interaction_with_a_substance_found_as_typed(
        self, any_size, sign_in, axe
    ):
        page, note = any_size, f"Avis donné {uuid4().hex[:8]}"
        sign_in(page, "pharmacien")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/interactions")
        expect(page.get_by_role("heading", level=1)).to_have_text("Interaction médicamenteuse")
        axe(page)
        page.get_by_label("Par rapport au traitement").select_option(label="Palbociclib 125 mg")
        page.get_by_role("combobox", name="DCI ou molécule").fill("clarithro")
        page.get_by_role("listbox").get_by_role("option", name="clarithromycine").first.click()
        page.get_by_label("Type d’interaction").select_option(label="Association déconseillée")
        page.get_by_label("Note").fill(note)
        page.get_by_role("button", name="Valider l’entrée").click()
        expect(page.get_by_role("article").filter(has_text=note)).to_contain_text(
            "Association déconseillée"
        )

    def test_CX28_a_molecule_may_be_typed_freely_and_by_keyboard_alone(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/interactions")
        molecule = f"Molécule {uuid4().hex[:8]}"
        page.get_by_label("Par rapport au traitement").select_option(label="Palbociclib 125 mg")
        field = page.get_by_role("combobox", name="DCI ou molécule")
        field.fill(molecule)
        page.get_by_role("option", name=f"Utiliser «\u202f{molecule}\u202f» tel quel").wait_for()
        field.press("ArrowDown")
        field.press("Enter")
        page.get_by_label("Type d’interaction").select_option(label="À prendre en compte")
        page.get_by_role("button", name="Valider l’entrée").press("Enter")
        expect(page.get_by_role("article").filter(has_text=molecule)).to_be_visible()

    def test_CX27_faults_are_named(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "LEFÈVRE Jeanne") + "/interactions")
        page.get_by_role("button", name="Valider l’entrée").click()
        for sentence in (
            "Choisissez le traitement",
            "Saisissez la DCI ou la molécule",
            "Choisissez le type d’interaction",
        ):
            expect(page.get_by_role("alert").get_by_role("link", name=sentence)).to_be_visible()
