"""The dashboard in a real browser (CX-09)."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from app.authz.actor import system
from app.db import unit_of_work
from app.models.account import Role
from app.models.professional import Profession
from app.seeds.legal_text import accept_in_force
from app.services.account import create_account, create_professional
from app.state.clock import utc_now
from tests.e2e.test_tolerance import fill_in
from tests.factories import unique_rpps
from tests.server import PASSWORD, LiveServer

PAGE = "/tableau-de-bord"
COUNTERS = (
    "Observances en baisse",
    "Entrées à lire",
    "Sans entrée récente",
    "Tolérances sévères",
)


def counter(page: Page, title: str):
    return page.get_by_role("list", name="À voir aujourd’hui, en nombres").get_by_role(
        "link", name=title
    )


def number_of(page: Page, title: str) -> int:
    shown = re.match(r"\s*(\d+)", counter(page, title).inner_text())
    assert shown
    return int(shown[1])


@pytest.fixture
def newcomer(server: LiveServer) -> str:
    """The address of a nurse who follows nobody yet."""
    return _arrive(server, Profession.NURSE)


@pytest.fixture
def technician(server: LiveServer) -> str:
    """The address of a préparateur who follows nobody yet."""
    return _arrive(server, Profession.PHARMACY_TECHNICIAN)


def _arrive(server: LiveServer, profession: Profession) -> str:
    email = f"nouveau-{uuid4().hex[:8]}@exemple.test"
    with server.database() as base, unit_of_work(base) as session:
        account = create_account(
            session,
            system("test"),
            email=email,
            password=PASSWORD,
            role=Role.PROFESSIONAL,
            family_name="Nouveau",
            given_name="Camille",
            now=utc_now(),
        )
        accept_in_force(session, system("test"), account, now=utc_now())
        create_professional(
            session,
            system("test"),
            account=account,
            rpps=unique_rpps(),
            profession=profession,
            now=utc_now(),
        )
    return email


class TestDashboard:
    def test_CX09_shows_what_needs_attention(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "medecin")
        page.goto(PAGE)
        expect(page.get_by_role("heading", level=1)).to_have_text("Mon tableau de bord")
        for title in COUNTERS:
            expect(counter(page, title)).to_be_visible()
        today = page.get_by_role("region", name="À voir aujourd’hui", exact=True)
        first = today.get_by_role("listitem").first
        expect(first).to_contain_text("Tolérance de grade 3")
        expect(
            first.get_by_role("link", name="Ouvrir la synthèse de LEFÈVRE Jeanne")
        ).to_be_visible()
        expect(page.get_by_role("link", name="Ajouter un patient")).to_have_attribute(
            "href", "/patients/nouveau"
        )
        axe(page)

    def test_nothing_scrolls_sideways_at_320(self, open_page, sign_in):
        page = open_page({"width": 320, "height": 700})
        sign_in(page, "medecin")
        page.goto(PAGE)
        expect(counter(page, COUNTERS[0])).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 320

    def test_a_figure_leads_to_its_list_and_the_address_keeps_it(self, any_size, sign_in, axe):
        page = any_size
        sign_in(page, "medecin")
        page.goto(PAGE)
        counter(page, "Sans entrée récente").click()
        page.wait_for_url(f"**{PAGE}?liste=sans-entree")
        listed = page.get_by_role("region", name="Sans entrée récente", exact=True)
        expect(listed.get_by_role("listitem").first).to_contain_text("dernière entrée il y a")
        expect(counter(page, "Sans entrée récente")).to_have_attribute("aria-current", "true")
        axe(page)
        page.reload()
        expect(listed).to_be_visible()
        page.go_back()
        expect(page.get_by_role("region", name="À voir aujourd’hui", exact=True)).to_be_visible()
        expect(listed).to_have_count(0)

    def test_all_of_it_from_the_head_of_the_list(self, page, sign_in):
        sign_in(page, "medecin")
        page.goto(PAGE)
        link = page.get_by_role("link", name=re.compile(r"^Tout afficher \(\d+\)$"))
        total = int(re.sub(r"\D", "", link.inner_text()))
        assert total > 6
        link.click()
        listed = page.get_by_role("region", name="À voir aujourd’hui", exact=True)
        expect(listed.get_by_role("link", name="Retour au tableau de bord")).to_be_visible()
        expect(listed.get_by_role("listitem")).to_have_count(min(total, 25))

    def test_patients_opened_last(self, any_size, sign_in):
        page = any_size
        sign_in(page, "medecin")
        page.goto(PAGE)
        page.get_by_role("link", name="Ouvrir la synthèse de LEFÈVRE Jeanne").first.click()
        expect(page.get_by_role("heading", name="Synthèse", level=1)).to_be_visible()
        page.goto(PAGE)
        table = page.get_by_role("table", name="Patients vus récemment")
        row = table.get_by_role("row").filter(has_text="LEFÈVRE Jeanne")
        expect(row).to_contain_text("4 juin 1958")
        expect(row).to_contain_text("nom utilisé")

    def test_CX36_a_colleagues_entry_is_counted_within_two_seconds(self, open_page, sign_in):
        doctor, pharmacist = open_page(), open_page()
        sign_in(doctor, "medecin")
        sign_in(pharmacist, "pharmacien")
        pharmacist.goto(PAGE)
        doctor.goto(PAGE)
        path = doctor.get_by_role("link", name="LEFÈVRE Jeanne").first.get_attribute("href") or ""
        doctor.goto(path.replace("/synthese", "/tolerance"))
        before = number_of(pharmacist, "Entrées à lire")
        fill_in(doctor, f"Vu au tableau de bord {uuid4().hex[:8]}")
        doctor.get_by_role("button", name="Valider l’entrée").click()
        expect(pharmacist.get_by_role("status").filter(has_text="Mis à jour à")).to_be_visible(
            timeout=2_500
        )
        assert number_of(pharmacist, "Entrées à lire") == before + 1

    def test_a_first_day_says_what_to_do(self, any_size, sign_in, axe, newcomer):
        page = any_size
        sign_in(page, newcomer)
        page.goto(PAGE)
        expect(page.get_by_text("Vous ne suivez pas encore de patient.")).to_be_visible()
        expect(page.get_by_text("0 patient suivi dans votre cercle")).to_be_visible()
        expect(page.get_by_role("link", name="Ajouter un patient")).to_have_count(2)
        expect(page.get_by_role("table")).to_have_count(0)
        axe(page)

    def test_nobody_is_offered_what_is_refused(self, page, sign_in, technician):
        sign_in(page, technician)
        page.goto(PAGE)
        expect(page.get_by_text("Un professionnel du cercle d’un patient")).to_be_visible()
        expect(page.get_by_role("link", name="Ajouter un patient")).to_have_count(0)

    def test_an_empty_list_leads_back(self, page, sign_in, axe, newcomer):
        sign_in(page, newcomer)
        page.goto(f"{PAGE}?liste=en-baisse")
        expect(page.get_by_text("Aucun patient dans cette liste aujourd’hui.")).to_be_visible()
        axe(page)
        page.get_by_role("link", name="Voir le tableau de bord").click()
        expect(page.get_by_text("Vous ne suivez pas encore de patient.")).to_be_visible()

    def test_a_patient_outside_the_circle_is_nowhere(self, page, sign_in):
        sign_in(page, "infirmier")
        for address in (PAGE, f"{PAGE}?liste=tout", f"{PAGE}?liste=sans-entree"):
            page.goto(address)
            expect(counter(page, COUNTERS[0])).to_be_visible()
            expect(page.get_by_text("BERTIN")).to_have_count(0)

    def test_is_for_professionals(self, page, sign_in):
        # The page may already be on its way elsewhere when it has loaded.
        page.goto(PAGE, wait_until="commit")
        page.wait_for_url(re.compile(r"/connexion\?suite=/"))
        page.wait_for_load_state("networkidle")
        sign_in(page, "patient")
        page.goto(PAGE)
        page.wait_for_url("**/accueil")
