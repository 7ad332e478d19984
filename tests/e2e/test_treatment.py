"""The treatment list in a real browser (CX-19, U-18)."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.records import path_of


def add_freely(page: Page, name: str) -> None:
    """A treatment that is in no base."""
    page.get_by_role("combobox", name="Médicament").fill(name)
    page.get_by_role("option", name=f"Utiliser «\u202f{name}\u202f» tel quel").click()
    page.get_by_role("button", name="Ajouter le traitement").click()


class TestTreatment:
    def test_CX19_adds_a_medicine_found_as_typed_then_ends_it(self, any_size, sign_in, axe):
        page, posology = any_size, f"1 comprimé {uuid4().hex[:8]}"
        sign_in(page, "medecin")
        page.goto(path_of(page, "MARTINEZ José") + "/traitements")
        expect(page.get_by_role("heading", level=1)).to_have_text("Traitements")
        axe(page)
        name = f"Sirop maison {uuid4().hex[:8]}"
        page.get_by_role("combobox", name="Médicament").fill("doliprane 1000")
        expect(
            page.get_by_role("option").filter(has_text="DOLIPRANE 1000 mg").first
        ).to_be_visible()
        page.get_by_role("combobox", name="Médicament").fill(name)
        page.get_by_role("option", name=f"Utiliser «\u202f{name}\u202f» tel quel").click()
        page.get_by_label("Posologie").fill(posology)
        page.get_by_role("button", name="Ajouter le traitement").click()
        line = page.get_by_role("listitem").filter(has_text=name)
        expect(line).to_contain_text(posology)
        line.get_by_role("button", name="Terminer").click()
        dialog = page.get_by_role("dialog", name="Terminer")
        axe(page)
        dialog.get_by_label("Raison de l’arrêt").fill("guérison")
        dialog.get_by_role("button", name="Terminer le traitement").click()
        ended = page.get_by_role("region", name="Terminés").get_by_role("listitem")
        expect(ended.filter(has_text=name)).to_contain_text("guérison")

    def test_a_mistake_is_taken_off_the_list_after_asking(self, page, sign_in):
        name = f"Erreur {uuid4().hex[:8]}"
        sign_in(page, "medecin")
        page.goto(path_of(page, "MARTINEZ José") + "/traitements")
        add_freely(page, name)
        line = page.get_by_role("listitem").filter(has_text=name)
        line.get_by_role("button", name="Supprimer").click()
        dialog = page.get_by_role("dialog", name="Supprimer")
        expect(dialog.get_by_role("button", name="Conserver")).to_be_focused()
        dialog.get_by_role("button", name="Conserver").click()
        expect(line).to_be_visible()
        line.get_by_role("button", name="Supprimer").click()
        page.get_by_role("dialog", name="Supprimer").get_by_role(
            "button", name="Supprimer", exact=True
        ).click()
        expect(line).to_have_count(0)

    def test_faults_are_named(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "MARTINEZ José") + "/traitements")
        page.get_by_label("Année").first.fill("20")
        page.get_by_role("button", name="Ajouter le traitement").click()
        expect(page.get_by_role("alert").filter(has_text="erreur")).to_be_focused()
