"""The shared record in a real browser, by a doctor of the circle (DM-48 to DM-51, FC-15 to FC-18)."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.records import path_of


@pytest.fixture
def title() -> str:
    """A title no other test gave: the demonstration is shared by the whole run."""
    return f"Bilan {uuid4().hex[:8]}"


def send_file(page: Page, words: str) -> None:
    """Choose a file of text and wait until it is kept."""
    page.locator("[data-uploads] input[type=file]").set_input_files(
        {"name": "scan0001.txt", "mimeType": "text/plain", "buffer": words.encode()}
    )
    expect(page.get_by_label("Titre")).to_be_visible()


class TestSharedRecord:
    def test_DM51_deposited_found_by_the_table_shown_after_the_announcement(
        self, any_size, open_page, sign_in, axe, title
    ):
        page, patient = any_size, open_page()
        sign_in(page, "medecin")
        sign_in(patient, "patient")
        path = path_of(page, "LEFÈVRE Jeanne") + "/documents"
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Dossier médical partagé")

        page.get_by_role("button", name="Déposer un document").click()
        send_file(page, f"ASAT 32, ALAT 41 {title}")
        expect(page.get_by_label("Titre")).to_have_value("scan0001")
        page.get_by_label("Titre").fill(title)
        search = page.get_by_role("combobox", name="Type de document")
        search.fill("exam bio")
        expect(page.get_by_role("option").first).to_contain_text("Résultats de biologie")
        search.press("ArrowDown")
        search.press("Enter")
        page.get_by_text("Non visible par la patiente jusqu’à l’annonce").click()
        expect(page.get_by_text("Pas la patiente, jusqu’à ce que")).to_be_visible()
        axe(page)
        page.get_by_role("button", name="Déposer le document").click()

        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(
            page.get_by_text("Attention, ce document n’est pas visible du patient")
        ).to_be_visible()
        expect(page.get_by_text(f"ASAT 32, ALAT 41 {title}")).to_be_visible()
        axe(page)
        patient.goto("/documents")
        expect(patient.get_by_role("region", name="Liste des documents")).to_be_visible()
        expect(patient.get_by_role("link", name=title)).to_have_count(0)
        page.get_by_role("button", name="Montrer au patient").click()
        expect(page.get_by_text("Le patient voit maintenant le document.")).to_be_visible()
        expect(page.get_by_text("Attention, ce document n’est pas")).to_have_count(0)
        expect(patient.get_by_role("link", name=title)).to_be_visible(timeout=2_500)

        page.get_by_role("button", name="Déposer une nouvelle version").click()
        send_file(page, f"ASAT 30, ALAT 39 {title}")
        page.get_by_role("button", name="Déposer la nouvelle version").click()
        expect(page.get_by_text(f"ASAT 30, ALAT 39 {title}")).to_be_visible()

        page.goto(path)
        expect(page.get_by_role("region", name="Liste des documents")).to_be_visible()
        opener = page.get_by_role("button", name="Voir le tableau")
        if opener.is_visible():
            opener.click()
        axe(page)
        cell = page.get_by_role("row", name="Biologie").get_by_role("link").last
        cell.click()
        expect(page).to_have_url(re.compile(r"/documents\?categorie=5"))
        line = page.get_by_role("link", name=title)
        line.click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
