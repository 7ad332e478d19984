"""A professional and a patient, each at a browser: a conversation from its first word to its reopening."""

import re

from playwright.sync_api import Locator, Page, expect

WITHIN_MS = 2_000
DRAFT, ANSWER = "Bonjour docteure, je", "Bonjour docteure, je viens jeudi à 9 h."


def _thread(page: Page) -> Locator:
    return page.get_by_role("region", name="Messages de la conversation")


def _write_to(page: Page, name: str, subject: str, text: str) -> None:
    page.goto("/messagerie/nouveau")
    search = page.get_by_role("combobox", name="Destinataires")
    search.fill(name)
    expect(page.get_by_role("option").first).to_contain_text(name, ignore_case=True)
    search.press("ArrowDown")
    search.press("Enter")
    page.get_by_label("Objet").fill(subject)
    page.get_by_label("Message *").fill(text)
    page.get_by_role("button", name="Envoyer").click()
    expect(page).to_have_url(re.compile(r"/messagerie/[0-9a-f-]{36}"))


def test_U13_a_conversation_in_two_browsers_a_draft_on_another_device_an_end_and_a_reopening(
    at_a_browser, people, axe
):
    doctor, patient, phone = map(at_a_browser, ("doctor", "patient", "patient"))
    patient.goto("/accueil")
    expect(patient.get_by_role("link", name=re.compile("Messagerie")).first).to_be_visible()

    _write_to(doctor, people.name, "Prise de sang", "Pouvez-vous passer jeudi ?")
    # Whatever page the patient is on says so, and the count moves (ME-131).
    expect(patient.get_by_text(re.compile("Nouveau message"))).to_be_visible(timeout=WITHIN_MS)
    expect(patient).to_have_title(re.compile(r"^\(1\)"), timeout=WITHIN_MS)
    patient.get_by_role("link", name="Lire", exact=True).click()
    expect(_thread(patient).get_by_text("Pouvez-vous passer jeudi ?", exact=True)).to_be_visible()

    # Begun here, ended on another device (ME-148, ME-149).
    patient.get_by_label("Votre message").fill(DRAFT)
    expect(patient.get_by_text("Brouillon enregistré à")).to_be_visible()
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto("/messagerie")
    row = phone.get_by_role("listitem").filter(has_text="Prise de sang")
    expect(row).to_contain_text("Brouillon")
    row.get_by_role("link").first.click()
    expect(phone.get_by_label("Votre message")).to_have_value(DRAFT)
    phone.get_by_label("Votre message").fill(ANSWER)
    phone.get_by_role("button", name="Envoyer").click()
    expect(_thread(doctor).get_by_text(ANSWER, exact=True)).to_be_visible(timeout=WITHIN_MS)
    expect(_thread(patient).get_by_text(ANSWER, exact=True)).to_be_visible(timeout=WITHIN_MS)
    axe(phone)

    # The end shows at once, with the way to understand it (ME-167 to ME-169).
    doctor.locator("summary").filter(has_text="Autres actions").click()
    doctor.get_by_role("button", name="Mettre fin aux échanges").click()
    doctor.get_by_role("dialog").get_by_role("button", name="Mettre fin aux échanges").click()
    banner = patient.get_by_text(re.compile("a mis fin à vos échanges")).last
    expect(banner).to_be_visible(timeout=WITHIN_MS)
    expect(patient.get_by_role("button", name="Envoyer")).to_have_count(0)
    expect(patient.get_by_role("link", name="En savoir plus")).to_be_visible()
    axe(patient)

    _write_to(doctor, people.name, "Résultats", "Vos résultats sont bons.")
    expect(patient.get_by_label("Votre message")).to_be_visible(timeout=WITHIN_MS)
