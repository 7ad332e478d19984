"""A patient, a doctor of their circle, one outside it, each at a browser: what one decides acts at once."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.people import People

WITHIN_MS, HISTORY_MS = 2_000, 5_000
REASON = "Patiente inconsciente, douleur thoracique"


def mask(page: Page, title: str, verb: str) -> None:
    page.get_by_role("link", name=title).click()
    page.locator(".doc-preview").get_by_role("switch").click()
    page.get_by_role("dialog").get_by_role("button", name=verb).click()


def find_in_emergency(page: Page, people: People) -> None:
    """Find a record by who its person is, and open it as an emergency (DM-27 to DM-41)."""
    page.goto("/dossiers?acces=identite")
    page.get_by_label("Nom (d’usage ou de naissance)").fill(people.name)
    page.get_by_label("Prénom").fill("Solange")
    page.get_by_text("Féminin").click()
    page.get_by_role("button", name="Rechercher", exact=True).click()
    page.get_by_role("button", name=re.compile("Demander l’accès")).click()
    dialog = page.get_by_role("dialog", name="Autorisation d’accès")
    dialog.get_by_text("J’accède en urgence au DMP").click()
    dialog.get_by_label("Motif de l’accès").fill(REASON)
    dialog.get_by_role("button", name="Accéder au DMP").click()
    page.wait_for_url(f"**/patients/{people.patient_id}/documents")


class TestThreeBrowsers:
    def test_S062_masking_acts_on_the_open_page_of_a_professional(self, at_a_browser, people):
        doctor, patient = at_a_browser("doctor"), at_a_browser("patient")
        doctor.goto(f"/patients/{people.patient_id}/documents")
        row = doctor.get_by_role("link", name=people.titles[0])
        expect(row).to_be_visible()
        patient.goto("/documents")
        mask(patient, people.titles[0], "Masquer ce document")
        expect(row).to_have_count(0, timeout=WITHIN_MS)
        expect(doctor.get_by_role("link", name=people.titles[1])).to_be_visible()
        mask(patient, people.titles[0], "Rendre ce document visible")
        expect(row).to_be_visible(timeout=WITHIN_MS)

    def test_U24_an_emergency_is_told_at_once_and_a_block_ends_it(self, at_a_browser, people, axe):
        doctor, patient, stranger = map(at_a_browser, ("doctor", "patient", "stranger"))
        patient.goto("/documents")
        mask(patient, people.titles[0], "Masquer ce document")
        patient.goto("/parametres/consultations")
        doctor.goto(f"/patients/{people.patient_id}/documents")
        expect(doctor.get_by_role("link", name=people.titles[1])).to_be_visible()

        find_in_emergency(stranger, people)
        expect(stranger.get_by_text("Accès en urgence, motif enregistré")).to_be_visible()
        # The switch of masked documents is on unless the patient says otherwise (ME-125).
        expect(stranger.get_by_role("link", name=people.titles[0])).to_be_visible()
        expect(doctor.get_by_role("link", name=people.titles[0])).to_have_count(0)
        axe(stranger)
        expect(patient.get_by_text(REASON).first).to_be_visible(timeout=HISTORY_MS)

        patient.goto("/parametres/confidentialite")
        patient.get_by_role("button", name="Bloquer Dre Inès Colin").click()
        patient.get_by_role("dialog").get_by_role("button", name="Bloquer").click()
        expect(stranger.get_by_role("link", name=people.titles[0])).to_have_count(
            0, timeout=WITHIN_MS
        )
        expect(stranger).not_to_have_url(re.compile(str(people.patient_id)))
        expect(doctor.get_by_role("link", name=people.titles[1])).to_be_visible()

    def test_ME121_a_block_and_its_end(self, at_a_browser, people):
        doctor, patient = at_a_browser("doctor"), at_a_browser("patient")
        address = f"/patients/{people.patient_id}/documents"
        doctor.goto(address)
        row = doctor.get_by_role("link", name=people.titles[1])
        expect(row).to_be_visible()
        patient.goto("/parametres/confidentialite")
        patient.get_by_role("button", name=re.compile("Bloquer Dre .*Ferrand")).click()
        patient.get_by_role("dialog").get_by_role("button", name="Bloquer").click()
        expect(doctor).not_to_have_url(re.compile(str(people.patient_id)), timeout=WITHIN_MS)
        doctor.goto(address)
        expect(doctor.get_by_text("Ce patient est introuvable.")).to_be_visible()
        patient.goto("/parametres/confidentialite?liste=bloques")
        patient.get_by_role("button", name=re.compile("Débloquer")).click()
        patient.get_by_role("dialog").get_by_role("button", name="Débloquer").click()
        expect(patient.get_by_text("Vous n’avez bloqué aucun professionnel.")).to_be_visible()
        doctor.goto(address)
        expect(row).to_be_visible()
