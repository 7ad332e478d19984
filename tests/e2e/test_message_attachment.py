"""Files of messages in a real browser: joined from the four sources, opened by who receives them, kept."""

import re
from uuid import uuid4

from playwright.sync_api import expect


def test_ME153_four_sources_leave_in_one_message_and_one_is_kept(any_size, sign_in, axe):
    page, title = any_size, f"Bilan {uuid4().hex[:6]}"
    sign_in(page, "patient")
    page.goto("/messagerie")
    row = page.get_by_role("listitem").filter(has_text="marche nordique")
    row.get_by_role("link").first.click()
    pieces = page.get_by_role("group", name="Pièces jointes")

    pieces.get_by_role("button", name="Mes fichiers").click()
    window = page.get_by_role("dialog")
    with page.expect_file_chooser() as choosing:
        window.get_by_role("button", name="Parcourir les fichiers").click()
    choosing.value.set_files(
        {"name": f"{title}.txt", "mimeType": "text/plain", "buffer": f"{title}, 12/7".encode()}
    )
    expect(window.get_by_role("list")).to_contain_text("a été joint")
    axe(page)
    window.get_by_role("button", name="Terminer").click()

    for shelf in ("Pièces administratives", "Mes documents"):
        pieces.get_by_role("button", name=shelf).click()
        window.get_by_role("checkbox").first.click()
        expect(window).to_contain_text("1 document choisi")
        if shelf == "Mes documents":
            window.get_by_label("Trier").select_option("Par catégorie")
            expect(window.get_by_role("heading", level=3).first).to_be_visible()
            axe(page)
        window.get_by_role("button", name="Ajouter").click()
        expect(window).to_have_count(0)
    pieces.get_by_role("button", name="Mon profil médical").click()
    expect(pieces.get_by_role("listitem")).to_have_count(4)
    expect(pieces.get_by_text("sur 10\u00a0Mo")).to_be_visible()
    axe(page)
    page.get_by_role("textbox", name="Votre message").fill("Voici les quatre pièces.")
    page.get_by_role("button", name="Envoyer").click()

    page.get_by_role("link", name=re.compile(title)).click()
    expect(page.get_by_role("heading", name=f"{title}.txt")).to_be_focused()
    expect(page.get_by_text(f"{title}, 12/7")).to_be_visible()
    page.get_by_role("button", name="Enregistrer dans mes documents").click()
    expect(page.get_by_role("textbox", name="Nom du document")).to_have_value(title)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_role("link", name="Choisissez une catégorie")).to_be_visible()
    axe(page)
    page.get_by_role("combobox", name="Catégorie").select_option("Autres documents")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("Le document a été ajouté.")).to_be_visible()
    page.get_by_role("link", name="Retour à la conversation").press("Enter")
    expect(page.get_by_role("link", name=re.compile(title))).to_be_focused()
    page.goto("/documents")
    expect(page.get_by_role("link", name=title)).to_be_visible()
