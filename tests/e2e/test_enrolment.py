"""Enrolling a patient in a real browser, from the dashboard to the synthesis (CX-09 to CX-17)."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from app.db import unit_of_work
from app.models.draft import Draft

LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")


@pytest.fixture
def name() -> str:
    """A birth name nobody has."""
    return "Zar" + uuid4().hex[:10].translate(LETTERS)


@pytest.fixture(autouse=True)
def _no_draft(server) -> None:
    """An enrolment under way is one for each account: each test begins without."""
    with server.database() as base, unit_of_work(base) as session:
        session.execute(delete(Draft))


def abandon(page: Page) -> None:
    page.get_by_role("button", name="Abandonner l’inscription").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Abandonner l’inscription").click()
    page.wait_for_url("**/patients")


def fill_date(page, group: str, day: str, month: str, year: str) -> None:
    fields = page.get_by_role("group", name=group)
    fields.get_by_label("Jour").fill(day)
    fields.get_by_label("Mois").fill(month)
    fields.get_by_label("Année").fill(year)


def fill_identity(page: Page, name: str, given: str = "Odile") -> None:
    page.get_by_label("Nom de naissance").fill(name)
    page.get_by_label("Prénoms de naissance").fill(given)
    fill_date(page, "Date de naissance", "12", "8", "1955")
    page.get_by_label("Lieu de naissance").fill("Niort")
    page.get_by_label("Féminin").check()
    page.get_by_label("Téléphone").fill("06 12 34 56 78")


def step(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=2, name=title)).to_be_visible()


def add_treatment(page: Page, typed: str) -> None:
    page.get_by_role("combobox", name="Médicament").fill(typed)
    page.get_by_role("option").first.click()
    fill_date(page, "Début du traitement", "3", "3", "2026")
    page.get_by_role("button", name="Ajouter ce traitement").click()


class TestEnrolment:
    def test_CX10_from_the_dashboard_to_the_synthesis(self, any_size, sign_in, axe, name):
        page = any_size
        sign_in(page, "generaliste")
        page.goto("/tableau-de-bord")
        page.get_by_role("link", name="Ajouter un patient").first.click()
        step(page, "Identité et coordonnées")
        axe(page)
        fill_identity(page, name)
        page.get_by_role("button", name="Continuer vers les traitements").click()
        step(page, "Traitements suivis")
        expect(page.get_by_role("heading", level=2, name="Traitements suivis")).to_be_focused()
        axe(page)
        add_treatment(page, "doliprane 1000")
        added = page.get_by_role("list", name="Traitements ajoutés").get_by_role("listitem")
        expect(added).to_contain_text("DOLIPRANE 1000 mg")
        expect(page.get_by_role("combobox", name="Médicament")).to_be_focused()
        axe(page)
        page.get_by_role("button", name="Continuer vers la notice").click()
        step(page, "Notice et consentement")
        expect(page.get_by_role("region", name="Notice d’information")).to_contain_text(
            "Pourquoi ce suivi"
        )
        axe(page)
        with page.expect_popup() as printable:
            page.get_by_role("link", name="Imprimer la notice").click()
        expect(printable.value.get_by_role("button", name="Imprimer")).to_be_visible()
        printable.value.close()
        page.get_by_role("button", name="Recueillir le consentement du patient").click()
        dialog = page.get_by_role("dialog", name="Recueillir le consentement du patient")
        axe(page)
        dialog.get_by_label("Oral").check()
        dialog.get_by_role("checkbox").check()
        dialog.get_by_role("button", name="Enregistrer le consentement").click()
        expect(page.get_by_text("Consentement oral recueilli")).to_be_visible()
        page.get_by_role("button", name="Créer la fiche du patient").dblclick()
        page.wait_for_url("**/synthese")
        expect(page.get_by_role("region", name="Patient", exact=True)).to_contain_text(
            f"{name.upper()} Odile"
        )
        expect(page.get_by_text(f"La fiche de {name.upper()} Odile est créée.")).to_be_visible()
        page.goto("/patients")
        page.get_by_role("searchbox", name="Rechercher").fill(name)
        expect(page.get_by_text("1 patient correspond")).to_be_visible()
        page.goto("/patients/nouveau")
        step(page, "Identité et coordonnées")
        expect(page.get_by_label("Nom de naissance")).to_have_value("")

    def test_faults_are_named_in_the_order_of_the_form(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "generaliste")
        page.goto("/patients/nouveau")
        page.get_by_role("button", name="Continuer vers les traitements").click()
        summary = page.get_by_role("alert").filter(has_text="6 erreurs")
        expect(summary).to_be_focused()
        expect(summary.get_by_role("link").first).to_have_text("Saisissez le nom de naissance")
        axe(page)
        summary.get_by_role("link").first.click()
        expect(page.get_by_label("Nom de naissance")).to_be_focused()

    def test_S149_leaving_half_way_loses_nothing(self, page, sign_in, name):
        sign_in(page, "generaliste")
        page.goto("/patients/nouveau")
        step(page, "Identité et coordonnées")
        page.get_by_label("Nom de naissance").fill(name)
        page.reload()
        expect(page.get_by_label("Nom de naissance")).to_have_value(name)
        fill_identity(page, name)
        page.get_by_role("button", name="Continuer vers les traitements").click()
        step(page, "Traitements suivis")
        page.get_by_label("Posologie").fill("le soir")
        page.get_by_role("link", name="Mes patients").click()
        page.get_by_role("searchbox").wait_for()
        page.goto("/patients/nouveau")
        step(page, "Traitements suivis")
        expect(page.get_by_label("Posologie")).to_have_value("le soir")
        expect(page.get_by_text(f"Vous reprenez l’inscription de {name.upper()}")).to_be_visible()
        page.get_by_role("button", name="Étape précédente").click()
        step(page, "Identité et coordonnées")
        expect(page.get_by_label("Nom de naissance")).to_have_value(name)
        abandon(page)
        page.goto("/patients/nouveau")
        step(page, "Identité et coordonnées")
        expect(page.get_by_label("Nom de naissance")).to_have_value("")

    def test_no_step_is_skipped_by_its_address(self, page, sign_in):
        sign_in(page, "generaliste")
        page.goto("/patients/nouveau?etape=3")
        step(page, "Identité et coordonnées")
        page.wait_for_url("**etape=1")

    def test_U09_somebody_already_followed_is_shown_first(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "generaliste")
        page.goto("/patients/nouveau")
        fill_identity(page, "lefevre", "Jeanne")
        fill_date(page, "Date de naissance", "4", "6", "1958")
        page.get_by_role("button", name="Continuer vers les traitements").click()
        dialog = page.get_by_role("dialog", name="Cette personne est peut-être déjà suivie")
        expect(dialog.get_by_role("listitem")).to_contain_text("LEFÈVRE Jeanne")
        expect(dialog.get_by_role("link", name="Ouvrir sa fiche LEFÈVRE Jeanne")).to_be_visible()
        axe(page)
        dialog.get_by_role("button", name="Ce n’est pas la même personne").click()
        step(page, "Traitements suivis")

    def test_an_unusual_value_is_confirmed(self, any_size, sign_in, axe, name):
        page = any_size
        sign_in(page, "generaliste")
        page.goto("/patients/nouveau")
        fill_identity(page, name)
        fill_date(page, "Date de naissance", "12", "8", "1908")
        page.get_by_role("button", name="Continuer vers les traitements").click()
        dialog = page.get_by_role("dialog", name="Vérifiez avant de continuer")
        expect(dialog.get_by_role("button", name="Corriger")).to_be_focused()
        axe(page)
        dialog.get_by_role("button", name="Corriger").click()
        expect(dialog).to_have_count(0)
        page.get_by_role("button", name="Continuer vers les traitements").click()
        dialog.get_by_role("button", name="Confirmer").click()
        step(page, "Traitements suivis")

    def test_CX16_the_cross_creates_nothing(self, page, sign_in, name):
        sign_in(page, "generaliste")
        page.goto("/patients/nouveau")
        fill_identity(page, name)
        page.get_by_role("button", name="Continuer vers les traitements").click()
        step(page, "Traitements suivis")
        add_treatment(page, "paracetamol")
        expect(page.get_by_text("est ajouté.")).to_be_visible()
        page.get_by_role("button", name="Continuer vers la notice").click()
        collect = page.get_by_role("button", name="Recueillir le consentement du patient")
        collect.click()
        page.get_by_role("dialog").get_by_role("button", name="Fermer").click()
        expect(collect).to_be_focused()
        page.get_by_role("button", name="Créer la fiche du patient").click()
        summary = page.get_by_role("alert").filter(has_text="1 erreur")
        expect(summary).to_contain_text("Recueillez le consentement du patient")
        page.goto("/patients")
        page.get_by_role("searchbox", name="Rechercher").fill(name)
        expect(page.get_by_text("0 patient correspond")).to_be_visible()
        page.goto("/patients/nouveau")
        step(page, "Notice et consentement")

    def test_a_patient_is_sent_to_their_own_page(self, page, sign_in):
        sign_in(page, "patient")
        page.goto("/patients/nouveau")
        page.wait_for_url("**/accueil")
