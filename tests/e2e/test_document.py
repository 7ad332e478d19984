"""The patient's documents in a real browser: added by the button, opened, hidden, deleted, brought back."""

import re
from uuid import uuid4

from playwright.sync_api import expect


def test_a_document_from_the_file_to_the_record(any_size, sign_in, axe):
    page, title = any_size, f"Carnet {uuid4().hex[:6]}"
    sign_in(page, "patient")
    page.goto("/documents")
    expect(page.get_by_role("main")).to_contain_text("professionnels autorisés")

    page.get_by_role("button", name="Ajouter un document").first.click()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Parcourir les fichiers").click()
    choosing.value.set_files(
        {"name": f"{title}.txt", "mimeType": "text/plain", "buffer": f"{title}, 12/7".encode()}
    )
    adding = page.get_by_role("region", name="Ajouter un document")
    expect(adding.get_by_label("Nom du document")).to_have_value(title)
    adding.get_by_role("button", name="Valider pour continuer").click()
    expect(page.get_by_role("link", name="Choisissez une catégorie")).to_be_visible()
    axe(page)
    page.reload()
    adding.get_by_label("Catégorie").select_option("Autres documents")
    adding.get_by_role("button", name="Valider pour continuer").click()
    expect(page.get_by_text(f"«\u202f{title}\u202f» est ajouté")).to_be_visible()
    page.get_by_role("button", name="Fermer", exact=True).click()

    row = page.get_by_role("listitem").filter(has_text=title)
    row.get_by_role("link", name=title).press("Enter")
    expect(page).to_have_url(re.compile(r"/documents\?document=[0-9a-f-]{36}$"))
    preview = page.locator(".doc-preview")
    expect(preview.get_by_text(f"{title}, 12/7")).to_be_visible()
    axe(page)
    preview.get_by_role("switch").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("Verront encore")
    axe(page)
    asked.get_by_role("button", name="Masquer ce document").click()
    expect(preview.get_by_role("switch")).not_to_be_checked()

    preview.get_by_role("button", name="Supprimer").click()
    expect(page).to_have_url(re.compile(r"/documents$"))
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Annuler").click()
    expect(row.get_by_text("Masqué")).to_be_visible()


def test_the_list_is_one_stop_of_the_keyboard(page, sign_in):
    sign_in(page, "patient")
    page.goto("/documents?categorie=4")
    links = page.locator("a[data-row]")
    links.first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a[data-row], .doc-pick *')") is False
    links.nth(1).focus()
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name=re.compile("Document «"))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    page.keyboard.press("Escape")
    expect(picture).to_have_count(0)
    expect(links.nth(1)).to_be_focused()
