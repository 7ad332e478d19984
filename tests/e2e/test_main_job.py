"""The main job, end to end: from the sign-in page to the synthesis, as a new user would (CX-09 to CX-36)."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect


def enrol(page: Page, name: str, axe: Callable[..., None]) -> None:
    """The three steps, from the dashboard."""
    page.get_by_role("link", name="Ajouter un patient").click()
    page.get_by_label("Nom de naissance *").fill(name)
    page.get_by_label("Prénoms de naissance *").fill("Odette Marie")
    # Nobody alike may be in the circle already: a likeness would rightly be asked about.
    page.get_by_label("Jour").fill(str(1 + sum(map(ord, name)) % 28))
    page.get_by_label("Mois").fill(str(1 + ord(name[-1]) % 12))
    page.get_by_label("Année").fill(str(1930 + ord(name[-2]) % 60))
    page.get_by_label("Lieu de naissance *").fill("Saintes")
    page.get_by_text("Féminin", exact=True).click()
    page.get_by_label("Téléphone").fill("06 39 98 11 22")
    axe(page)
    page.get_by_role("button", name="Continuer vers les traitements").click()
    expect(page.get_by_role("heading", name="Traitements suivis")).to_be_visible()
    page.get_by_role("combobox", name="Médicament").fill("doliprane 1000")
    page.get_by_role("option").filter(has_text="DOLIPRANE 1000 mg").first.click()
    page.get_by_label("Posologie").fill("1 comprimé si douleur")
    page.get_by_label("Jour").fill("3")
    page.get_by_label("Mois").fill("3")
    page.get_by_label("Année").fill("2025")
    page.get_by_role("button", name="Ajouter ce traitement").click()
    expect(page.get_by_role("listitem").filter(has_text="DOLIPRANE 1000 mg")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Continuer vers la notice").click()
    page.get_by_role("button", name="Recueillir le consentement du patient").click()
    dialog = page.get_by_role("dialog", name="Recueillir le consentement du patient")
    dialog.get_by_text("Oral", exact=True).click()
    dialog.get_by_label("consent au suivi").check()
    axe(page)
    dialog.get_by_role("button", name="Enregistrer le consentement").click()
    expect(dialog).to_be_hidden()
    axe(page)
    page.get_by_role("button", name="Créer la fiche du patient").dblclick()
    page.wait_for_url("**/synthese")
    expect(page.get_by_text("Inscription au suivi, consentement recueilli")).to_be_visible()


def go_to(page: Page, section: str) -> None:
    """Another page around the patient, at any width."""
    menu = page.get_by_role("navigation", name="Autour du patient")
    summary = menu.get_by_text("Rubrique")
    if summary.is_visible():
        summary.click()
    menu.get_by_role("link", name=section).locator("visible=true").click()
    expect(page.get_by_role("heading", level=1, name=section)).to_be_visible()


def validate(page: Page, note: str) -> None:
    """Choose the only treatment, write the note, submit, and see the entry."""
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Valider l’entrée").click()
    expect(page.get_by_role("article").filter(has_text=note)).to_be_visible()


@pytest.mark.parametrize("who", ["medecin"])
def test_a_new_user_follows_a_patient(any_size, sign_in_by_hand, axe, who) -> None:
    page = any_size
    name = "".join(c for c in uuid4().hex + uuid4().hex if c.isalpha())[:9].capitalize()
    sign_in_by_hand(page, who)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon tableau de bord")
    enrol(page, name, axe)
    expect(page.get_by_role("region", name="Patient")).to_contain_text(f"{name.upper()} Odette")

    go_to(page, "Tolérance")
    page.get_by_label("Par rapport au traitement").select_option(index=1)
    page.get_by_label("Domaine *").select_option(label="Douleur")
    page.get_by_text("Bien toléré", exact=True).click()
    page.get_by_label("Appréciation du professionnel").select_option(label="Grade 1, léger")
    validate(page, "Douleur calmée")

    go_to(page, "Interaction médicamenteuse")
    page.get_by_label("Par rapport au traitement").select_option(index=1)
    page.get_by_role("combobox", name="DCI ou molécule").fill("warfarine")
    page.get_by_role("listbox").get_by_role("option").first.click()
    page.get_by_label("Type d’interaction").select_option(label="Précaution d’emploi")
    validate(page, "Surveiller l’INR")

    go_to(page, "Observance")
    page.get_by_label("Par rapport au traitement").select_option(index=1)
    for number in range(1, 7):
        page.get_by_role("group", name=f"{number}. ").get_by_text("Non", exact=True).click()
    validate(page, "Prend bien")

    go_to(page, "Synthèse")
    for words in (
        "Douleur\u202f: grade 1, léger",
        "Précaution d’emploi",
        "0 oui sur 6\u202f: bonne observance",
        "Inscription au suivi, consentement recueilli",
    ):
        expect(page.get_by_role("article").filter(has_text=words)).to_be_visible()

    page.goto("/patients")
    page.get_by_role("searchbox", name="Rechercher").fill(name)
    expect(page.get_by_role("link", name=f"{name.upper()} Odette")).to_have_count(1)
