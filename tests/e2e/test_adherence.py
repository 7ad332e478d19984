"""Adherence in a real browser (CX-30 to CX-33, D-15)."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.records import path_of


class TestAdherence:
    def test_CX32_the_six_questions_give_the_score_and_its_class(self, any_size, sign_in, axe):
        page, note = any_size, f"Pilulier vérifié {uuid4().hex[:8]}"
        sign_in(page, "pharmacien")
        page.goto(path_of(page, "DA SILVA Maria") + "/observance")
        expect(page.get_by_role("heading", level=1)).to_have_text("Observance")
        expect(page.get_by_role("img", name="Apixaban 5 mg")).to_be_visible()
        axe(page)
        page.get_by_label("Par rapport au traitement").select_option(label="Apixaban 5 mg")
        yes, no = (
            page.get_by_role("group", name="1. ").get_by_text(answer, exact=True).bounding_box()
            for answer in ("Oui", "Non")
        )
        assert yes["y"] == no["y"], "the two answers stand side by side at every width"
        for number, answer in enumerate(("Oui", "Non", "Oui", "Non", "Non", "Non"), start=1):
            question = page.get_by_role("group", name=f"{number}. ")
            question.get_by_text(answer, exact=True).click()
        expect(page.get_by_role("status").filter(has_text="2 oui sur 6")).to_contain_text(
            "2 oui sur 6\u202f: minime problème d’observance"
        )
        page.get_by_label("Note").fill(note)
        page.get_by_role("button", name="Valider l’entrée").click()
        line = page.get_by_role("article").filter(has_text=note)
        expect(line).to_contain_text("2 oui sur 6")
        expect(line).to_contain_text("Minime problème d’observance")
        line.get_by_text("Voir les réponses").click()
        expect(line.get_by_role("listitem")).to_have_count(6)

    def test_CX31_a_typed_score_asks_for_its_direction(self, page, sign_in):
        note = f"Score du cabinet {uuid4().hex[:8]}"
        sign_in(page, "medecin")
        page.goto(path_of(page, "DA SILVA Maria") + "/observance")
        page.get_by_label("Par rapport au traitement").select_option(label="Apixaban 5 mg")
        page.get_by_text("Score saisi", exact=True).click()
        page.get_by_label("Score *").select_option("5")
        page.get_by_label("Note").fill(note)
        page.get_by_role("button", name="Valider l’entrée").click()
        expect(
            page.get_by_role("alert").get_by_role("link", name="Choisissez le sens du score")
        ).to_be_visible()
        page.get_by_text("Nombre de «\u202fnon\u202f»").click()
        page.get_by_role("button", name="Valider l’entrée").click()
        line = page.get_by_role("article").filter(has_text=note)
        expect(line).to_contain_text("1 oui sur 6")
        expect(line).to_contain_text("5 non sur 6")

    def test_unanswered_questions_are_named(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "DA SILVA Maria") + "/observance")
        page.get_by_role("group", name="1. ").get_by_text("Non", exact=True).click()
        page.get_by_role("button", name="Valider l’entrée").click()
        links = page.get_by_role("alert").get_by_role("link", name="Répondez oui ou non")
        expect(links).to_have_count(5)

    def test_the_values_of_the_curve_are_in_a_table(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(path_of(page, "OUEDRAOGO Ibrahim") + "/observance")
        page.get_by_text("Voir les valeurs").click()
        table = page.get_by_role("table", name="Scores d’observance")
        expect(table.get_by_role("row").filter(has_text="mauvaise observance")).to_have_count(1)
