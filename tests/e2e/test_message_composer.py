"""Writing in a real browser: a draft found again, a message sent over a cut line, once (ME-148 to ME-161)."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect


@pytest.mark.browser_complains
def test_ME148_typed_found_again_sent_once_when_the_line_is_back(any_size, sign_in, axe):
    page, subject = any_size, f"Prises {uuid4().hex[:8]}"
    sign_in(page, "medecin")
    page.goto("/messagerie/nouveau")
    page.get_by_label("Message *").press("B")
    expect(page.get_by_text("Brouillon enregistré à")).to_be_visible()
    search = page.get_by_role("combobox", name="Destinataires")
    search.fill("haddad")
    expect(page.get_by_role("option")).to_contain_text("M. Karim Haddad, pharmacien")
    search.press("ArrowDown")
    search.press("Enter")
    expect(page.get_by_role("button", name="Retirer M. Karim Haddad")).to_be_visible()
    page.get_by_label("Objet").fill(subject)
    page.get_by_label("Message *").fill("Bonjour Karim")
    page.reload()
    expect(page.get_by_label("Message *")).to_have_value("Bonjour Karim")
    expect(page.get_by_label("Objet")).to_have_value(subject)
    expect(page.get_by_role("button", name="Retirer M. Karim Haddad")).to_be_visible()
    axe(page)

    page.context.set_offline(True)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("votre message partira dès qu’elle revient")).to_be_visible()
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(r"/messagerie/[0-9a-f-]{36}"))
    expect(page.get_by_text("Votre message a été envoyé à M. Haddad.")).to_be_visible()
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_text("Bonjour Karim", exact=True)).to_have_count(1)

    page.get_by_label("Votre message").fill("J’ajoute une chose")
    page.get_by_role("button", name="Envoyer").dblclick()
    expect(page.get_by_label("Votre message")).to_have_value("")
    expect(page.get_by_text("J’ajoute une chose", exact=True)).to_have_count(1)
    axe(page)
