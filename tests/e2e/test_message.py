"""The mailbox of both faces in a real browser: the list, a conversation, what is done with it."""

import re

from playwright.sync_api import Locator, Page, expect


def row_of(page: Page, subject: str) -> Locator:
    return page.locator(".cv", has_text=subject).first


def open_row(page: Page, subject: str) -> None:
    row_of(page, subject).locator("a[data-row]").press("Enter")
    title = page.get_by_role("heading", level=1, name=subject)
    expect(title).to_be_focused()
    expect(page.locator(".m").last).to_be_in_viewport()


def test_a_professional_treats_a_conversation_and_takes_it_back(any_size, sign_in, axe):
    page = any_size
    sign_in(page, "medecin")
    page.goto("/messagerie")
    expect(page.get_by_role("heading", name="Pour besoin de contact")).to_be_visible()
    axe(page)
    subject = "Plaquettes avant renouvellement"
    open_row(page, subject)
    axe(page)
    menu = page.locator("summary", has_text="Autres actions")
    menu.click()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    menu.click()
    page.get_by_role("button", name="Supprimer la conversation").click()
    expect(page.get_by_role("dialog")).to_contain_text("Les autres personnes gardent la leur")
    axe(page)
    page.get_by_role("button", name="Annuler").click()

    page.get_by_role("button", name="Marquer comme traité").click()
    expect(page.get_by_text("Conversation archivée")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name=subject)).to_have_count(0)
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("heading", level=1, name=subject)).to_be_visible()
    back = page.get_by_role("link", name="Retour aux messages")
    if back.is_visible():
        back.click()
    expect(row_of(page, subject)).to_be_visible()


def test_the_list_is_one_stop_and_the_choices_are_in_the_address(page, sign_in):
    sign_in(page, "medecin")
    page.goto("/messagerie")
    rows = page.locator(".mb-list a[data-row]")
    rows.first.focus()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(rows.nth(1)).to_be_focused()
    page.get_by_role("group", name="Filtrer").get_by_role("link", name="Non lus").click()
    expect(page).to_have_url(re.compile(r"\?non-lus=1$"))
    page.get_by_role("link", name="Envoyés").click()
    expect(page.get_by_role("heading", name="Envoyés")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/messagerie\?boite=envoyes$"))


def test_a_patient_has_one_list_and_sees_what_was_ended(any_size, sign_in, axe):
    page = any_size
    sign_in(page, "patient")
    page.goto("/messagerie")
    expect(page.locator(".cv", has_text="Brouillon").first).to_be_visible()
    axe(page)
    ended = page.locator(".cv", has_text="Ce professionnel a mis fin à vos échanges.").first
    ended.locator("a[data-row]").press("Enter")
    expect(page.get_by_text(re.compile("a mis fin à vos échanges$"))).to_be_visible()
    expect(page.get_by_role("link", name="En savoir plus")).to_have_attribute(
        "href", "/aide/fin-des-echanges"
    )
    expect(page.get_by_role("textbox", name="Votre message")).to_have_count(0)
    axe(page)
    page.goto("/messagerie")
    open_row(page, "Bienvenue dans votre messagerie")
    expect(page.get_by_role("textbox", name="Votre message")).to_have_count(0)
